//! How an attempt ended.

use std::fmt;

use http::StatusCode;

use crate::error::{Cause, ErrorKind};
use crate::transport::{BodyError, Delivery, Fault, TransportError, TransportErrorKind};

/// How an attempt ended, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An answer, read whole.
    Status(StatusCode),
    /// An answer that the server's limit is reached.
    RateLimited(StatusCode),
    /// No connection: the request never left.
    NotSent,
    /// No connection, nor will there be one: a certificate is not trusted, or a proxy wants other credentials.
    Unreachable,
    /// No request can be made of it.
    InvalidRequest,
    /// The server has not processed the request, and says so.
    Declined,
    /// The connection broke after that.
    ConnectionLost,
    /// The attempt's time ran out.
    TimedOut,
    /// The answer is larger than the limit.
    TooLarge,
    /// The answer came whole, and can't be decompressed.
    DecompressionFailed,
    /// A middleware kept the request from being sent.
    RejectedByMiddleware,
    /// A response with a status of success that reports a failure, which may be temporary.
    InBandFailure { temporary: bool },
}

/// `503`, `no connection`: for events.
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
    /// What kind of failure an attempt is that got no whole answer.
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

    /// Returns `true` if the request may have reached the server, and be carried out.
    pub(crate) fn maybe_sent(self) -> bool {
        use Outcome::{Declined, InvalidRequest, NotSent, RejectedByMiddleware, Unreachable};
        !matches!(self, NotSent | Unreachable | InvalidRequest | Declined | RejectedByMiddleware)
    }
}

/// How an attempt ended that got no whole answer.
#[derive(Debug)]
pub(crate) struct AttemptError {
    pub(crate) outcome: Outcome,
    pub(crate) cause: Option<Cause>,
    /// The loss of a connection that other attempts may share.
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
