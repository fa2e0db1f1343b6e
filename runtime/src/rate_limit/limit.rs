//! How many requests a client may send.

use std::fmt;
use std::time::Duration;

pub(super) const MAX_WINDOW: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// How many requests a client may send: at most so many in *any* window of a length.
///
/// Calls that find no room wait in line, first come, first served, as long as their deadline allows. A server
/// that says `X-RateLimit-Remaining` and `X-RateLimit-Reset` can lower the pace further, never raise it.
///
/// A request's place in the window is free again one window after its answer, so a burst is followed by a
/// pause and the throughput stays a little under the limit. Retries count; token fetches do not.
///
/// ```
/// use std::time::Duration;
///
/// let limit = rolecall::RateLimit::new(50, Duration::from_secs(60));
/// assert_eq!(limit.to_string(), "50 requests in 60s");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    requests: u32,
    window: Duration,
}

impl RateLimit {
    /// At most `requests` in any time span as long as `window`.
    ///
    /// No requests, no window and a window of more than 31 days are refused when the client is built.
    #[must_use]
    pub const fn new(requests: u32, window: Duration) -> Self {
        Self { requests, window }
    }

    /// The number of requests.
    #[must_use]
    pub const fn requests(&self) -> u32 {
        self.requests
    }

    /// The length of the window.
    #[must_use]
    pub const fn window(&self) -> Duration {
        self.window
    }

    /// What is wrong with the limit, if anything is.
    pub(crate) fn check(self) -> Result<(), &'static str> {
        if self.requests == 0 {
            return Err("rate limit must allow at least one request");
        }
        if self.window.is_zero() {
            return Err("rate limit window must be greater than zero");
        }
        if self.window > MAX_WINDOW {
            return Err("rate limit window must be at most 31 days");
        }
        Ok(())
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} requests in {:?}", self.requests, self.window)
    }
}
