//! Why there is no token.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::transport::TransportError;

/// Why there is no token to send. Cheap to clone: all that wait for one fetch share its failure.
///
/// Never holds a secret: what the server wrote is bounded, and omitted if it repeats the credentials.
#[derive(Debug, Clone)]
pub(crate) enum TokenError {
    /// The authorization server rejected the credentials, or the request for a token: a status 4xx, or an OAuth2 error
    /// with a status of success.
    Refused {
        status: StatusCode,
        oauth: Option<OAuthError>,
        /// From now until the next try is made.
        retry_after: Option<Duration>,
    },
    /// The authorization server does not accept the refresh token (`invalid_grant`). No further request is made with it.
    ConsentRequired { status: StatusCode, oauth: Option<OAuthError> },
    /// The authorization server could not be reached, took too long, or sent 408, 425, 429, or 5xx.
    Unavailable {
        status: Option<StatusCode>,
        oauth: Option<OAuthError>,
        cause: Option<Arc<dyn Error + Send + Sync>>,
        timed_out: bool,
        /// From now until the next try is made; what the server asked for if that is longer.
        retry_after: Option<Duration>,
    },
    /// The authorization server's response is invalid.
    Malformed {
        /// What is wrong, in words that follow "invalid token response"; never what was in it.
        what: Cow<'static, str>,
        status: StatusCode,
        /// From now until the next try is made.
        retry_after: Option<Duration>,
    },
    /// The token has no time left in which it could be sent. The next one may have.
    Expired {
        /// From now until the next try is made.
        retry_after: Option<Duration>,
    },
    /// The program's supplier of tokens failed, or took too long.
    Supplier {
        cause: Option<Arc<dyn Error + Send + Sync>>,
        /// From now until the next try is made.
        retry_after: Option<Duration>,
    },
    /// The store failed, without which the refresh token cannot be used safely.
    Store {
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

/// What an authorization server wrote about a failure (RFC 6749, section 5.2), made safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OAuthError {
    /// For example `invalid_client`; up to 64 characters.
    pub(crate) error: String,
    /// Up to 256 characters, on one line; empty if there is none.
    pub(crate) description: String,
}

impl TokenError {
    /// An authorization server that cannot be asked, for no reason that is known.
    pub(super) fn unavailable() -> Self {
        Self::Unavailable { status: None, oauth: None, cause: None, timed_out: false, retry_after: None }
    }

    /// Returns `true` if the same credentials may get a token later.
    pub(crate) fn is_temporary(&self) -> bool {
        match self {
            // A certificate that is rejected, for example, does not recover by itself.
            Self::Unavailable { cause, .. } => {
                let transport = cause.as_ref().and_then(|cause| cause.downcast_ref::<TransportError>());
                !transport.is_some_and(TransportError::is_permanent)
            }
            Self::Expired { .. } | Self::Supplier { .. } | Self::Store { .. } | Self::Deadline => true,
            Self::Refused { .. } | Self::ConsentRequired { .. } | Self::Malformed { .. } | Self::Exhausted { .. } => {
                false
            }
        }
    }

    /// Returns the status of the authorization server's response.
    pub(crate) fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. } | Self::ConsentRequired { status, .. } | Self::Malformed { status, .. } => {
                Some(*status)
            }
            Self::Unavailable { status, .. } => *status,
            _ => None,
        }
    }

    /// Returns what the authorization server wrote.
    pub(crate) fn oauth(&self) -> Option<&OAuthError> {
        match self {
            Self::Refused { oauth, .. } | Self::ConsentRequired { oauth, .. } | Self::Unavailable { oauth, .. } => {
                oauth.as_ref()
            }
            _ => None,
        }
    }

    /// Returns the time from now until another try is made, where that is known.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. }
            | Self::Unavailable { retry_after, .. }
            | Self::Malformed { retry_after, .. }
            | Self::Expired { retry_after }
            | Self::Supplier { retry_after, .. }
            | Self::Store { retry_after }
            | Self::Exhausted { retry_after } => *retry_after,
            Self::ConsentRequired { .. } | Self::Deadline => None,
        }
    }

    pub(super) fn with_retry_after(mut self, wait: Duration) -> Self {
        match &mut self {
            Self::Refused { retry_after, .. }
            | Self::Unavailable { retry_after, .. }
            | Self::Malformed { retry_after, .. }
            | Self::Expired { retry_after }
            | Self::Supplier { retry_after, .. }
            | Self::Store { retry_after }
            | Self::Exhausted { retry_after } => *retry_after = Some(wait),
            Self::ConsentRequired { .. } | Self::Deadline => {}
        }
        self
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { status, .. } => {
                write!(f, "authorization server rejected the credentials ({status})")?;
            }
            Self::ConsentRequired { status, .. } => {
                write!(f, "refresh token is no longer valid, the user must give consent again ({status})")?;
            }
            Self::Unavailable { status: Some(StatusCode::TOO_MANY_REQUESTS), .. } => {
                write!(f, "rate limit of the authorization server reached (429 Too Many Requests)")?;
            }
            Self::Unavailable { status: Some(status), .. } => {
                write!(f, "authorization server is unavailable ({status})")?;
            }
            Self::Unavailable { timed_out: true, .. } => f.write_str("authorization server timed out")?,
            Self::Unavailable { .. } => f.write_str("could not reach the authorization server")?,
            Self::Malformed { what, status, .. } => write!(f, "invalid token response ({status}): {what}")?,
            Self::Expired { .. } => f.write_str("authorization server issued a token that has already expired")?,
            Self::Supplier { cause: Some(_), .. } => f.write_str("token supplier failed")?,
            Self::Supplier { cause: None, .. } => f.write_str("token supplier timed out")?,
            Self::Store { .. } => f.write_str("token store failed, and the refresh token cannot be used without it")?,
            Self::Exhausted { .. } => f.write_str("API rejects every new token")?,
            Self::Deadline => f.write_str("deadline exceeded")?,
        }
        let Some(OAuthError { error, description }) = self.oauth() else { return Ok(()) };
        for part in [error, description].into_iter().filter(|part| !part.is_empty()) {
            write!(f, ": {part}")?;
        }
        Ok(())
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unavailable { cause: Some(cause), .. } | Self::Supplier { cause: Some(cause), .. } => Some(&**cause),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_says_on_one_line_what_happened_and_when_to_come_back() {
        let oauth = |description: &str| Some(OAuthError { error: "bad".into(), description: description.into() });
        let refused = |oauth| TokenError::Refused { status: StatusCode::UNAUTHORIZED, oauth, retry_after: None };
        let cause = || Some(Arc::new(fmt::Error) as Arc<dyn Error + Send + Sync>);
        let unavailable = |status, oauth, timed_out| TokenError::Unavailable {
            status,
            oauth,
            cause: cause(),
            timed_out,
            retry_after: None,
        };
        let malformed =
            TokenError::Malformed { what: "not valid JSON".into(), status: StatusCode::OK, retry_after: None };
        let wait = Duration::from_secs(7);
        for (error, temporary, shown) in [
            (refused(None), false, "authorization server rejected the credentials (401 Unauthorized)"),
            (refused(oauth("")), false, "authorization server rejected the credentials (401 Unauthorized): bad"),
            (refused(oauth("x")), false, "authorization server rejected the credentials (401 Unauthorized): bad: x"),
            (
                unavailable(Some(StatusCode::BAD_GATEWAY), None, false),
                true,
                "authorization server is unavailable (502 Bad Gateway)",
            ),
            (
                unavailable(Some(StatusCode::TOO_MANY_REQUESTS), oauth("x"), false),
                true,
                "rate limit of the authorization server reached (429 Too Many Requests): bad: x",
            ),
            (unavailable(None, None, true), true, "authorization server timed out"),
            (unavailable(None, None, false), true, "could not reach the authorization server"),
            (malformed, false, "invalid token response (200 OK): not valid JSON"),
            (
                TokenError::Expired { retry_after: None },
                true,
                "authorization server issued a token that has already expired",
            ),
            (TokenError::Supplier { cause: cause(), retry_after: None }, true, "token supplier failed"),
            (TokenError::Supplier { cause: None, retry_after: None }, true, "token supplier timed out"),
            (
                TokenError::Store { retry_after: None },
                true,
                "token store failed, and the refresh token cannot be used without it",
            ),
            (TokenError::Exhausted { retry_after: None }, false, "API rejects every new token"),
        ] {
            assert_eq!((error.to_string().as_str(), error.is_temporary()), (shown, temporary));
            let has_cause = matches!(
                error,
                TokenError::Unavailable { cause: Some(_), .. } | TokenError::Supplier { cause: Some(_), .. }
            );
            assert_eq!(error.source().is_some(), has_cause);
            assert_eq!(error.retry_after(), None);
            assert_eq!(error.with_retry_after(wait).retry_after(), Some(wait));
        }
        let consent = TokenError::ConsentRequired { status: StatusCode::BAD_REQUEST, oauth: oauth("") };
        let shown = "refresh token is no longer valid, the user must give consent again (400 Bad Request): bad";
        assert_eq!((consent.to_string().as_str(), consent.is_temporary()), (shown, false));
        for error in [consent, TokenError::Deadline] {
            assert_eq!(error.with_retry_after(wait).retry_after(), None, "no later try is promised");
        }
        assert_eq!(TokenError::Deadline.to_string(), "deadline exceeded");
    }
}
