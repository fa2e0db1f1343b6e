//! A client's settings, checked once when it is built.

use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::client::{Client, Shared};
use crate::error::Error;
use crate::role::{Public, Role};

/// Collects a client's settings; made by [`Client::builder`].
pub struct ClientBuilder<R> {
    base_url: String,
    bearer: Option<SecretString>,
    timeout: Duration,
    role: PhantomData<fn() -> R>,
}

impl<R> fmt::Debug for ClientBuilder<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").finish_non_exhaustive()
    }
}

impl<R: Role> ClientBuilder<R> {
    pub(crate) fn new(base_url: &str) -> Self {
        Self { base_url: base_url.to_owned(), bearer: None, timeout: Duration::from_secs(30), role: PhantomData }
    }

    /// Authorizes the calls with this bearer token (RFC 6750).
    #[must_use]
    pub fn bearer_token(mut self, token: impl Into<SecretString>) -> Self {
        self.bearer = Some(token.into());
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration).
    pub fn build(self) -> Result<Client<R>, Error> {
        let base = Url::parse(&self.base_url)
            .map_err(|error| Error::configuration(format!("the base URL `{}` is no URL: {error}", self.base_url)))?;
        let bearer = match &self.bearer {
            Some(token) => {
                let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))
                    .map_err(|_| Error::configuration("the bearer token has a character that no header may have"))?;
                value.set_sensitive(true);
                Some(value)
            }
            None if TypeId::of::<R>() == TypeId::of::<Public>() => None,
            None => return Err(Error::configuration("no credentials")),
        };
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| Error::configuration("the HTTP client can't be built").with_cause(Some(error.into())))?;
        Ok(Client::from_shared(Shared { http, base, bearer, timeout: self.timeout, response_limit: 8 << 20 }))
    }
}
