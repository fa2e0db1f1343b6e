//! The Users API end to end: client credentials, both roles, state, limits, against a server that shares no code.

use std::time::Duration;

use ostrom_core::{Environment, Partner, User};
use ostrom_sandbox::{Credentials, Sandbox};
use ostrom_users::{LinkLanguage, Scope, UserLanguage, UsersApi, UsersLinkBody};
use rolecall::{Client, ClientBuilder, ErrorKind, Retry, Role, StatusCode};

fn builder<R: Role>(sandbox: &Sandbox, credentials: &Credentials) -> ClientBuilder<R> {
    Environment::custom(sandbox.api_url(), sandbox.auth_url())
        .client(&credentials.client_id, credentials.client_secret.as_str())
}

fn partner(sandbox: &Sandbox) -> Client<Partner> {
    builder(sandbox, &sandbox.partner_credentials()).build().unwrap()
}

fn user(sandbox: &Sandbox) -> Client<User> {
    builder(sandbox, &sandbox.user_credentials()).build().unwrap()
}

fn link_body(external_user_id: &str) -> UsersLinkBody {
    UsersLinkBody {
        external_user_id: external_user_id.to_owned(),
        referral_code: None,
        language: LinkLanguage::EnUs,
        redirect_url: "https://partner.example/linked".to_owned(),
        scopes: vec![Scope::ContractReadData],
    }
}

#[tokio::test]
async fn a_partner_links_and_disconnects_a_user() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = partner(&sandbox);

    let link = client.link_user(&link_body("user 42/\u{e4}")).await.unwrap();
    assert!(link.link_url.unwrap().starts_with(sandbox.auth_url()));
    assert!(sandbox.is_linked("user 42/\u{e4}"));

    client.disconnect_user("user 42/\u{e4}").await.unwrap();
    assert!(!sandbox.is_linked("user 42/\u{e4}"));
    assert_eq!(sandbox.tokens_issued(), 1);
}

#[tokio::test]
async fn a_user_reads_who_they_are() {
    let sandbox = Sandbox::start().await.unwrap();
    let me = user(&sandbox).get_me().await.unwrap();
    assert_eq!(me.language, Some(UserLanguage::German));
    assert!(me.email.is_some() && me.first_name.is_some() && me.last_name.is_some());
}

#[tokio::test]
async fn disconnecting_a_stranger_is_the_specifications_error() {
    let sandbox = Sandbox::start().await.unwrap();
    let error = partner(&sandbox).disconnect_user("nobody").await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
    assert_eq!(error.problem().unwrap().kind(), "not_found");
    assert_eq!(sandbox.request_count("DELETE /users/{externalUserId}/disconnect"), 1);
}

#[tokio::test]
async fn a_body_that_the_api_refuses_is_an_error_that_names_the_field() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut body = link_body("user-42");
    body.scopes.clear();
    let error = partner(&sandbox).link_user(&body).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST));
    assert!(error.problem().unwrap().detail().contains("scopes"), "{error}");
}

#[tokio::test]
async fn credentials_that_lack_the_role_are_refused_by_the_api_after_one_replay() {
    let sandbox = Sandbox::start().await.unwrap();
    let client: Client<User> = builder(&sandbox, &sandbox.partner_credentials()).build().unwrap();
    let error = client.get_me().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Status, Some(StatusCode::UNAUTHORIZED)));
    assert_eq!(error.attempts(), 2);
    assert_eq!((sandbox.request_count("GET /me"), sandbox.tokens_issued()), (2, 2));
}

#[tokio::test]
async fn wrong_credentials_are_reported_apart_from_a_missing_role() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut credentials = sandbox.user_credentials();
    credentials.client_secret = "wrong".to_owned();
    let client: Client<User> = builder(&sandbox, &credentials).build().unwrap();
    let error = client.get_me().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authorization, "{error}");
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    assert!(error.to_string().contains("invalid_client"), "{error}");
    assert_eq!((error.attempts(), sandbox.request_count("GET /me")), (0, 0));
}

#[tokio::test]
async fn a_revoked_token_is_renewed_and_the_call_replayed() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = partner(&sandbox);
    client.link_user(&link_body("a")).await.unwrap();
    sandbox.revoke_tokens();
    client.link_user(&link_body("b")).await.unwrap();
    assert!(sandbox.is_linked("b"));
    assert_eq!((sandbox.request_count("POST /users/link"), sandbox.tokens_issued()), (3, 2));
}

#[tokio::test]
async fn a_token_endpoint_that_responses_201_is_fine() {
    let sandbox = Sandbox::builder().token_status(201).start().await.unwrap();
    user(&sandbox).get_me().await.unwrap();
}

#[tokio::test]
async fn the_clients_own_limit_keeps_it_from_the_servers() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder::<User>(&sandbox, &sandbox.user_credentials())
        .queue_timeout(Duration::from_millis(500))
        .build()
        .unwrap();
    for _ in 0..50 {
        client.get_me().await.unwrap();
    }
    let error = client.get_me().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited, "{error}");
    assert_eq!((error.status(), error.attempts(), error.maybe_sent()), (None, 0, false));
    assert!(error.retry_after().unwrap() > Duration::from_secs(30), "{error:?}");
    assert_eq!(sandbox.request_count("GET /me"), 50);
}

#[tokio::test]
async fn the_servers_limit_is_an_error_that_says_when_if_the_deadline_is_nearer() {
    let sandbox = Sandbox::builder().rate_limit(1, Duration::from_secs(600)).start().await.unwrap();
    let client = builder::<User>(&sandbox, &sandbox.user_credentials())
        .rate_limit(None)
        .retry(Retry::default())
        .build()
        .unwrap();
    client.get_me().await.unwrap();
    let error = client.get_me().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::RateLimited, Some(StatusCode::TOO_MANY_REQUESTS)));
    assert_eq!(error.problem().unwrap().kind(), "too_many_requests");
    assert!(error.retry_after().unwrap() > Duration::from_secs(300), "{error:?}");
    assert_eq!(error.attempts(), 1);
}
