//! HTTP over a new connection, and the classification of its errors.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};

use super::connect::Opened;
use super::error::{Delivery, TransportError};
use super::kind::{TransportErrorKind, chain};
use super::pool::{Connection, Multiplexed};
use super::stream::ReadToTheEnd;
use crate::runtime;

/// The maximum size of a response's headers, in bytes.
const MAX_HEADERS: u32 = 256 << 10;

/// The interval of pings on a silent HTTP/2 connection while calls wait on it.
const PING_INTERVAL: Duration = Duration::from_secs(10);

/// The time without a ping response after which the connection is closed.
const PING_TIMEOUT: Duration = Duration::from_secs(5);

/// Starts HTTP on the connection. A Tokio task drives it until it is closed.
pub(super) async fn start(opened: Opened) -> Result<Connection, TransportError> {
    let failed = |error: hyper::Error| TransportError::connecting(TransportErrorKind::Protocol, error);
    if opened.is_http2 {
        let (sender, connection) = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_header_list_size(MAX_HEADERS)
            .keep_alive_interval(PING_INTERVAL)
            .keep_alive_timeout(PING_TIMEOUT)
            .handshake(TokioIo::new(ReadToTheEnd(opened.stream)))
            .await
            .map_err(failed)?;
        let ended_in_order = Arc::new(AtomicBool::new(false));
        let multiplexed = Arc::new(Multiplexed::new(sender, Arc::clone(&ended_in_order)));
        runtime::spawn(async move {
            // Dropped after the flag is set: a request that it still holds fails then, and the flag classifies that
            // failure.
            let mut connection = std::pin::pin!(connection);
            let ended = connection.as_mut().await;
            ended_in_order.store(ended.is_ok(), Ordering::Release);
        });
        return Ok(Connection::Multiplexed(multiplexed));
    }
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MAX_HEADERS as usize)
        .handshake(TokioIo::new(opened.stream))
        .await
        .map_err(failed)?;
    runtime::spawn(async move { drop(connection.await) });
    sender.ready().await.map_err(failed)?;
    Ok(Connection::Exclusive(sender))
}

/// Classifies the error of a request that was sent on an HTTP/2 connection, or of its response.
pub(super) fn lost(connection: &Multiplexed, error: hyper::Error) -> TransportError {
    let of_h2 = chain(&error).find_map(|error| error.downcast_ref::<h2::Error>());
    let is_reset = of_h2.is_some_and(h2::Error::is_reset);
    let delivery = match of_h2 {
        Some(error) => unprocessed(error),
        // The request was still queued when the connection ended.
        None if error.is_user() && connection.ended_in_order.load(Ordering::Acquire) => Delivery::Declined,
        None => Delivery::Possible,
    };
    if delivery != Delivery::Possible {
        return TransportError::of_kind(TransportErrorKind::Unprocessed, delivery, error);
    }
    // A reset stream is one fault; the loss of a connection is one fault for all of its streams.
    TransportError::new(error).with_fault((!is_reset).then(|| connection.fault.clone()))
}

/// Returns whether the server reports that it has not processed the request.
///
/// h2 reports a `GOAWAY` error only for streams that the server has not processed and will not process (RFC 9113,
/// section 6.8), and for later requests; `REFUSED_STREAM` reports the same for one stream (section 8.7). A `GOAWAY`
/// with an error, such as `ENHANCE_YOUR_CALM`, does not permit an immediate retry.
pub(super) fn unprocessed(error: &h2::Error) -> Delivery {
    match error.reason() {
        _ if !error.is_remote() => Delivery::Possible,
        Some(h2::Reason::NO_ERROR) if error.is_go_away() => Delivery::Declined,
        Some(h2::Reason::REFUSED_STREAM) if error.is_reset() => Delivery::Declined,
        _ if error.is_go_away() => Delivery::None,
        _ => Delivery::Possible,
    }
}
