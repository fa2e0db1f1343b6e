//! The client: what all calls share.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use crate::builder::ClientBuilder;
use crate::middleware::{Middleware, Transport};
use crate::pace::Pace;
use crate::retry::{Budget, Retry};
use crate::role::{Caller, Role};
use crate::settings::CallSettings;
use crate::token::{Bearer, TokenSource};
use crate::urls::Urls;

/// A client of an HTTP API in the role `R`.
///
/// It has the methods of every `#[api]` trait in scope; those that are not open to `R` do not compile.
/// Cloning it is cheap: clones share connections, token and pace.
pub struct Client<R> {
    shared: Arc<Shared>,
    role: PhantomData<fn() -> R>,
}

/// What the clones of a client share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) http: reqwest::Client,
    pub(crate) urls: Arc<Urls>,
    /// What sends the requests in place of `http`.
    pub(crate) transport: Option<Transport>,
    pub(crate) middlewares: Arc<[Arc<dyn Middleware>]>,
    pub(crate) role: &'static str,
    pub(crate) authorization: Authorization,
    pub(crate) pace: Option<Arc<Pace>>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Duration,
    pub(crate) retry: Retry,
    pub(crate) budget: Arc<Budget>,
    pub(crate) response_limit: usize,
    /// Of a client for some calls: what it changes that has no place above.
    pub(crate) settings: Option<Arc<CallSettings>>,
}

/// What a client shows to be let in.
#[derive(Clone)]
pub(crate) enum Authorization {
    /// Nothing: it may call public endpoints.
    Nothing,
    /// A token that the caller looks after.
    Token(Bearer),
    /// Tokens that it gets for itself.
    Credentials(TokenSource),
}

impl Shared {
    /// The server's name or address.
    pub(crate) fn address(&self) -> &str {
        self.urls.base().host_str().unwrap_or_default()
    }
}

impl<R: Role> Client<R> {
    /// Starts a client of the API at `base_url`, for example `https://sandbox.ostrom-api.io`.
    ///
    /// What is wrong with the URL is told by [`ClientBuilder::build`].
    #[must_use]
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder<R> {
        ClientBuilder::new(base_url.into())
    }

    pub(crate) fn from_shared(shared: Shared) -> Self {
        Self { shared: Arc::new(shared), role: PhantomData }
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }
}

impl<R> Clone for Client<R> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), role: PhantomData }
    }
}

impl<R: Role> fmt::Debug for Client<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.shared.urls.base().as_str())
            .field("role", &R::NAME)
            .finish_non_exhaustive()
    }
}

impl<R: Role> Caller for Client<R> {
    type Role = R;
}
