//! Scripted failures.

use std::time::Duration;

use ostrom_sandbox::{Failure, Sandbox};
use reqwest::{Method, StatusCode};

use crate::support::{GRANT, World, authenticated, send};

#[tokio::test]
async fn the_next_requests_to_an_endpoint_fail_and_others_do_not() {
    let world = World::of(Sandbox::builder().fail("GET /me", Failure::Status(503), 2)).await;
    for _ in 0..2 {
        world.as_user(Method::GET, "/contracts").await.data();
        let detail = world.as_user(Method::GET, "/me").await.refusal(503, "internal_error");
        assert!(detail.contains("scripted"), "{detail}");
    }
    world.as_user(Method::GET, "/me").await.fine();
    assert_eq!(world.sandbox.request_count("GET /me"), 3);

    world.sandbox.fail("*", Failure::Status(429), 1);
    let token = send(authenticated(world.ask(GRANT), &world.sandbox.user_credentials())).await;
    token.refusal(429, "too_many_requests");
    world.as_user(Method::GET, "/me").await.fine();
}

#[tokio::test]
async fn a_token_request_fails_with_an_oauth_error() {
    let world = World::new().await;
    for (status, error) in [(400, "invalid_request"), (401, "invalid_client"), (503, "server_error")] {
        world.sandbox.fail("POST /oauth2/token", Failure::Status(status), 1);
        let response = send(authenticated(world.ask(GRANT), &world.sandbox.user_credentials())).await;
        assert_eq!((response.status.as_u16(), &response.json()["error"]), (status, &error.into()));
    }
    assert_eq!(world.sandbox.tokens_issued(), 0);
}

#[tokio::test]
async fn a_gateways_page_is_html() {
    let world = World::new().await;
    world.sandbox.fail("GET /users/{externalUserId}/orders", Failure::GatewayPage, 1);
    let response = world.as_partner(Method::GET, "/users/user-42/orders").await;
    assert_eq!((response.status, response.header("content-type")), (StatusCode::BAD_GATEWAY, Some("text/html")));
}

#[tokio::test]
async fn a_truncated_response_breaks_off_in_its_body() {
    let world = World::new().await;
    let token = world.user_token().await;
    world.sandbox.fail("GET /me", Failure::Truncated, 1);
    let response = world.call(Method::GET, "/me").bearer_auth(token).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.text().await.is_err());
}

#[tokio::test]
async fn a_disconnected_request_has_no_response() {
    let world = World::new().await;
    let token = world.user_token().await;
    world.sandbox.fail("GET /me", Failure::Disconnect, 1);
    assert!(world.call(Method::GET, "/me").bearer_auth(&token).send().await.is_err());
    world.me(&token).await.fine();
}

#[tokio::test]
async fn a_delayed_request_is_handled_after_the_delay() {
    let world = World::new().await;
    let token = world.user_token().await;
    world.sandbox.fail("GET /me", Failure::Delay(Duration::from_secs(3600)), 1);
    let request = world.call(Method::GET, "/me").bearer_auth(&token);
    assert!(request.timeout(Duration::from_millis(200)).send().await.unwrap_err().is_timeout());
    world.me(&token).await.fine();
}

#[tokio::test]
async fn an_unknown_endpoint_is_an_error_at_the_start() {
    let error = Sandbox::builder().fail("GET /contract", Failure::Status(500), 1).start().await.unwrap_err();
    assert!(error.to_string().contains("unknown endpoint `GET /contract`"), "{error}");
}
