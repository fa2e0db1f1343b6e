//! Tests the pool under random schedules: calls that end, fail, and are cancelled at any moment, on runtimes that end.
//!
//! An in-memory server checks the rules: it counts its connections, and records a request on one that must not be used.

mod http1;
mod http2;

use std::sync::Arc;
use std::time::Duration;

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderValue, Method};
use proptest::prelude::*;
use tokio::io::DuplexStream;

use super::connect::{Route, Via};
use super::error::TransportError;
use super::origin::Origin;
use super::outgoing::OutgoingRequest;
use super::pool::Pool;
use super::response_body::IncomingResponse;

const IDLE: Duration = Duration::from_secs(90);

/// The behavior of the client for the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    Whole,
    /// It cancels after this number of milliseconds.
    For(u64),
    HeadAlone,
}

/// A server whose connections are served by `serve`.
fn origin(is_http2: bool, serve: impl Fn(DuplexStream) + Send + Sync + 'static) -> Arc<Origin> {
    let connect = move || {
        let (client, server) = tokio::io::duplex(4096);
        serve(server);
        client
    };
    let route = Route {
        address: http::Uri::from_static("http://localhost/"),
        via: Via::Memory { connect: Box::new(connect), is_http2 },
        #[cfg(feature = "rustls")]
        tls: None,
        timeout: Duration::from_secs(10),
    };
    let host = HeaderValue::from_static("localhost");
    let pool = Pool::new(is_http2, IDLE, usize::MAX);
    Arc::new(Origin::new(Scheme::HTTP, Authority::from_static("localhost"), host, route, pool))
}

/// Sends the request of the call, and returns the response without its body.
async fn head(origin: &Origin, id: usize) -> Result<IncomingResponse, TransportError> {
    let request = OutgoingRequest { method: Method::GET, headers: HeaderMap::new(), body: None };
    let path = PathAndQuery::try_from(format!("/{id}")).unwrap();
    origin.send(request, path, &mut None).await
}

/// Makes the call. Returns the body, or `None` if it is incomplete.
async fn call(origin: &Origin, id: usize) -> Result<Option<String>, TransportError> {
    let mut response = head(origin, id).await?;
    let mut body = Vec::new();
    loop {
        match response.body.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(Some(String::from_utf8(body).unwrap())),
            Err(_) => return Ok(None),
        }
    }
}

/// The body of a call's complete response.
fn whole(id: usize) -> String {
    format!("{id};").repeat(5000)
}

fn on_a_runtime(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(work);
}

/// The start of a call, in milliseconds; the times that the server takes for the head and for the body; and the
/// behavior of the client.
fn a_schedule() -> impl Strategy<Value = (u64, (u64, u64), Read)> {
    // Groups of calls, with pauses between them that are shorter or longer than the idle timeout.
    let at = (0..8u64, 0..40u64).prop_map(|(bunch, offset)| bunch * bunch * 5_000 + offset);
    let takes = (prop_oneof![Just(0), 0..40u64], prop_oneof![Just(0), 0..40u64]);
    let read = prop_oneof![6 => Just(Read::Whole), 2 => (0..60u64).prop_map(Read::For), 1 => Just(Read::HeadAlone)];
    (at, takes, read)
}
