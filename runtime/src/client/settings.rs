//! Settings for some of a client's calls.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use crate::call::retry::Retry;
use crate::request::reserved_headers;
use crate::timer::MAX_WAIT;

/// What is different about some of a client's calls: a header more, another time, no retry.
///
/// [`Client::with`](crate::Client::with) gives a client with these settings, which shares all else with the one that it came from.
/// What is not set here stays as it was.
///
/// ```
/// use std::time::Duration;
///
/// use rolecall::{CallSettings, Retry};
///
/// let careful = CallSettings::new()
///     .header("x-request-id", "6f1c")
///     .timeout(Duration::from_secs(2))
///     .deadline(Duration::from_secs(5))
///     .retry(Retry::never());
/// # let _ = careful;
/// ```
///
/// A setting that makes no sense (a header that can't be, a time of zero) is told by the first call, with an error of
/// the kind [`Configuration`](crate::ErrorKind::Configuration); nothing is sent.
#[derive(Clone, Default)]
#[must_use]
pub struct CallSettings {
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) timeout: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    pub(super) retry: Option<Retry>,
    pub(super) max_response_size: Option<usize>,
    pub(super) fault: Option<Cow<'static, str>>,
}

impl CallSettings {
    /// Nothing is different.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends this header, in place of one of that name that the endpoint or the client sends (`User-Agent` and `Accept`
    /// among them).
    ///
    /// Whatever makes the message itself is not to be set: `Authorization`, `Content-Type`, `Content-Length`, `Host`
    /// and those of the connection. A secret is to be given as a [`HeaderValue`] that is marked
    /// [sensitive](HeaderValue::set_sensitive).
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        HeaderName: TryFrom<N>,
        HeaderValue: TryFrom<V>,
    {
        let Ok(name) = HeaderName::try_from(name) else {
            return self.wrong("invalid header name");
        };
        if let Some(reason) = reserved_headers::reason(&name) {
            return self.wrong(format!("header `{name}` cannot be overridden: {reason}"));
        }
        let Ok(value) = HeaderValue::try_from(value) else {
            return self.wrong(format!("invalid character in header `{name}`"));
        };
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value));
        self
    }

    /// The time that one attempt may take; it also replaces the time that an endpoint sets for itself.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout.min(MAX_WAIT));
        self.not_zero("timeout", timeout)
    }

    /// The time that a whole call may take: token, waits, attempts, body.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline.min(MAX_WAIT));
        self.not_zero("deadline", deadline)
    }

    /// Whether and how a failed call is tried again. The [budget](Retry::budget) stays the client's.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = Some(retry);
        self
    }

    /// The largest body that an answer may have, in bytes after decompression.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response_size = Some(bytes);
        self
    }

    fn not_zero(self, name: &str, duration: Duration) -> Self {
        if duration.is_zero() { self.wrong(format!("{name} must be greater than zero")) } else { self }
    }

    /// The first mistake is the one that is told.
    fn wrong(mut self, what: impl Into<Cow<'static, str>>) -> Self {
        self.fault.get_or_insert_with(|| what.into());
        self
    }

    /// These settings, and where they say nothing the earlier ones.
    pub(super) fn over(mut self, earlier: &Self) -> Self {
        let replaced = |name: &HeaderName| self.headers.iter().any(|(other, _)| other == name);
        let kept: Vec<_> = earlier.headers.iter().filter(|(name, _)| !replaced(name)).cloned().collect();
        self.headers.extend(kept);
        self.timeout = self.timeout.or(earlier.timeout);
        self.fault = earlier.fault.clone().or(self.fault);
        self
    }
}

/// Without the headers' values.
impl fmt::Debug for CallSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("CallSettings")
            .field("headers", &names)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("retry", &self.retry)
            .field("max_response_size", &self.max_response_size)
            .finish_non_exhaustive()
    }
}
