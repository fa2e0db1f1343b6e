//! HTTP Basic.

use std::fmt;

use http::header;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::header::basic_header;
use super::proof::Proof;
use crate::error::Error;

/// A user name and a password, sent by HTTP Basic in UTF-8 (RFC 7617).
///
/// Many APIs expect an API key as the user name and an empty password, or the reverse.
#[derive(Clone)]
pub struct Basic {
    user: SecretString,
    password: SecretString,
}

impl Basic {
    /// Creates the credentials. The user name cannot contain `:`.
    #[must_use]
    pub fn new(user: impl Into<SecretString>, password: impl Into<SecretString>) -> Self {
        Self { user: user.into(), password: password.into() }
    }

    pub(super) fn proof(&self) -> Result<Proof, Error> {
        let (user, password) = (self.user.expose_secret(), self.password.expose_secret());
        if user.is_empty() && password.is_empty() {
            return Err(Error::configuration("user name and password of HTTP Basic are empty"));
        }
        if user.contains(':') {
            return Err(Error::configuration("user name of HTTP Basic cannot contain `:` (RFC 7617, section 2)"));
        }
        if user.chars().chain(password.chars()).any(char::is_control) {
            return Err(Error::configuration("user name or password of HTTP Basic has a control character"));
        }
        let mut pair = Zeroizing::new(String::with_capacity(user.len() + 1 + password.len()));
        pair.push_str(user);
        pair.push(':');
        pair.push_str(password);
        let value = basic_header(&pair).ok_or_else(|| Error::configuration("HTTP Basic cannot be encoded"))?;
        let encoded = value.to_str().unwrap_or_default().trim_start_matches("Basic ");
        // Without a password the user name is the secret.
        let secret = if password.is_empty() { &self.user } else { &self.password };
        let secrets = [secret.clone(), SecretString::from(encoded), SecretString::from(pair.as_str())];
        Ok(Proof::header(header::AUTHORIZATION, value, secrets.into()))
    }
}

/// Omits the user name and the password.
impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Basic").finish_non_exhaustive()
    }
}
