//! The credentials of `Environment::client` at the token endpoint.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use httpmock::{Mock, MockServer};
use ostrom::users::UsersApi;
use ostrom::{Environment, User};
use rolecall::ErrorKind;

const ID: &str = "an id";
/// Its form encoding differs from it.
const SECRET: &str = "s3cret/+&\u{e4}";
const ENCODED: &str = "an+id:s3cret%2F%2B%26%C3%A4";

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

/// Starts a server whose token endpoint accepts one encoding of the credentials.
async fn server(accepted: &str) -> MockServer {
    let server = MockServer::start_async().await;
    let accepted = basic(accepted);
    server
        .mock_async(|when, then| {
            when.path("/oauth2/token").header("authorization", accepted);
            then.status(200)
                .header("content-type", "application/json")
                .body(r#"{"access_token":"a-token","expires_in":3599,"token_type":"Bearer"}"#);
        })
        .await;
    server
}

/// Lets the server reject one encoding. Returns the id of the mock, which counts the requests.
async fn rejecting(server: &MockServer, pair: &str) -> usize {
    let rejected = basic(pair);
    let mock = server
        .mock_async(|when, then| {
            when.path("/oauth2/token").header("authorization", rejected);
            then.status(401).header("content-type", "application/json").body(r#"{"error":"invalid_client"}"#);
        })
        .await;
    mock.id()
}

async fn me(server: &MockServer) {
    server
        .mock_async(|when, then| {
            when.path("/me").header("authorization", "Bearer a-token");
            then.status(200).header("content-type", "application/json").body(r#"{"email":"max@example.org"}"#);
        })
        .await;
}

async fn get_me(server: &MockServer, secret: &str) -> Result<(), rolecall::Error> {
    let url = server.base_url();
    let client = Environment::custom(&url, &url).client::<User>(ID, secret).build().unwrap();
    client.get_me().await.map(|me| assert_eq!(me.email.as_deref(), Some("max@example.org")))
}

#[tokio::test]
async fn credentials_are_form_encoded_as_the_rfc_requires() {
    let server = server(ENCODED).await;
    let verbatim = rejecting(&server, &format!("{ID}:{SECRET}")).await;
    me(&server).await;
    get_me(&server, SECRET).await.unwrap();
    assert_eq!(Mock::new(verbatim, &server).calls_async().await, 0);
}

#[tokio::test]
async fn credentials_that_are_rejected_so_are_sent_as_they_are_once() {
    let server = server(&format!("{ID}:{SECRET}")).await;
    let encoded = rejecting(&server, ENCODED).await;
    me(&server).await;
    get_me(&server, SECRET).await.unwrap();
    assert_eq!(Mock::new(encoded, &server).calls_async().await, 1);
}

#[tokio::test]
async fn wrong_credentials_are_rejected_after_both() {
    let server = server("another").await;
    let encoded = rejecting(&server, ENCODED).await;
    let verbatim = rejecting(&server, &format!("{ID}:{SECRET}")).await;
    let error = get_me(&server, SECRET).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authorization);
    assert!(error.to_string().contains("invalid_client"), "{error}");
    for mock in [encoded, verbatim] {
        assert_eq!(Mock::new(mock, &server).calls_async().await, 1);
    }
}
