//! The body of a response in chunks, for responses too large to keep in memory.

use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::raw::RawResponse;
use crate::endpoint::Endpoint;
use crate::error::{Cause, Error, ErrorKind};
use crate::transport::{BodyError, ResponseBody};

/// The delay after the server's timeout from which a poll counts as one of a caller that was busy elsewhere.
const AWAY: Duration = Duration::from_secs(1);

/// The body of a response, chunk by chunk as it arrives.
///
/// A call of a method that returns `Result<ByteStream, Error>` completes when the head of the response arrives. The
/// body has no deadline and no maximum size, but each chunk must arrive within the timeout of an attempt: a server
/// that sends nothing for longer ends the stream with an error of the kind [`Timeout`](ErrorKind::Timeout). The time
/// that the caller takes between chunks does not count. After an error, the stream has ended. Dropping it closes the
/// connection.
pub struct ByteStream {
    body: Option<ResponseBody>,
    endpoint: &'static Endpoint,
    attempt_timeout: Duration,
    /// The time at which the server has been idle for too long.
    silence: Pin<Box<Sleep>>,
    /// Whether a chunk is awaited, so that `silence` counts. It is `false` while the caller handles a chunk.
    waiting: bool,
    /// The number of times that the request was sent until the head of the response arrived.
    attempts: u32,
}

impl ByteStream {
    pub(crate) fn new(response: Box<RawResponse>) -> Self {
        let response = *response;
        Self {
            body: Some(response.rest.unwrap_or_else(|| response.body.into())),
            endpoint: response.endpoint,
            attempt_timeout: response.attempt_timeout,
            silence: Box::pin(sleep_until(Instant::now())),
            waiting: false,
            attempts: response.attempts,
        }
    }

    /// Returns the next chunk, or `None` at the end.
    ///
    /// # Errors
    ///
    /// Returns [`Transport`](ErrorKind::Transport) if the connection is lost, [`Timeout`](ErrorKind::Timeout) if the
    /// server sends nothing for too long, and [`Decode`](ErrorKind::Decode) if the body cannot be decompressed.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn broken(&mut self, error: BodyError) -> Error {
        let (kind, what, cause): (_, _, Option<Cause>) = match error {
            BodyError::Garbled(cause) => (ErrorKind::Decode, "could not decompress the response body", Some(cause)),
            BodyError::Broken(error) => {
                (ErrorKind::Transport, "connection closed before the response was complete", Some(Box::new(error)))
            }
            BodyError::TooLarge => (ErrorKind::ResponseTooLarge, "response body exceeds the limit", None),
        };
        self.fail(kind, what).with_cause(cause)
    }

    fn fail(&mut self, kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
        self.body = None;
        self.error(kind, message)
    }

    /// Returns an error of the call that this body belongs to.
    pub(crate) fn error(&self, kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
        Error::new(kind, message).with_endpoint(self.endpoint).with_attempts(self.attempts, true)
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while let Some(body) = &mut this.body {
            match body.poll_chunk(context) {
                Poll::Ready(Some(Ok(data))) => {
                    this.waiting = false;
                    return Poll::Ready(Some(Ok(data)));
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(this.broken(error)))),
                Poll::Ready(None) => this.body = None,
                Poll::Pending => {
                    let now = Instant::now();
                    // A poll long after the timeout means that the caller was busy elsewhere.
                    if !this.waiting || now > this.silence.deadline() + AWAY {
                        this.waiting = true;
                        this.silence.as_mut().reset(now + this.attempt_timeout);
                    }
                    ready!(this.silence.as_mut().poll(context));
                    body.suspect();
                    let limit = this.attempt_timeout.as_secs_f64();
                    let message = format!(
                        "timed out waiting for the next part of the response body (attempt timeout of {limit} s)"
                    );
                    return Poll::Ready(Some(Err(this.fail(ErrorKind::Timeout, message))));
                }
            }
        }
        Poll::Ready(None)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").field("endpoint", &self.endpoint.name).finish_non_exhaustive()
    }
}
