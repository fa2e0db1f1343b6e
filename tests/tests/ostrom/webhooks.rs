//! Deliveries of the sandbox, verified by `Verifier`.

use std::sync::{Arc, Mutex};

use httpmock::MockServer;
use ostrom::webhooks::{InvalidSignature, Verifier, WebhooksApi, WebhooksBody};
use ostrom_sandbox::Sandbox;
use rolecall::HeaderMap;
use serde_json::json;

use crate::support::World;

type Received = Arc<Mutex<Vec<(HeaderMap, Vec<u8>)>>>;

/// Starts a partner's server that records the deliveries.
async fn receiver() -> (MockServer, Received) {
    let server = MockServer::start_async().await;
    let received = Received::default();
    let kept = Arc::clone(&received);
    server
        .mock_async(|when, then| {
            when.is_true(move |request| {
                let body = request.body_ref().to_vec();
                kept.lock().unwrap().push((request.headers().clone(), body));
                true
            });
            then.status(200);
        })
        .await;
    (server, received)
}

#[tokio::test]
async fn a_delivery_verifies_and_a_changed_one_does_not() {
    let world = World::of(Sandbox::builder()).await;
    let (server, received) = receiver().await;
    for secret in ["s3cret", "gr\u{fc}n \u{1f33f}", &"long ".repeat(100)] {
        let body = WebhooksBody { url: server.url("/hook"), secret: secret.to_owned() };
        let webhook = world.partner.create_webhook(&body).await.unwrap();
        let id = webhook.id.unwrap();
        world.partner.test_webhook(&id).await.unwrap();
        world.sandbox.notify(&json!({ "type": "anything", "umlaut": "\u{e4}" })).await;
        world.partner.delete_webhook(&id).await.unwrap();

        let verifier = Verifier::new(secret).unwrap();
        let deliveries = std::mem::take(&mut *received.lock().unwrap());
        assert_eq!(deliveries.len(), 2);
        for (mut headers, mut body) in deliveries {
            assert_eq!(verifier.verify(&headers, &body), Ok(()));
            let other = Verifier::new("another").unwrap();
            assert_eq!(other.verify(&headers, &body), Err(InvalidSignature::Mismatch));
            body.push(b' ');
            assert_eq!(verifier.verify(&headers, &body), Err(InvalidSignature::Mismatch));
            headers.remove("x-ostrom-signature");
            assert_eq!(verifier.verify(&headers, &body), Err(InvalidSignature::Missing));
        }
    }
}
