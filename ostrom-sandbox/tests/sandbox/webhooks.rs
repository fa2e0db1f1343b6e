//! Webhooks: stored, tested, delivered, and signed.

use ostrom_sandbox::Sandbox;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::World;

async fn create(world: &World, url: &str) -> Value {
    world.send_as_partner(Method::POST, "/webhooks", &json!({ "url": url, "secret": "s3cret" })).await.fine()
}

/// Starts a partner's server that reads one request and responds with this status. Returns its URL and the request.
async fn receiver(status: &'static str) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?from=ostrom", listener.local_addr().unwrap());
    let request = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !whole(&request) {
            let mut part = [0; 1024];
            let read = stream.read(&mut part).await.unwrap();
            request.extend_from_slice(&part[..read]);
        }
        stream.write_all(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").as_bytes()).await.unwrap();
        String::from_utf8(request).unwrap()
    });
    (url, request)
}

fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() == length.unwrap_or(0)
}

#[tokio::test]
async fn a_webhook_lives_until_it_is_deleted() {
    let world = World::new().await;
    assert_eq!(world.as_partner(Method::GET, "/webhooks").await.data(), [] as [Value; 0]);

    let one = create(&world, "https://partner-example.com/webhook").await;
    assert_eq!(one.as_object().unwrap().len(), 3, "{one}");
    assert_eq!(one["clientApplicationId"], world.sandbox.partner_credentials().client_id);
    let two = create(&world, "https://partner-example.com/other").await;
    assert_ne!(one["id"], two["id"]);
    assert_eq!(world.as_partner(Method::GET, "/webhooks").await.data(), [one.clone(), two.clone()]);

    let path = format!("/webhooks/{}", one["id"].as_u64().unwrap());
    assert_eq!(world.as_partner(Method::GET, &path).await.fine(), one);
    assert_eq!(world.as_partner(Method::DELETE, &path).await.fine(), one);
    for (method, path) in
        [(Method::GET, path.clone()), (Method::DELETE, path.clone()), (Method::POST, format!("{path}/test"))]
    {
        world.as_partner(method, &path).await.refusal(404, "not_found");
    }
    assert_eq!(world.as_partner(Method::GET, "/webhooks").await.data(), [two]);
    world.as_partner(Method::GET, "/webhooks/first").await.refusal(400, "bad_request");
}

#[tokio::test]
async fn a_webhook_needs_a_url_of_the_web_and_a_secret() {
    let world = World::new().await;
    for (body, problems) in [
        (json!({}), vec!["url is missing", "secret is missing"]),
        (json!({ "url": "partnerapp://hook", "secret": "" }), vec!["url must be", "secret must not be empty"]),
        (json!({ "url": "/hook", "secret": 1 }), vec!["url must be", "secret must be a string"]),
    ] {
        let response = world.send_as_partner(Method::POST, "/webhooks", &body).await;
        let detail = response.refusal(400, "bad_request");
        assert!(problems.iter().all(|problem| detail.contains(problem)), "{detail}");
    }
    assert_eq!(world.as_partner(Method::GET, "/webhooks").await.data(), [] as [Value; 0]);
}

#[tokio::test]
async fn a_test_is_delivered_and_signed() {
    let world = World::new().await;
    let (url, request) = receiver("204 No Content").await;
    let hook = create(&world, &url).await;
    let path = format!("/webhooks/{}/test", hook["id"].as_u64().unwrap());
    assert_eq!(world.as_partner(Method::POST, &path).await.fine(), hook);

    let [delivery] = world.sandbox.deliveries().try_into().unwrap();
    assert_eq!((delivery.status, delivery.problem), (Some(204), None));
    let request = request.await.unwrap();
    assert!(request.starts_with("POST /hook?from=ostrom HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("content-type: application/json\r\n"), "{request}");
    assert!(request.contains(&format!("x-ostrom-signature: {}\r\n", delivery.signature)), "{request}");
    assert!(request.ends_with(&format!("\r\n\r\n{}", delivery.body)), "{request}");
    let event: Value = serde_json::from_str(&delivery.body).unwrap();
    assert_eq!(event["type"], "webhook.test");
}

#[tokio::test]
async fn a_failed_delivery_is_reported() {
    let world = World::new().await;
    let (refusing, _request) = receiver("401 Unauthorized").await;
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for (url, problem) in [
        (refusing, "responded with 401"),
        (format!("http://{nobody}/"), "could not connect"),
        ("https://partner-example.com/webhook".to_owned(), "on loopback"),
        ("http://partner-example.com/webhook".to_owned(), "on loopback only"),
    ] {
        let hook = create(&world, &url).await;
        let path = format!("/webhooks/{}/test", hook["id"].as_u64().unwrap());
        let detail = world.as_partner(Method::POST, &path).await.refusal(400, "bad_request");
        assert!(detail.contains(problem), "{detail}");
    }
    assert_eq!(world.sandbox.deliveries().len(), 4);
}

#[tokio::test]
async fn an_event_of_the_test_is_delivered_to_every_webhook() {
    let world = World::of(Sandbox::builder().no_rate_limit()).await;
    let mut requests = Vec::new();
    for _ in 0..2 {
        let (url, request) = receiver("200 OK").await;
        create(&world, &url).await;
        requests.push(request);
    }
    let event = json!({ "type": "user.linked" });
    let deliveries = world.sandbox.notify(&event).await;
    assert_eq!(deliveries, world.sandbox.deliveries());
    assert!(deliveries.iter().all(|delivery| delivery.status == Some(200)), "{deliveries:?}");
    for request in requests {
        assert!(request.await.unwrap().ends_with(&event.to_string()));
    }
}
