//! The rate limit: 50 requests per client in 60 seconds.

use std::time::Duration;

use ostrom_sandbox::Sandbox;
use reqwest::{Method, StatusCode};

use crate::support::{Received, World, pass, send};

/// The three headers: limit, remaining, reset.
fn headers(response: &Received) -> [Option<u64>; 3] {
    ["limit", "remaining", "reset"].map(|name| {
        let value = response.header(&format!("x-ratelimit-{name}"));
        value.map(|value| value.parse().unwrap())
    })
}

#[tokio::test]
async fn fifty_requests_pass_and_the_next_is_rejected() {
    let world = World::new().await;
    let token = world.user_token().await;
    for remaining in (0..50).rev() {
        let response = world.me(&token).await;
        assert_eq!(response.status, StatusCode::OK);
        let [limit, left, reset] = headers(&response);
        assert_eq!((limit, left), (Some(50), Some(remaining)));
        assert!((1..=60).contains(&reset.unwrap()));
    }
    let response = world.me(&token).await;
    let detail = response.refusal(429, "too_many_requests");
    assert!(detail.contains("limit"), "{detail}");
    let [limit, left, _] = headers(&response);
    assert_eq!((limit, left), (Some(50), Some(0)));
}

#[tokio::test]
async fn reset_counts_down_and_opens_a_whole_new_window() {
    let window = Duration::from_secs(60);
    let world = World::of(Sandbox::builder().rate_limit(2, window)).await;
    let token = world.user_token().await;
    assert_eq!(headers(&world.me(&token).await), [Some(2), Some(1), Some(60)]);
    pass(Duration::from_secs(40)).await;
    assert_eq!(headers(&world.me(&token).await), [Some(2), Some(0), Some(20)]);
    // The window stays where its first request opened it.
    let response = world.me(&token).await;
    response.refusal(429, "too_many_requests");
    assert_eq!(headers(&response), [Some(2), Some(0), Some(20)]);
    // A client that waits for the reported time is admitted.
    pass(Duration::from_secs(20)).await;
    let response = world.me(&token).await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(headers(&response), [Some(2), Some(1), Some(60)]);
}

#[tokio::test]
async fn a_refused_call_does_not_reach_the_endpoint() {
    let builder = Sandbox::builder().linked_user("user-42");
    let world = World::of(builder.rate_limit(0, Duration::from_secs(60))).await;
    let response = world.disconnect("user-42").await;
    response.refusal(429, "too_many_requests");
    assert!(world.sandbox.is_linked("user-42"));
}

#[tokio::test]
async fn each_client_has_its_own_window_for_all_its_tokens() {
    let builder = Sandbox::builder().rate_limit(1, Duration::from_secs(60));
    let world = World::of(builder).await;
    let (first, second) = (world.user_token().await, world.user_token().await);
    assert_eq!(world.me(&first).await.status, StatusCode::OK);
    let response = world.me(&second).await;
    response.refusal(429, "too_many_requests");
    // The partner's first request passes the rate limit and fails the role check.
    let response = world.me(&world.partner_token().await).await;
    response.refusal(401, "unauthorized");
}

#[tokio::test]
async fn every_response_to_a_request_with_a_token_has_the_headers() {
    let world = World::new().await;
    let token = world.partner_token().await;
    for (method, path, status) in [
        (Method::GET, "/me", 401),
        (Method::POST, "/users/link", 400),
        (Method::DELETE, "/users/nobody/disconnect", 404),
        (Method::PUT, "/me", 405),
        (Method::GET, "/nothing", 404),
    ] {
        let response = send(world.call(method, path).bearer_auth(&token)).await;
        assert_eq!(response.status, status, "{path}");
        assert!(headers(&response).iter().all(Option::is_some), "{path}");
    }
}

#[tokio::test]
async fn requests_without_a_valid_token_are_not_counted() {
    let builder = Sandbox::builder().rate_limit(1, Duration::from_secs(60));
    let world = World::of(builder).await;
    for _ in 0..3 {
        let response = world.me("made-up").await;
        response.refusal(401, "unauthorized");
        assert_eq!(headers(&response), [None; 3]);
    }
    let token = world.user_token().await;
    assert_eq!(world.me(&token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_limit_can_be_removed() {
    let world = World::of(Sandbox::builder().no_rate_limit()).await;
    let token = world.user_token().await;
    for _ in 0..60 {
        let response = world.me(&token).await;
        assert_eq!(response.status, StatusCode::OK);
        assert_eq!(headers(&response), [None; 3]);
    }
}

#[tokio::test]
async fn no_window_is_too_long() {
    let world = World::of(Sandbox::builder().rate_limit(1, Duration::MAX)).await;
    let token = world.user_token().await;
    assert_eq!(world.me(&token).await.status, StatusCode::OK);
    let response = world.me(&token).await;
    response.refusal(429, "too_many_requests");
}
