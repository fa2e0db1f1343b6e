//! The fixed parts of credentials: a header, a cookie, or a query parameter.

use std::fmt;
use std::sync::Arc;

use form_urlencoded::byte_serialize;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::header::secret_header;
use crate::error::Error;

/// A fixed credential that each request carries.
#[derive(Clone)]
pub(crate) struct Proof {
    location: Location,
    /// The text to insert: the header's value, or an encoded `name=value`.
    text: HeaderValue,
    /// The secrets that must not be shown anywhere.
    secrets: Arc<[SecretString]>,
}

/// The part of a request that holds credentials. Each location holds at most one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Location {
    Header(HeaderName),
    Cookie(String),
    Query(String),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "header `{name}`"),
            Self::Cookie(name) => write!(f, "cookie `{}`", name.escape_debug()),
            Self::Query(name) => write!(f, "query parameter `{}`", name.escape_debug()),
        }
    }
}

impl Proof {
    pub(super) fn header(name: HeaderName, value: HeaderValue, secrets: Arc<[SecretString]>) -> Self {
        Self { location: Location::Header(name), text: value, secrets }
    }

    /// `what` names the credentials in errors.
    pub(super) fn cookie(what: &str, name: &str, value: &str, secret: SecretString) -> Result<Self, Error> {
        // Cookie names: RFC 6265, section 4.1.1.
        let is_name = |byte: u8| byte.is_ascii_graphic() && !br#"()<>@,;:\"/[]?={}"#.contains(&byte);
        let is_value = |byte: u8| byte.is_ascii_graphic() && !br#"",;\"#.contains(&byte);
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(Error::configuration(format!("invalid name of the cookie of {what}")));
        }
        if value.is_empty() || !value.bytes().all(is_value) {
            return Err(Error::configuration(format!(
                "{what} is empty or has a character that a cookie cannot carry; encode it as the API requires"
            )));
        }
        let mut pair = Zeroizing::new(String::with_capacity(name.len() + 1 + value.len()));
        pair.push_str(name);
        pair.push('=');
        pair.push_str(value);
        Self::pair(what, Location::Cookie(name.to_owned()), pair, secret)
    }

    /// `what` names the credentials in errors.
    pub(super) fn query(what: &str, name: &str, value: &str, secret: SecretString) -> Result<Self, Error> {
        if name.is_empty() {
            return Err(Error::configuration(format!("the query parameter of {what} has no name")));
        }
        if value.is_empty() {
            return Err(Error::configuration(format!("{what} is empty")));
        }
        // A byte is encoded as up to three characters.
        let mut pair = Zeroizing::new(String::with_capacity(3 * (name.len() + value.len()) + 1));
        pair.extend(byte_serialize(name.as_bytes()));
        pair.push('=');
        pair.extend(byte_serialize(value.as_bytes()));
        Self::pair(what, Location::Query(name.to_owned()), pair, secret)
    }

    fn pair(what: &str, location: Location, pair: Zeroizing<String>, secret: SecretString) -> Result<Self, Error> {
        let text =
            secret_header(pair).ok_or_else(|| Error::configuration(format!("{what} has an invalid character")))?;
        Ok(Self { location, text, secrets: [secret].into() })
    }

    pub(crate) fn location(&self) -> &Location {
        &self.location
    }

    pub(super) fn secrets(&self) -> &[SecretString] {
        &self.secrets
    }

    /// Adds the credential to the headers, keeping existing cookies. Query parameters are ignored here.
    pub(super) fn put_into(&self, headers: &mut HeaderMap) {
        match &self.location {
            Location::Header(name) => {
                headers.insert(name, self.text.clone());
            }
            Location::Cookie(_) => {
                let value = headers.get(header::COOKIE).and_then(|others| others.to_str().ok()).and_then(|others| {
                    let text = self.text.to_str().unwrap_or_default();
                    secret_header(Zeroizing::new([others, "; ", text].concat()))
                });
                headers.insert(header::COOKIE, value.unwrap_or_else(|| self.text.clone()));
            }
            Location::Query(_) => {}
        }
    }

    /// Returns the encoded `name=value` if this is a query parameter.
    pub(super) fn query_pair(&self) -> Option<&str> {
        matches!(self.location, Location::Query(_)).then(|| self.text.to_str().unwrap_or_default())
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proof").field("location", &self.location).finish_non_exhaustive()
    }
}
