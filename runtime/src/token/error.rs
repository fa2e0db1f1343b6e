//! Why there is no token.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

/// Why there is no token to send. Cheap to clone: all that wait for one fetch share its failure.
///
/// Never holds a secret: what the server wrote is bounded, and left out if it repeats the credentials.
#[derive(Debug, Clone)]
pub(crate) enum TokenError {
    /// The authorization server refused the credentials, or the request for a token: a status 4xx.
    Refused {
        status: StatusCode,
        oauth: Option<OAuthError>,
        /// From now until the next try is made.
        retry_after: Option<Duration>,
    },
    /// The authorization server could not be reached, took too long, or answered 408, 425, 429 or 5xx.
    Unavailable {
        status: Option<StatusCode>,
        cause: Option<Arc<dyn Error + Send + Sync>>,
        timed_out: bool,
        /// From now until the next try is made; what the server asked for in `Retry-After` if that is longer.
        retry_after: Option<Duration>,
    },
    /// The authorization server's answer makes no sense.
    Malformed {
        /// What is wrong, in words that follow "the authorization server's answer"; never what was in it.
        what: &'static str,
        status: StatusCode,
        /// From now until the next try is made.
        retry_after: Option<Duration>,
    },
    /// The API rejected the token, but so many were renewed for that in the last minute that one more
    /// would not help.
    Exhausted {
        /// From now until the next renewal is made.
        retry_after: Option<Duration>,
    },
    /// The call's deadline passed.
    Deadline,
}

/// An OAuth2 error (RFC 6749, section 5.2), made safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OAuthError {
    /// For example `invalid_client`; at most 64 characters.
    pub(crate) error: String,
    /// At most 256 characters, on one line; empty if there is none.
    pub(crate) description: String,
}

impl TokenError {
    /// From now until another try is made, where that is known.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. }
            | Self::Unavailable { retry_after, .. }
            | Self::Malformed { retry_after, .. }
            | Self::Exhausted { retry_after } => *retry_after,
            Self::Deadline => None,
        }
    }

    pub(super) fn with_retry_after(mut self, wait: Duration) -> Self {
        match &mut self {
            Self::Refused { retry_after, .. }
            | Self::Unavailable { retry_after, .. }
            | Self::Malformed { retry_after, .. }
            | Self::Exhausted { retry_after } => *retry_after = Some(wait),
            Self::Deadline => {}
        }
        self
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { status, oauth, .. } => {
                write!(f, "the authorization server refused the credentials ({status})")?;
                match oauth {
                    Some(OAuthError { error, description }) if description.is_empty() => write!(f, ": {error}"),
                    Some(OAuthError { error, description }) => write!(f, ": {error}: {description}"),
                    None => Ok(()),
                }
            }
            Self::Unavailable { status: Some(status), .. } => {
                write!(f, "the authorization server is not available ({status})")
            }
            Self::Unavailable { timed_out: true, .. } => f.write_str("the authorization server took too long"),
            Self::Unavailable { .. } => f.write_str("the authorization server can't be reached"),
            Self::Malformed { what, status, .. } => write!(f, "the authorization server's answer ({status}) {what}"),
            Self::Exhausted { .. } => f.write_str("the API rejects every new token"),
            Self::Deadline => f.write_str("the deadline passed before there was a token"),
        }
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unavailable { cause: Some(cause), .. } => Some(&**cause),
            _ => None,
        }
    }
}
