//! The Webhooks API on the wire.

use ostrom::webhooks::{WebhookResponse, WebhooksApi, WebhooksBody};
use ostrom::{Id, Partner};
use rolecall_tests::wire::Wire;

use crate::support::{request, request_with_body};

/// The example of the API specification.
const WEBHOOK: &str = r#"{
    "id": "12345", "clientApplicationId": "ac11591e05vtf752a63vdi54b83k3f4", "url": "https://partner-example.com/webhook"
}"#;

fn webhook() -> WebhookResponse {
    let mut webhook = WebhookResponse::default();
    webhook.id = Some(Id::from("12345"));
    webhook.client_application_id = Some("ac11591e05vtf752a63vdi54b83k3f4".to_owned());
    webhook.url = Some("https://partner-example.com/webhook".to_owned());
    webhook
}

fn body() -> WebhooksBody {
    WebhooksBody { url: "https://partner-example.com/webhook".to_owned(), secret: "s3cret".to_owned() }
}

#[tokio::test]
async fn create_webhook_posts_the_url_and_the_secret() {
    let wire = Wire::json(200, WEBHOOK).await;
    let response = wire.client::<Partner>().create_webhook(&body()).await.unwrap();
    assert_eq!(
        wire.request(),
        request_with_body("POST /webhooks", r#"{"url":"https://partner-example.com/webhook","secret":"s3cret"}"#)
    );
    assert_eq!(response, webhook());
    assert!(!format!("{:?}", body()).contains("s3cret"));
}

#[tokio::test]
async fn get_webhooks_reads_the_specifications_example() {
    let wire = Wire::json(200, &format!("{{\"data\":[{WEBHOOK}]}}")).await;
    let response = wire.client::<Partner>().get_webhooks().await.unwrap();
    assert_eq!(wire.request(), request("GET /webhooks"));
    assert_eq!(response.data, [webhook()]);
}

#[tokio::test]
async fn get_webhook_reads_the_specifications_example() {
    let wire = Wire::json(200, WEBHOOK).await;
    let response = wire.client::<Partner>().get_webhook(&Id::from(12345)).await.unwrap();
    assert_eq!(wire.request(), request("GET /webhooks/12345"));
    assert_eq!(response, webhook());
}

#[tokio::test]
async fn delete_webhook_reads_the_specifications_example() {
    let wire = Wire::json(200, WEBHOOK).await;
    let response = wire.client::<Partner>().delete_webhook(&Id::from("12345")).await.unwrap();
    assert_eq!(wire.request(), request("DELETE /webhooks/12345"));
    assert_eq!(response, webhook());
}

#[tokio::test]
async fn test_webhook_posts_nothing_and_reads_the_specifications_example() {
    let wire = Wire::json(200, WEBHOOK).await;
    let response = wire.client::<Partner>().test_webhook(&Id::from("12345")).await.unwrap();
    let expected = request("POST /webhooks/12345/test").replace("host:", "content-length: 0\nhost:");
    assert_eq!(wire.request(), expected);
    assert_eq!(response, webhook());
}
