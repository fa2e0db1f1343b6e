//! `POST /oauth2/token`, and how long tokens live.

use std::time::Duration;

use ostrom_sandbox::Sandbox;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{RequestBuilder, StatusCode};

use crate::support::{GRANT, Received, World, authenticated, pass, send};

fn refusal(response: &Received, status: u16, error: &str) -> String {
    assert_eq!(response.status, status, "{}", response.body);
    let body = response.json();
    assert_eq!(body["error"], error);
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    body["error_description"].as_str().unwrap().to_owned()
}

fn as_user(world: &World, body: &str) -> RequestBuilder {
    let request = world.ask(body.to_owned());
    authenticated(request, &world.sandbox.user_credentials())
}

#[tokio::test]
async fn a_known_client_gets_a_bearer_token_for_an_hour() {
    let world = World::new().await;
    let response = send(as_user(&world, GRANT)).await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(response.header("cache-control"), Some("no-store"));
    let body = response.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3599);
    assert!(body["access_token"].as_str().unwrap().len() >= 32);
    assert_eq!(body.as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn the_status_of_a_token_can_be_201() {
    let world = World::of(Sandbox::builder().token_status(201)).await;
    let response = send(as_user(&world, GRANT)).await;
    assert_eq!(response.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_client_without_valid_credentials_gets_no_token() {
    let world = World::new().await;
    let user = world.sandbox.user_credentials();
    let partner = world.sandbox.partner_credentials();
    let ask = || world.ask(GRANT);
    for request in [
        ask(),
        ask().basic_auth(&user.client_id, Some("wrong")),
        ask().basic_auth(&user.client_id, Some(&partner.client_secret)),
        ask().basic_auth("nobody", Some(&user.client_secret)),
        ask().bearer_auth(&user.client_secret),
        ask().header(AUTHORIZATION, "Basic"),
        ask().header(AUTHORIZATION, "Basic not-base64!"),
        // No colon; not UTF-8.
        ask().header(AUTHORIZATION, "Basic bm9jb2xvbg=="),
        ask().header(AUTHORIZATION, "Basic //8="),
        // Credentials in the body are not HTTP Basic.
        world.ask(format!("{GRANT}&client_id={}&client_secret={}", user.client_id, user.client_secret)),
    ] {
        let response = send(request).await;
        refusal(&response, 401, "invalid_client");
        assert_eq!(response.header("www-authenticate"), Some("Basic"));
    }
    assert_eq!(world.sandbox.tokens_issued(), 0);
}

#[tokio::test]
async fn a_request_without_a_single_grant_type_is_invalid() {
    let world = World::new().await;
    let twice = format!("{GRANT}&{GRANT}");
    for body in ["", "scope=all", "grant_type", "grant_type=", &twice] {
        let response = send(as_user(&world, body)).await;
        let description = refusal(&response, 400, "invalid_request");
        assert!(description.contains("grant_type"), "{description}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_a_form_is_invalid() {
    let world = World::new().await;
    let url = format!("{}/oauth2/token", world.sandbox.auth_url());
    let post = || reqwest::Client::new().post(&url);
    for request in [
        post().body(GRANT),
        post().header(CONTENT_TYPE, "text/plain").body(GRANT),
        post().header(CONTENT_TYPE, "application/json").body(r#"{"grant_type":"client_credentials"}"#),
    ] {
        let request = authenticated(request, &world.sandbox.user_credentials());
        let description = refusal(&send(request).await, 400, "invalid_request");
        assert!(description.contains("form"), "{description}");
    }
}

#[tokio::test]
async fn a_form_may_name_its_charset_and_other_parameters() {
    let world = World::new().await;
    let url = format!("{}/oauth2/token", world.sandbox.auth_url());
    let request = reqwest::Client::new()
        .post(&url)
        .header(CONTENT_TYPE, "Application/X-WWW-Form-Urlencoded; charset=UTF-8")
        .body(format!("scope=all&{GRANT}"));
    let request = authenticated(request, &world.sandbox.user_credentials());
    assert_eq!(send(request).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_that_is_too_large_is_invalid() {
    let world = World::new().await;
    let body = format!("{GRANT}&padding={}", "x".repeat(70_000));
    let response = send(as_user(&world, &body)).await;
    refusal(&response, 400, "invalid_request");
}

#[tokio::test]
async fn other_grants_are_not_supported() {
    let world = World::new().await;
    for grant in ["password", "authorization_code", "refresh_token", "CLIENT_CREDENTIALS"] {
        let response = send(as_user(&world, &format!("grant_type={grant}"))).await;
        refusal(&response, 400, "unsupported_grant_type");
    }
}

#[tokio::test]
async fn several_tokens_are_valid_at_once() {
    let world = World::new().await;
    let (first, second) = (world.user_token().await, world.user_token().await);
    assert_ne!(first, second);
    assert_eq!(world.me(&first).await.status, StatusCode::OK);
    assert_eq!(world.me(&second).await.status, StatusCode::OK);
    assert_eq!(world.sandbox.tokens_issued(), 2);
}

#[tokio::test]
async fn a_token_lives_as_long_as_it_says_and_no_longer() {
    let world = World::new().await;
    let token = world.user_token().await;
    pass(Duration::from_secs(3590)).await;
    assert_eq!(world.me(&token).await.status, StatusCode::OK);
    pass(Duration::from_secs(9)).await;
    let detail = world.me(&token).await.refusal(401, "unauthorized");
    assert!(detail.contains("expired"), "{detail}");
    // A new token is independent of the expired one.
    let token = world.user_token().await;
    assert_eq!(world.me(&token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_lifetime_of_tokens_can_be_set() {
    let lifetime = Duration::from_secs(30);
    let world = World::of(Sandbox::builder().token_lifetime(lifetime)).await;
    let response = send(as_user(&world, GRANT)).await.json();
    assert_eq!(response["expires_in"], 30);
    pass(lifetime).await;
    let token = response["access_token"].as_str().unwrap();
    world.me(token).await.refusal(401, "unauthorized");
}

#[tokio::test]
async fn no_lifetime_is_too_long() {
    let world = World::of(Sandbox::builder().token_lifetime(Duration::MAX)).await;
    let token = world.user_token().await;
    assert_eq!(world.me(&token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_can_be_revoked_before_its_time() {
    let world = World::new().await;
    let token = world.user_token().await;
    world.sandbox.revoke_tokens();
    world.me(&token).await.refusal(401, "unauthorized");
}

#[tokio::test]
async fn tokens_can_have_a_limit_of_their_own() {
    let window = Duration::from_secs(60);
    let world = World::of(Sandbox::builder().token_rate_limit(1, window)).await;
    assert_eq!(send(as_user(&world, GRANT)).await.status, StatusCode::OK);

    let response = send(as_user(&world, GRANT)).await;
    response.refusal(429, "too_many_requests");
    assert_eq!(response.header("x-ratelimit-reset"), Some("60"));
    assert_eq!(world.sandbox.tokens_issued(), 1);

    // The partner has its own limit, and the user's window ends.
    world.partner_token().await;
    pass(window).await;
    world.user_token().await;
}
