//! Rate limits that several clients share: in one process with [`LocalPool`], across machines with an implementation
//! of [`RateLimitPool`] such as the crate `rolecall-redis`.

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

/// Permits that several clients share, so that all of them together keep to one [`RateLimit`].
///
/// A limit of N requests per window is split into the share that each client owns, and the pool: N = M · r + P, where
/// each of up to M clients owns r permits, and P are lent. A client uses its own permits first, and needs nobody for
/// them. For others it takes a *turn*: it reports which permits are returned, and asks for more. One turn is under way
/// per client, in a task of its own, whatever the number of calls that wait.
///
/// A turn that fails or takes longer than 250 ms is logged, and repeated after a pause of 100 ms to 1 s. Until one
/// succeeds, the client has only its own share.
///
/// # Implementing a pool
///
/// A permit is used from its start until the client returns it, for up to [`Turn::hold`]; after that it counts as used
/// in the last moment. It may be lent again once the [`Duration`] reported with its return has passed. An
/// implementation must survive that a turn is carried out and its result is lost: the client then reports all permits
/// it asked for as returned.
pub trait RateLimitPool: Send + Sync + 'static {
    /// Takes permits back and lends others.
    fn turn<'a>(&'a self, turn: &'a Turn) -> PoolFuture<'a>;

    /// Returns how many permits of the limit belong to each client alone. The default is none.
    ///
    /// # Errors
    ///
    /// Returns an error if the limit does not suffice. [`ClientBuilder::build`](crate::ClientBuilder::build) then
    /// fails with its text.
    fn own_share(&self, limit: RateLimit) -> Result<u32, PoolError> {
        let _ = limit;
        Ok(0)
    }
}

/// What a client reports to a [`RateLimitPool`], and asks of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Turn {
    /// The client, by a random number.
    pub client: u64,
    /// The number of the turn. It grows with each turn of the client, from 1.
    pub number: u64,
    /// The last turn that succeeded, unless everything lent until then must be back. A state that does not know of it
    /// was lost.
    pub answered: Option<u64>,
    /// The whole limit, as this client knows it.
    pub limit: RateLimit,
    /// Whether the client uses permits of its own share.
    pub has_own_share: bool,
    /// How long a permit may be in use, counted from its start.
    pub hold: Duration,
    /// The permits that are returned, each with the time until it may be lent again. A permit may be returned twice,
    /// and may be one that was asked for and never lent.
    pub returned: Vec<(u64, Duration)>,
    /// No client may send a request for this long, because the server said so.
    pub pause: Option<Duration>,
    /// The server's own count: the requests left, and how long that holds.
    pub server_limit: Option<(u32, Duration)>,
    /// The number of the first permit asked for. The others follow it.
    pub first: u64,
    /// How many permits are asked for.
    pub wanted: u32,
    /// How many permits the client holds that start later.
    pub reserved: u32,
    /// Permits that start later than this are of no use.
    pub within: Duration,
}

impl Turn {
    /// Creates a turn that reports nothing and asks for nothing.
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
            reserved: 0,
            within: Duration::ZERO,
        }
    }
}

/// What a [`RateLimitPool`] lends.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lent {
    /// When each permit may be used, from now. Their numbers are those asked for, in order.
    pub starts: Vec<Duration>,
    /// Asking for more is of no use before this.
    pub next: Option<Duration>,
    /// No client may send a request for this long.
    pub pause: Option<Duration>,
    /// The pool lends nothing for this long, because its state was lost or is new. Permits may be in use that it does
    /// not know of.
    pub closed: Option<Duration>,
    /// Whether the client may use its own share. It may not if more clients take part than the limit is split for.
    pub own_share: bool,
}

impl Default for Lent {
    /// Lends nothing, and allows the own share.
    fn default() -> Self {
        Self { starts: Vec::new(), next: None, pause: None, closed: None, own_share: true }
    }
}

impl fmt::Debug for dyn RateLimitPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimitPool").finish_non_exhaustive()
    }
}
