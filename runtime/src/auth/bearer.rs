//! Bearer tokens that the program provides.

use std::borrow::Cow;
use std::fmt;

use http::header;
use secrecy::{ExposeSecret, SecretString};

use super::header::token_header;
use super::proof::Proof;
use super::reason::FetchReason;
use super::supplier::{AccessToken, TokenSupplier};
use crate::error::Error;

/// A token in the `Authorization` header (RFC 6750), fixed or [supplied](Self::supplied_by) by the program.
#[derive(Clone)]
pub struct Bearer {
    scheme: Cow<'static, str>,
    token: SecretString,
}

impl Bearer {
    /// Creates a token that is sent as `Authorization: Bearer …`. It is never renewed.
    #[must_use]
    pub fn new(token: impl Into<SecretString>) -> Self {
        Self::with_scheme("Bearer", token)
    }

    /// Creates a token that is sent with another scheme, such as `Bot`, `Token`, `SSWS`, or `GenieKey`.
    #[must_use]
    pub fn with_scheme(scheme: impl Into<Cow<'static, str>>, token: impl Into<SecretString>) -> Self {
        Self { scheme: scheme.into(), token: token.into() }
    }

    /// Creates credentials whose tokens come from a function, for example from a vault, a sidecar, or another library.
    ///
    /// The tokens are managed like those of [`ClientCredentials`](super::ClientCredentials): all waiting calls share
    /// one fetch, a token is renewed before it expires while the old one is still used, failures are followed by a
    /// backoff, and a token that the API rejects with 401 is renewed once. The function returns an [`AccessToken`] with
    /// its lifetime, or only the secret if the lifetime is unknown. A token of unknown lifetime is used until the API
    /// rejects it, for up to one day.
    ///
    /// An error of the function must not contain a secret: it is logged, and becomes the source of the call's error. A
    /// fetch is aborted after the client's [`timeout`](crate::ClientBuilder::timeout).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use rolecall::SecretString;
    /// use rolecall::auth::{AccessToken, Bearer, FetchReason};
    ///
    /// async fn fetch_from_vault(why: FetchReason) -> Result<AccessToken, std::io::Error> {
    ///     // A cached secret is of no use if the API has just rejected it.
    ///     let fresh = why == FetchReason::Rejected;
    /// #   let _ = fresh;
    ///     Ok(AccessToken::new("the secret").expires_in(Duration::from_secs(600)))
    /// }
    ///
    /// let credentials = Bearer::supplied_by(fetch_from_vault);
    /// ```
    #[must_use]
    pub fn supplied_by<F, Fetch, T, E>(supplier: F) -> TokenSupplier
    where
        F: Fn(FetchReason) -> Fetch + Send + Sync + 'static,
        Fetch: Future<Output = Result<T, E>> + Send + 'static,
        T: Into<AccessToken>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        TokenSupplier::new(supplier)
    }

    pub(super) fn proof(&self) -> Result<Proof, Error> {
        check_scheme(&self.scheme)?;
        let value = token_header(&self.scheme, &self.token)
            .ok_or_else(|| Error::configuration("bearer token is empty or has a character that a token cannot have"))?;
        let whole = value.to_str().unwrap_or_default();
        let secrets = [SecretString::from(self.token.expose_secret()), SecretString::from(whole)];
        Ok(Proof::header(header::AUTHORIZATION, value, secrets.into()))
    }
}

/// Returns an error if the scheme is not a token as defined by RFC 9110, section 5.6.2.
pub(super) fn check_scheme(scheme: &str) -> Result<(), Error> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if scheme.is_empty() || !scheme.bytes().all(is_token) {
        return Err(Error::configuration("invalid authentication scheme; use one word, such as `Bot`"));
    }
    Ok(())
}

/// Omits the token.
impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}
