//! A partner's server that takes Ostrom's deliveries, and refuses a forged one.
//!
//! It runs against an `ostrom-sandbox` in this process, which delivers to it on loopback.

use std::error::Error;
use std::net::Ipv4Addr;
use std::process::ExitCode;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use ostrom::webhooks::{Verifier, WebhooksApi, WebhooksBody};
use ostrom::{Environment, Partner};
use ostrom_sandbox::Sandbox;
use rolecall::{Client, Public, api, endpoint};
use tokio::net::TcpListener;

const SECRET: &str = "a secret that only Ostrom and the partner know";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("webhook_receiver: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The receiver: the body as it came, verified before anything is read from it.
async fn receive(State(verifier): State<Verifier>, headers: HeaderMap, body: Bytes) -> StatusCode {
    match verifier.verify(&headers, &body) {
        Ok(()) => {
            println!("   receiver: taken: {}", String::from_utf8_lossy(&body));
            StatusCode::NO_CONTENT
        }
        Err(error) => {
            println!("   receiver: refused: {error}");
            StatusCode::UNAUTHORIZED
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let receiver = format!("http://{}", listener.local_addr()?);
    let app = Router::new().route("/webhook", post(receive)).with_state(Verifier::new(SECRET)?);
    tokio::spawn(async move { axum::serve(listener, app).await });

    let sandbox = Sandbox::builder().now("2025-07-01T13:00:00Z".parse()?).start().await?;
    let credentials = sandbox.partner_credentials();
    let partner: Client<Partner> = Environment::custom(sandbox.api_url(), sandbox.auth_url())
        .client(credentials.client_id, credentials.client_secret)
        .build()?;

    println!("1. The partner creates a webhook and has it tested.");
    let body = WebhooksBody { url: format!("{receiver}/webhook"), secret: SECRET.to_owned() };
    let id = partner.create_webhook(&body).await?.id.ok_or("the answer has no id")?;
    partner.test_webhook(&id).await?;

    println!("2. Somebody else sends an event, signed with a secret that they made up.");
    let forger = Client::<Public>::builder(&receiver).build()?;
    let event = r#"{"type":"webhook.test"}"#;
    let signature = "sha1=0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33";
    show(forger.deliver(Some(signature), event).await);

    println!("3. And once without a signature.");
    show(forger.deliver(None, event).await);

    partner.delete_webhook(&id).await?;
    println!("4. The partner deletes the webhook.");
    Ok(())
}

fn show(answer: Result<(), rolecall::Error>) {
    match answer {
        Ok(()) => println!("   forger: it was taken"),
        Err(error) => println!("   forger: the answer was {}", error.status().unwrap_or_default()),
    }
}

/// The partner's own server, as anybody may call it.
#[api]
trait Receiver {
    /// Delivers an event.
    #[endpoint(method = POST, path = "/webhook", role = Public)]
    async fn deliver(
        &self,
        #[header("x-ostrom-signature")] signature: Option<&str>,
        #[body(text)] event: &str,
    ) -> Result<(), rolecall::Error>;
}
