//! The limit that the server reports in its headers.

use tokio::time::Instant;

use super::headers::Remaining;

/// The server's count includes the requests that it had received when it sent the response. It may or may not include
/// others that were in progress meanwhile; until that is known, they are subtracted from the remaining count.
#[derive(Debug)]
pub(super) struct ServerLimit {
    /// The number of remaining requests that the server reported.
    told: u32,
    /// The number of these that are certainly unused. Negative while more requests are in progress than the server
    /// reported as remaining.
    left: i64,
    until: Instant,
    /// Permits below this number were issued before the server's report arrived.
    taken: u64,
}

impl ServerLimit {
    /// Creates the limit that a response reports, of which the server may not have counted `unknown` requests, and before
    /// which `taken` permits were issued.
    pub(super) fn new(told: Remaining, unknown: u64, taken: u64, now: Instant) -> Self {
        let left = i64::from(told.requests).saturating_sub_unsigned(unknown);
        Self { told: told.requests, left, until: now + told.reset, taken }
    }

    /// Returns `true` if this limit stays in force after another report, to the request with the permit `number`.
    ///
    /// If both requests were in progress together, their responses may have arrived out of order. The server's count only
    /// decreases: the response with more remaining was sent first, so its request is known to be counted.
    pub(super) fn counts(&mut self, number: u64, now: Instant, told: Remaining) -> bool {
        let counts = !self.is_over(now) && number < self.taken && told.requests > self.told;
        self.left += i64::from(counts);
        counts
    }

    pub(super) fn take(&mut self) {
        self.left -= 1;
    }

    pub(super) fn give_back(&mut self) {
        self.left += 1;
    }

    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.until <= now
    }

    /// Returns the number of requests that may be sent.
    pub(super) fn left(&self) -> u32 {
        u32::try_from(self.left.max(0)).unwrap_or(u32::MAX)
    }

    /// Returns the end of the limit, if a caller with `ahead` others before it has to wait for that.
    pub(super) fn holds_until(&self, ahead: usize) -> Option<Instant> {
        usize::try_from(self.left()).is_ok_and(|left| left <= ahead).then_some(self.until)
    }
}
