//! Rate limits that several clients share: in one process with [`LocalPool`], across machines with an implementation
//! of [`RateLimitPool`] such as the crate `rolecall-redis`.

mod fair;
mod local;
mod state;

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use super::limit::RateLimit;
pub use local::LocalPool;

/// The error of a [`RateLimitPool`].
///
/// It is logged with its text in a `tracing` event at level `WARN`, so it must not contain a secret.
pub type PoolError = Box<dyn std::error::Error + Send + Sync>;

/// The future that [`RateLimitPool::turn`] returns.
pub type PoolFuture<'a> = Pin<Box<dyn Future<Output = Result<Lent, PoolError>> + Send + 'a>>;

/// Permits that several clients share, so that all of them together respect one [`RateLimit`].
///
/// A limit of N requests per window is split into the share that each client owns, and the pool: N = M · r + P, where
/// each of up to M clients owns r permits, and P are lent. A client uses its own permits first, without contacting the
/// pool. For others it takes a *turn*: it reports the permits that are returned, and requests more. Each client has at
/// most one turn in progress, in a task of its own, regardless of the number of waiting calls.
///
/// A turn that fails or takes longer than 250 ms is logged, and repeated after a delay of 100 ms to 1 s. Until a turn
/// succeeds, the client has only its own share.
///
/// # Implementing a pool
///
/// A permit is used from its start until the client returns it, for up to [`Turn::hold`]; after that, it counts as used
/// at the last possible moment. It may be lent again once the [`Duration`] reported with its return has passed. An
/// implementation must handle a turn that is carried out but whose result is lost: the client then reports all permits
/// it requested as returned.
pub trait RateLimitPool: Send + Sync + 'static {
    /// Takes permits back and lends others.
    fn turn<'a>(&'a self, turn: &'a Turn) -> PoolFuture<'a>;

    /// Returns the number of permits that each client owns. The default is zero.
    ///
    /// # Errors
    ///
    /// Returns an error if the limit is too low. [`ClientBuilder::build`](crate::ClientBuilder::build) then fails with
    /// its text.
    fn own_share(&self, limit: RateLimit) -> Result<u32, PoolError> {
        let _ = limit;
        Ok(0)
    }
}

/// The report and the request that a client sends to a [`RateLimitPool`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Turn {
    /// The client, identified by a random number.
    pub client: u64,
    /// The number of the turn. It increases with each turn of the client, starting at 1.
    pub number: u64,
    /// The last turn that succeeded, unless everything lent until then must be back. A pool whose state does not
    /// include that turn has lost its state.
    pub answered: Option<u64>,
    /// The whole limit, as configured for this client.
    pub limit: RateLimit,
    /// Whether the client uses permits of its own share.
    pub has_own_share: bool,
    /// The maximum time that a permit is in use, counted from its start.
    pub hold: Duration,
    /// The returned permits, each with the time until it may be lent again. A permit may be returned again in a later turn,
    /// and may be one that was requested but never lent. A pool ignores both.
    pub returned: Vec<(u64, Duration)>,
    /// The time for which no client may send a request, as reported by the server.
    pub pause: Option<Duration>,
    /// The server's own count: the remaining requests, and how long that is valid.
    pub server_limit: Option<(u32, Duration)>,
    /// The number of the first requested permit. The others follow it.
    pub first: u64,
    /// The number of requested permits: those that calls wait for, in every turn until they are lent.
    pub wanted: u32,
    /// The limit for starts: permits that start later are not useful.
    pub within: Duration,
}

impl Turn {
    /// Creates a turn that reports nothing and requests nothing.
    #[must_use]
    pub fn new(client: u64, number: u64, limit: RateLimit) -> Self {
        Self {
            client,
            number,
            answered: None,
            limit,
            has_own_share: false,
            hold: Duration::ZERO,
            returned: Vec::new(),
            pause: None,
            server_limit: None,
            first: 0,
            wanted: 0,
            within: Duration::ZERO,
        }
    }
}

/// The permits that a [`RateLimitPool`] lends.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lent {
    /// The times from now at which each permit may be used. Their numbers are those requested, in order.
    pub starts: Vec<Duration>,
    /// The time before which requesting more permits is not useful.
    pub next: Option<Duration>,
    /// The time for which no client may send a request.
    pub pause: Option<Duration>,
    /// The time for which the pool lends nothing, because its state was lost or is new. Permits that it does not know
    /// of may be in use.
    pub closed: Option<Duration>,
    /// Whether the client may use its own share. It may not if more clients take part than the limit is split for.
    pub own_share: bool,
}

impl Default for Lent {
    /// Creates a result that lends nothing and allows the own share.
    fn default() -> Self {
        Self { starts: Vec::new(), next: None, pause: None, closed: None, own_share: true }
    }
}

impl fmt::Debug for dyn RateLimitPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimitPool").finish_non_exhaustive()
    }
}
