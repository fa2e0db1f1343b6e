//! `GET /me` and `DELETE /users/{externalUserId}/disconnect`.

use ostrom_sandbox::Sandbox;
use reqwest::StatusCode;
use serde_json::json;

use crate::support::World;

#[tokio::test]
async fn me_returns_the_user() {
    let world = World::new().await;
    let response = world.me(&world.user_token().await).await;
    assert_eq!(response.status, StatusCode::OK);
    let me = response.json();
    for field in ["email", "firstName", "lastName"] {
        assert!(me[field].is_string(), "{me}");
    }
    assert!(me["language"] == "GERMAN" || me["language"] == "ENGLISH");
    assert_eq!(me.as_object().unwrap().len(), 4);
}

#[tokio::test]
async fn me_can_be_set() {
    let me = json!({ "language": "FRENCH" });
    let world = World::of(Sandbox::builder().me(me.clone())).await;
    let response = world.me(&world.user_token().await).await;
    assert_eq!(response.json(), me);
}

#[tokio::test]
async fn a_linked_user_is_disconnected_and_forgotten() {
    let world = World::of(Sandbox::builder().linked_user("user-42")).await;
    assert!(world.sandbox.is_linked("user-42"));

    let response = world.disconnect("user-42").await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(response.body, "");
    assert!(!world.sandbox.is_linked("user-42"));

    world.disconnect("user-42").await.refusal(404, "not_found");
}

#[tokio::test]
async fn an_unknown_user_can_not_be_disconnected() {
    let world = World::of(Sandbox::builder().linked_user("user-42")).await;
    let detail = world.disconnect("user-43").await.refusal(404, "not_found");
    assert!(detail.contains("user-43"), "{detail}");
    assert!(world.sandbox.is_linked("user-42"));
}

#[tokio::test]
async fn an_empty_id_is_not_found() {
    let world = World::new().await;
    world.disconnect("").await.refusal(404, "not_found");
}

#[tokio::test]
async fn the_id_in_the_path_is_percent_decoded() {
    let id = "a/b c%ü?#";
    let world = World::of(Sandbox::builder().linked_user(id)).await;
    let response = world.disconnect("a%2Fb%20c%25%C3%BC%3F%23").await;
    assert_eq!(response.status, StatusCode::OK);
    assert!(!world.sandbox.is_linked(id));
}

#[tokio::test]
async fn a_plus_in_the_path_is_a_plus() {
    let world = World::of(Sandbox::builder().linked_user("a+b")).await;
    assert_eq!(world.disconnect("a+b").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_id_that_is_not_utf8_is_a_bad_request() {
    let world = World::new().await;
    let detail = world.disconnect("%FF").await.refusal(400, "bad_request");
    assert!(detail.contains("externalUserId"), "{detail}");
}
