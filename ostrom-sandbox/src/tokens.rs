//! Access tokens: issued, valid for a time, revoked.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::client::Role;
use crate::sync::{lock, random_id};

#[derive(Debug)]
pub(crate) struct Tokens {
    lifetime: Duration,
    live: Mutex<HashMap<String, Token>>,
    issued: AtomicUsize,
}

#[derive(Debug)]
struct Token {
    role: Role,
    issued: Instant,
}

impl Tokens {
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self { lifetime, live: Mutex::default(), issued: AtomicUsize::new(0) }
    }

    /// Issues a token. Earlier tokens stay valid, as they do at Ostrom.
    pub(crate) fn issue(&self, role: Role) -> String {
        let token = random_id();
        let issued = Instant::now();
        let mut live = lock(&self.live);
        // Expired tokens are removed, so that a sandbox that runs for weeks does not accumulate them.
        live.retain(|_, token| self.is_alive(token));
        live.insert(token.clone(), Token { role, issued });
        self.issued.fetch_add(1, Ordering::Relaxed);
        token
    }

    /// Returns the role of a token that is known and has not expired.
    pub(crate) fn role(&self, token: &str) -> Option<Role> {
        lock(&self.live).get(token).filter(|token| self.is_alive(token)).map(|token| token.role)
    }

    pub(crate) fn revoke_all(&self) {
        lock(&self.live).clear();
    }

    pub(crate) fn lifetime(&self) -> Duration {
        self.lifetime
    }

    pub(crate) fn issued(&self) -> usize {
        self.issued.load(Ordering::Relaxed)
    }

    /// Compares ages rather than instants, because adding a long lifetime to an instant can overflow.
    fn is_alive(&self, token: &Token) -> bool {
        token.issued.elapsed() < self.lifetime
    }
}
