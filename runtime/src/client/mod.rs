//! The client of an API.

pub(crate) mod base_url;
mod builder;
mod settings;
pub(crate) mod shared;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::error::Error;
use crate::role::{Caller, Role, is_public};
use shared::Shared;

pub use builder::ClientBuilder;
pub use settings::CallSettings;

/// A client of an HTTP API in the role `R`.
///
/// It has the methods of every `#[api]` trait in scope. Calls that are not open to `R` do not compile.
/// Cloning is cheap: clones share connections, the token, and the rate limit.
pub struct Client<R> {
    shared: Arc<Shared>,
    role: PhantomData<fn() -> R>,
}

impl<R: Role> Client<R> {
    /// Creates a builder for a client of the API at `base_url`, such as `https://sandbox.ostrom-api.io`.
    ///
    /// The URL is validated by [`ClientBuilder::build`].
    #[must_use]
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder<R> {
        ClientBuilder::new(base_url.into())
    }

    /// Returns this client with other settings, for one call or for many.
    ///
    /// It shares connections, the token, the rate limit, and the retry budget with this client, which does not change.
    /// It costs about as much as cloning a short string.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use rolecall::{CallSettings, Client, Error, Public, api, endpoint};
    ///
    /// /// The store.
    /// #[api]
    /// pub trait ShopApi {
    ///     /// Returns all sales.
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

    /// Returns the number of calls that wait for the client's rate limit, including those of its clones. 0 without a rate
    /// limit.
    #[must_use]
    pub fn queued_calls(&self) -> usize {
        self.shared.rate_limiter.as_ref().map_or(0, |limiter| limiter.queued())
    }

    pub(crate) fn from_shared(shared: Shared) -> Self {
        Self { shared: Arc::new(shared), role: PhantomData }
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    pub(crate) fn shared_arc(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }
}

impl<R: Role> ClientBuilder<R> {
    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the base URL or a token URL is invalid, is plain
    /// `http` to a host other than loopback without [`allow_plain_http`](Self::allow_plain_http), or needs TLS that is
    /// not compiled in; if credentials are missing, invalid, for the same header, parameter, or cookie as others, or
    /// given to a client with the role [`Public`](crate::Public); or if a time or a limit is zero.
    pub fn build(self) -> Result<Client<R>, Error> {
        let has_role = !is_public::<R>();
        self.settings.build(R::NAME, has_role).map(Client::from_shared)
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
