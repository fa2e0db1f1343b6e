//! When a caller in the queue gets a permit, as far as that is known.

use std::time::Duration;

use tokio::time::Instant;

use super::State;
use crate::rate_limit::lending::Lending;
use crate::rate_limit::limit::MAX_WINDOW;

/// The minimum delay of a wake-up, because timers have this resolution.
const TICK: Duration = Duration::from_millis(1);

/// A caller that waits for a pool is woken when the pool has lent a permit, and checks at this interval that turns are
/// still taken.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

impl State {
    /// Returns the earliest time at which a caller with `ahead` others before it gets a permit, if all requests in
    /// progress end now.
    pub(super) fn earliest(&self, now: Instant, ahead: usize) -> Instant {
        if let Some(lending) = &self.lending {
            // A permit that is not known yet may come with the next turn.
            let known = self.known(lending, now, ahead).unwrap_or(now + lending.window());
            return self.not_before(ahead, known.min(lending.next(now)));
        }
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let (rounds, place) = (ahead / limit, ahead % limit);
        let idle = usize::try_from(self.idle(now)).unwrap_or(usize::MAX);
        let first = match place.checked_sub(idle) {
            None => now,
            Some(place) => self.returns.get(place).copied().unwrap_or(now + self.window),
        };
        let rounds = self.window.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX));
        self.not_before(ahead, first + rounds.min(MAX_WINDOW))
    }

    /// Returns the time at which a caller with `ahead` others before it polls again, unless it is woken before.
    pub(super) fn turn(&self, now: Instant, ahead: usize) -> Instant {
        match &self.lending {
            Some(lending) => self.not_before(ahead, self.known(lending, now, ahead).unwrap_or(now + LOOK_AGAIN)),
            None => self.earliest(now, ahead),
        }
    }

    /// Returns the time at which the permit after `ahead` others is ready, of those that are present or known to come.
    fn known(&self, lending: &Lending, now: Instant, ahead: usize) -> Option<Instant> {
        let Some(ahead) = ahead.checked_sub(usize::try_from(self.idle(now)).unwrap_or(usize::MAX)) else {
            return Some(now);
        };
        let mut starts: Vec<Instant> = self.returns.iter().copied().chain(lending.starts()).collect();
        starts.sort_unstable();
        starts.get(ahead).copied()
    }

    /// Returns `at`, or the end of a pause or of the server's own limit if that is later.
    fn not_before(&self, ahead: usize, mut at: Instant) -> Instant {
        if let Some(until) = self.cap.as_ref().and_then(|cap| cap.holds_until(ahead)) {
            at = at.max(until);
        }
        self.paused.map_or(at, |paused| at.max(paused))
    }

    /// Returns the time of a timer for `at`.
    pub(super) fn wake_at(now: Instant, at: Instant) -> Instant {
        at.max(now + TICK)
    }
}
