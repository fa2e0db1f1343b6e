//! `POST /users/link` and the consent page.

use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Received, World, send};

fn body() -> Value {
    json!({
        "externalUserId": "user-42",
        "referralCode": "WELCOME",
        "language": "en-US",
        "redirectUrl": "https://partner.example/linked?from=ostrom",
        "scopes": ["contract:read:data"],
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut body = body();
    body[field] = value;
    body
}

fn without(field: &str) -> Value {
    let mut body = body();
    body.as_object_mut().unwrap().remove(field);
    body
}

fn link_url(response: &Received) -> String {
    assert_eq!(response.status, StatusCode::OK, "{}", response.body);
    let body = response.json();
    assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
    body["linkUrl"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn linking_answers_a_url_and_remembers_what_was_asked() {
    let world = World::new().await;
    link_url(&world.link(&body()).await);

    let link = world.sandbox.link("user-42").unwrap();
    assert_eq!(link.language, "en-US");
    assert_eq!(link.redirect_url, "https://partner.example/linked?from=ostrom");
    assert_eq!(link.scopes, ["contract:read:data"]);
    assert_eq!(link.referral_code.as_deref(), Some("WELCOME"));
    assert!(!link.consented);
}

#[tokio::test]
async fn linking_again_is_fine_and_keeps_the_consent() {
    let world = World::new().await;
    let first = link_url(&world.link(&body()).await);
    assert!(world.sandbox.consent("user-42"));

    let again = with("scopes", json!(["order:read:data", "contract:read:data"]));
    let second = link_url(&world.link(&again).await);
    assert_ne!(first, second);
    let link = world.sandbox.link("user-42").unwrap();
    assert_eq!(link.scopes.len(), 2);
    assert!(link.consented);

    assert_eq!(world.disconnect("user-42").await.status, StatusCode::OK);
    assert_eq!(world.sandbox.link("user-42"), None);
}

#[tokio::test]
async fn opening_the_link_consents_and_leads_to_the_redirect_url() {
    let world = World::new().await;
    let url = link_url(&world.link(&body()).await);
    assert!(url.starts_with(world.sandbox.auth_url()), "{url}");

    let response = send(world.get(&url)).await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    let target = response.header("location");
    assert_eq!(target, Some("https://partner.example/linked?from=ostrom"));
    assert!(world.sandbox.link("user-42").unwrap().consented);
}

#[tokio::test]
async fn a_link_that_is_unknown_or_stale_leads_nowhere() {
    let world = World::new().await;
    let unknown = format!("{}/link/unknown", world.sandbox.auth_url());
    send(world.get(&unknown)).await.refusal(404, "not_found");

    let stale = link_url(&world.link(&body()).await);
    link_url(&world.link(&body()).await);
    send(world.get(&stale)).await.refusal(404, "not_found");
    assert!(!world.sandbox.link("user-42").unwrap().consented);
}

#[tokio::test]
async fn nobody_consents_for_a_user_who_is_not_linked() {
    let world = World::new().await;
    assert!(!world.sandbox.consent("user-42"));
    assert!(!world.sandbox.is_linked("user-42"));
}

#[tokio::test]
async fn each_required_field_is_missed_by_name() {
    let world = World::new().await;
    for field in ["externalUserId", "language", "redirectUrl", "scopes"] {
        let response = world.link(&without(field)).await;
        let detail = response.refusal(400, "bad_request");
        assert!(detail.contains(&format!("{field} is missing")), "{detail}");
    }
    assert!(!world.sandbox.is_linked("user-42"));
}

#[tokio::test]
async fn the_referral_code_may_be_left_out() {
    let world = World::new().await;
    link_url(&world.link(&without("referralCode")).await);
    let link = world.sandbox.link("user-42").unwrap();
    assert_eq!(link.referral_code, None);
}

#[tokio::test]
async fn each_wrong_value_is_refused_by_the_name_of_its_field() {
    let world = World::new().await;
    for (field, value) in [
        ("externalUserId", json!("")),
        ("externalUserId", json!(42)),
        ("externalUserId", json!(null)),
        ("referralCode", json!("")),
        ("referralCode", json!(7)),
        ("referralCode", json!(null)),
        ("language", json!("ENGLISH")),
        ("language", json!("en-us")),
        ("language", json!("")),
        ("language", json!(["en-US"])),
        ("redirectUrl", json!("")),
        ("redirectUrl", json!("/linked")),
        ("redirectUrl", json!("partner.example/linked")),
        ("redirectUrl", json!("localhost:3000/linked")),
        ("redirectUrl", json!("https://")),
        ("redirectUrl", json!(true)),
        ("scopes", json!([])),
        ("scopes", json!("order:read:data")),
        ("scopes", json!(["order:read:data", "order:write:data"])),
        ("scopes", json!([1])),
        ("scopes", json!(null)),
    ] {
        let response = world.link(&with(field, value.clone())).await;
        let detail = response.refusal(400, "bad_request");
        let named = detail.contains(&format!("{field} must"));
        assert!(named, "{field} = {value}: {detail}");
    }
    assert!(!world.sandbox.is_linked("user-42"));
}

#[tokio::test]
async fn one_answer_names_all_wrong_fields() {
    let world = World::new().await;
    let detail = world.link(&json!({ "language": "fr-FR" })).await;
    let detail = detail.refusal(400, "bad_request");
    for problem in [
        "externalUserId is missing",
        "language must be one of en-US, de-DE",
        "redirectUrl is missing",
        "scopes is missing",
    ] {
        assert!(detail.contains(problem), "{detail}");
    }
}

#[tokio::test]
async fn the_redirect_url_may_have_a_scheme_of_the_partners_own() {
    let world = World::new().await;
    for url in ["partnerapp://linked", "partnerapp:///linked", "http://localhost:3000/"] {
        let response = world.link(&with("redirectUrl", json!(url))).await;
        let response = send(world.get(&link_url(&response))).await;
        assert_eq!(response.header("location"), Some(url));
    }
}

#[tokio::test]
async fn a_redirect_url_can_not_break_the_answer_that_leads_there() {
    let world = World::new().await;
    let url = "https://partner.example/\u{e4}\r\nset-cookie: a=b";
    let response = world.link(&with("redirectUrl", json!(url))).await;
    let response = send(world.get(&link_url(&response))).await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    assert_eq!(response.header("set-cookie"), None);
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let world = World::new().await;
    link_url(&world.link(&with("theme", json!("dark"))).await);
}

async fn link_raw(world: &World, content_type: Option<&str>, body: impl Into<Vec<u8>>) -> Received {
    let token = world.partner_token().await;
    let mut request = world.call(Method::POST, "/users/link").bearer_auth(token);
    if let Some(content_type) = content_type {
        request = request.header(CONTENT_TYPE, content_type);
    }
    send(request.body(body.into())).await
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_a_bad_request() {
    let world = World::new().await;
    let deep = "[".repeat(10_000);
    let bodies: [&[u8]; 8] =
        [b"", b"{", b"{} {}", b"null", b"[]", b"\"text\"", b"{\"externalUserId\":\"\xff\"}", deep.as_bytes()];
    for body in bodies {
        let response = link_raw(&world, Some("application/json"), body).await;
        let detail = response.refusal(400, "bad_request");
        assert!(detail.contains("JSON"), "{detail}");
    }
}

#[tokio::test]
async fn a_body_of_another_content_type_is_a_bad_request() {
    let world = World::new().await;
    for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        let response = link_raw(&world, content_type, body().to_string()).await;
        let detail = response.refusal(400, "bad_request");
        assert!(detail.contains("Content-Type"), "{detail}");
    }
}

#[tokio::test]
async fn json_may_name_its_charset() {
    let world = World::new().await;
    let content_type = Some("Application/JSON; charset=utf-8");
    let response = link_raw(&world, content_type, body().to_string()).await;
    link_url(&response);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let world = World::new().await;
    let body = with("externalUserId", json!("x".repeat(70_000)));
    let response = world.link(&body).await;
    response.refusal(413, "payload_too_large");
}
