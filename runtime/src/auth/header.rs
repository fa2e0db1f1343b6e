//! Header values that carry secrets.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

/// A token in the form in which it is sent.
#[derive(Clone)]
pub(crate) struct TokenHeader {
    /// `Bearer …`, marked sensitive and created once per token. Its memory is wiped when the last clone is dropped.
    pub(crate) header: HeaderValue,
    /// Increases with each token.
    pub(crate) generation: u64,
}

impl fmt::Debug for TokenHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenHeader").field("generation", &self.generation).finish_non_exhaustive()
    }
}

/// Returns the header value for a token of visible ASCII characters, or `None` for any other token.
pub(super) fn token_header(scheme: &str, token: &SecretString) -> Option<HeaderValue> {
    let token = token.expose_secret();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let mut value = Zeroizing::new(String::with_capacity(scheme.len() + 1 + token.len()));
    value.push_str(scheme);
    value.push(' ');
    value.push_str(token);
    secret_header(value)
}

/// Returns the header value of HTTP Basic for `user:password`.
pub(super) fn basic_header(pair: &str) -> Option<HeaderValue> {
    let encoded = base64::encoded_len(pair.len(), true).unwrap_or_default();
    let mut value = Zeroizing::new(String::with_capacity("Basic ".len() + encoded));
    value.push_str("Basic ");
    STANDARD.encode_string(pair.as_bytes(), &mut value);
    secret_header(value)
}

/// Returns a sensitive header value that shares its memory with its clones and wipes it when the last one is dropped.
pub(super) fn secret_header(value: Zeroizing<String>) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_maybe_shared(bytes::Bytes::from_owner(value)).ok()?;
    value.set_sensitive(true);
    Some(value)
}
