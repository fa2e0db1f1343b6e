//! The refresh token grant (RFC 6749, section 6), with rotation.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret, SecretString};

use super::endpoint::TokenEndpoint;
use super::error::TokenError;
use super::fetch::{FetchFuture, FetchToken, Fetched};
use super::oauth::{OAuthClient, Server, oauth_options};
use super::reason::FetchReason;
use super::store::{StoredToken, TokenKey};
use crate::error::Problem;

/// A user's refresh token, which the client exchanges for access tokens on behalf of the user (OAuth2, RFC 6749,
/// section 6).
///
/// The access tokens are managed like those of [`ClientCredentials`](super::ClientCredentials). If the server sends a
/// new refresh token with an access token, it is saved to the client's [store](crate::ClientBuilder::token_store)
/// before the access token is used, and replaces the configured one. After a restart, the same configuration works: the
/// store has the newest token. Use a store that survives a restart, such as [`FileTokenStore`](crate::FileTokenStore),
/// unless the server does not rotate refresh tokens. If that store fails, no token is fetched: a refresh token that is
/// used twice can revoke all tokens of the user.
///
/// A refresh token that the server rejects with `invalid_grant` is not used again. Calls then fail immediately, and
/// [`on_consent_required`](Self::on_consent_required) is called.
///
/// ```
/// use rolecall::auth::RefreshToken;
///
/// # let refresh_token = "r";
/// let credentials = RefreshToken::new("https://auth.example.com/oauth2/token", "my-app", refresh_token)
///     .on_consent_required(|problem| eprintln!("please log in again: {problem}"));
/// ```
#[derive(Clone)]
pub struct RefreshToken {
    pub(super) client: OAuthClient,
    refresh_token: SecretString,
    on_consent_required: Option<Hook>,
}

type Hook = Arc<dyn Fn(&Problem) + Send + Sync>;

impl RefreshToken {
    /// Creates the credentials of a public client, which has no secret.
    #[must_use]
    pub fn new(
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        refresh_token: impl Into<SecretString>,
    ) -> Self {
        Self::at(Server::TokenUrl(token_url.into()), client_id.into(), refresh_token.into())
    }

    /// Creates the credentials for an authorization server that publishes its token endpoint; see
    /// [`ClientCredentials::from_issuer`](super::ClientCredentials::from_issuer).
    #[must_use]
    pub fn from_issuer(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        refresh_token: impl Into<SecretString>,
    ) -> Self {
        Self::at(Server::Issuer(issuer.into()), client_id.into(), refresh_token.into())
    }

    fn at(server: Server, id: String, refresh_token: SecretString) -> Self {
        Self { client: OAuthClient::new(server, id, None), refresh_token, on_consent_required: None }
    }

    /// Sets the secret of a confidential client.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.client.secret = Some(secret.into());
        self
    }

    /// Sets a function that is called once if the refresh token is no longer valid, with the error that the server
    /// returned. The user then has to give consent again, and the program needs a new client, or new settings, with a
    /// new refresh token.
    ///
    /// The function must not block.
    #[must_use]
    pub fn on_consent_required(mut self, hook: impl Fn(&Problem) + Send + Sync + 'static) -> Self {
        self.on_consent_required = Some(Arc::new(hook));
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.refresh_token.expose_secret().is_empty()
    }

    /// Adds parameters to the key that distinguish the users of one client.
    pub(super) fn key(&self, key: TokenKey) -> TokenKey {
        key.with_parameter("refresh_token", fingerprint(self.refresh_token.expose_secret()))
    }

    pub(super) fn fetcher(&self, endpoint: TokenEndpoint) -> RefreshTokenFetch {
        let newest = Newest { token: self.refresh_token.clone(), generation: 0, rejected: None };
        RefreshTokenFetch { endpoint, newest: Mutex::new(newest), hook: self.on_consent_required.clone() }
    }
}

oauth_options!(RefreshToken);

/// Returns a number that differs for different tokens and does not reveal the token: it is shorter than any refresh
/// token. 128-bit FNV-1a is stable across versions of this crate.
fn fingerprint(token: &str) -> String {
    let fold = |sum: u128, byte: u8| (sum ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    let sum = token.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, fold);
    let mut text = String::with_capacity(32);
    // Writing to a string cannot fail.
    let _ = write!(text, "{sum:032x}");
    text
}

/// Fetches tokens with a refresh token, and keeps the newest one.
pub(super) struct RefreshTokenFetch {
    endpoint: TokenEndpoint,
    newest: Mutex<Newest>,
    hook: Option<Hook>,
}

#[derive(Clone)]
struct Newest {
    token: SecretString,
    generation: u64,
    /// The error that stopped further use of the token.
    rejected: Option<TokenError>,
}

impl RefreshTokenFetch {
    fn newest(&self) -> MutexGuard<'_, Newest> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn refresh(&self, stored: Option<&StoredToken>) -> Result<Fetched, TokenError> {
        let current = {
            let mut newest = self.newest();
            let later = stored.filter(|stored| stored.generation() > newest.generation);
            if let Some((token, stored)) = later.and_then(|stored| Some((stored.refresh_token()?, stored))) {
                *newest = Newest { token: token.clone(), generation: stored.generation(), rejected: None };
            }
            newest.clone()
        };
        if let Some(why) = current.rejected {
            return Err(why);
        }
        let grant = [("grant_type", "refresh_token"), ("refresh_token", current.token.expose_secret())];
        let issued = match self.endpoint.request(&grant, Some(&current.token)).await {
            Err(TokenError::Refused { status, oauth: Some(oauth), .. }) if oauth.error == "invalid_grant" => {
                return Err(TokenError::ConsentRequired { status, oauth: Some(oauth) });
            }
            issued => issued?,
        };
        let rotated = issued.refresh_token.as_ref().map(|(token, _)| token);
        let rotated = rotated.filter(|token| token.expose_secret() != current.token.expose_secret());
        let next = match rotated {
            Some(token) => (token.clone(), current.generation + 1),
            None => (current.token, current.generation),
        };
        let mut newest = self.newest();
        if next.1 > newest.generation {
            *newest = Newest { token: next.0.clone(), generation: next.1, rejected: None };
        }
        Ok(Fetched { refresh_token: Some(next), ..issued })
    }
}

impl FetchToken for RefreshTokenFetch {
    fn fetch<'a>(&'a self, _: FetchReason, stored: Option<&'a StoredToken>) -> FetchFuture<'a> {
        Box::pin(self.refresh(stored))
    }

    fn needs_store(&self) -> bool {
        true
    }

    fn generation(&self) -> u64 {
        self.newest().generation
    }

    fn give_up(&self, why: &TokenError) {
        let TokenError::ConsentRequired { oauth, .. } = why else { return };
        if self.newest().rejected.replace(why.clone()).is_some() {
            return;
        }
        if let Some(hook) = &self.hook {
            let (error, description) = match oauth {
                Some(oauth) => (oauth.error.as_str(), oauth.description.as_str()),
                None => ("invalid_grant", ""),
            };
            hook(&Problem::new(error, description));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_stays_the_same_and_is_not_the_token() {
        // The published test vectors of FNV-1a, 128 bits.
        assert_eq!(fingerprint(""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(fingerprint("a"), "d228cb696f1a8caf78912b704e4a8964");
        assert_ne!(fingerprint("ab"), fingerprint("ba"));
    }
}
