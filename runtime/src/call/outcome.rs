//! The outcome of an attempt.

use std::fmt;

use http::StatusCode;

use crate::error::{Cause, ErrorKind};
use crate::transport::{BodyError, Delivery, Fault, TransportError, TransportErrorKind};

/// The outcome of an attempt, as far as retries depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A complete response.
    Status(StatusCode),
    /// A response that reports that the server's rate limit is reached.
    RateLimited(StatusCode),
    /// No connection: the request was not sent.
    NotSent,
    /// No connection, and a retry cannot help: the certificate is not trusted, or the proxy requires other
    /// credentials.
    Unreachable,
    /// The request could not be built.
    InvalidRequest,
    /// The server reported that it has not processed the request.
    Declined,
    /// The connection was lost after the request may have been sent.
    ConnectionLost,
    /// The attempt timed out.
    TimedOut,
    /// The response body exceeds the size limit.
    TooLarge,
    /// The response is complete, but cannot be decompressed.
    DecompressionFailed,
    /// A middleware rejected the request before it was sent.
    RejectedByMiddleware,
    /// A response with a success status that reports a failure, which may be temporary.
    InBandFailure { temporary: bool },
}

/// Writes `503`, `no connection`, and so on, for events.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) | Self::RateLimited(status) => write!(f, "{}", status.as_u16()),
            Self::NotSent | Self::Unreachable => f.write_str("no connection"),
            Self::InvalidRequest => f.write_str("invalid request"),
            Self::Declined => f.write_str("declined without processing"),
            Self::ConnectionLost => f.write_str("connection lost"),
            Self::TimedOut => f.write_str("timed out"),
            Self::TooLarge => f.write_str("response too large"),
            Self::DecompressionFailed => f.write_str("decompression failed"),
            Self::RejectedByMiddleware => f.write_str("rejected by a middleware"),
            Self::InBandFailure { .. } => f.write_str("failure reported by the API"),
        }
    }
}

impl Outcome {
    /// Returns the error kind of an attempt without a complete response.
    pub(crate) fn kind(self) -> ErrorKind {
        match self {
            Outcome::NotSent | Outcome::Unreachable => ErrorKind::Connect,
            Outcome::InvalidRequest => ErrorKind::Argument,
            Outcome::TimedOut => ErrorKind::Timeout,
            Outcome::TooLarge => ErrorKind::ResponseTooLarge,
            Outcome::DecompressionFailed => ErrorKind::Decode,
            Outcome::RejectedByMiddleware => ErrorKind::Middleware,
            Outcome::InBandFailure { .. } => ErrorKind::Api,
            Outcome::RateLimited(_) => ErrorKind::RateLimited,
            Outcome::Declined | Outcome::ConnectionLost | Outcome::Status(_) => ErrorKind::Transport,
        }
    }

    /// Returns `true` if the server may have received and processed the request.
    pub(crate) fn maybe_sent(self) -> bool {
        use Outcome::{Declined, InvalidRequest, NotSent, RejectedByMiddleware, Unreachable};
        !matches!(self, NotSent | Unreachable | InvalidRequest | Declined | RejectedByMiddleware)
    }
}

/// The error of an attempt without a complete response.
#[derive(Debug)]
pub(crate) struct AttemptError {
    pub(crate) outcome: Outcome,
    pub(crate) cause: Option<Cause>,
    /// The lost connection, which other attempts may share.
    pub(crate) fault: Option<Fault>,
}

impl AttemptError {
    pub(crate) fn new(outcome: Outcome, cause: Option<Cause>) -> Self {
        Self { outcome, cause, fault: None }
    }

    pub(super) fn timed_out() -> Self {
        Self::new(Outcome::TimedOut, None)
    }
}

impl From<BodyError> for AttemptError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => Self::new(Outcome::TooLarge, None),
            BodyError::Garbled(cause) => Self::new(Outcome::DecompressionFailed, Some(cause)),
            BodyError::Broken(error) => error.into(),
        }
    }
}

impl From<TransportError> for AttemptError {
    fn from(error: TransportError) -> Self {
        let outcome = match (error.kind(), error.delivery()) {
            (_, Delivery::Possible) => Outcome::ConnectionLost,
            (TransportErrorKind::InvalidRequest, _) => Outcome::InvalidRequest,
            (TransportErrorKind::Unprocessed, _) => Outcome::Declined,
            _ if error.is_permanent() => Outcome::Unreachable,
            _ => Outcome::NotSent,
        };
        let fault = error.fault().cloned();
        Self { outcome, cause: Some(Box::new(error)), fault }
    }
}
