//! Webhook deliveries: signed as Ostrom signs them, and sent to loopback addresses only.

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

use crate::webhook::{Delivery, Webhook};

/// The time limit for one delivery.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Delivers an event and waits for the receiver's response.
pub(crate) async fn deliver(webhook: &Webhook, event: &Value) -> Delivery {
    let body = event.to_string();
    let signature = sign(webhook.secret.as_bytes(), body.as_bytes());
    let result = match timeout(TIMEOUT, post(&webhook.url, &body, &signature)).await {
        Ok(result) => result,
        Err(_) => Err(format!("no response within {} seconds", TIMEOUT.as_secs())),
    };
    let (status, problem) = match result {
        Ok(status) if status.is_success() => (Some(status.as_u16()), None),
        Ok(status) => (Some(status.as_u16()), Some(format!("the receiver responded with {status}"))),
        Err(problem) => (None, Some(problem)),
    };
    Delivery { webhook_id: webhook.id.to_string(), url: webhook.url.clone(), body, signature, status, problem }
}

/// Returns the signature of a body, as the header carries it.
pub(crate) fn sign(secret: &[u8], body: &[u8]) -> String {
    let mut text = "sha1=".to_owned();
    // HMAC accepts a key of any length.
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
    let response = async {
        let response = sender.send_request(request).await.map_err(|error| error.to_string());
        // Dropping the sender ends the connection's future below.
        drop(sender);
        response.map(|response| response.status())
    };
    let (response, _) = tokio::join!(response, connection);
    response
}

fn target(url: &Url) -> &str {
    &url[url::Position::BeforePath..url::Position::AfterQuery]
}

/// Connects to a loopback address. The only name accepted is `localhost`, because any other name can resolve to
/// another machine.
async fn connect(url: &Url) -> Result<TcpStream, String> {
    if url.scheme() != "http" {
        return Err("the sandbox delivers to http URLs on loopback only".to_owned());
    }
    let addresses: Vec<IpAddr> = match url.host() {
        Some(Host::Ipv4(address)) if address.is_loopback() => vec![address.into()],
        Some(Host::Ipv6(address)) if address.is_loopback() => vec![address.into()],
        Some(Host::Domain(name)) if name.eq_ignore_ascii_case("localhost") => {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        }
        _ => return Err("the sandbox delivers to hosts on loopback only".to_owned()),
    };
    let port = url.port_or_known_default().unwrap_or(80);
    let sockets: Vec<SocketAddr> = addresses.into_iter().map(|address| (address, port).into()).collect();
    TcpStream::connect(sockets.as_slice()).await.map_err(|error| format!("could not connect: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2202, test cases 1, 2, and 6.
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
