//! What fetches tokens: an authorization server, the program, or what a test puts in their place.

use std::pin::Pin;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use secrecy::SecretString;
use tokio::time::Instant;

use super::error::TokenError;
use super::reason::FetchReason;
use super::store::StoredToken;

/// A new token.
#[derive(Clone)]
pub(super) struct Fetched {
    pub(super) token: SecretString,
    /// From when the token was asked for, so that it never seems to live longer than it does.
    pub(super) lifetime: Duration,
    /// The status of the authorization server's response.
    pub(super) status: StatusCode,
    pub(super) asked: Instant,
    /// The same moment, for those who share no clock with this process.
    pub(super) asked_wall: SystemTime,
    /// The refresh token to use next, and its generation.
    pub(super) refresh_token: Option<(SecretString, u64)>,
}

pub(super) type FetchFuture<'a> = Pin<Box<dyn Future<Output = Result<Fetched, TokenError>> + Send + 'a>>;

/// Fetches the tokens of one client.
pub(super) trait FetchToken: Send + Sync + 'static {
    /// Makes one attempt to fetch a token, bounded in time. `stored` is what the client's store has.
    fn fetch<'a>(&'a self, reason: FetchReason, stored: Option<&'a StoredToken>) -> FetchFuture<'a>;

    /// Returns `true` if a fetch without a working store does harm: it would use a refresh token that another client of
    /// the store may have used, which can revoke all tokens of the user.
    fn needs_store(&self) -> bool {
        false
    }

    /// Returns the generation of the refresh token that was used last.
    fn generation(&self) -> u64 {
        0
    }

    /// Ends all fetches, since the last one failed for good and the store has nothing newer.
    fn give_up(&self, why: &TokenError) {
        let _ = why;
    }
}
