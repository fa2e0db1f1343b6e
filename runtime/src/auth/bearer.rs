//! The header that authorizes a request.

use std::fmt;

use http::HeaderValue;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

/// What authorizes a request.
#[derive(Clone)]
pub(crate) struct Bearer {
    /// `Bearer …`, marked sensitive, made once for each token. Its memory is wiped when the last clone is dropped.
    pub(crate) header: HeaderValue,
    /// Grows with each token.
    pub(crate) generation: u64,
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer").field("generation", &self.generation).finish_non_exhaustive()
    }
}

/// The header's value for a token of visible ASCII characters; nothing for another.
pub(crate) fn bearer_header(token: &SecretString) -> Option<HeaderValue> {
    let token = token.expose_secret();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let mut value = Zeroizing::new(String::with_capacity("Bearer ".len() + token.len()));
    value.push_str("Bearer ");
    value.push_str(token);
    secret_header(value)
}

/// A sensitive header value that wipes its memory in the end, and shares it with its clones.
pub(super) fn secret_header(value: Zeroizing<String>) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_maybe_shared(bytes::Bytes::from_owner(value)).ok()?;
    value.set_sensitive(true);
    Some(value)
}
