//! The credentials of a client, ready to be added to its requests.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::ExposeSecret;

use super::credentials::Part;
use super::echo;
use super::header::TokenHeader;
use super::proof::{Location, Proof};
use super::source::TokenSource;
use crate::error::Error;

/// The credentials that authorize a client's calls: fixed parts, and up to one token source.
#[derive(Clone, Default)]
pub(crate) struct Authorization {
    fixed: Option<Arc<Vec<Proof>>>,
    source: Option<TokenSource>,
    /// Whether the client proves its role by something else, too, so that nothing may be missing here.
    external: bool,
    /// Whether calls may provide credentials that are missing here.
    per_call: bool,
}

impl Authorization {
    /// Combines all parts.
    pub(crate) fn new(parts: impl IntoIterator<Item = Part>) -> Result<Self, Error> {
        let mut this = Self::default();
        let mut fixed: Vec<Proof> = Vec::new();
        for part in parts {
            let location = location(&part);
            let is_taken = |taken: &Location| Some(taken) == location.as_ref();
            let by_source = this.source.as_ref().map(|_| &SOURCE);
            if let Some(taken) = fixed.iter().map(Proof::location).chain(by_source).find(|taken| is_taken(taken)) {
                return Err(Error::configuration(format!("two credentials are for the {taken}; remove one")));
            }
            match part {
                Part::External => this.external = true,
                Part::PerCall => this.per_call = true,
                Part::Fixed(proof) => fixed.push(proof),
                Part::Source(source) => this.source = Some(source),
            }
        }
        this.fixed = (!fixed.is_empty()).then(|| Arc::new(fixed));
        Ok(this)
    }

    /// Returns these credentials, with those of the same location replaced by `parts`.
    pub(crate) fn with(&self, parts: Vec<Part>) -> Result<Self, Error> {
        let replaced = |old: &Location| parts.iter().any(|part| location(part).as_ref() == Some(old));
        let fixed = self.fixed.iter().flat_map(|fixed| fixed.iter());
        let fixed = fixed.filter(|proof| !replaced(proof.location())).cloned().map(Part::Fixed);
        let source = self.source.iter().filter(|_| !replaced(&SOURCE)).cloned().map(Part::Source);
        let kept: Vec<Part> = fixed.chain(source).collect();
        let combined = Self::new(kept.into_iter().chain(parts))?;
        Ok(Self { external: self.external || combined.external, per_call: self.per_call, ..combined })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fixed.is_none() && self.source.is_none()
    }

    /// Returns `true` if the client proves its role by something that its requests do not contain.
    pub(crate) fn is_external(&self) -> bool {
        self.external
    }

    /// Returns `true` if calls provide their own credentials.
    pub(crate) fn is_per_call(&self) -> bool {
        self.per_call
    }

    /// Returns the token source, if there is one.
    pub(crate) fn source(&self) -> Option<&TokenSource> {
        self.source.as_ref()
    }

    /// Returns the credentials of one request.
    pub(crate) fn with_token(&self, token: Option<TokenHeader>) -> RequestCredentials {
        RequestCredentials { fixed: self.fixed.clone(), token }
    }

    /// Returns the length that the keys of the query add to a URL, in bytes.
    pub(crate) fn query_length(&self) -> usize {
        let pairs = self.fixed.iter().flat_map(|fixed| fixed.iter()).filter_map(Proof::query_pair);
        pairs.map(|pair| 1 + pair.len()).sum()
    }

    /// Returns `true` if the credentials set this header.
    pub(crate) fn sets(&self, name: &HeaderName) -> bool {
        (self.source.is_some() && *name == header::AUTHORIZATION) || sets(self.fixed.as_ref(), name)
    }
}

/// The location of tokens from a source.
const SOURCE: Location = Location::Header(header::AUTHORIZATION);

fn location(part: &Part) -> Option<Location> {
    match part {
        Part::External | Part::PerCall => None,
        Part::Fixed(proof) => Some(proof.location().clone()),
        Part::Source(_) => Some(SOURCE),
    }
}

fn sets(fixed: Option<&Arc<Vec<Proof>>>, name: &HeaderName) -> bool {
    let is_set = |proof: &Proof| matches!(proof.location(), Location::Header(set) if set == name);
    fixed.is_some_and(|fixed| fixed.iter().any(is_set))
}

/// The credentials of one request.
#[derive(Clone)]
pub(crate) struct RequestCredentials {
    fixed: Option<Arc<Vec<Proof>>>,
    token: Option<TokenHeader>,
}

impl RequestCredentials {
    pub(crate) fn put_into(&self, headers: &mut HeaderMap) {
        if let Some(token) = &self.token {
            headers.insert(header::AUTHORIZATION, token.header.clone());
        }
        for proof in self.fixed.iter().flat_map(|fixed| fixed.iter()) {
            proof.put_into(headers);
        }
    }

    /// Returns the path and query with the keys that belong in the query, or `None` if there are no such keys.
    pub(crate) fn keyed_target(&self, target: &str) -> Option<Cow<'static, str>> {
        let mut keyed: Option<String> = None;
        for pair in self.fixed.iter().flat_map(|fixed| fixed.iter()).filter_map(Proof::query_pair) {
            let keyed = keyed.get_or_insert_with(|| target.to_owned());
            keyed.push(if keyed.contains('?') { '&' } else { '?' });
            keyed.push_str(pair);
        }
        keyed.map(Cow::Owned)
    }

    /// Returns `true` if the header is set by [`put_into`](Self::put_into).
    pub(crate) fn sets(&self, name: &HeaderName) -> bool {
        (self.token.is_some() && *name == header::AUTHORIZATION) || sets(self.fixed.as_ref(), name)
    }

    /// Returns the generation of the token, if it comes from a source.
    pub(crate) fn generation(&self) -> Option<u64> {
        self.token.as_ref().map(|token| token.generation)
    }

    /// Removes a body that repeats the credentials, such as that of a gateway that echoes the request. Returns `true`
    /// if the body was removed; errors must then not include any part of it.
    pub(crate) fn redact_body(&self, body: &mut Bytes) -> bool {
        let shown = self.any_secret(|secret| echo::shows(body, secret) || echo::ends_within(body, secret));
        if shown {
            *body = Bytes::from_static(b"[removed: it shows the credentials]");
        }
        shown
    }

    /// Removes header values that repeat the credentials.
    pub(crate) fn redact_headers(&self, headers: &mut HeaderMap) {
        for value in headers.values_mut().filter(|value| self.is_echo(value)) {
            *value = HeaderValue::from_static("[removed: it shows the credentials]");
        }
    }

    /// Returns the headers without the values that repeat the credentials, or `None` if no value does.
    pub(crate) fn redacted(&self, headers: &HeaderMap) -> Option<HeaderMap> {
        headers.values().any(|value| self.is_echo(value)).then(|| {
            let mut headers = headers.clone();
            self.redact_headers(&mut headers);
            headers
        })
    }

    /// Marks header values that repeat the credentials as sensitive, so that `Debug` omits them.
    pub(crate) fn mark_echoes(&self, headers: &mut HeaderMap) {
        for value in headers.values_mut().filter(|value| self.is_echo(value)) {
            value.set_sensitive(true);
        }
    }

    fn is_echo(&self, value: &HeaderValue) -> bool {
        self.any_secret(|secret| echo::shows(value.as_bytes(), secret))
    }

    fn any_secret(&self, mut is_shown: impl FnMut(&[u8]) -> bool) -> bool {
        let token = self.token.as_ref().map(|token| token.header.as_bytes());
        let token = token.and_then(|header| header.splitn(2, |byte| *byte == b' ').nth(1));
        let fixed = self.fixed.iter().flat_map(|fixed| fixed.iter()).flat_map(Proof::secrets);
        token.into_iter().chain(fixed.map(|secret| secret.expose_secret().as_bytes())).any(&mut is_shown)
    }
}
