//! Deliveries to webhooks: signed as Ostrom signs them, on loopback and nowhere else.

use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use axum::http::{Request, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use sha1::Sha1;
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::{Host, Url};

use crate::hooks::Hook;

/// How long the receiver may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// An event on its way to a webhook, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// The webhook's id.
    pub webhook_id: String,
    /// Where it was sent.
    pub url: String,
    /// The body, byte for byte.
    pub body: String,
    /// The header `X-Ostrom-Signature`: `sha1=` and 40 hex digits.
    pub signature: String,
    /// The status that the receiver answered, if it did.
    pub status: Option<u16>,
    /// Why it has not arrived, if it hasn't: nobody there, no answer, or another status than a success.
    pub problem: Option<String>,
}

/// Delivers an event, and waits for the answer.
pub(crate) async fn deliver(hook: &Hook, event: &Value) -> Delivery {
    let body = event.to_string();
    let signature = sign(hook.secret.as_bytes(), body.as_bytes());
    let answer = match timeout(PATIENCE, post(&hook.url, &body, &signature)).await {
        Ok(answer) => answer,
        Err(_) => Err(format!("no answer within {} seconds", PATIENCE.as_secs())),
    };
    let (status, problem) = match answer {
        Ok(status) if status.is_success() => (Some(status.as_u16()), None),
        Ok(status) => (Some(status.as_u16()), Some(format!("the answer was {status}"))),
        Err(problem) => (None, Some(problem)),
    };
    Delivery { webhook_id: hook.id.to_string(), url: hook.url.clone(), body, signature, status, problem }
}

/// The signature of a body as the header has it.
pub(crate) fn sign(secret: &[u8], body: &[u8]) -> String {
    let mut text = "sha1=".to_owned();
    // HMAC takes a key of any length.
    if let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) {
        mac.update(body);
        for byte in mac.finalize().into_bytes() {
            let _ = write!(text, "{byte:02x}");
        }
    }
    text
}

async fn post(url: &str, body: &str, signature: &str) -> Result<StatusCode, String> {
    let url = Url::parse(url).map_err(|error| error.to_string())?;
    let stream = connect(&url).await?;
    let request = Request::post(target(&url))
        .header(HOST, url.authority())
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, concat!("ostrom-sandbox/", env!("CARGO_PKG_VERSION")))
        .header("x-ostrom-signature", signature)
        .body(Body::from(body.to_owned()))
        .map_err(|error| error.to_string())?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    let answer = async {
        let answer = sender.send_request(request).await.map_err(|error| error.to_string());
        // Without its sender the connection below ends too.
        drop(sender);
        answer.map(|answer| answer.status())
    };
    let (answer, _) = tokio::join!(answer, connection);
    answer
}

fn target(url: &Url) -> &str {
    &url[url::Position::BeforePath..url::Position::AfterQuery]
}

/// Connects on loopback. No name but `localhost` is looked up: what a name means can change.
async fn connect(url: &Url) -> Result<TcpStream, String> {
    if url.scheme() != "http" {
        return Err("the sandbox delivers by http, on loopback".to_owned());
    }
    let addresses: Vec<IpAddr> = match url.host() {
        Some(Host::Ipv4(address)) if address.is_loopback() => vec![address.into()],
        Some(Host::Ipv6(address)) if address.is_loopback() => vec![address.into()],
        Some(Host::Domain(name)) if name.eq_ignore_ascii_case("localhost") => {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        }
        _ => return Err("the sandbox delivers on loopback only".to_owned()),
    };
    let port = url.port_or_known_default().unwrap_or(80);
    let sockets: Vec<SocketAddr> = addresses.into_iter().map(|address| (address, port).into()).collect();
    TcpStream::connect(sockets.as_slice()).await.map_err(|error| format!("nobody answers there: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2202, the test cases 1, 2 and 6.
    #[test]
    fn signatures_are_hmac_sha1() {
        assert_eq!(sign(&[0x0b; 20], b"Hi There"), "sha1=b617318655057264e28bc0b6fb378c8ef146be00");
        assert_eq!(sign(b"Jefe", b"what do ya want for nothing?"), "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        assert_eq!(
            sign(&[0xaa; 80], b"Test Using Larger Than Block-Size Key - Hash Key First"),
            "sha1=aa4ae5e15272d00e95705637ce8a3b55ed402112"
        );
    }

    #[tokio::test]
    async fn nothing_leaves_the_machine() {
        for url in [
            "http://partner-example.com/webhook",
            "http://192.0.2.1/webhook",
            "http://[2001:db8::1]/webhook",
            "http://localhost.example/webhook",
            "https://127.0.0.1/webhook",
        ] {
            let problem = connect(&Url::parse(url).unwrap()).await.unwrap_err();
            assert!(problem.contains("on loopback"), "{url}: {problem}");
        }
    }
}
