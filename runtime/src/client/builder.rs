//! The settings of a client, validated once when it is built.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use secrecy::SecretString;

use super::base_url;
use super::settings::PUBLIC_WITH_CREDENTIALS;
use super::shared::{Base, Shared};
use crate::auth::{Authorization, Bearer, ClientCredentials, Credentials, MemoryTokenStore, Sender, TokenStore};
use crate::call::retry::{Budget, Retry};
use crate::error::Error;
use crate::middleware::Middleware;
use crate::rate_limit::pool::RateLimitPool;
use crate::rate_limit::{RateLimit, RateLimiter};
use crate::request::urls::Urls;
use crate::role::Role;
use crate::timer::MAX_WAIT;
use crate::transport::{ConnectionSettings, Setup};
#[cfg(feature = "reqwest")]
use crate::transport::{HttpClient, TransportError};

/// A builder for a client, created by [`Client::builder`](crate::Client::builder).
pub struct ClientBuilder<R> {
    pub(super) settings: Settings,
    role: PhantomData<fn() -> R>,
}

pub(super) struct Settings {
    base_url: String,
    credentials: Vec<Credentials>,
    allow_plain_http: bool,
    bases: Vec<(String, String)>,
    token_store: Option<Arc<dyn TokenStore>>,
    setup: Setup,
    middlewares: Vec<Arc<dyn Middleware>>,
    user_agent: String,
    timeout: Duration,
    deadline: Duration,
    queue_timeout: Option<Duration>,
    retry: Retry,
    rate_limit: Option<RateLimit>,
    rate_limit_pool: Option<Arc<dyn RateLimitPool>>,
    max_response_size: usize,
}

impl<R: Role> fmt::Debug for ClientBuilder<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("role", &R::NAME).finish_non_exhaustive()
    }
}

impl<R: Role> ClientBuilder<R> {
    pub(crate) fn new(base_url: String) -> Self {
        let settings = Settings {
            base_url,
            credentials: Vec::new(),
            allow_plain_http: false,
            bases: Vec::new(),
            token_store: None,
            setup: Setup::default(),
            middlewares: Vec::new(),
            user_agent: concat!("rolecall/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeout: Duration::from_secs(30),
            deadline: Duration::from_secs(60),
            queue_timeout: None,
            retry: Retry::default(),
            rate_limit: None,
            rate_limit_pool: None,
            max_response_size: 8 << 20,
        };
        Self { settings, role: PhantomData }
    }

    /// Sets the base URL of endpoints with `base = "…"`, which are on another host. The credentials of the client are sent
    /// there, too.
    #[must_use]
    pub fn base(mut self, name: impl Into<String>, url: impl Into<String>) -> Self {
        let name = name.into();
        self.settings.bases.retain(|(other, _)| *other != name);
        self.settings.bases.push((name, url.into()));
        self
    }

    /// Adds credentials: an [`ApiKey`](crate::auth::ApiKey), [`Basic`](crate::auth::Basic), a
    /// [`Bearer`](crate::auth::Bearer) token, [`ClientCredentials`](crate::auth::ClientCredentials), a
    /// [`RefreshToken`](crate::auth::RefreshToken), or a [supplier](crate::auth::Bearer::supplied_by) of tokens.
    ///
    /// A call sends all credentials that are added, so an API that requires a key and a token gets both. Two cannot go
    /// to the same header, query parameter, or cookie. They are sent to the base URL's origin only.
    ///
    /// ```
    /// use rolecall::auth::{ApiKey, Bearer};
    /// use rolecall::{Client, Error, Role};
    ///
    /// #[derive(Role)]
    /// enum Member {}
    ///
    /// fn client(key: &str, token: &str) -> Result<Client<Member>, Error> {
    ///     Client::builder("https://api.example.com")
    ///         .credentials(ApiKey::header("x-api-key", key))
    ///         .credentials(Bearer::new(token))
    ///         .build()
    /// }
    /// ```
    #[must_use]
    pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
        self.settings.credentials.push(credentials.into());
        self
    }

    /// Authorizes the calls with this bearer token (RFC 6750), which nothing renews. Short for
    /// `credentials(Bearer::new(token))`.
    #[must_use]
    pub fn bearer_token(self, token: impl Into<SecretString>) -> Self {
        self.credentials(Bearer::new(token))
    }

    /// Authorizes the calls with tokens that the client fetches, and renews, with these credentials at `token_url`.
    /// Short for `credentials(ClientCredentials::new(token_url, client_id, client_secret))`; see
    /// [`ClientCredentials`](crate::auth::ClientCredentials).
    #[must_use]
    pub fn client_credentials(
        self,
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
    ) -> Self {
        self.credentials(ClientCredentials::new(token_url, client_id, client_secret))
    }

    /// Allows plain `http` for the base URL and for token URLs on any host. By default it is allowed for loopback hosts
    /// only.
    ///
    /// Anyone on the network path can then read and change requests and responses, including credentials and tokens.
    /// It is meant for a network that is encrypted or trusted as a whole, such as a service mesh, a cluster's internal
    /// network, or a wired home network.
    #[must_use]
    pub fn allow_plain_http(mut self) -> Self {
        self.settings.allow_plain_http = true;
        self
    }

    /// Sets the store of fetched tokens. The default keeps them in memory, for this client and its clones. With a
    /// [`FileTokenStore`](crate::FileTokenStore), a restart does not fetch a new token.
    #[must_use]
    pub fn token_store(mut self, store: impl TokenStore) -> Self {
        self.settings.token_store = Some(Arc::new(store));
        self
    }

    /// Sets how the client makes its own connections, and how long it keeps them. The default is
    /// [`ConnectionSettings::new`].
    ///
    /// The settings apply to calls and to token requests; with a [`transport`](Self::transport), to token requests alone.
    /// They cannot be combined with [`http_client`](Self::http_client).
    #[must_use]
    pub fn connection(mut self, settings: ConnectionSettings) -> Self {
        self.settings.setup.connection = Some(settings);
        self
    }

    /// Sends requests with reqwest, with its connections, proxies, and certificates, instead of the client's own
    /// connections.
    ///
    /// Pass a `reqwest::ClientBuilder`: it is configured to follow no redirects and to retry nothing, since both are up to
    /// this client. A `reqwest::Client` is used as it is. It may follow redirects, so a failed connection does not prove
    /// that nothing was sent: such a call is retried only if its endpoint is idempotent. Build it with
    /// `redirect::Policy::none()`; a followed redirect can send the request body to another host.
    ///
    /// reqwest has the TLS of the features that the program enables for it; `rolecall` enables none.
    #[cfg(feature = "reqwest")]
    #[must_use]
    pub fn http_client(mut self, client: impl Into<HttpClient>) -> Self {
        self.settings.setup.http_client = Some(client.into());
        self
    }

    /// Sends the requests of calls with a function, such as a stack of
    /// [`reqwest-middleware`](crate::middleware#a-stack-of-reqwest-middleware), a `tower` service, or a fake.
    ///
    /// Each attempt calls the function once, and drops its future when the attempt times out. The function receives the
    /// whole request, including the token. Token requests use [`http_client`](Self::http_client), or the client's own
    /// connections.
    #[cfg(feature = "reqwest")]
    #[must_use]
    pub fn transport<F, Sent, E>(mut self, transport: F) -> Self
    where
        F: Fn(reqwest::Request) -> Sent + Send + Sync + 'static,
        Sent: Future<Output = Result<reqwest::Response, E>> + Send + 'static,
        E: Into<TransportError>,
    {
        self.settings.setup.function = Some(Arc::new(move |request| {
            let sent = transport(request);
            Box::pin(async move { sent.await.map_err(Into::into) })
        }));
        self
    }

    /// Adds a [`Middleware`], which observes each attempt of each call. Middlewares run in the order in which they are
    /// added, and in reverse order when an attempt ends.
    #[must_use]
    pub fn middleware(mut self, middleware: impl Middleware) -> Self {
        self.settings.middlewares.push(Arc::new(middleware));
        self
    }

    /// Sets the `User-Agent` header. The default is `rolecall/` and its version.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.settings.user_agent = user_agent.into();
        self
    }

    /// Sets the timeout of one attempt, from sending the request to the end of the response. The default is 30 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Sets the deadline of the whole call: token, waits, attempts, body. The default is 60 s.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.deadline = deadline;
        self
    }

    /// Sets the retry policy. The default is [`Retry::default`].
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.settings.retry = retry;
        self
    }

    /// Sets the maximum rate of requests of the client and its clones. The default is no limit; `None` removes a limit
    /// that was set before.
    #[must_use]
    pub fn rate_limit(mut self, limit: impl Into<Option<RateLimit>>) -> Self {
        self.settings.rate_limit = limit.into();
        self
    }

    /// Sets the time that a call may wait for the [rate limit](Self::rate_limit), apart from its
    /// [deadline](Self::deadline).
    ///
    /// The default is `None`: the wait counts toward the deadline. With a queue timeout, a call's deadline stands still
    /// while it waits for a permit, and all its waits together are bounded by this timeout. Set it for batches: without
    /// it, a limit of 50 requests per minute and a deadline of a minute leave no time for the 51st of 60 calls.
    /// [`Duration::ZERO`] makes a call fail at once if there is no free permit.
    ///
    /// Calls wait in a first-in, first-out queue, in which a call that is retried keeps its place. A call whose permit will not be free in time fails at once, with
    /// [`RateLimited`](crate::ErrorKind::RateLimited) and the time to [retry after](crate::Error::retry_after).
    /// [`Client::queued_calls`](crate::Client::queued_calls) returns the number of waiting calls.
    #[must_use]
    pub fn queue_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.queue_timeout = timeout.into();
        self
    }

    /// Shares the [rate limit](Self::rate_limit) with other clients, through a pool.
    ///
    /// All clients of the pool together then keep to the limit, which has to be the same for each.
    /// [`LocalPool`](crate::pool::LocalPool) is for clients of one process, the crate `rolecall-redis` for processes on
    /// many machines. Without a rate limit, [`build`](Self::build) fails.
    ///
    /// A permit of the pool takes a turn there, so a call gets one only if it may wait: with a
    /// [queue timeout](Self::queue_timeout) of zero it has the client's own share alone.
    #[must_use]
    pub fn rate_limit_pool(mut self, pool: impl RateLimitPool) -> Self {
        self.settings.rate_limit_pool = Some(Arc::new(pool));
        self
    }

    /// Sets the maximum size of a response body, in bytes after decompression. The default is 8 MiB.
    #[must_use]
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.settings.max_response_size = bytes;
        self
    }
}

impl Settings {
    pub(super) fn build(self, role: &'static str, has_role: bool) -> Result<Shared, Error> {
        let base = base_url::parse_base("base URL", &self.base_url, self.allow_plain_http)?;
        for (name, duration) in [("timeout", self.timeout), ("deadline", self.deadline)] {
            if duration.is_zero() {
                return Err(Error::configuration(format!("{name} must be greater than zero")));
            }
        }
        if let Some(limit) = self.rate_limit {
            limit.check().map_err(Error::configuration)?;
        }
        let user_agent = HeaderValue::try_from(self.user_agent)
            .map_err(|_| Error::configuration("invalid character in user agent"))?;
        let token_urls = self.credentials.iter().filter_map(|credentials| credentials.token_url(self.allow_plain_http));
        let token_urls = token_urls.collect::<Result<Vec<_>, _>>()?;
        let (transport, network) = self.setup.build(&base, &token_urls)?;
        let bases = self.bases.into_iter().map(|(name, url)| {
            let what = format!("base URL `{name}`");
            let url = base_url::parse_base(&what, &url, self.allow_plain_http)?;
            let transport = if transport.is_function() { transport.clone() } else { network.to(&what, &url)? };
            Ok(Base { name, urls: Urls::new(url)?, transport })
        });
        let bases: Arc<[Base]> = bases.collect::<Result<Vec<_>, Error>>()?.into();
        let timeout = self.timeout.min(MAX_WAIT);
        let sender = Sender {
            network: Arc::new(network),
            user_agent: user_agent.clone(),
            timeout,
            allow_plain_http: self.allow_plain_http,
        };
        let token_store = self.token_store.unwrap_or_else(|| Arc::new(MemoryTokenStore::new()));
        let parts = self.credentials.iter().map(|credentials| credentials.part(&sender, &token_store, true));
        let authorization = Authorization::new(parts.collect::<Result<Vec<_>, _>>()?)?;
        let is_missing = authorization.is_empty() && !authorization.is_per_call() && !authorization.is_external();
        if has_role && is_missing {
            return Err(Error::configuration(format!(
                "no credentials for role {role}; call `credentials`, `client_credentials`, or `bearer_token`"
            )));
        }
        if !has_role && !self.credentials.is_empty() {
            return Err(Error::configuration(PUBLIC_WITH_CREDENTIALS));
        }
        let rate_limiter = match (self.rate_limit, self.rate_limit_pool) {
            (None, None) => None,
            (Some(limit), None) => Some(Arc::new(RateLimiter::new(limit))),
            (Some(limit), Some(pool)) => {
                let owned = pool.own_share(limit).map_err(|error| Error::configuration(error.to_string()))?;
                Some(RateLimiter::with_pool(limit, owned, pool))
            }
            (None, Some(_)) => {
                return Err(Error::configuration("a rate limit pool needs a rate limit; call `rate_limit`"));
            }
        };
        Ok(Shared {
            urls: Arc::new(Urls::new(base)?),
            bases,
            transport,
            network: Arc::clone(&sender.network),
            middlewares: self.middlewares.into(),
            role,
            has_role,
            authorization,
            sender: Arc::new(sender),
            token_store,
            rate_limiter,
            user_agent,
            timeout,
            deadline: self.deadline.min(MAX_WAIT),
            queue_timeout: self.queue_timeout.map(|timeout| timeout.min(MAX_WAIT)),
            budget: Arc::new(Budget::new(self.retry.budget)),
            retry: self.retry,
            max_response_size: self.max_response_size,
            settings: None,
        })
    }
}
