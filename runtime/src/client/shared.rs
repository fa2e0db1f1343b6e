//! The state that all calls of a client share.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::settings::{CallSettings, PUBLIC_WITH_CREDENTIALS};
use crate::auth::{Authorization, Sender, TokenStore};
use crate::call::retry::{Budget, Retry};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::middleware::Middleware;
use crate::rate_limit::RateLimiter;
use crate::request::Request;
use crate::request::urls::Urls;
use crate::timer::MAX_WAIT;
use crate::transport::{MAX_URL, Network, Transport};
use crate::url::Url;

/// The state that the clones of a client share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) urls: Arc<Urls>,
    /// The named base URLs.
    pub(crate) bases: Arc<[Base]>,
    pub(crate) transport: Transport,
    /// Creates transports to other origins.
    pub(crate) network: Arc<Network>,
    pub(crate) middlewares: Arc<[Arc<dyn Middleware>]>,
    pub(crate) role: &'static str,
    /// Whether `role` is a role rather than [`Public`](crate::Public).
    pub(crate) has_role: bool,
    pub(crate) authorization: Authorization,
    /// Sends the token requests of credentials that are set per call.
    pub(crate) sender: Arc<Sender>,
    pub(crate) token_store: Arc<dyn TokenStore>,
    pub(crate) rate_limiter: Option<Arc<RateLimiter>>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Duration,
    /// The time that a call may wait for the rate limit. `None` if the wait counts toward the deadline.
    pub(crate) queue_timeout: Option<Duration>,
    pub(crate) retry: Retry,
    pub(crate) budget: Arc<Budget>,
    pub(crate) max_response_size: usize,
    /// The per-call settings that no other field contains.
    pub(crate) settings: Option<Arc<CallSettings>>,
}

/// A named base URL.
pub(crate) struct Base {
    pub(crate) name: String,
    pub(crate) urls: Urls,
    pub(crate) transport: Transport,
}

impl Shared {
    /// Returns the server's name or address.
    pub(crate) fn address(&self, endpoint: &Endpoint) -> &str {
        self.urls_of(endpoint).unwrap_or(&self.urls).base().host()
    }

    /// Returns the endpoint's base URL by its name.
    fn base_of(&self, endpoint: &Endpoint) -> Option<&Base> {
        self.bases.iter().find(|base| Some(base.name.as_str()) == endpoint.base)
    }

    /// Returns the URLs below the endpoint's base URL, or `None` if its name is unknown to the client.
    pub(crate) fn urls_of(&self, endpoint: &Endpoint) -> Option<&Urls> {
        match endpoint.base {
            None => Some(&self.urls),
            Some(_) => self.base_of(endpoint).map(|base| &base.urls),
        }
    }

    /// Returns the transport to the endpoint's base URL.
    pub(crate) fn transport_of(&self, endpoint: &Endpoint) -> &Transport {
        self.base_of(endpoint).map_or(&self.transport, |base| &base.transport)
    }

    /// Returns the transport to the destination of a redirect.
    pub(crate) fn way_to(&self, url: &Url) -> Result<Transport, Error> {
        if self.transport.is_function() {
            return Ok(self.transport.clone());
        }
        self.network.to("address of a redirect", url)
    }

    /// Returns the URL of a request.
    pub(crate) fn url(&self, request: &Request) -> Option<Url> {
        if let Some(destination) = &request.destination {
            return Some(destination.url.clone());
        }
        let urls = self.urls_of(request.endpoint)?;
        Some(urls.join(&request.target))
    }
}

impl Shared {
    pub(super) fn with(&self, settings: CallSettings) -> Self {
        let authorization = self.authorization_for(&settings);
        let settings = match &self.settings {
            None => settings,
            Some(earlier) => settings.over(earlier),
        };
        let (authorization, settings) = match authorization {
            Ok(authorization) => (authorization, settings),
            Err(error) => (Authorization::default(), settings.wrong(error.into_message())),
        };
        Self {
            authorization,
            queue_timeout: settings.queue_timeout.or(self.queue_timeout),
            retry: settings.retry.clone().unwrap_or_else(|| self.retry.clone()),
            max_response_size: settings.max_response_size.unwrap_or(self.max_response_size),
            settings: Some(Arc::new(settings)),
            ..self.clone()
        }
    }

    fn authorization_for(&self, settings: &CallSettings) -> Result<Authorization, Error> {
        if settings.credentials.is_empty() {
            return Ok(self.authorization.clone());
        }
        if !self.has_role {
            return Err(Error::configuration(PUBLIC_WITH_CREDENTIALS));
        }
        let parts = settings.credentials.iter().map(|credentials| credentials.part(&self.sender, &self.token_store));
        self.authorization.with(parts.collect::<Result<Vec<_>, _>>()?)
    }

    /// Returns an error if the credentials set a header that the request sets, too.
    pub(crate) fn check_headers<'a>(&'a self, names: impl Iterator<Item = &'a HeaderName>) -> Result<(), Error> {
        let settings = self.settings.iter().flat_map(|settings| &settings.headers).map(|(name, _)| name);
        for name in names.chain(settings) {
            if self.authorization.sets(name) {
                return Err(Error::configuration(format!(
                    "header `{name}` is set by the client's credentials and by the call; remove one"
                )));
            }
        }
        Ok(())
    }

    /// Returns an error if the request's URL is longer than any transport can send.
    pub(crate) fn check_length(&self, request: &Request) -> Result<(), Error> {
        let target = match &request.destination {
            Some(destination) => destination.url.as_str().len(),
            None => self.urls_of(request.endpoint).map_or(0, |urls| urls.length(&request.target)),
        };
        let keys = if request.endpoint.is_public() { 0 } else { self.authorization.query_length() };
        if target + keys <= MAX_URL {
            return Ok(());
        }
        let message = format!(
            "URL has {} bytes, and at most {MAX_URL} can be sent; pass fewer or shorter arguments",
            target + keys
        );
        Err(Error::new(ErrorKind::Argument, message))
    }

    /// Returns an error if the settings are invalid.
    pub(crate) fn check_settings(&self) -> Result<(), Error> {
        match self.settings.as_ref().and_then(|settings| settings.fault.clone()) {
            Some(fault) => Err(Error::configuration(fault)),
            None => Ok(()),
        }
    }

    /// Returns the timeout of one attempt.
    pub(crate) fn attempt_timeout(&self, endpoint: &Endpoint) -> Duration {
        let of_the_call = self.settings.as_ref().and_then(|settings| settings.timeout);
        of_the_call.or(endpoint.timeout).unwrap_or(self.timeout).min(MAX_WAIT)
    }

    /// Returns the deadline of a call: that of the call's settings, otherwise that of the endpoint or the client. It
    /// is raised to the attempt timeout of the call's settings or the endpoint, if that is longer.
    pub(crate) fn call_deadline(&self, endpoint: &Endpoint) -> Duration {
        let settings = self.settings.as_deref();
        if let Some(deadline) = settings.and_then(|settings| settings.deadline) {
            return deadline;
        }
        let timeout = settings.and_then(|settings| settings.timeout).or(endpoint.timeout);
        endpoint.deadline.unwrap_or(self.deadline).max(timeout.unwrap_or_default()).min(MAX_WAIT)
    }

    /// Inserts the settings' headers into a request.
    pub(crate) fn put_headers(&self, headers: &mut HeaderMap) {
        for (name, value) in self.settings.iter().flat_map(|settings| &settings.headers) {
            headers.insert(name, value.clone());
        }
    }
}
