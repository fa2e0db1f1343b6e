//! An in-memory pool for the clients of one process.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::state::State;
use super::{PoolFuture, RateLimitPool, Turn};

/// A pool that several clients of one process share, such as two roles with one client ID.
///
/// Clones refer to the same pool. The pool holds the whole limit: a client owns no share of it, because the pool is
/// always reachable. If clients disagree about the limit, the lowest one applies to all.
///
/// ```
/// use std::time::Duration;
///
/// use rolecall::pool::LocalPool;
/// use rolecall::{Client, RateLimit, Role};
///
/// # enum User {}
/// # impl Role for User { const NAME: &'static str = "USER"; }
/// # enum Partner {}
/// # impl Role for Partner { const NAME: &'static str = "PARTNER"; }
/// # fn main() -> Result<(), rolecall::Error> {
/// let (limit, pool) = (RateLimit::new(50, Duration::from_secs(60)), LocalPool::new());
/// let user = Client::<User>::builder("https://api.example.com")
///     .client_credentials("https://auth.example.com/token", "id", "secret")
///     .rate_limit(limit)
///     .rate_limit_pool(pool.clone())
///     .build()?;
/// let partner = Client::<Partner>::builder("https://api.example.com")
///     .client_credentials("https://auth.example.com/token", "id", "secret")
///     .rate_limit(limit)
///     .rate_limit_pool(pool)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct LocalPool {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    since: Instant,
}

impl LocalPool {
    /// Creates a pool with no permits lent.
    #[must_use]
    pub fn new() -> Self {
        Self { shared: Arc::new(Shared { state: Mutex::default(), since: Instant::now() }) }
    }
}

impl Default for LocalPool {
    fn default() -> Self {
        Self::new()
    }
}

impl RateLimitPool for LocalPool {
    fn turn<'a>(&'a self, turn: &'a Turn) -> PoolFuture<'a> {
        let now: Duration = self.shared.since.elapsed();
        // Each step leaves the state consistent, so it can be used after a panic.
        let lent = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).turn(now, turn);
        Box::pin(std::future::ready(Ok(lent)))
    }
}

impl fmt::Debug for LocalPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalPool").finish_non_exhaustive()
    }
}
