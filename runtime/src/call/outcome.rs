//! How an attempt ended.

use std::fmt;

use http::StatusCode;

use crate::error::{Cause, ErrorKind};
use crate::response::body::{self, BodyError};
use crate::transport::TransportError;

/// How an attempt ended, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An answer, read whole.
    Status(StatusCode),
    /// No connection: the request never left.
    NotSent,
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
}

/// `503`, `no connection`: for events.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{}", status.as_u16()),
            Self::NotSent => f.write_str("no connection"),
            Self::ConnectionLost => f.write_str("connection lost"),
            Self::TimedOut => f.write_str("timed out"),
            Self::TooLarge => f.write_str("response too large"),
            Self::DecompressionFailed => f.write_str("decompression failed"),
            Self::RejectedByMiddleware => f.write_str("rejected by a middleware"),
        }
    }
}

impl Outcome {
    /// What kind of failure an attempt is that got no whole answer.
    pub(crate) fn kind(self) -> ErrorKind {
        match self {
            Outcome::NotSent => ErrorKind::Connect,
            Outcome::TimedOut => ErrorKind::Timeout,
            Outcome::TooLarge => ErrorKind::ResponseTooLarge,
            Outcome::DecompressionFailed => ErrorKind::Decode,
            Outcome::RejectedByMiddleware => ErrorKind::Middleware,
            Outcome::ConnectionLost | Outcome::Status(_) => ErrorKind::Transport,
        }
    }
}

/// How an attempt ended that got no whole answer.
#[derive(Debug)]
pub(crate) struct AttemptError {
    pub(crate) outcome: Outcome,
    pub(crate) cause: Option<Cause>,
}

impl AttemptError {
    /// The URL is left out of the cause: it has the call's arguments in it.
    pub(super) fn new(outcome: Outcome, error: reqwest::Error) -> Self {
        Self { outcome, cause: Some(error.without_url().into()) }
    }

    pub(super) fn timed_out() -> Self {
        Self { outcome: Outcome::TimedOut, cause: None }
    }
}

impl From<BodyError> for AttemptError {
    fn from(fault: BodyError) -> Self {
        match fault {
            BodyError::TooLarge => Self { outcome: Outcome::TooLarge, cause: None },
            BodyError::ConnectionLost(error) if body::is_decompression_error(&error) => {
                Self::new(Outcome::DecompressionFailed, error)
            }
            BodyError::ConnectionLost(error) => Self::new(Outcome::ConnectionLost, error),
        }
    }
}

impl From<TransportError> for AttemptError {
    fn from(error: TransportError) -> Self {
        let outcome = if error.unsent { Outcome::NotSent } else { Outcome::ConnectionLost };
        Self { outcome, cause: Some(error.cause) }
    }
}
