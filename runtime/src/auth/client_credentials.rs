//! The client credentials grant (RFC 6749, section 4.4).

use secrecy::SecretString;

use super::endpoint::TokenEndpoint;
use super::fetch::{FetchFuture, FetchToken, Fetched};
use super::oauth::{OAuthClient, Server, oauth_options};
use super::reason::FetchReason;
use super::store::StoredToken;

/// A client ID and a secret, which the client exchanges for access tokens of its own (OAuth2, RFC 6749, section 4.4).
///
/// The first call that needs a token fetches it. All clones of the client share the token, and it is renewed before it
/// expires while the old one is still used. A token that the API rejects with 401 is renewed once.
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
    /// Creates the credentials. The client ID and the secret are sent to `token_url` by HTTP Basic.
    #[must_use]
    pub fn new(
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
    ) -> Self {
        let (server, secret) = (Server::TokenUrl(token_url.into()), Some(client_secret.into()));
        Self { client: OAuthClient::new(server, client_id.into(), secret) }
    }

    /// Creates the credentials for an authorization server that publishes its token endpoint.
    ///
    /// The first fetch reads `/.well-known/openid-configuration` below the issuer's URL, and falls back to the metadata
    /// of RFC 8414. The metadata must name the same issuer, and a token endpoint on the issuer's host or on
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
