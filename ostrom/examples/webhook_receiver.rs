//! A partner's server that accepts Ostrom's deliveries and rejects forged ones.
//!
//! It runs against a sandbox in this process, which delivers to it on loopback. The webhook's secret has just been
//! replaced: deliveries that are signed with the old one are still accepted.

mod common;

use std::error::Error;
use std::io::{self, Write};
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

const OLD_SECRET: &str = "a secret that only Ostrom and the partner know";
const NEW_SECRET: &str = "the secret of the next webhook";

#[tokio::main]
async fn main() -> ExitCode {
    common::server::exit("webhook_receiver", run().await)
}

/// The receiver verifies the raw body before it reads anything from it.
async fn receive(State(verifier): State<Verifier>, headers: HeaderMap, body: Bytes) -> StatusCode {
    match verifier.verify(&headers, &body) {
        Ok(()) => {
            print(&format!("   receiver: accepted: {}", String::from_utf8_lossy(&body)));
            StatusCode::NO_CONTENT
        }
        Err(error) => {
            print(&format!("   receiver: rejected: {error}"));
            StatusCode::UNAUTHORIZED
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let receiver = format!("http://{}", listener.local_addr()?);
    let app =
        Router::new().route("/webhook", post(receive)).with_state(Verifier::with_secrets([NEW_SECRET, OLD_SECRET])?);
    tokio::spawn(async move { axum::serve(listener, app).await });

    let sandbox = Sandbox::builder().now("2025-07-01T13:00:00Z".parse()?).start().await?;
    let credentials = sandbox.partner_credentials();
    let partner: Client<Partner> = Environment::custom(sandbox.api_url(), sandbox.auth_url())
        .client(credentials.client_id, credentials.client_secret)
        .build()?;

    writeln!(io::stdout(), "1. The partner creates a webhook and has it tested.")?;
    let body = WebhooksBody { url: format!("{receiver}/webhook"), secret: OLD_SECRET.to_owned() };
    let id = partner.create_webhook(&body).await?.id.ok_or("the response has no id")?;
    partner.test_webhook(&id).await?;

    writeln!(io::stdout(), "2. A forger sends an event, signed with an invented secret.")?;
    let forger = Client::<Public>::builder(&receiver).build()?;
    let event = r#"{"type":"webhook.test"}"#;
    let signature = "sha1=0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33";
    show(forger.deliver(Some(signature), event).await);

    writeln!(io::stdout(), "3. And one without a signature.")?;
    show(forger.deliver(None, event).await);

    partner.delete_webhook(&id).await?;
    writeln!(io::stdout(), "4. The partner deletes the webhook.")?;
    Ok(())
}

fn show(result: Result<(), rolecall::Error>) {
    match result {
        Ok(()) => print("   forger: the event was accepted"),
        Err(error) => print(&format!("   forger: the response was {}", error.status().unwrap_or_default())),
    }
}

/// Prints a line. The receiver continues if the pipe is closed.
fn print(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// The partner's own server, which anyone can call.
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
