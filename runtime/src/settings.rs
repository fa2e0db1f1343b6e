//! Settings for some of a client's calls.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::builder::LONGEST;
use crate::client::{Client, Shared};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::own_headers;
use crate::retry::Retry;
use crate::role::Role;

/// What is different about some of a client's calls: a header more, another time, no retry.
///
/// [`Client::with`] gives a client with these settings, which shares all else with the one that it came from.
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
    headers: Vec<(HeaderName, HeaderValue)>,
    timeout: Option<Duration>,
    deadline: Option<Duration>,
    retry: Option<Retry>,
    response_limit: Option<usize>,
    fault: Option<Cow<'static, str>>,
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
            return self.wrong("a header has a name that none may have");
        };
        if let Some(reason) = own_headers::why(&name) {
            return self.wrong(format!("the header `{name}` is not for a call to set: {reason}"));
        }
        let Ok(value) = HeaderValue::try_from(value) else {
            return self.wrong(format!("the header `{name}` has a character that no header may have"));
        };
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value));
        self
    }

    /// The time that one attempt may take; it also replaces the time that an endpoint sets for itself.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout.min(LONGEST));
        self.not_zero("timeout", timeout)
    }

    /// The time that a whole call may take: token, waits, attempts, body.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline.min(LONGEST));
        self.not_zero("deadline", deadline)
    }

    /// Whether and how a failed call is tried again. The [budget](Retry::budget) stays the client's.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = Some(retry);
        self
    }

    /// The largest body that an answer may have, in bytes after decompression.
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = Some(bytes);
        self
    }

    fn not_zero(self, name: &str, duration: Duration) -> Self {
        if duration.is_zero() { self.wrong(format!("a {name} of zero leaves no time for a call")) } else { self }
    }

    /// The first mistake is the one that is told.
    fn wrong(mut self, what: impl Into<Cow<'static, str>>) -> Self {
        self.fault.get_or_insert_with(|| what.into());
        self
    }

    /// These settings, and where they say nothing the earlier ones.
    fn over(mut self, earlier: &Self) -> Self {
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
            .field("response_limit", &self.response_limit)
            .finish_non_exhaustive()
    }
}

impl<R: Role> Client<R> {
    /// This client with other settings, for one call or for many.
    ///
    /// It shares connections, token, pace and retry budget with this one, which stays as it is, and has the methods of
    /// the same APIs. Making it costs about as much as a clone of a short string.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use rolecall::{CallSettings, Client, Error, Public, api, endpoint};
    ///
    /// /// The shop.
    /// #[api]
    /// pub trait ShopApi {
    ///     /// All that was ever sold.
    ///     #[endpoint(method = GET, path = "/report", role = Public)]
    ///     async fn get_report(&self) -> Result<Vec<u64>, Error>;
    /// }
    ///
    /// async fn report(client: &Client<Public>) -> Result<Vec<u64>, Error> {
    ///     let patient = CallSettings::new().timeout(Duration::from_secs(300)).deadline(Duration::from_secs(600));
    ///     client.with(patient).get_report().await
    /// }
    /// ```
    #[must_use]
    pub fn with(&self, settings: CallSettings) -> Self {
        Self::from_shared(self.shared().with(settings))
    }
}

impl Shared {
    fn with(&self, settings: CallSettings) -> Self {
        let settings = match &self.settings {
            None => settings,
            Some(earlier) => settings.over(earlier),
        };
        Self {
            deadline: settings.deadline.unwrap_or(self.deadline),
            retry: settings.retry.clone().unwrap_or_else(|| self.retry.clone()),
            response_limit: settings.response_limit.unwrap_or(self.response_limit),
            settings: Some(Arc::new(settings)),
            ..self.clone()
        }
    }

    /// What is wrong with the settings, if anything is.
    pub(crate) fn check_settings(&self) -> Result<(), Error> {
        match self.settings.as_ref().and_then(|settings| settings.fault.clone()) {
            Some(fault) => Err(Error::configuration(fault)),
            None => Ok(()),
        }
    }

    /// The time of one attempt.
    pub(crate) fn patience(&self, endpoint: &Endpoint) -> Duration {
        let of_the_call = self.settings.as_ref().and_then(|settings| settings.timeout);
        of_the_call.or(endpoint.timeout).unwrap_or(self.timeout)
    }

    /// Puts the settings' headers into a request.
    pub(crate) fn put_headers(&self, headers: &mut HeaderMap) {
        for (name, value) in self.settings.iter().flat_map(|settings| &settings.headers) {
            headers.insert(name, value.clone());
        }
    }
}
