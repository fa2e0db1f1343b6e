//! The far end of every measurement: HTTP/1.1 with keep-alive, or HTTP/2 if TLS has settled on it; fixed answers. It refuses anything that isn't one of its
//! calls with a bearer token, so a client can't win by sending less.

pub mod tls;

use std::convert::Infallible;
use std::sync::LazyLock;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::{http1, http2};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const ME: &[u8] = br#"{"email":"max.mustermann@example.com","firstName":"Max","lastName":"Mustermann","language":"GERMAN"}"#;
const LINK: &[u8] = br#"{"linkUrl":"https://join.ostrom.de/link?id=dGhpcy1pcy1hLWxpbmstaWQtb2YtdGhlLWxlbmd0aC10aGF0LXRoZS1yZWFsLW9uZS1oYXMtMDEyMzQ1Njc4OWFiY2RlZi0wMTIzNDU2Nzg5YWJjZGVm"}"#;

/// 1 MB of JSON: prices as an API of a power supplier has them.
static BIG: LazyLock<Bytes> = LazyLock::new(|| {
    let price = |i: usize| {
        let (day, hour) = (1 + i / 24 % 28, i % 24);
        format!(r#"{{"date":"2026-11-{day:02}T{hour:02}:00:00.000Z","netKwhPrice":8.{i},"grossKwhPrice":9.{i}}}"#)
    };
    let prices: Vec<String> = (10_000..24_000).map(price).collect();
    format!("[{}]", prices.join(",")).into()
});

fn answer(status: StatusCode, body: &'static [u8]) -> Response<Full<Bytes>> {
    let mut r = Response::new(Full::new(Bytes::from_static(body)));
    *r.status_mut() = status;
    if !body.is_empty() {
        r.headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    }
    r
}

fn bad(what: &str) -> Response<Full<Bytes>> {
    eprintln!("refused: {what}");
    answer(StatusCode::BAD_REQUEST, br#"{"type":"bad_request","detail":"refused by the bench server"}"#)
}

async fn reply(req: Request<Incoming>, check: bool) -> Result<Response<Full<Bytes>>, Infallible> {
    let bearer = req
        .headers()
        .get(AUTHORIZATION)
        .is_some_and(|v| v.len() > 16 && v.as_bytes().starts_with(b"Bearer "));
    if !bearer {
        return Ok(bad("no bearer token"));
    }
    let (head, body) = req.into_parts();
    let body = match body.collect().await {
        Ok(b) => b.to_bytes(),
        Err(_) => return Ok(bad("unreadable body")),
    };
    if check {
        let mut lines = format!("{} {} {:?}\n", head.method, head.uri, head.version);
        for (k, v) in &head.headers {
            let v = v.to_str().unwrap_or("?");
            let v = if k == AUTHORIZATION { &v[..12] } else { v };
            lines.push_str(&format!("  {k}: {v}\n"));
        }
        print!("{lines}  [{} bytes] {}\n", body.len(), String::from_utf8_lossy(&body));
    }
    let path = head.uri.path();
    Ok(match (head.method, path) {
        (Method::GET, "/big") => {
            let mut big = answer(StatusCode::OK, b"{}");
            *big.body_mut() = Full::new(BIG.clone());
            big
        }
        // Any number of endpoints that answer alike.
        (Method::GET, p) if p.starts_with("/many/") => answer(StatusCode::OK, ME),
        (Method::GET, "/me") if body.is_empty() => answer(StatusCode::OK, ME),
        (Method::POST, "/users/link") => {
            if body.len() < 120 || body[0] != b'{' {
                return Ok(bad("link: short body"));
            }
            if check {
                let json = head.headers.get(CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"application/json"));
                let v: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
                let ok = json
                    && v["externalUserId"].as_str().is_some_and(|s| s.starts_with("partner-user-"))
                    && v["language"] == "de-DE"
                    && v["redirectUrl"].as_str().is_some_and(|s| s.starts_with("https://"))
                    && v["scopes"] == serde_json::json!(["order:read:data", "contract:read:data"]);
                if !ok {
                    return Ok(bad("link: wrong body or content type"));
                }
            }
            answer(StatusCode::OK, LINK)
        }
        (Method::DELETE, p)
            if p.starts_with("/users/partner-user-") && p.ends_with("/disconnect") && body.is_empty() =>
        {
            answer(StatusCode::OK, b"")
        }
        (m, p) => bad(&format!("{m} {p}")),
    })
}

/// Serves all who connect, over TLS if there is an acceptor. With `check` it also looks into the headers and the JSON of
/// every request and prints each request.
pub async fn serve(listener: TcpListener, check: bool, tls: Option<TlsAcceptor>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let _ = stream.set_nodelay(true);
        let tls = tls.clone();
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |req| reply(req, check));
            let Some(tls) = tls else {
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                return;
            };
            let Ok(stream) = tls.accept(stream).await else { return };
            let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            let stream = TokioIo::new(stream);
            if is_http2 {
                let _ = http2::Builder::new(TokioExecutor::new()).serve_connection(stream, service).await;
            } else {
                let _ = http1::Builder::new().serve_connection(stream, service).await;
            }
        });
    }
}
