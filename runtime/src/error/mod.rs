//! The error type of calls.

mod escape;
mod in_band;
mod problem;
mod status;

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::endpoint::Endpoint;

pub use in_band::{ErrorType, InBandError, InBandProbe, NotInBand};
pub use problem::Problem;

pub(crate) use escape::{on_one_line, start_of};
pub(crate) use in_band::{Describe, InBandFailure, describe};
pub(crate) use status::StatusText;

use escape::{Escaper, MAX_LINE, SafeDebug};

/// The source of an [`Error`].
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// An error of a call, or of building a client.
///
/// [`Display`](fmt::Display) writes one line: the endpoint, the kind of failure, and what the API reported. The
/// methods below return the details. An error is one pointer wide, and never contains a secret: no token, no client
/// secret, and no argument of the call.
///
/// The underlying error of another library, the system, a [middleware](crate::middleware), or a transport is the
/// [`source`](std::error::Error::source), and its text is not repeated in the line. For a log, `{error:#}` appends the
/// sources to the line.
///
/// ```
/// # fn show(error: rolecall::Error) {
/// if let Some(problem) = error.problem() {
///     eprintln!("the API says {}: {}", problem.kind(), problem.detail());
/// } else if error.is_retryable() {
///     eprintln!("later, perhaps: {error}");
/// }
/// # }
/// ```
pub struct Error(Box<Repr>);

struct Repr {
    kind: ErrorKind,
    message: Cow<'static, str>,
    endpoint: Option<&'static Endpoint>,
    status: Option<StatusCode>,
    headers: HeaderMap,
    body: Bytes,
    problem: Option<Problem>,
    retry_after: Option<Duration>,
    attempts: u32,
    maybe_sent: bool,
    retryable: bool,
    cause: Option<Cause>,
}

/// The kind of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client's settings, the settings of the call, or the context of the call are invalid, for example because it
    /// has no Tokio runtime. Nothing was sent.
    Configuration,
    /// An argument has an invalid value, cannot be serialized, or makes the URL too long. Nothing was sent.
    Argument,
    /// No token could be obtained: the authorization server rejected the credentials, failed, or returned an invalid
    /// response.
    Authorization,
    /// The server's rate limit is reached (status 429), or the client's rate limit has no permit before the deadline.
    RateLimited,
    /// No connection could be established. The last request was not sent; [`Error::maybe_sent`] returns whether an
    /// earlier attempt or the request before a redirect may have been.
    Connect,
    /// The connection was lost before the response was complete.
    Transport,
    /// An attempt exceeded its timeout, or the call its deadline.
    Timeout,
    /// The status of the response is not a success.
    Status,
    /// The response body exceeds the client's size limit.
    ResponseTooLarge,
    /// A [`Middleware`](crate::middleware::Middleware) prevented an attempt from being sent.
    Middleware,
    /// The response body does not have the expected shape.
    Decode,
    /// The API reported a failure in a response with a success status; see [`InBandError`].
    Api,
}

impl ErrorKind {
    /// Returns the kind as one word, the value of the span's `error.type`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Argument => "argument",
            Self::Authorization => "authorization",
            Self::RateLimited => "rate_limited",
            Self::Connect => "connect",
            Self::Transport => "transport",
            Self::Timeout => "timeout",
            Self::Status => "status",
            Self::ResponseTooLarge => "response_too_large",
            Self::Middleware => "middleware",
            Self::Decode => "decode",
            Self::Api => "api",
        }
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Repr {
            kind,
            message: message.into(),
            endpoint: None,
            status: None,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            problem: None,
            retry_after: None,
            attempts: 0,
            maybe_sent: false,
            retryable: false,
            cause: None,
        }))
    }

    pub(crate) fn configuration(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    pub(crate) fn with_endpoint(mut self, endpoint: &'static Endpoint) -> Self {
        self.0.endpoint = Some(endpoint);
        self
    }

    pub(crate) fn with_cause(mut self, cause: Option<Cause>) -> Self {
        self.0.cause = cause.map(escape::safe_cause);
        self
    }

    pub(crate) fn with_response(mut self, status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        self.0.problem = Problem::parse(&body);
        self.0.status = Some(status);
        self.0.headers = headers;
        self.0.body = body;
        self
    }

    pub(crate) fn with_status(mut self, status: Option<StatusCode>, problem: Option<Problem>) -> Self {
        self.0.status = status;
        self.0.problem = problem;
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.0.retry_after = retry_after;
        self
    }

    pub(crate) fn with_retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32, maybe_sent: bool) -> Self {
        self.0.attempts = attempts;
        self.0.maybe_sent = maybe_sent;
        self
    }

    /// Returns the message without the endpoint.
    pub(crate) fn into_message(self) -> Cow<'static, str> {
        self.0.message
    }

    /// Returns the kind of this error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the called endpoint, or `None` if the client could not be built.
    #[must_use]
    pub fn endpoint(&self) -> Option<&'static Endpoint> {
        self.0.endpoint
    }

    /// Returns the status of the response, if there was one. For the kind [`Authorization`](ErrorKind::Authorization),
    /// it is the status of the authorization server's response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the failure that the API reported: its `{type, detail}`, a problem document (RFC 9457), or an OAuth2
    /// error (RFC 6749, section 5.2).
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        self.0.problem.as_ref()
    }

    /// Decodes the response body as an API's own error type. Returns `None` if the body does not have its shape.
    #[must_use]
    pub fn problem_as<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.0.body).ok()
    }

    /// Returns the headers of the response, if there was one.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// Returns the response body, as far as it was kept.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// Returns the time to wait before another call can succeed, if the server or the client's rate limit determines
    /// it.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the number of attempts, including failed ones. It is 0 if the call ended before the first attempt.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns `true` if the server may have received the request. If `false`, the call certainly had no effect.
    #[must_use]
    pub fn maybe_sent(&self) -> bool {
        self.0.maybe_sent
    }

    /// Returns `true` if the same call may succeed later and repeating it is safe: the endpoint is idempotent, or the
    /// server has not processed the call.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// Returns `true` if an attempt exceeded its timeout, or the call its deadline.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// Returns `true` if no connection could be established.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Returns `true` if the server's or the client's rate limit is reached.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.kind == ErrorKind::RateLimited
    }

    /// Returns `true` if no token could be obtained.
    #[must_use]
    pub fn is_authorization(&self) -> bool {
        self.0.kind == ErrorKind::Authorization
    }
}

/// Text from a server or another library is escaped and bounded, so that the message remains one line.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repr = &*self.0;
        if let Some(endpoint) = repr.endpoint {
            write!(f, "{endpoint} failed: ")?;
        }
        Escaper::new(f, MAX_LINE).write_str(&repr.message)?;
        if repr.attempts > 1 {
            write!(f, " ({} attempts)", repr.attempts)?;
        }
        if let (true, Some(cause)) = (f.alternate(), &repr.cause) {
            f.write_str(": ")?;
            escape::write_chain(&mut Escaper::new(f, MAX_LINE), &**cause)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repr = &*self.0;
        f.debug_struct("Error")
            .field("kind", &repr.kind)
            .field("message", &SafeDebug(&repr.message))
            .field("endpoint", &repr.endpoint.map(|endpoint| endpoint.name))
            .field("status", &repr.status)
            .field("problem", &repr.problem)
            .field("body_bytes", &repr.body.len())
            .field("retry_after", &repr.retry_after)
            .field("attempts", &repr.attempts)
            .field("maybe_sent", &repr.maybe_sent)
            .field("cause", &SafeDebug(&repr.cause))
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.cause {
            Some(cause) => Some(&**cause),
            None => None,
        }
    }
}
