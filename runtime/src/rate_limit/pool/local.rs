//! A pool in memory, for the clients of one process.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::state::State;
use super::{PoolFuture, RateLimitPool, Turn};

/// A pool for several clients of one process, such as two roles with one client id.
///
/// Clones are the same pool. All of the limit is in the pool: a client owns no share of it, because the pool is never
/// out of reach. Clients that disagree about the limit all keep to the lowest.
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
    /// Creates a pool of which nothing is lent.
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
        // Each step leaves the state whole, so what a panic left behind can be used.
        let lent = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).turn(now, turn);
        Box::pin(std::future::ready(Ok(lent)))
    }
}

impl fmt::Debug for LocalPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalPool").finish_non_exhaustive()
    }
}
