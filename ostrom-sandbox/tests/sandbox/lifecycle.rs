//! Starting, inspecting, and stopping a sandbox.

use std::io::ErrorKind;
use std::net::TcpListener;

use ostrom_sandbox::Sandbox;
use reqwest::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{World, http, send};

#[tokio::test]
async fn sandboxes_are_independent_and_on_loopback() {
    let (one, other) = (World::new().await, World::new().await);
    let sandboxes = [&one.sandbox, &other.sandbox];
    let mut urls: Vec<_> = sandboxes.iter().flat_map(|sandbox| [sandbox.api_url(), sandbox.auth_url()]).collect();
    assert!(urls.iter().all(|url| url.starts_with("http://127.0.0.1:")));
    urls.sort_unstable();
    urls.dedup();
    assert_eq!(urls.len(), 4);

    let token = one.user_token().await;
    other.me(&token).await.refusal(401, "unauthorized");
}

#[tokio::test]
async fn ports_can_be_chosen() {
    let [api, auth] = [free_port(), free_port()];
    let builder = Sandbox::builder().api_port(api).auth_port(auth);
    let sandbox = builder.start().await.unwrap();
    assert_eq!(sandbox.api_url(), format!("http://127.0.0.1:{api}"));
    assert_eq!(sandbox.auth_url(), format!("http://127.0.0.1:{auth}"));
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let error = Sandbox::builder().auth_port(port).start().await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::AddrInUse);
}

#[tokio::test]
async fn a_token_status_that_is_not_a_success_is_an_error() {
    for status in [0, 199, 300, 401, 65535] {
        let error = Sandbox::builder().token_status(status).start().await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}

#[tokio::test]
async fn requests_are_counted_by_endpoint_whatever_their_response() {
    let world = World::new().await;
    let token = world.user_token().await;
    assert_eq!(world.me(&token).await.status, StatusCode::OK);
    world.me("made-up").await.refusal(401, "unauthorized");
    world.disconnect("user-42").await.refusal(404, "not_found");
    world.disconnect("user-43").await.refusal(404, "not_found");
    send(world.call(Method::PUT, "/me")).await;
    send(world.call(Method::GET, "/nothing")).await;

    let requests = |endpoint| world.sandbox.request_count(endpoint);
    assert_eq!(requests("GET /me"), 2);
    assert_eq!(requests("DELETE /users/{externalUserId}/disconnect"), 2);
    assert_eq!(requests("POST /oauth2/token"), 3);
    assert_eq!(requests("POST /users/link"), 0);
    assert_eq!(requests("PUT /me"), 0);
    assert_eq!(requests("GET /nothing"), 0);
    assert_eq!(world.sandbox.tokens_issued(), 3);
}

#[tokio::test]
async fn debug_shows_addresses_and_names_but_no_secret() {
    let sandbox = Sandbox::start().await.unwrap();
    let shown = format!("{sandbox:?}");
    assert!(shown.contains(sandbox.api_url()), "{shown}");
    assert!(shown.contains(sandbox.auth_url()), "{shown}");

    let credentials = sandbox.user_credentials();
    let shown = format!("{credentials:?}");
    assert!(shown.contains(&credentials.client_id), "{shown}");
    assert!(!shown.contains(&credentials.client_secret), "{shown}");
    assert_ne!(credentials, sandbox.partner_credentials());
}

#[tokio::test]
async fn a_dropped_sandbox_accepts_no_new_connection() {
    let sandbox = Sandbox::start().await.unwrap();
    let urls = [sandbox.api_url(), sandbox.auth_url()].map(str::to_owned);
    for url in &urls {
        assert!(http().get(url).send().await.is_ok());
    }
    drop(sandbox);
    for url in &urls {
        assert!(http().get(url).send().await.is_err());
    }
}

#[tokio::test]
async fn a_dropped_sandbox_closes_the_connections_that_are_open() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut open = Vec::new();
    for url in [sandbox.api_url(), sandbox.auth_url()] {
        let address = url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.unwrap();
        // A response proves that the server has accepted the connection.
        stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        assert!(stream.read(&mut [0; 1024]).await.unwrap() > 0);
        open.push(stream);
    }
    drop(sandbox);
    for mut stream in open {
        // Returns only when the server closes the connection.
        stream.read_to_end(&mut Vec::new()).await.unwrap();
    }
}
