//! How an attempt ended.

use std::fmt;

use http::StatusCode;

use crate::error::{Cause, ErrorKind};
use crate::response::body;
use crate::transport::TransportError;

/// How an attempt ended, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An answer, read whole.
    Status(StatusCode),
    /// No connection: the request never left.
    Unsent,
    /// The connection broke after that.
    Broken,
    /// The attempt's time ran out.
    TimedOut,
    /// The answer is larger than the limit.
    TooLarge,
    /// The answer came whole, and can't be decompressed.
    Garbled,
    /// A middleware kept the request from being sent.
    Refused,
}

/// `503`, `no connection`: for events.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{}", status.as_u16()),
            Self::Unsent => f.write_str("no connection"),
            Self::Broken => f.write_str("broken connection"),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::TooLarge => f.write_str("answer too large"),
            Self::Garbled => f.write_str("answer can't be decompressed"),
            Self::Refused => f.write_str("refused by a middleware"),
        }
    }
}

impl Outcome {
    /// What kind of failure an attempt is that got no whole answer.
    pub(crate) fn kind(self) -> ErrorKind {
        match self {
            Outcome::Unsent => ErrorKind::Connect,
            Outcome::TimedOut => ErrorKind::Timeout,
            Outcome::TooLarge => ErrorKind::TooLarge,
            Outcome::Garbled => ErrorKind::Decode,
            Outcome::Refused => ErrorKind::Middleware,
            Outcome::Broken | Outcome::Status(_) => ErrorKind::Transport,
        }
    }
}

/// How an attempt ended that got no whole answer.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) outcome: Outcome,
    pub(crate) cause: Option<Cause>,
}

impl Failed {
    /// The URL is left out of the cause: it has the call's arguments in it.
    pub(super) fn new(outcome: Outcome, error: reqwest::Error) -> Self {
        Self { outcome, cause: Some(error.without_url().into()) }
    }

    pub(super) fn timed_out() -> Self {
        Self { outcome: Outcome::TimedOut, cause: None }
    }
}

impl From<body::Fault> for Failed {
    fn from(fault: body::Fault) -> Self {
        match fault {
            body::Fault::TooLarge => Self { outcome: Outcome::TooLarge, cause: None },
            body::Fault::Broken(error) if body::is_garbled(&error) => Self::new(Outcome::Garbled, error),
            body::Fault::Broken(error) => Self::new(Outcome::Broken, error),
        }
    }
}

impl From<TransportError> for Failed {
    fn from(error: TransportError) -> Self {
        let outcome = if error.unsent { Outcome::Unsent } else { Outcome::Broken };
        Self { outcome, cause: Some(error.cause) }
    }
}
