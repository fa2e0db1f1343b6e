//! The life of access tokens: issued, valid for a while, revoked.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::client::Role;
use crate::state::{lock, random_id};

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

    /// Issues one more token; those issued before stay valid, as they do at Ostrom.
    pub(crate) fn issue(&self, role: Role) -> String {
        let token = random_id();
        let issued = Instant::now();
        let mut live = lock(&self.live);
        // A sandbox that runs for weeks must not keep every token that it ever issued.
        live.retain(|_, token| self.is_alive(token));
        live.insert(token.clone(), Token { role, issued });
        self.issued.fetch_add(1, Ordering::Relaxed);
        token
    }

    /// The role that a token carries, if it is known and has not expired.
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

    /// Compares ages rather than dates: no lifetime is too long to be added to a date.
    fn is_alive(&self, token: &Token) -> bool {
        token.issued.elapsed() < self.lifetime
    }
}
