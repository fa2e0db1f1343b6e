//! An answer's body in pieces, for answers too large to keep in memory.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::endpoint::Endpoint;
use crate::error::{Cause, Error, ErrorKind};
use crate::response::RawResponse;
use crate::response::decode::FromResponse;
use crate::transport::{BodyError, ResponseBody};

/// The body of an answer, piece by piece as it arrives.
///
/// A method that returns `Result<ByteStream, Error>` ends when the head of the answer is there. The rest
/// has no deadline and no limit of size, but each piece has to arrive within the time of an attempt: a server
/// that falls silent ends the stream with an error of the kind [`Timeout`](ErrorKind::Timeout). After an error the
/// stream is at its end. Dropping it closes the connection.
pub struct ByteStream {
    body: Option<ResponseBody>,
    endpoint: &'static Endpoint,
    attempt_timeout: Duration,
    silence: Pin<Box<Sleep>>,
    /// How often the request was sent until the head of the answer came.
    attempts: u32,
}

impl ByteStream {
    fn new(body: ResponseBody, endpoint: &'static Endpoint, attempt_timeout: Duration, attempts: u32) -> Self {
        let silence = Box::pin(sleep_until(Instant::now() + attempt_timeout));
        Self { body: Some(body), endpoint, attempt_timeout, silence, attempts }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    ///
    /// [`Transport`](ErrorKind::Transport) if the connection broke, [`Timeout`](ErrorKind::Timeout) if nothing came
    /// for too long.
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

    fn fail(&mut self, kind: ErrorKind, message: &'static str) -> Error {
        self.body = None;
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
                    this.silence.as_mut().reset(Instant::now() + this.attempt_timeout);
                    return Poll::Ready(Some(Ok(data)));
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(this.broken(error)))),
                Poll::Ready(None) => this.body = None,
                Poll::Pending => {
                    ready!(this.silence.as_mut().poll(context));
                    body.suspect();
                    let error =
                        this.fail(ErrorKind::Timeout, "timed out waiting for the next part of the response body");
                    return Poll::Ready(Some(Err(error)));
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

/// A body that is not read yet.
#[derive(Debug)]
pub struct Streamed<T>(fn(Box<RawResponse>) -> Result<T, Error>);

impl Streamed<ByteStream> {
    pub(crate) fn new() -> Self {
        Self(|reply| {
            let reply = *reply;
            let body = reply.rest.unwrap_or_else(|| reply.body.into());
            Ok(ByteStream::new(body, reply.endpoint, reply.attempt_timeout, reply.attempts))
        })
    }
}

impl<T> FromResponse for Streamed<T> {
    type Output = T;

    const STREAM: bool = true;

    fn read(self, reply: Box<RawResponse>) -> Result<T, Error> {
        (self.0)(reply)
    }
}
