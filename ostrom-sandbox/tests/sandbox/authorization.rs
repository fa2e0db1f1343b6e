//! The role that each endpoint requires.

use reqwest::header::AUTHORIZATION;
use reqwest::{Method, StatusCode};

use crate::support::{World, send};

/// The endpoints for users, for partners, and for both.
const USERS: [(Method, &str); 3] =
    [(Method::GET, "/me"), (Method::GET, "/contracts"), (Method::GET, "/contracts/100523456/energy-consumption")];
const PARTNERS: [(Method, &str); 13] = [
    (Method::POST, "/users/link"),
    (Method::DELETE, "/users/user-42/disconnect"),
    (Method::GET, "/users/user-42/orders"),
    (Method::GET, "/users/user-42/orders/1"),
    (Method::GET, "/users/user-42/contracts"),
    (Method::GET, "/users/user-42/contracts/1"),
    (Method::GET, "/users/user-42/contracts/1/energy-consumption"),
    (Method::GET, "/products"),
    (Method::POST, "/webhooks"),
    (Method::GET, "/webhooks"),
    (Method::GET, "/webhooks/1"),
    (Method::DELETE, "/webhooks/1"),
    (Method::POST, "/webhooks/1/test"),
];
const BOTH: [(Method, &str); 1] = [(Method::GET, "/spot-prices")];

fn calls() -> impl Iterator<Item = (Method, &'static str)> {
    USERS.into_iter().chain(PARTNERS).chain(BOTH)
}

#[tokio::test]
async fn a_call_without_a_token_is_unauthorized() {
    let world = World::new().await;
    for (method, path) in calls() {
        let response = send(world.call(method, path)).await;
        let detail = response.refusal(401, "unauthorized");
        assert!(detail.contains("no access token"), "{detail}");
        assert_eq!(response.header("x-ratelimit-limit"), None);
    }
}

#[tokio::test]
async fn a_call_with_an_unknown_token_is_unauthorized() {
    let world = World::new().await;
    for (method, path) in calls() {
        let response = send(world.call(method, path).bearer_auth("made-up")).await;
        let detail = response.refusal(401, "unauthorized");
        assert!(detail.contains("unknown"), "{detail}");
        assert_eq!(response.header("x-ratelimit-limit"), None);
    }
}

#[tokio::test]
async fn an_authorization_of_another_kind_is_unauthorized() {
    let world = World::new().await;
    let token = world.user_token().await;
    for value in [
        token.clone(),
        format!("Basic {token}"),
        format!("Bearer{token}"),
        "Bearer".to_owned(),
        "Bearer \u{e9}".to_owned(),
    ] {
        let call = world.call(Method::GET, "/me");
        let response = send(call.header(AUTHORIZATION, value)).await;
        response.refusal(401, "unauthorized");
    }
}

#[tokio::test]
async fn the_case_of_bearer_does_not_matter() {
    let world = World::new().await;
    let value = format!("bearer {}", world.user_token().await);
    let call = world.call(Method::GET, "/me").header(AUTHORIZATION, value);
    assert_eq!(send(call).await.status, StatusCode::OK);
}

/// The role is checked first: the missing bodies and parameters are not reported.
#[tokio::test]
async fn a_partner_token_may_not_make_a_users_calls() {
    let world = World::new().await;
    let token = world.partner_token().await;
    for (method, path) in USERS {
        let response = send(world.call(method, path).bearer_auth(&token)).await;
        let detail = response.refusal(401, "unauthorized");
        assert!(detail.contains("requires the role USER"), "{path}: {detail}");
        assert!(detail.contains("has the role PARTNER"), "{path}: {detail}");
    }
}

#[tokio::test]
async fn a_user_token_may_not_make_a_partners_calls() {
    let world = World::new().await;
    let token = world.user_token().await;
    for (method, path) in PARTNERS {
        let response = send(world.call(method, path).bearer_auth(&token)).await;
        let detail = response.refusal(401, "unauthorized");
        assert!(detail.contains("requires the role PARTNER"), "{path}: {detail}");
        assert!(detail.contains("has the role USER"), "{path}: {detail}");
    }
}

/// The requests pass the role check and fail because of the missing parameters.
#[tokio::test]
async fn spot_prices_are_for_both_roles() {
    let world = World::new().await;
    for (method, path) in BOTH {
        world.as_user(method.clone(), path).await.refusal(400, "bad_request");
        world.as_partner(method, path).await.refusal(400, "bad_request");
    }
}

#[tokio::test]
async fn an_unknown_path_is_not_found_on_both_hosts() {
    let world = World::new().await;
    let token = world.partner_token().await;
    for path in ["/nothing", "/users", "/oauth2/token"] {
        let response = send(world.call(Method::GET, path)).await;
        response.refusal(404, "not_found");
        let response = send(world.call(Method::GET, path).bearer_auth(&token)).await;
        response.refusal(404, "not_found");
        // A request with a token is counted at any path.
        assert_eq!(response.header("x-ratelimit-limit"), Some("50"));
    }
    let url = format!("{}/me", world.sandbox.auth_url());
    send(world.get(&url)).await.refusal(404, "not_found");
}

#[tokio::test]
async fn a_known_path_refuses_an_unknown_method_on_both_hosts() {
    let world = World::new().await;
    for (method, path, allowed) in [
        (Method::PUT, "/me", "GET,HEAD"),
        (Method::GET, "/users/link", "POST"),
        (Method::POST, "/users/user-42/disconnect", "DELETE"),
    ] {
        let response = send(world.call(method, path)).await;
        response.refusal(405, "method_not_allowed");
        assert_eq!(response.header("allow"), Some(allowed));
    }
    let url = format!("{}/oauth2/token", world.sandbox.auth_url());
    let response = send(world.get(&url)).await;
    response.refusal(405, "method_not_allowed");
}
