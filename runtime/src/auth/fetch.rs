//! The sources that tokens are fetched from: an authorization server, the program, or a fake in tests.

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
    /// The lifetime, counted from the request for the token, so that it is never overestimated.
    pub(super) lifetime: Duration,
    /// The status of the authorization server's response.
    pub(super) status: StatusCode,
    pub(super) asked: Instant,
    /// The same moment as wall-clock time, for processes that do not share this process's clock.
    pub(super) asked_wall: SystemTime,
    /// The next refresh token and its generation.
    pub(super) refresh_token: Option<(SecretString, u64)>,
}

pub(super) type FetchFuture<'a> = Pin<Box<dyn Future<Output = Result<Fetched, TokenError>> + Send + 'a>>;

/// Fetches the tokens of one client.
pub(super) trait FetchToken: Send + Sync + 'static {
    /// Makes one attempt to fetch a token, within a timeout. `stored` is the token in the client's store.
    fn fetch<'a>(&'a self, reason: FetchReason, stored: Option<&'a StoredToken>) -> FetchFuture<'a>;

    /// Returns `true` if a fetch without a working store is unsafe: it would use a refresh token that another client of
    /// the store may have used already, which can revoke all tokens of the user.
    fn needs_store(&self) -> bool {
        false
    }

    /// Returns the generation of the refresh token that was used last.
    fn generation(&self) -> u64 {
        0
    }

    /// Stops all further fetches, because the last one failed permanently and the store has no newer token.
    fn give_up(&self, why: &TokenError) {
        let _ = why;
    }
}
