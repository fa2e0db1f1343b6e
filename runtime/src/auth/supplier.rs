//! Tokens from a function that the program provides.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use secrecy::SecretString;
use tokio::time::{Instant, timeout};

use super::error::TokenError;
use super::fetch::{FetchFuture, FetchToken, Fetched};
use super::header::token_header;
use super::reason::FetchReason;
use super::store::{MAX_LIFETIME, StoredToken};

/// An access token from a [supplier](super::Bearer::supplied_by), with its lifetime if it is known.
///
/// A `SecretString`, a `String`, or a `&str` converts into a token without a lifetime.
#[derive(Debug, Clone)]
pub struct AccessToken {
    secret: SecretString,
    lifetime: Option<Duration>,
}

impl AccessToken {
    /// Creates a token of unknown lifetime. It is used until the API rejects it, for up to one day.
    #[must_use]
    pub fn new(secret: impl Into<SecretString>) -> Self {
        Self { secret: secret.into(), lifetime: None }
    }

    /// Sets the lifetime of the token, counted from the request for it. The lifetime is capped at one day.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }
}

impl From<SecretString> for AccessToken {
    fn from(secret: SecretString) -> Self {
        Self::new(secret)
    }
}

impl From<String> for AccessToken {
    fn from(secret: String) -> Self {
        Self::new(secret)
    }
}

impl From<&str> for AccessToken {
    fn from(secret: &str) -> Self {
        Self::new(secret)
    }
}

type Supplied = Pin<Box<dyn Future<Output = Result<AccessToken, Box<dyn Error + Send + Sync>>> + Send>>;

/// Credentials whose tokens come from a function. Created by [`Bearer::supplied_by`](super::Bearer::supplied_by).
#[derive(Clone)]
pub struct TokenSupplier {
    supplier: Arc<dyn Fn(FetchReason) -> Supplied + Send + Sync>,
    pub(super) scheme: Cow<'static, str>,
    pub(super) name: Option<String>,
}

impl TokenSupplier {
    pub(super) fn new<F, Fetch, T, E>(supplier: F) -> Self
    where
        F: Fn(FetchReason) -> Fetch + Send + Sync + 'static,
        Fetch: Future<Output = Result<T, E>> + Send + 'static,
        T: Into<AccessToken>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let supplier = move |reason| {
            let fetch = supplier(reason);
            Box::pin(async move { fetch.await.map(Into::into).map_err(Into::into) }) as Supplied
        };
        Self { supplier: Arc::new(supplier), scheme: "Bearer".into(), name: None }
    }

    /// Sets the authentication scheme that the tokens are sent with. The default is `Bearer`.
    #[must_use]
    pub fn scheme(mut self, scheme: impl Into<Cow<'static, str>>) -> Self {
        self.scheme = scheme.into();
        self
    }

    /// Saves the tokens to the client's [store](crate::ClientBuilder::token_store) under this name. By default, they
    /// are kept in memory only.
    ///
    /// Clients that share the store and the name share the tokens.
    #[must_use]
    pub fn stored_as(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    pub(super) fn fetcher(&self, timeout: Duration) -> SupplierFetch {
        SupplierFetch { supplier: self.clone(), timeout }
    }
}

/// Omits the function.
impl fmt::Debug for TokenSupplier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSupplier").field("scheme", &self.scheme).field("name", &self.name).finish_non_exhaustive()
    }
}

pub(super) struct SupplierFetch {
    supplier: TokenSupplier,
    timeout: Duration,
}

impl FetchToken for SupplierFetch {
    fn fetch<'a>(&'a self, reason: FetchReason, _: Option<&'a StoredToken>) -> FetchFuture<'a> {
        Box::pin(async move {
            let (asked, asked_wall) = (Instant::now(), SystemTime::now());
            let failed = |cause| TokenError::Supplier { cause, retry_after: None };
            let supplied = match timeout(self.timeout, (self.supplier.supplier)(reason)).await {
                Ok(Ok(supplied)) => supplied,
                Ok(Err(cause)) => return Err(failed(Some(cause.into()))),
                Err(_) => return Err(failed(None)),
            };
            if token_header(&self.supplier.scheme, &supplied.secret).is_none() {
                let cause = "the token is empty or has a character that a header cannot carry";
                return Err(failed(Some(Box::<dyn Error + Send + Sync>::from(cause).into())));
            }
            Ok(Fetched {
                token: supplied.secret,
                lifetime: supplied.lifetime.unwrap_or(MAX_LIFETIME).min(MAX_LIFETIME),
                status: StatusCode::OK,
                asked,
                asked_wall,
                refresh_token: None,
            })
        })
    }
}
