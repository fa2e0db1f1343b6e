//! Builds the caller's error from a failed attempt.

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use tokio::time::Instant;

use super::outcome::{AttemptError, Outcome};
use crate::auth::TokenError;
use crate::client::shared::Shared;
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind, InBandFailure, Problem, StatusText, start_of};
use crate::response::RawResponse;
use crate::response::raw::MAX_QUOTE;
use crate::transport::{TransportError, TransportErrorKind};

/// The time limit that ends an attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TimeLimit {
    Attempt(Duration),
    Deadline(Duration),
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attempt(time) => write!(f, "attempt timeout of {} s", time.as_secs_f64()),
            Self::Deadline(time) => write!(f, "deadline of {} s", time.as_secs_f64()),
        }
    }
}

/// Returns the error for an attempt without a complete response.
#[cold]
pub(crate) fn attempt_error(shared: &Shared, endpoint: &Endpoint, failed: AttemptError, limit: TimeLimit) -> Error {
    let AttemptError { outcome, cause, .. } = failed;
    let message = match outcome {
        Outcome::NotSent | Outcome::Unreachable => match cause.as_deref().and_then(what_happened) {
            Some(what) => format!("could not connect to {}: {what}", shared.address(endpoint)),
            None => format!("could not connect to {}", shared.address(endpoint)),
        },
        Outcome::InvalidRequest => "request cannot be sent".to_owned(),
        Outcome::Declined => "server declined the request without processing it".to_owned(),
        Outcome::TimedOut => format!("timed out waiting for the response ({limit})"),
        Outcome::TooLarge => format!("response body exceeds the limit of {} bytes", shared.max_response_size),
        Outcome::DecompressionFailed => "could not decompress the response body".to_owned(),
        Outcome::RejectedByMiddleware => "a middleware rejected the request".to_owned(),
        Outcome::ConnectionLost | Outcome::Status(_) | Outcome::RateLimited(_) | Outcome::InBandFailure { .. } => {
            "connection closed before the response was complete".to_owned()
        }
    };
    Error::new(outcome.kind(), message).with_cause(cause)
}

/// Returns the error for a response whose status is not a success. `limited` is `true` if the server's rate limit is
/// reached, `refusal` is the reason why a redirect was not followed, and `retryable` is `true` if the same call can
/// succeed later.
#[cold]
pub(crate) fn status_error(
    mut reply: Box<RawResponse>,
    limited: bool,
    refusal: Option<String>,
    retry_after: Option<Duration>,
    retryable: bool,
) -> Error {
    reply.remove_secret();
    let kind = if limited { ErrorKind::RateLimited } else { ErrorKind::Status };
    let mut message = StatusText(reply.status).to_string();
    if let Some(refusal) = refusal {
        message.push_str(&format!(" ({refusal})"));
    }
    if let Some(reported) = reply.reported() {
        message.push_str(": ");
        message.push_str(&start_of(&reported, MAX_QUOTE));
    }
    if let (true, Some(wait)) = (retryable, retry_after) {
        message.push_str(&try_again(wait));
    }
    reply.into_error(kind, message.into(), None).with_retry_after(retry_after).with_retryable(retryable)
}

/// Returns the error for a failure that a response with a success status reports.
#[cold]
pub(crate) fn in_band_error(mut reply: Box<RawResponse>, failure: &InBandFailure, retryable: bool) -> Error {
    let message = match reply.remove_secret() {
        true => format!("{}, but the API reported a failure", StatusText(reply.status)),
        false => format!("{}, but the API reported: {}", StatusText(reply.status), start_of(&failure.text, MAX_QUOTE)),
    };
    reply.into_error(ErrorKind::Api, message.into(), None).with_retryable(retryable)
}

/// Returns the error for an endpoint whose base URL is not configured.
#[cold]
pub(crate) fn no_base(endpoint: &'static Endpoint) -> Error {
    let base = endpoint.base.unwrap_or_default();
    let message = format!("no base URL `{base}`; call `base(\"{base}\", …)` on the client's builder");
    Error::configuration(message).with_endpoint(endpoint)
}

/// Returns the error for a call that needs credentials, on a client without credentials.
#[cold]
pub(crate) fn no_credentials() -> Error {
    Error::new(
        ErrorKind::Authorization,
        "missing credentials; set them on the client's builder or by `CallSettings::credentials`",
    )
}

/// Returns the error for a call whose token could not be obtained.
#[cold]
pub(crate) fn no_token(error: TokenError) -> Error {
    let kind = match (&error, error.status()) {
        (TokenError::Deadline, _) => ErrorKind::Timeout,
        (_, Some(StatusCode::TOO_MANY_REQUESTS)) => ErrorKind::RateLimited,
        _ => ErrorKind::Authorization,
    };
    let (retry_after, temporary) = (error.retry_after(), error.is_temporary());
    let problem = error.oauth().map(|oauth| Problem::new(&oauth.error, &oauth.description));
    let mut message = format!("could not obtain a token: {error}");
    if let (true, Some(wait)) = (temporary, retry_after) {
        message.push_str(&try_again(wait));
    }
    Error::new(kind, message)
        .with_status(error.status(), problem)
        .with_retry_after(retry_after)
        .with_retryable(temporary)
        .with_cause(Some(Box::new(error)))
}

/// Returns the error for a call that cannot acquire a rate-limit permit in time.
#[cold]
pub(crate) fn rate_limited(free_at: Instant, queue_timeout: Option<Duration>) -> Error {
    let wait = free_at.saturating_duration_since(Instant::now());
    let bound = match queue_timeout {
        None => "before the deadline".to_owned(),
        Some(Duration::ZERO) => "at once".to_owned(),
        Some(timeout) => format!("within the queue timeout of {} s", timeout.as_secs_f64()),
    };
    let message = format!("rate limit reached; no permit {bound}{}", try_again(wait));
    Error::new(ErrorKind::RateLimited, message).with_retry_after(Some(wait)).with_retryable(true)
}

fn try_again(wait: Duration) -> String {
    format!(", retry after {} s", wait.as_secs_f64().ceil())
}

/// Returns the transport's description of a failed connection.
fn what_happened(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> Option<TransportErrorKind> {
    let kind = cause.downcast_ref::<TransportError>()?.kind();
    (kind != TransportErrorKind::Other).then_some(kind)
}
