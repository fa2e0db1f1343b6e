//! The parts that all OAuth2 grants share: the authorization server, the client, and the parameters of a request.

use secrecy::{ExposeSecret, SecretString};

use super::store::TokenKey;
use crate::client::base_url;
use crate::error::Error;
use crate::url::Url;

/// A client of an authorization server, as configured by the program.
#[derive(Clone)]
pub(super) struct OAuthClient {
    pub(super) server: Server,
    pub(super) id: String,
    /// `None` for a public client.
    pub(super) secret: Option<SecretString>,
    pub(super) authentication: Authentication,
    pub(super) scope: Option<String>,
    pub(super) audience: Option<String>,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) token_type: Option<String>,
    pub(super) token_host: Option<String>,
}

/// The location of the token endpoint.
#[derive(Debug, Clone)]
pub(super) enum Server {
    TokenUrl(String),
    /// The issuer, whose metadata names the token endpoint.
    Issuer(String),
}

/// The method of client authentication (RFC 6749, section 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Authentication {
    /// HTTP Basic with the ID and the secret form-encoded.
    Basic,
    /// HTTP Basic with the ID and the secret verbatim.
    BasicVerbatim,
    /// `Basic`, then `BasicVerbatim` if that is rejected.
    BasicVerbatimFallback,
    /// Parameters of the request.
    Body,
}

/// Parameters that have a method of their own or are set by the library.
const RESERVED: [&str; 7] =
    ["grant_type", "client_id", "client_secret", "scope", "audience", "refresh_token", "access_token"];

impl OAuthClient {
    pub(super) fn new(server: Server, id: String, secret: Option<SecretString>) -> Self {
        Self {
            server,
            id,
            secret,
            authentication: Authentication::Basic,
            scope: None,
            audience: None,
            parameters: Vec::new(),
            token_type: None,
            token_host: None,
        }
    }

    /// Returns the URL of the token endpoint, or of the issuer.
    pub(super) fn url(&self, allow_plain_http: bool) -> Result<Url, Error> {
        match &self.server {
            Server::TokenUrl(url) => base_url::parse("token URL", url, allow_plain_http),
            Server::Issuer(url) => base_url::parse("issuer URL", url, allow_plain_http),
        }
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        if self.id.trim().is_empty() {
            return Err(Error::configuration("client id is empty"));
        }
        if self.secret.as_ref().is_some_and(|secret| secret.expose_secret().trim().is_empty()) {
            return Err(Error::configuration("client secret is empty"));
        }
        if self.authentication == Authentication::BasicVerbatim && self.id.contains(':') {
            return Err(Error::configuration("client id cannot contain `:` with `basic_verbatim`"));
        }
        match self.parameters.iter().find(|(name, _)| name.is_empty() || RESERVED.contains(&name.as_str())) {
            Some((name, _)) => Err(Error::configuration(format!(
                "parameter `{name}` of the token request cannot be set by `parameter`; use the method for it"
            ))),
            None => Ok(()),
        }
    }

    /// Returns the parameters that distinguish the client's tokens from others.
    pub(super) fn key(&self, url: &Url) -> TokenKey {
        let mut key = TokenKey::new(url.as_str(), self.id.as_str(), self.scope.clone());
        if let Some(audience) = &self.audience {
            key = key.with_parameter("audience", audience);
        }
        let mut parameters: Vec<&(String, String)> = self.parameters.iter().collect();
        parameters.sort();
        for same in parameters.chunk_by(|(a, _), (b, _)| a == b) {
            let values: Vec<&str> = same.iter().map(|(_, value)| value.as_str()).collect();
            let name = same.first().map_or("", |(name, _)| name.as_str());
            key = key.with_parameter(name, values.join("\n"));
        }
        key
    }
}

/// The options that all OAuth2 credentials share, as methods of a type with a field `client`.
macro_rules! oauth_options {
    ($type:ident) => {
        impl $type {
            /// Sets the requested scope: names separated by spaces (RFC 6749, section 3.3). The default is chosen by
            /// the server.
            #[must_use]
            pub fn scope(mut self, scope: impl Into<String>) -> Self {
                self.client.scope = Some(scope.into());
                self
            }

            /// Sets the requested audience, a parameter of Auth0 and others.
            #[must_use]
            pub fn audience(mut self, audience: impl Into<String>) -> Self {
                self.client.audience = Some(audience.into());
                self
            }

            /// Adds a parameter to the token request, such as `resource` (RFC 8707). It can be called repeatedly.
            ///
            /// The value is part of the [`TokenKey`](crate::TokenKey) and must not be a secret.
            #[must_use]
            pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.client.parameters.push((name.into(), value.into()));
                self
            }

            /// Sends the ID and the secret as parameters of the request (`client_secret_post`) instead of HTTP Basic.
            #[must_use]
            pub fn secret_in_body(mut self) -> Self {
                self.client.authentication = super::oauth::Authentication::Body;
                self
            }

            /// Sends the ID and the secret verbatim by HTTP Basic, for servers that do not decode them.
            ///
            /// By default, both are form-encoded first, as RFC 6749, section 2.3.1, requires. That affects only
            /// characters other than letters, digits, `-`, `.`, `_`, and `*`.
            #[must_use]
            pub fn basic_verbatim(mut self) -> Self {
                self.client.authentication = super::oauth::Authentication::BasicVerbatim;
                self
            }

            /// Sends the ID and the secret form-encoded by HTTP Basic, then verbatim if the server rejects them and the
            /// encodings differ. The encoding that works is logged and kept. Use this for APIs whose documentation does
            /// not specify one.
            #[must_use]
            pub fn basic_verbatim_fallback(mut self) -> Self {
                self.client.authentication = super::oauth::Authentication::BasicVerbatimFallback;
                self
            }

            /// Accepts tokens of this `token_type` in addition to `Bearer`. They are still sent as bearer tokens.
            #[must_use]
            pub fn token_type(mut self, token_type: impl Into<String>) -> Self {
                self.client.token_type = Some(token_type.into());
                self
            }

            /// Accepts a token endpoint on this host, in addition to the issuer's own, from the issuer's metadata.
            #[must_use]
            pub fn token_host(mut self, host: impl Into<String>) -> Self {
                self.client.token_host = Some(host.into());
                self
            }
        }

        /// Omits secrets.
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($type))
                    .field("server", &self.client.server)
                    .field("client_id", &self.client.id)
                    .field("scope", &self.client.scope)
                    .finish_non_exhaustive()
            }
        }
    };
}

pub(super) use oauth_options;
