//! The page at `GET /`.

use ostrom_sandbox::Sandbox;
use reqwest::{Method, StatusCode};

use crate::support::{Received, World, send};

async fn page(world: &World) -> Received {
    let response = send(world.call(Method::GET, "/")).await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(response.header("content-type"), Some("text/html; charset=utf-8"));
    response
}

#[tokio::test]
async fn the_page_shows_urls_credentials_and_endpoints() {
    let world = World::of(Sandbox::builder().now("2025-07-01T13:00:00Z".parse().unwrap())).await;
    let html = page(&world).await.body;
    let (user, partner) = (world.sandbox.user_credentials(), world.sandbox.partner_credentials());
    for text in [
        world.sandbox.api_url(),
        world.sandbox.auth_url(),
        &user.client_id,
        &user.client_secret,
        &partner.client_id,
        &partner.client_secret,
        "/users/{externalUserId}/disconnect",
        "15:00 in Germany",
        "50 requests per 60s",
        "None yet",
    ] {
        assert!(html.contains(text), "{text}: {html}");
    }
}

#[tokio::test]
async fn the_page_shows_the_last_requests_without_their_secrets_and_escaped() {
    let world = World::new().await;
    let token = world.partner_token().await;
    send(world.call(Method::GET, "/users/<b>&'/orders?q=\"1\"").bearer_auth(&token)).await;
    world.me(&token).await.refusal(401, "unauthorized");
    let html = page(&world).await.body;
    assert!(!html.contains("<b>") && !html.contains(&token), "{html}");
    for text in ["/oauth2/token", "/me</td><td>PARTNER", "/orders", "401", "404"] {
        assert!(html.contains(text), "{text}: {html}");
    }
    // The last one first, and the page itself is not among them.
    assert!(html.find("/me</td><td>PARTNER").unwrap() < html.find("/orders").unwrap());
    assert!(!html.contains("<td>/</td>"), "{html}");
}

#[tokio::test]
async fn the_page_lists_every_endpoint_of_the_server_and_no_other() {
    let world = World::of(Sandbox::builder().no_rate_limit()).await;
    let html = page(&world).await.body;
    let (_, endpoints) = html.split_once("<h2>Endpoints</h2>").unwrap();
    let token = world.partner_token().await;
    let mut found = 0;
    for row in endpoints.split("<tr><td class=\"method\">").skip(1) {
        let (method, rest) = row.split_once("</td><td>").unwrap();
        let path = rest.split_once("</td>").unwrap().0;
        let path = path.replace("{externalUserId}", "nobody").replace(['{', '}'], "").replace("contractId", "1");
        let path = path.replace("orderId", "1").replace("/id", "/1");
        let request = world.call(method.parse().unwrap(), &path).bearer_auth(&token);
        let response = send(request).await;
        assert!(
            !response.body.contains("There is no endpoint") && response.status != 405,
            "{method} {path}: {}",
            response.body
        );
        found += 1;
    }
    assert_eq!(found, 17);
}
