//! API keys.

use std::fmt;

use http::{HeaderName, header};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::header::secret_header;
use super::proof::Proof;
use crate::error::Error;
use crate::request::reserved_headers;

/// An API key that each request sends in a header, a query parameter, or a cookie.
///
/// ```
/// use rolecall::auth::ApiKey;
///
/// # let key = "k";
/// let in_header = ApiKey::header("x-api-key", key);
/// let in_query = ApiKey::query("api_key", key);
/// let in_cookie = ApiKey::cookie("sid", key);
/// ```
///
/// A query key is added to the URL after all middlewares have run, and never appears in an error, span, or log of this
/// crate. Servers and proxies do log URLs, so prefer a header where the API allows it.
#[derive(Clone)]
pub struct ApiKey {
    location: KeyLocation,
    name: String,
    key: SecretString,
}

#[derive(Debug, Clone, Copy)]
enum KeyLocation {
    Header,
    Query,
    Cookie,
}

impl ApiKey {
    /// Creates a key that is sent as the value of a header, such as `x-api-key`.
    #[must_use]
    pub fn header(name: impl Into<String>, key: impl Into<SecretString>) -> Self {
        Self { location: KeyLocation::Header, name: name.into(), key: key.into() }
    }

    /// Creates a key that is sent as the value of a query parameter.
    #[must_use]
    pub fn query(name: impl Into<String>, key: impl Into<SecretString>) -> Self {
        Self { location: KeyLocation::Query, name: name.into(), key: key.into() }
    }

    /// Creates a key that is sent as the value of a cookie.
    #[must_use]
    pub fn cookie(name: impl Into<String>, key: impl Into<SecretString>) -> Self {
        Self { location: KeyLocation::Cookie, name: name.into(), key: key.into() }
    }

    pub(super) fn proof(&self) -> Result<Proof, Error> {
        let value = self.key.expose_secret();
        match self.location {
            KeyLocation::Header => self.in_header(value),
            KeyLocation::Query => Proof::query("API key", &self.name, value, self.key.clone()),
            KeyLocation::Cookie => Proof::cookie("API key", &self.name, value, self.key.clone()),
        }
    }

    fn in_header(&self, value: &str) -> Result<Proof, Error> {
        let name = HeaderName::try_from(self.name.as_str())
            .map_err(|_| Error::configuration("invalid name of the header of the API key"))?;
        let reason = match name {
            header::COOKIE => Some("use `ApiKey::cookie`"),
            header::AUTHORIZATION => None,
            _ => reserved_headers::reason(&name),
        };
        if let Some(reason) = reason {
            return Err(Error::configuration(format!("header `{name}` cannot carry an API key: {reason}")));
        }
        if value.is_empty() || value.trim() != value {
            return Err(Error::configuration("API key is empty, or starts or ends with a space"));
        }
        let value = secret_header(Zeroizing::new(value.to_owned()))
            .ok_or_else(|| Error::configuration("API key has a character that a header cannot carry"))?;
        Ok(Proof::header(name, value, [self.key.clone()].into()))
    }
}

/// Omits the key.
impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey").field("location", &self.location).field("name", &self.name).finish_non_exhaustive()
    }
}
