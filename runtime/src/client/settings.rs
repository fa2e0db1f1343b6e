//! Settings that apply to some calls of a client.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use crate::auth::{Credentials, Part, Sender, TokenStore};
use crate::call::retry::Retry;
use crate::error::Error;
use crate::request::reserved_headers;
use crate::timer::MAX_WAIT;

/// The reason why a client without a role has no credentials.
pub(super) const PUBLIC_WITH_CREDENTIALS: &str =
    "a client with the role `Public` cannot have credentials; give it a role of the API";

/// Settings that override a client's for some calls: another user's credentials, an additional header, another timeout,
/// no retry.
///
/// [`Client::with`](crate::Client::with) returns a client with these settings, which shares everything else with the
/// original. Settings that are not set here are inherited.
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
/// With an invalid setting (an invalid header, a timeout of zero), each call returns
/// [`Configuration`](crate::ErrorKind::Configuration), and nothing is sent.
#[derive(Clone, Default)]
#[must_use]
pub struct CallSettings {
    pub(super) credentials: Vec<CallCredentials>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) timeout: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    pub(super) queue_timeout: Option<Duration>,
    pub(super) retry: Option<Retry>,
    pub(super) max_response_size: Option<usize>,
    pub(super) fault: Option<Cow<'static, str>>,
}

impl CallSettings {
    /// Creates settings that override nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds credentials, in place of those of the client that go to the same header, query parameter, or cookie.
    ///
    /// One client can so serve many users: another user needs neither connections nor a rate limit, and costs a few
    /// microseconds. Credentials of one call are not sent with another. A client without its own credentials is built
    /// with [`Credentials::per_call`].
    ///
    /// Fetched tokens live as long as the settings: clones of the settings, and the clients created with them, share
    /// the tokens. Tokens of a refresh token are also kept in the client's store.
    ///
    /// ```
    /// use rolecall::auth::{Bearer, Credentials};
    /// use rolecall::{CallSettings, Client, Error, Role, api, endpoint};
    ///
    /// #[derive(Role)]
    /// pub enum User {}
    ///
    /// #[api(role = User)]
    /// pub trait ProfileApi {
    ///     /// The user's name.
    ///     #[endpoint(method = GET, path = "/name")]
    ///     async fn name(&self) -> Result<String, Error>;
    /// }
    ///
    /// fn client() -> Result<Client<User>, Error> {
    ///     Client::builder("https://api.example.com").credentials(Credentials::per_call()).build()
    /// }
    ///
    /// async fn name(client: &Client<User>, users_token: &str) -> Result<String, Error> {
    ///     client.with(CallSettings::new().credentials(Bearer::new(users_token))).name().await
    /// }
    /// ```
    pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
        self.credentials.push(CallCredentials { given: credentials.into(), ready: Arc::default() });
        self
    }

    /// Sets a header, replacing one of the same name that the endpoint or the client sends, such as `User-Agent` or
    /// `Accept`.
    ///
    /// `Authorization`, `Content-Type`, `Content-Length`, `Host`, and the headers of the connection cannot be set. Pass
    /// a secret as a [`HeaderValue`] that is marked [sensitive](HeaderValue::set_sensitive).
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

    /// Sets the timeout of one attempt, replacing the client's and the endpoint's.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout.min(MAX_WAIT));
        self.not_zero("timeout", timeout)
    }

    /// Sets the deadline of the whole call: token, waits, attempts, body.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline.min(MAX_WAIT));
        self.not_zero("deadline", deadline)
    }

    /// Sets the time that a call may wait for the client's rate limit, apart from its deadline. See
    /// [`ClientBuilder::queue_timeout`](crate::ClientBuilder::queue_timeout). [`Duration::ZERO`] makes a call fail at
    /// once if there is no free permit.
    pub fn queue_timeout(mut self, timeout: Duration) -> Self {
        self.queue_timeout = Some(timeout.min(MAX_WAIT));
        self
    }

    /// Sets the retry policy. The [budget](Retry::budget) remains the client's.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = Some(retry);
        self
    }

    /// Sets the maximum size of a response body, in bytes after decompression.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response_size = Some(bytes);
        self
    }

    fn not_zero(self, name: &str, duration: Duration) -> Self {
        if duration.is_zero() { self.wrong(format!("{name} must be greater than zero")) } else { self }
    }

    /// Records the first error.
    pub(super) fn wrong(mut self, what: impl Into<Cow<'static, str>>) -> Self {
        self.fault.get_or_insert_with(|| what.into());
        self
    }

    /// Returns these settings, with missing ones taken from earlier settings.
    pub(super) fn over(mut self, earlier: &Self) -> Self {
        let replaced = |name: &HeaderName| self.headers.iter().any(|(other, _)| other == name);
        let kept: Vec<_> = earlier.headers.iter().filter(|(name, _)| !replaced(name)).cloned().collect();
        self.headers.extend(kept);
        self.timeout = self.timeout.or(earlier.timeout);
        self.deadline = self.deadline.or(earlier.deadline);
        self.fault = earlier.fault.clone().or(self.fault);
        self
    }
}

/// Credentials that are prepared by the first client that uses them.
#[derive(Clone)]
pub(super) struct CallCredentials {
    given: Credentials,
    ready: Arc<OnceLock<Result<Part, Cow<'static, str>>>>,
}

impl CallCredentials {
    pub(super) fn part(&self, sender: &Sender, store: &Arc<dyn TokenStore>) -> Result<Part, Error> {
        let ready = self.ready.get_or_init(|| self.given.part(sender, store, false).map_err(Error::into_message));
        ready.clone().map_err(Error::configuration)
    }
}

/// Omits the headers' values and secrets.
impl fmt::Debug for CallSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("CallSettings")
            .field("credentials", &self.credentials.iter().map(|credentials| &credentials.given).collect::<Vec<_>>())
            .field("headers", &names)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("queue_timeout", &self.queue_timeout)
            .field("retry", &self.retry)
            .field("max_response_size", &self.max_response_size)
            .finish_non_exhaustive()
    }
}
