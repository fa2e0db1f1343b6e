//! The retry policy: which failures are retried, when, and how often.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::StatusCode;

use super::outcome::Outcome;
use crate::timer::MAX_WAIT;
use crate::transport::Fault;

/// The policy by which a client retries failed calls.
///
/// | outcome | retried |
/// |---|---|
/// | the request was not sent: no connection | always |
/// | status 502, 503, or 504, a lost connection, a timeout | if the endpoint is idempotent |
/// | status 429, or 403 with a time to come back | always, no earlier than the server allows, and not if that is past the deadline |
/// | status 401 | once, with a new token, if the client can get one ([`replay_unauthorized`](Self::replay_unauthorized)) |
/// | any other outcome | never |
///
/// The methods in RFC 9110, section 9.2.2, and endpoints marked `idempotent` are idempotent. Between attempts, the
/// call waits a random time up to 0.2 s, then 0.4 s, and so on up to 10 s (full jitter). The delay is added to a
/// server's `Retry-After`, so no call is retried earlier, and calls that wait for the same time are spread. Every
/// attempt acquires a rate-limit permit, in the order in which the calls began, and all attempts share the call's
/// deadline.
///
/// If a redirect has changed a call to `GET`, the `GET` is retried as such. The call itself has been processed then: its
/// error is [retryable](crate::Error::is_retryable) only if its endpoint is idempotent.
///
/// A *budget* shared by all calls of a client and its clones protects a failing server from a multiple of its usual load:
/// each retry withdraws one from it, and each successful call deposits a tenth. While it is empty, failures are returned
/// at once. Waiting out a 429 withdraws nothing, and a call that is dropped before its retry is sent deposits what it
/// withdrew.
#[derive(Debug, Clone)]
pub struct Retry {
    pub(crate) max_attempts: u32,
    pub(crate) base: Duration,
    pub(crate) max_delay: Duration,
    pub(crate) budget: u32,
    pub(crate) replay_unauthorized: bool,
    pub(crate) statuses: Vec<StatusCode>,
}

impl Default for Retry {
    /// Creates a policy of three attempts, delays from 0.2 s to 10 s, and a budget of 20.
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base: Duration::from_millis(200),
            max_delay: Duration::from_secs(10),
            budget: 20,
            replay_unauthorized: true,
            statuses: Vec::new(),
        }
    }
}

impl Retry {
    /// Creates a policy of one attempt per call. A 401 is still retried once with a new token, unless
    /// [`replay_unauthorized`](Self::replay_unauthorized) is off.
    #[must_use]
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the maximum number of attempts, including the first. The default is 3; 0 counts as 1.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the maximum of the first delay and the maximum of any delay. The defaults are 0.2 s and 10 s.
    #[must_use]
    pub fn backoff(mut self, base: Duration, max_delay: Duration) -> Self {
        self.base = base;
        self.max_delay = max_delay.min(MAX_WAIT);
        self
    }

    /// Sets the number of retries that the whole client may make without a successful call. The default is 20.
    #[must_use]
    pub fn budget(mut self, budget: u32) -> Self {
        self.budget = budget;
        self
    }

    /// Adds statuses after which a call of an idempotent endpoint is retried, as after 503: for example 408, 500, or 529.
    #[must_use]
    pub fn on(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.statuses.extend(statuses);
        self
    }

    /// Sets whether a call with a 401 response is sent once more with a new token. The default is `true`. A server that
    /// responds with 401 has not processed the call, so this applies to `POST`, too.
    #[must_use]
    pub fn replay_unauthorized(mut self, replay: bool) -> Self {
        self.replay_unauthorized = replay;
        self
    }

    /// Returns the delay after `attempts` attempts: random, from zero to an exponentially growing bound.
    pub(crate) fn delay(&self, attempts: u32, random: f64) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        self.base.saturating_mul(1 << doublings).min(self.max_delay).mul_f64(random)
    }
}

/// The retry decision that follows from an [`Outcome`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryAction {
    /// The call is over, successful or not.
    Stop,
    /// A retry can help.
    Retry,
    /// A retry can help once the server's rate limit allows it.
    RetryAfter,
}

impl RetryAction {
    /// Returns `true` if the same request can succeed later.
    pub(crate) fn helps(self) -> bool {
        matches!(self, Self::Retry | Self::RetryAfter)
    }
}

/// Classifies an attempt by its outcome alone, regardless of attempts, budget, and time. `more` are statuses that are
/// retried like 503.
pub(crate) fn classify(outcome: Outcome, idempotent: bool, more: &[StatusCode]) -> RetryAction {
    let if_idempotent = if idempotent { RetryAction::Retry } else { RetryAction::Stop };
    match outcome {
        Outcome::NotSent | Outcome::Declined => RetryAction::Retry,
        Outcome::Unreachable | Outcome::InvalidRequest => RetryAction::Stop,
        Outcome::ConnectionLost | Outcome::TimedOut => if_idempotent,
        Outcome::InBandFailure { temporary: true } => if_idempotent,
        Outcome::InBandFailure { temporary: false } => RetryAction::Stop,
        Outcome::TooLarge | Outcome::DecompressionFailed | Outcome::RejectedByMiddleware => RetryAction::Stop,
        Outcome::RateLimited(_) => RetryAction::RetryAfter,
        Outcome::Status(status) => match status {
            StatusCode::TOO_MANY_REQUESTS => RetryAction::RetryAfter,
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => if_idempotent,
            status if more.contains(&status) => if_idempotent,
            _ => RetryAction::Stop,
        },
    }
}

/// The retry budget that all calls of a client share.
#[derive(Debug)]
pub(crate) struct Budget {
    tenths: AtomicU32,
    full: u32,
}

impl Budget {
    pub(crate) fn new(retries: u32) -> Self {
        let full = retries.saturating_mul(10);
        Self { tenths: AtomicU32::new(full), full }
    }

    /// Withdraws one retry. Returns `true` if the budget was not empty.
    pub(crate) fn withdraw(&self) -> bool {
        self.tenths.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tenths| tenths.checked_sub(10)).is_ok()
    }

    /// Deposits a tenth of a retry after a successful call.
    pub(crate) fn deposit(&self) {
        self.add(1);
    }

    fn add(&self, more: u32) {
        // The budget is usually full, and reading is cheaper than writing.
        if self.tenths.load(Ordering::Relaxed) < self.full {
            let _ = self.tenths.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tenths| {
                (tenths < self.full).then_some(tenths.saturating_add(more).min(self.full))
            });
        }
    }
}

/// A withdrawal from the budget. If it is dropped before the retry is sent, it is deposited again.
#[derive(Debug)]
pub(crate) struct Withdrawal<'a> {
    budget: &'a Budget,
    /// The lost connection that it pays for, which is unpaid again after a deposit.
    fault: Option<Fault>,
    spent: bool,
}

impl<'a> Withdrawal<'a> {
    pub(crate) fn new(budget: &'a Budget, fault: Option<Fault>) -> Self {
        Self { budget, fault, spent: false }
    }

    /// Marks the retry as sent.
    pub(crate) fn spend(mut self) {
        self.spent = true;
    }
}

impl Drop for Withdrawal<'_> {
    fn drop(&mut self) {
        if !self.spent {
            self.budget.add(10);
            if let Some(fault) = &self.fault {
                fault.give_back();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_ceiling_and_chance_picks_a_part() {
        let retry = Retry::default();
        let longest: Vec<u128> = (1..=8).map(|attempts| retry.delay(attempts, 1.0).as_millis()).collect();
        assert_eq!(longest, [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
        assert_eq!(retry.delay(2, 0.25), Duration::from_millis(100));
        assert_eq!(retry.delay(1, 0.0), Duration::ZERO);
        assert_eq!(retry.delay(u32::MAX, 1.0), Duration::from_secs(10));

        let slow = Retry::never().backoff(Duration::from_secs(3), Duration::from_secs(5));
        assert_eq!([slow.delay(1, 1.0), slow.delay(2, 1.0)], [Duration::from_secs(3), Duration::from_secs(5)]);
        assert_eq!(slow.max_attempts, 1, "the rest stays");
        assert_eq!(Retry::default().backoff(Duration::MAX, Duration::MAX).delay(9, 1.0), MAX_WAIT);
    }

    #[test]
    fn each_setting_changes_what_it_says_and_nothing_else() {
        let retry = Retry::default().max_attempts(5).budget(7).replay_unauthorized(false);
        assert_eq!((retry.max_attempts, retry.budget, retry.replay_unauthorized), (5, 7, false));
        assert_eq!((retry.base, retry.max_delay), (Duration::from_millis(200), Duration::from_secs(10)));
        assert_eq!(retry.max_attempts(0).max_attempts, 1);
    }

    #[test]
    fn the_table_of_the_documentation_is_what_is_judged() {
        use RetryAction::{Retry, RetryAfter, Stop};
        let classified = |outcome| (classify(outcome, true, &[]), classify(outcome, false, &[]));
        let more = [StatusCode::INTERNAL_SERVER_ERROR];
        let status = Outcome::Status(StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!((classify(status, true, &more), classify(status, false, &more)), (Retry, Stop));
        assert_eq!(classified(Outcome::RateLimited(StatusCode::FORBIDDEN)), (RetryAfter, RetryAfter));
        assert_eq!(classified(Outcome::NotSent), (Retry, Retry));
        for outcome in [Outcome::ConnectionLost, Outcome::TimedOut, Outcome::InBandFailure { temporary: true }] {
            assert_eq!(classified(outcome), (Retry, Stop));
        }
        assert_eq!(classified(Outcome::InBandFailure { temporary: false }), (Stop, Stop));
        for outcome in [Outcome::TooLarge, Outcome::DecompressionFailed, Outcome::RejectedByMiddleware] {
            assert_eq!(classified(outcome), (Stop, Stop));
        }
        for status in (100..1000).map(|code| StatusCode::from_u16(code).unwrap()) {
            let expected = match status.as_u16() {
                429 => (RetryAfter, RetryAfter),
                502..=504 => (Retry, Stop),
                _ => (Stop, Stop),
            };
            assert_eq!(classified(Outcome::Status(status)), expected, "{status}");
        }
        assert_eq!([Retry, RetryAfter, Stop].map(RetryAction::helps), [true, true, false]);
    }

    #[test]
    fn a_budget_is_spent_whole_and_given_back_by_tenths_never_beyond_its_full() {
        let budget = Budget::new(2);
        budget.deposit();
        assert_eq!([budget.withdraw(), budget.withdraw(), budget.withdraw()], [true, true, false]);
        for _ in 0..9 {
            budget.deposit();
        }
        assert!(!budget.withdraw(), "nine tenths are not enough");
        for _ in 0..100 {
            budget.deposit();
        }
        assert_eq!([budget.withdraw(), budget.withdraw(), budget.withdraw()], [true, true, false]);
        assert!(!Budget::new(0).withdraw());
    }

    #[test]
    fn a_withdrawal_that_is_not_spent_comes_back_whole_and_never_beyond_the_full() {
        let budget = Budget::new(1);
        assert!(budget.withdraw());
        drop(Withdrawal::new(&budget, None));
        assert!(budget.withdraw(), "it came back");
        Withdrawal::new(&budget, None).spend();
        assert!(!budget.withdraw(), "it was spent");
        for _ in 0..5 {
            budget.deposit();
        }
        drop(Withdrawal::new(&budget, None));
        assert_eq!([budget.withdraw(), budget.withdraw()], [true, false], "no more than the full");

        let fault = Fault::default();
        let budget = Budget::new(1);
        assert!(fault.charge(|| budget.withdraw()));
        drop(Withdrawal::new(&budget, Some(fault.clone())));
        assert!(fault.charge(|| budget.withdraw()) && !budget.withdraw(), "the next call pays for the fault");
    }

    #[test]
    fn an_outcome_is_told_in_words() {
        assert_eq!(Outcome::Status(StatusCode::BAD_GATEWAY).to_string(), "502");
        assert_eq!(Outcome::NotSent.to_string(), "no connection");
    }
}
