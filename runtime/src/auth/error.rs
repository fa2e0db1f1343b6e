//! The errors of fetching a token.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::error::StatusText;
use crate::transport::TransportError;

/// The reason why no token is available. Cheap to clone: all callers that wait for one fetch share its error.
///
/// Never contains a secret: text from the server is bounded, and omitted if it repeats the credentials.
#[derive(Debug, Clone)]
pub(crate) enum TokenError {
    /// The authorization server rejected the credentials or the token request: a 4xx status, or an OAuth2 error with a
    /// success status.
    Refused {
        status: StatusCode,
        oauth: Option<OAuthError>,
        /// The time until the next attempt.
        retry_after: Option<Duration>,
    },
    /// The authorization server does not accept the refresh token (`invalid_grant`). No further request is made with it.
    ConsentRequired { status: StatusCode, oauth: Option<OAuthError> },
    /// The authorization server could not be reached, timed out, or sent 408, 425, 429, or 5xx.
    Unavailable {
        status: Option<StatusCode>,
        oauth: Option<OAuthError>,
        cause: Option<Arc<dyn Error + Send + Sync>>,
        timed_out: bool,
        /// The time until the next attempt: the backoff, or the delay that the server requested if that is longer.
        retry_after: Option<Duration>,
    },
    /// The authorization server's response is invalid.
    Malformed {
        /// The problem, worded to follow "invalid token response"; never contains response data.
        what: Cow<'static, str>,
        status: StatusCode,
        /// The time until the next attempt.
        retry_after: Option<Duration>,
    },
    /// The token expires too soon to be sent. The next one may not.
    Expired {
        /// The time until the next attempt.
        retry_after: Option<Duration>,
    },
    /// The program's token supplier failed or timed out.
    Supplier {
        cause: Option<Arc<dyn Error + Send + Sync>>,
        /// The time until the next attempt.
        retry_after: Option<Duration>,
    },
    /// The store failed; without it, the refresh token cannot be used safely.
    Store {
        /// The time until the next attempt.
        retry_after: Option<Duration>,
    },
    /// The API rejected the token, and the number of renewals for that reason in the last minute has reached its limit.
    Exhausted {
        /// The time until the next renewal is allowed.
        retry_after: Option<Duration>,
    },
    /// The call's deadline passed.
    Deadline,
}

/// The error that an authorization server returned (RFC 6749, section 5.2), sanitized for display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OAuthError {
    /// The error code, such as `invalid_client`; up to 64 characters.
    pub(crate) error: String,
    /// The description: up to 256 characters on one line, or empty.
    pub(crate) description: String,
}

impl TokenError {
    /// Creates the error of an authorization server that is unavailable for an unknown reason.
    pub(super) fn unavailable() -> Self {
        Self::Unavailable { status: None, oauth: None, cause: None, timed_out: false, retry_after: None }
    }

    /// Returns `true` if the same credentials may obtain a token later.
    pub(crate) fn is_temporary(&self) -> bool {
        match self {
            // A rejected certificate, for example, does not recover by itself.
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

    /// Returns the OAuth2 error of the authorization server's response.
    pub(crate) fn oauth(&self) -> Option<&OAuthError> {
        match self {
            Self::Refused { oauth, .. } | Self::ConsentRequired { oauth, .. } | Self::Unavailable { oauth, .. } => {
                oauth.as_ref()
            }
            _ => None,
        }
    }

    /// Returns the time until the next attempt, if it is known.
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
                write!(f, "authorization server rejected the credentials ({})", StatusText(*status))?;
            }
            Self::ConsentRequired { status, .. } => {
                let status = StatusText(*status);
                write!(f, "refresh token is no longer valid, the user must give consent again ({status})")?;
            }
            Self::Unavailable { status: Some(StatusCode::TOO_MANY_REQUESTS), .. } => {
                write!(f, "rate limit of the authorization server reached (429 Too Many Requests)")?;
            }
            Self::Unavailable { status: Some(status), .. } => {
                write!(f, "authorization server is unavailable ({})", StatusText(*status))?;
            }
            Self::Unavailable { timed_out: true, .. } => f.write_str("authorization server timed out")?,
            Self::Unavailable { .. } => f.write_str("could not reach the authorization server")?,
            Self::Malformed { what, status, .. } => {
                write!(f, "invalid token response ({}): {what}", StatusText(*status))?;
            }
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
