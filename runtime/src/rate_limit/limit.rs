//! The rate limit of a client.

use std::fmt;
use std::time::Duration;

pub(super) const MAX_WINDOW: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// A rate limit: at most this number of requests in *any* window of this length.
///
/// Calls that find no free permit join a FIFO queue, as long as their deadline allows. A server that sends
/// `X-RateLimit-Remaining` and `X-RateLimit-Reset` can lower the limit further, but never raise it.
///
/// A request's permit becomes free again one window after the response, so a burst is followed by a pause, and the
/// throughput stays slightly below the limit. Retries count; token fetches do not.
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
    /// Creates a limit of `requests` in any time span of length `window`.
    ///
    /// Zero requests, a zero window, and a window of more than 31 days are rejected when the client is built.
    #[must_use]
    pub const fn new(requests: u32, window: Duration) -> Self {
        Self { requests, window }
    }

    /// Returns the number of requests.
    #[must_use]
    pub const fn requests(&self) -> u32 {
        self.requests
    }

    /// Returns the length of the window.
    #[must_use]
    pub const fn window(&self) -> Duration {
        self.window
    }

    /// Returns an error if the limit is invalid.
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
