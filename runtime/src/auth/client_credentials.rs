//! The grant of client credentials (RFC 6749, section 4.4).

use secrecy::SecretString;

use super::endpoint::TokenEndpoint;
use super::fetch::{FetchFuture, FetchToken, Fetched};
use super::oauth::{OAuthClient, Server, oauth_options};
use super::reason::FetchReason;
use super::store::StoredToken;

/// An id and a secret, with which the client gets access tokens for itself (OAuth2, RFC 6749, section 4.4).
///
/// A token is fetched by the first call that needs one, shared by all clones of the client, and renewed ahead of its
/// expiry while the old one serves. A token that the API rejects with 401 is renewed once.
///
/// ```
/// use rolecall::auth::ClientCredentials;
///
/// # let secret = "s";
/// let credentials = ClientCredentials::new("https://auth.example.com/oauth2/token", "my-app", secret)
///     .scope("read write")
///     .audience("https://api.example.com/");
/// ```
#[derive(Clone)]
pub struct ClientCredentials {
    pub(super) client: OAuthClient,
}

impl ClientCredentials {
    /// Creates the credentials. Id and secret are sent to `token_url` by HTTP Basic.
    #[must_use]
    pub fn new(
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
    ) -> Self {
        let (server, secret) = (Server::TokenUrl(token_url.into()), Some(client_secret.into()));
        Self { client: OAuthClient::new(server, client_id.into(), secret) }
    }

    /// Creates the credentials for an authorization server that publishes where it issues tokens.
    ///
    /// The first fetch reads `/.well-known/openid-configuration` below the issuer's URL, or else the metadata of
    /// RFC 8414. These must name the same issuer, and a token endpoint on its host or on
    /// [`token_host`](Self::token_host).
    #[must_use]
    pub fn from_issuer(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
    ) -> Self {
        let (server, secret) = (Server::Issuer(issuer.into()), Some(client_secret.into()));
        Self { client: OAuthClient::new(server, client_id.into(), secret) }
    }
}

oauth_options!(ClientCredentials);

/// Fetches tokens for client credentials.
pub(super) struct ClientCredentialsFetch {
    pub(super) endpoint: TokenEndpoint,
}

impl FetchToken for ClientCredentialsFetch {
    fn fetch<'a>(&'a self, _: FetchReason, _: Option<&'a StoredToken>) -> FetchFuture<'a> {
        Box::pin(async move {
            let issued = self.endpoint.request(&[("grant_type", "client_credentials")], None).await?;
            Ok(Fetched { refresh_token: None, ..issued })
        })
    }
}
