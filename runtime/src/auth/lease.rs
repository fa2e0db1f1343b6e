//! Leases, which decide which of several clients with a shared store may fetch a token.

use std::fmt;
use std::time::Duration;

/// The result of [`TokenStore::claim`](crate::TokenStore::claim): whether a client may fetch a token now.
#[derive(Debug)]
#[non_exhaustive]
pub enum Claim {
    /// The client may fetch, and no other client does while the lease is alive.
    Granted(Lease),
    /// Another client is fetching a token. The store is checked again after this time.
    Held(Duration),
    /// No client may fetch for this time, because another client's fetch failed.
    Refused(Duration),
}

/// The right to fetch a token, until it is dropped.
pub struct Lease {
    end: Option<Box<dyn FnOnce(Option<Duration>) + Send>>,
}

impl Lease {
    /// Creates a lease that calls `end` when it ends: with `None` if there is a new token or the fetch was cancelled,
    /// or with the time for which no client should fetch a token, because this fetch failed.
    ///
    /// `end` must not block. It is called from any thread, inside or outside a Tokio runtime.
    #[must_use]
    pub fn new(end: impl FnOnce(Option<Duration>) + Send + 'static) -> Self {
        Self { end: Some(Box::new(end)) }
    }

    /// Creates a lease that does not exclude other clients.
    #[must_use]
    pub fn free() -> Self {
        Self { end: None }
    }

    pub(super) fn is_free(&self) -> bool {
        self.end.is_none()
    }

    /// Ends the lease because the fetch failed. No client should fetch a token for this time.
    pub fn failed(mut self, hold: Duration) {
        if let Some(end) = self.end.take() {
            end(Some(hold));
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            end(None);
        }
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("free", &self.is_free()).finish()
    }
}
