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
                write!(f, "authorization server rejected the credentials ({status})")?;
                match oauth {
                    Some(OAuthError { error, description }) if description.is_empty() => write!(f, ": {error}"),
                    Some(OAuthError { error, description }) => write!(f, ": {error}: {description}"),
                    None => Ok(()),
                }
            }
            Self::Unavailable { status: Some(status), .. } => {
                write!(f, "authorization server is unavailable ({status})")
            }
            Self::Unavailable { timed_out: true, .. } => f.write_str("authorization server timed out"),
            Self::Unavailable { .. } => f.write_str("could not reach the authorization server"),
            Self::Malformed { what, status, .. } => write!(f, "invalid token response ({status}): {what}"),
            Self::Exhausted { .. } => f.write_str("API rejects every new token"),
            Self::Deadline => f.write_str("deadline exceeded"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_tells_on_one_line_what_happened_and_when_to_come_back() {
        let oauth = |description: &str| Some(OAuthError { error: "bad".into(), description: description.into() });
        let refused = |oauth| TokenError::Refused { status: StatusCode::UNAUTHORIZED, oauth, retry_after: None };
        let unavailable = |status, timed_out| TokenError::Unavailable {
            status,
            cause: Some(Arc::new(fmt::Error)),
            timed_out,
            retry_after: None,
        };
        let malformed = TokenError::Malformed { what: "not valid JSON", status: StatusCode::OK, retry_after: None };
        let wait = Duration::from_secs(7);
        for (error, shown) in [
            (refused(None), "authorization server rejected the credentials (401 Unauthorized)"),
            (refused(oauth("")), "authorization server rejected the credentials (401 Unauthorized): bad"),
            (refused(oauth("x")), "authorization server rejected the credentials (401 Unauthorized): bad: x"),
            (
                unavailable(Some(StatusCode::BAD_GATEWAY), false),
                "authorization server is unavailable (502 Bad Gateway)",
            ),
            (unavailable(None, true), "authorization server timed out"),
            (unavailable(None, false), "could not reach the authorization server"),
            (malformed, "invalid token response (200 OK): not valid JSON"),
            (TokenError::Exhausted { retry_after: None }, "API rejects every new token"),
        ] {
            assert_eq!(error.to_string(), shown);
            assert_eq!(error.source().is_some(), matches!(error, TokenError::Unavailable { .. }));
            assert_eq!(error.retry_after(), None);
            assert_eq!(error.with_retry_after(wait).retry_after(), Some(wait));
        }
        assert_eq!(TokenError::Deadline.with_retry_after(wait).retry_after(), None);
        assert_eq!(TokenError::Deadline.to_string(), "deadline exceeded");
    }
}
