//! The credentials of a client, as the program provides them.

use std::sync::Arc;

use super::api_key::ApiKey;
use super::basic::Basic;
use super::bearer::{Bearer, check_scheme};
use super::client_credentials::{ClientCredentials, ClientCredentialsFetch};
use super::endpoint::{Sender, TokenEndpoint};
use super::fetch::FetchToken;
use super::proof::Proof;
use super::refresh_token::RefreshToken;
use super::source::TokenSource;
use super::store::{MemoryTokenStore, TokenKey, TokenStore};
use super::supplier::TokenSupplier;
use crate::error::Error;
use crate::url::Url;

/// The credentials that a client presents to an API: an [`ApiKey`], [`Basic`], a [`Bearer`] token,
/// [`ClientCredentials`], a [`RefreshToken`], or a [supplier](Bearer::supplied_by) of tokens.
///
/// Each of these types converts into `Credentials` where they are expected: in
/// [`ClientBuilder::credentials`](crate::ClientBuilder::credentials) and
/// [`CallSettings::credentials`](crate::CallSettings::credentials).
#[derive(Debug, Clone)]
pub struct Credentials(Kind);

#[derive(Debug, Clone)]
enum Kind {
    External,
    PerCall,
    ApiKey(ApiKey),
    Basic(Basic),
    Bearer(Bearer),
    ClientCredentials(ClientCredentials),
    RefreshToken(RefreshToken),
    Supplier(TokenSupplier),
}

impl Credentials {
    /// Creates credentials for a client that has none of its own: each call provides them with
    /// [`CallSettings::credentials`](crate::CallSettings::credentials).
    ///
    /// A call without credentials fails before any request is sent.
    #[must_use]
    pub fn per_call() -> Self {
        Self(Kind::PerCall)
    }

    /// Creates credentials for a client that proves its role by something that these credentials do not add to the
    /// requests: a client certificate, its user at a Unix socket, or the signature of a
    /// [middleware](crate::middleware::Middleware).
    ///
    /// ```
    /// use rolecall::auth::Credentials;
    /// use rolecall::{Client, ConnectionSettings, Error, Role};
    ///
    /// #[derive(Role)]
    /// enum Node {}
    ///
    /// fn client(certificate: &str, key: &str) -> Result<Client<Node>, Error> {
    ///     Client::builder("https://api.example.com")
    ///         .connection(ConnectionSettings::new().identity(certificate, key))
    ///         .credentials(Credentials::external())
    ///         .build()
    /// }
    /// ```
    #[must_use]
    pub fn external() -> Self {
        Self(Kind::External)
    }

    /// Returns the URL that token requests are sent to, if these credentials need tokens.
    pub(crate) fn token_url(&self, allow_plain_http: bool) -> Option<Result<Url, Error>> {
        let client = match &self.0 {
            Kind::ClientCredentials(credentials) => &credentials.client,
            Kind::RefreshToken(credentials) => &credentials.client,
            Kind::External | Kind::PerCall => return None,
            Kind::ApiKey(_) | Kind::Basic(_) | Kind::Bearer(_) | Kind::Supplier(_) => return None,
        };
        Some(client.url(allow_plain_http))
    }

    /// Validates the credentials and prepares them for use. `own` is `false` for the credentials of a single call:
    /// their tokens are not shared through the client's store, except for a refresh token, which would otherwise be
    /// lost.
    pub(crate) fn part(&self, sender: &Sender, store: &Arc<dyn TokenStore>, own: bool) -> Result<Part, Error> {
        let url = self.token_url(sender.allow_plain_http).transpose()?;
        let in_memory = || Arc::new(MemoryTokenStore::new()) as Arc<dyn TokenStore>;
        let source = |fetch: Box<dyn FetchToken>, store, key, scheme: &str| {
            Part::Source(TokenSource::new(fetch, store, key, scheme.to_owned(), sender.timeout))
        };
        Ok(match (&self.0, url) {
            (Kind::External, _) => Part::External,
            (Kind::PerCall, _) => Part::PerCall,
            (Kind::ApiKey(key), _) => Part::Fixed(key.proof()?),
            (Kind::Basic(basic), _) => Part::Fixed(basic.proof()?),
            (Kind::Bearer(bearer), _) => Part::Fixed(bearer.proof()?),
            (Kind::ClientCredentials(credentials), Some(url)) => {
                credentials.client.check()?;
                let (key, store) = (credentials.client.key(&url), if own { Arc::clone(store) } else { in_memory() });
                let endpoint = TokenEndpoint::new(credentials.client.clone(), url, sender)?;
                source(Box::new(ClientCredentialsFetch { endpoint }), store, key, "Bearer")
            }
            (Kind::RefreshToken(credentials), Some(url)) => {
                credentials.client.check()?;
                if credentials.is_empty() {
                    return Err(Error::configuration("refresh token is empty"));
                }
                let key = credentials.key(credentials.client.key(&url));
                let endpoint = TokenEndpoint::new(credentials.client.clone(), url, sender)?;
                source(Box::new(credentials.fetcher(endpoint)), Arc::clone(store), key, "Bearer")
            }
            (Kind::Supplier(supplier), _) => {
                check_scheme(&supplier.scheme)?;
                let fetch = Box::new(supplier.fetcher(sender.timeout));
                let key = TokenKey::new("supplier:", supplier.name.as_deref().unwrap_or_default(), None);
                let store = if own && supplier.name.is_some() { Arc::clone(store) } else { in_memory() };
                source(fetch, store, key, &supplier.scheme)
            }
            (Kind::ClientCredentials(_) | Kind::RefreshToken(_), None) => {
                return Err(Error::configuration("credentials have no token URL"));
            }
        })
    }
}

/// Credentials that are ready for use.
#[derive(Clone)]
pub(crate) enum Part {
    /// Nothing that a request contains.
    External,
    /// No credentials yet: each call provides them.
    PerCall,
    Fixed(Proof),
    Source(TokenSource),
}

impl From<ApiKey> for Credentials {
    fn from(key: ApiKey) -> Self {
        Self(Kind::ApiKey(key))
    }
}

impl From<Basic> for Credentials {
    fn from(basic: Basic) -> Self {
        Self(Kind::Basic(basic))
    }
}

impl From<Bearer> for Credentials {
    fn from(bearer: Bearer) -> Self {
        Self(Kind::Bearer(bearer))
    }
}

impl From<ClientCredentials> for Credentials {
    fn from(credentials: ClientCredentials) -> Self {
        Self(Kind::ClientCredentials(credentials))
    }
}

impl From<RefreshToken> for Credentials {
    fn from(credentials: RefreshToken) -> Self {
        Self(Kind::RefreshToken(credentials))
    }
}

impl From<TokenSupplier> for Credentials {
    fn from(supplier: TokenSupplier) -> Self {
        Self(Kind::Supplier(supplier))
    }
}
