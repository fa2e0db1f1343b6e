//! What all calls of a client share.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue};

use super::settings::CallSettings;
use crate::auth::{Bearer, TokenSource};
use crate::call::retry::{Budget, Retry};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::middleware::Middleware;
use crate::rate_limit::RateLimiter;
use crate::request::urls::Urls;
use crate::transport::Transport;

/// The state that the clones of a client share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) urls: Arc<Urls>,
    pub(crate) transport: Transport,
    pub(crate) middlewares: Arc<[Arc<dyn Middleware>]>,
    pub(crate) role: &'static str,
    pub(crate) authorization: Authorization,
    pub(crate) rate_limiter: Option<Arc<RateLimiter>>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Duration,
    /// The time that a call may wait for the rate limit. `None` if the wait counts toward the deadline.
    pub(crate) queue_timeout: Option<Duration>,
    pub(crate) retry: Retry,
    pub(crate) budget: Arc<Budget>,
    pub(crate) max_response_size: usize,
    /// The per-call settings that no field above holds.
    pub(crate) settings: Option<Arc<CallSettings>>,
}

/// The credentials of a client.
#[derive(Clone)]
pub(crate) enum Authorization {
    /// None, for public endpoints.
    Nothing,
    /// A token that the caller manages.
    Token(Bearer),
    /// Tokens that the client fetches.
    Credentials(TokenSource),
}

impl Shared {
    /// Returns the server's name or address.
    pub(crate) fn address(&self) -> &str {
        self.urls.base().host_str().unwrap_or_default()
    }
}

impl Shared {
    pub(super) fn with(&self, settings: CallSettings) -> Self {
        let settings = match &self.settings {
            None => settings,
            Some(earlier) => settings.over(earlier),
        };
        Self {
            deadline: settings.deadline.unwrap_or(self.deadline),
            queue_timeout: settings.queue_timeout.or(self.queue_timeout),
            retry: settings.retry.clone().unwrap_or_else(|| self.retry.clone()),
            max_response_size: settings.max_response_size.unwrap_or(self.max_response_size),
            settings: Some(Arc::new(settings)),
            ..self.clone()
        }
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
        of_the_call.or(endpoint.timeout).unwrap_or(self.timeout)
    }

    /// Inserts the settings' headers into a request.
    pub(crate) fn put_headers(&self, headers: &mut HeaderMap) {
        for (name, value) in self.settings.iter().flat_map(|settings| &settings.headers) {
            headers.insert(name, value.clone());
        }
    }
}
