//! The token's life as a plain state machine, without a clock, network, or waiting. Every step receives the time.
//!
//! ```text
//!        fetched                 margin before expiry            leeway before expiry
//! -----------|==================================|====================|-----------> time
//!  wait for  |  served                          |  served, while one |  wait for
//!  one fetch |                                  |  renewal runs      |  one fetch
//! ```
//!
//! At most one fetch is in progress. After a failed fetch, none is started for a while (the backoff), so that an outage
//! costs the authorization server only a few requests, regardless of the number of calls.

use std::time::Duration;

use tokio::time::Instant;

use super::error::TokenError;
use super::header::TokenHeader;
use super::reason::FetchReason;
use crate::random;

#[cfg(test)]
mod tests;

/// The constants behind the documented guarantees.
mod bounds {
    use std::time::Duration;

    /// A token is renewed in the last quarter of its lifetime, at the earliest five minutes before its end.
    pub(super) const RENEWAL_MARGIN: Duration = Duration::from_secs(300);
    pub(super) const RENEWAL_MARGIN_PART: u32 = 4;
    /// The margin is randomly up to a fifth longer, so that clients that started together do not renew together.
    pub(super) const RENEWAL_MARGIN_JITTER: u32 = 5;
    /// A token is not sent in the last tenth of its lifetime, up to ten seconds, because it might expire in transit.
    pub(super) const EXPIRY_LEEWAY: Duration = Duration::from_secs(10);
    pub(super) const EXPIRY_LEEWAY_PART: u32 = 10;
    /// The number of attempts between the two, if the first fails.
    pub(super) const TRIES: u32 = 3;

    /// The backoff after the first failures. With the longest backoff after all others, there are at most 3 requests
    /// per minute.
    pub(super) const UNAVAILABLE: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(10)];
    /// The backoff after the first rejection of the credentials, which only people can fix.
    pub(super) const REFUSED: [Duration; 1] = [Duration::from_secs(30)];
    pub(super) const MAX_BACKOFF: Duration = Duration::from_secs(60);
    /// A backoff is randomly up to a quarter longer.
    pub(super) const HOLD_JITTER: u32 = 4;

    /// The number of lost fetches (with their runtime, or by a panic) that counts as a failure.
    pub(super) const LOST: u32 = 3;

    /// The maximum number of renewals per minute because the API rejected a token.
    pub(super) const REJECTED: usize = 3;
    pub(super) const REJECTED_IN: Duration = Duration::from_secs(60);
}

/// A token from the authorization server or the store.
#[derive(Clone)]
pub(super) struct IssuedToken {
    pub(super) header: http::HeaderValue,
    /// The whole lifetime, counted from the request for the token.
    pub(super) lifetime: Duration,
    pub(super) expires: Instant,
}

/// A random fraction between zero and one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jitter(f64);

impl Jitter {
    pub(super) const NONE: Self = Self(0.0);
    #[cfg(test)]
    pub(super) const ALL: Self = Self(1.0);

    pub(super) fn pick() -> Self {
        Self(random::unit_f64())
    }

    fn of(self, whole: Duration) -> Duration {
        whole.mul_f64(self.0)
    }
}

/// The action of a caller that needs a token.
#[derive(Debug, Clone)]
pub(super) enum Action {
    /// Send this token.
    Serve(TokenHeader),
    /// Send this token, and start this renewal.
    ServeAndFetch(TokenHeader, Fetch),
    /// Start this fetch, and ask again when it is done.
    Fetch(Fetch),
    /// Ask again when the fetch is done, or at this time at the latest.
    Wait(Instant),
    /// No fetch is started before this time, because of this error.
    Backoff(Instant, TokenError),
}

/// A fetch to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fetch {
    pub(super) number: u64,
    pub(super) reason: FetchReason,
}

#[derive(Clone)]
struct Token {
    bearer: TokenHeader,
    lifetime: Duration,
    expires: Instant,
    renew: Instant,
    /// The time from which the token is no longer sent.
    end: Instant,
}

#[derive(Clone)]
pub(super) struct State {
    token: Option<Token>,
    generation: u64,
    /// The fetch in progress, and the time from which it counts as lost.
    fetching: Option<(u64, Instant)>,
    fetches: u64,
    /// The maximum duration of a fetch.
    timeout: Duration,
    hold: Option<(Instant, TokenError)>,
    failures: usize,
    lost: u32,
    /// The times of the last renewals because the API rejected a token.
    rejected: [Option<Instant>; bounds::REJECTED],
}

impl State {
    pub(super) fn new(timeout: Duration) -> Self {
        Self {
            token: None,
            generation: 0,
            fetching: None,
            fetches: 0,
            timeout,
            hold: None,
            failures: 0,
            lost: 0,
            rejected: [None; bounds::REJECTED],
        }
    }

    /// Returns the action of a caller that needs a token: any valid one, or one newer than the generation that the API
    /// rejected.
    pub(super) fn ask(&mut self, now: Instant, rejected: Option<u64>) -> Action {
        let newest = rejected.is_none_or(|rejected| self.generation > rejected);
        if let Some(token) = self.token.as_ref().filter(|token| newest && now < token.end) {
            let bearer = token.bearer.clone();
            // The common case returns here.
            if now < token.renew {
                return Action::Serve(bearer);
            }
            self.settle(now);
            if self.fetching.is_some() || self.hold.is_some() {
                return Action::Serve(bearer);
            }
            return Action::ServeAndFetch(bearer, self.start(now, FetchReason::Expiring));
        }
        self.settle(now);
        if let Some((_, lost)) = self.fetching {
            return Action::Wait(lost);
        }
        if let Some((until, why)) = &self.hold {
            return Action::Backoff(*until, why.clone());
        }
        if newest || self.token.as_ref().is_none_or(|token| token.end <= now) {
            return Action::Fetch(self.start(now, FetchReason::Missing));
        }
        match self.rejected[..].iter_mut().min() {
            Some(Some(first)) if now < *first + bounds::REJECTED_IN => {
                Action::Backoff(*first + bounds::REJECTED_IN, TokenError::Exhausted { retry_after: None })
            }
            oldest => {
                if let Some(oldest) = oldest {
                    *oldest = Some(now);
                }
                Action::Fetch(self.start(now, FetchReason::Rejected))
            }
        }
    }

    /// Records that the fetch obtained a token.
    pub(super) fn fetched(&mut self, number: u64, now: Instant, grant: IssuedToken, chance: Jitter) {
        if !self.ends(number) {
            return;
        }
        let margin = bounds::RENEWAL_MARGIN.min(grant.lifetime / bounds::RENEWAL_MARGIN_PART);
        let margin = margin + chance.of(margin / bounds::RENEWAL_MARGIN_JITTER);
        let safety = bounds::EXPIRY_LEEWAY.min(grant.lifetime / bounds::EXPIRY_LEEWAY_PART);
        let before = |early: Duration| grant.expires.checked_sub(early).unwrap_or(now);
        self.generation += 1;
        self.token = Some(Token {
            bearer: TokenHeader { header: grant.header, generation: self.generation },
            lifetime: grant.lifetime,
            expires: grant.expires,
            renew: before(margin),
            end: before(safety),
        });
        self.hold = None;
        self.failures = 0;
        self.lost = 0;
    }

    /// Records that the fetch failed. A token that can still be sent is kept.
    pub(super) fn failed(&mut self, number: u64, now: Instant, why: TokenError, chance: Jitter) {
        if self.ends(number) {
            self.hold_off(now, why, chance);
        }
    }

    /// Records that the fetch ended without a result: its runtime was shut down, or it panicked.
    pub(super) fn lost(&mut self, number: u64, now: Instant) {
        if !self.ends(number) {
            return;
        }
        self.lost += 1;
        if self.lost >= bounds::LOST {
            let why = TokenError::unavailable();
            self.hold_off(now, why, Jitter::NONE);
        }
    }

    /// Returns `true` if another client's token was issued after the current one and can be sent.
    pub(super) fn is_newer(&self, grant: &IssuedToken, now: Instant) -> bool {
        let age =
            |lifetime: Duration, expires: Instant| lifetime.saturating_sub(expires.saturating_duration_since(now));
        let newer = self.token.as_ref().is_none_or(|token| {
            let issued_later = age(grant.lifetime, grant.expires) < age(token.lifetime, token.expires);
            issued_later && token.bearer.header != grant.header
        });
        newer && Self::useful(grant, now)
    }

    /// Records that the fetch waits for another client's, and is not lost.
    pub(super) fn is_alive(&mut self, number: u64, now: Instant) {
        if let Some((_, lost)) = self.fetching.as_mut().filter(|(fetching, _)| *fetching == number) {
            *lost = now + self.timeout;
        }
    }

    /// Records that the fetch was left to other clients, or postponed, because the token can still be sent. No other
    /// fetch is started for a while.
    pub(super) fn postponed(&mut self, number: u64, now: Instant, pause: Duration) {
        if self.ends(number) {
            let end = self.token.as_ref().map_or(now, |token| token.end.min(now + pause));
            let why = TokenError::unavailable();
            self.hold = Some((end, why));
        }
    }

    /// Returns the time until the next attempt is allowed.
    pub(super) fn held(&self, now: Instant) -> Duration {
        self.hold.as_ref().map_or(Duration::ZERO, |(until, _)| until.saturating_duration_since(now))
    }

    /// Returns `true` if a token that arrives now could be sent.
    pub(super) fn useful(grant: &IssuedToken, now: Instant) -> bool {
        let safety = bounds::EXPIRY_LEEWAY.min(grant.lifetime / bounds::EXPIRY_LEEWAY_PART);
        grant.expires.saturating_duration_since(now) > safety
    }

    fn start(&mut self, now: Instant, reason: FetchReason) -> Fetch {
        self.fetches += 1;
        self.fetching = Some((self.fetches, now + self.timeout));
        Fetch { number: self.fetches, reason }
    }

    /// Ends the fetch in progress and returns `true` if it is this one. A fetch that counted as lost and still returns
    /// is ignored.
    fn ends(&mut self, number: u64) -> bool {
        self.fetching.take_if(|(fetching, _)| *fetching == number).is_some()
    }

    /// Clears what has expired: a backoff, and a fetch that is no longer running.
    fn settle(&mut self, now: Instant) {
        self.hold.take_if(|(until, _)| *until <= now);
        if let Some((number, _)) = self.fetching.filter(|(_, lost)| *lost <= now) {
            self.lost(number, now);
        }
    }

    fn hold_off(&mut self, now: Instant, why: TokenError, chance: Jitter) {
        let steps: &[Duration] = match why {
            TokenError::Refused { .. } | TokenError::ConsentRequired { .. } => &bounds::REFUSED,
            _ => &bounds::UNAVAILABLE,
        };
        let step = *steps.get(self.failures).unwrap_or(&bounds::MAX_BACKOFF);
        let mut hold = step + chance.of(step / bounds::HOLD_JITTER);
        self.failures += 1;
        if let Some(token) = self.token.as_ref().filter(|token| now < token.end) {
            // The attempts are spread over the time in which the old token can still be sent. When it ends, an attempt
            // is due.
            let spread = token.end.saturating_duration_since(token.renew) / bounds::TRIES;
            hold = hold.max(spread.min(token.end - now));
        }
        hold = hold.max(why.retry_after().unwrap_or_default());
        self.hold = Some((now + hold, why));
    }
}
