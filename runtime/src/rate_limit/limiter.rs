//! The rate limiter of one client: acquiring permits, waiting for them, and releasing them.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use tracing::debug;

use super::driver;
use super::headers;
use super::lending::{Lending, Step};
use super::limit::RateLimit;
use super::pool::{Lent, RateLimitPool};
use super::state::{Acquire, Issued, PollWaiter, State, WaiterId};
use crate::random;

/// The rate limiter of one client, shared by its clones. The queue belongs to the client even if permits come from a
/// pool.
pub(crate) struct RateLimiter {
    state: Mutex<State>,
    pool: Option<Pool>,
}

/// The state needed to take turns at a pool.
struct Pool {
    pool: Arc<dyn RateLimitPool>,
    changed: Arc<Notify>,
    limiter: Weak<RateLimiter>,
}

/// No permit becomes free before the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AcquireError {
    /// The estimated time at which one becomes free: never too late, unless callers ahead in the queue are cancelled.
    pub(crate) free_at: Instant,
}

impl RateLimiter {
    /// Creates a limiter. A limit that does not [`check`](RateLimit::check) is replaced by the nearest one that does.
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self { state: Mutex::new(State::new(limit)), pool: None }
    }

    /// Creates a limiter that owns `owned` permits of the limit and borrows others from a pool.
    pub(crate) fn with_pool(limit: RateLimit, owned: u32, pool: Arc<dyn RateLimitPool>) -> Arc<Self> {
        let lending = Lending::new(random::number(), limit, owned, Instant::now());
        let state = Mutex::new(State::with_pool(owned, limit.window(), lending));
        Arc::new_cyclic(|limiter| {
            let pool = Pool { pool, changed: Arc::default(), limiter: Weak::clone(limiter) };
            Self { state, pool: Some(pool) }
        })
    }

    /// Acquires a permit for an attempt of up to `attempt`, and waits in the queue if none is free: at the caller's
    /// `place` if it has had a permit before, otherwise at the end. `place` is set for the caller's next permit.
    ///
    /// # Errors
    ///
    /// Returns [`AcquireError`] if there is no permit before the deadline: immediately if that is already known,
    /// otherwise at the deadline.
    pub(crate) async fn acquire(
        &self,
        place: &mut Option<WaiterId>,
        deadline: Instant,
        attempt: Duration,
    ) -> Result<Permit<'_>, AcquireError> {
        let acquired = self.with(|state| {
            let now = Instant::now();
            if let Some(lending) = state.lending() {
                lending.expect(attempt, now);
            }
            state.ask(place, now, deadline)
        });
        self.changed();
        match acquired {
            Acquire::Acquired(taken) => Ok(self.permit(taken, false)),
            Acquire::PastDeadline(free_at) => Err(AcquireError { free_at }),
            Acquire::Queued(waiter, until) => {
                debug!(queued_calls = self.queued(), "waiting for a rate-limit permit");
                self.wait(waiter, until, deadline).await
            }
        }
    }

    /// Returns the number of callers that wait for a permit.
    pub(crate) fn queued(&self) -> usize {
        self.with(|state| state.waiting())
    }

    async fn wait(&self, waiter: WaiterId, until: Instant, deadline: Instant) -> Result<Permit<'_>, AcquireError> {
        let place = QueueEntry { limiter: self, waiter };
        let mut alarm = pin!(sleep_until(until));
        poll_fn(|context| {
            loop {
                let polled = self.with(|state| state.poll(place.waiter, Instant::now(), deadline, context.waker()));
                match polled {
                    PollWaiter::Acquired(taken) => return Poll::Ready(Ok(self.permit(taken, true))),
                    PollWaiter::PastDeadline(free_at) => return Poll::Ready(Err(AcquireError { free_at })),
                    PollWaiter::Queued(until) => alarm.as_mut().reset(until),
                }
                // If no task takes turns at the pool any more, this caller starts one.
                self.changed();
                if alarm.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
            }
        })
        .await
    }

    /// Blocks all permits until `until`, for up to 24 hours.
    pub(crate) fn pause_until(&self, until: Instant) {
        self.with(|state| state.pause(Instant::now(), until));
        self.changed();
    }

    fn permit(&self, taken: Issued, waited: bool) -> Permit<'_> {
        Permit { limiter: self, taken: Some(taken), waited, sent: false }
    }

    /// Waking or dropping a `Waker` runs arbitrary code, so both happen after the lock is released.
    fn with<T>(&self, what: impl FnOnce(&mut State) -> T) -> T {
        let (value, wakers) = {
            // Each step leaves the state consistent, so it can be used after a panic.
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            (what(&mut state), state.wakers())
        };
        for waker in wakers.due {
            waker.wake();
        }
        value
    }

    /// Ensures that changes are reported to the pool.
    #[inline]
    fn changed(&self) {
        if let Some(pool) = &self.pool {
            self.report_to(pool);
        }
    }

    /// Out of line, because most clients have no pool.
    #[cold]
    fn report_to(&self, pool: &Pool) {
        let starts = self.with(|state| {
            let waiting = state.waiting();
            state.lending().and_then(|lending| lending.start(Instant::now(), waiting))
        });
        match starts {
            Some(driver) => {
                let limiter = Weak::clone(&pool.limiter);
                driver::drive(driver, limiter, Arc::clone(&pool.pool), Arc::clone(&pool.changed));
            }
            None => pool.changed.notify_waiters(),
        }
    }
}

impl driver::Client for RateLimiter {
    fn step(&self, driver: u64, now: Instant) -> Step {
        self.with(|state| {
            let waiting = state.waiting();
            state.lending().map_or(Step::Done, |lending| lending.step(driver, now, waiting))
        })
    }

    fn turned(&self, driver: u64, asked: Instant, now: Instant, lent: Option<&Lent>) {
        self.with(|state| {
            let paused = state.lending().and_then(|lending| lending.turned(driver, asked, now, lent));
            state.turned(now, paused);
        });
    }

    fn stopped(&self, driver: u64, now: Instant) {
        self.with(|state| {
            if let Some(lending) = state.lending() {
                lending.stopped(driver, now);
            }
            state.turned(now, None);
        });
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter").finish_non_exhaustive()
    }
}

/// A place in the queue, left when the caller stops waiting for any reason.
struct QueueEntry<'a> {
    limiter: &'a RateLimiter,
    waiter: WaiterId,
}

impl Drop for QueueEntry<'_> {
    fn drop(&mut self) {
        self.limiter.with(|state| state.leave(self.waiter, Instant::now()));
        self.limiter.changed();
    }
}

/// The right to send one request. When it is dropped, it is free again, or counts as used if it was
/// [sent](Self::mark_sent).
#[must_use = "a permit is for a request"]
pub(crate) struct Permit<'a> {
    limiter: &'a RateLimiter,
    taken: Option<Issued>,
    waited: bool,
    sent: bool,
}

impl Permit<'_> {
    /// Returns `true` if the caller had to wait for it.
    pub(crate) fn has_waited(&self) -> bool {
        self.waited
    }

    /// Marks the request as possibly reaching the server from now until `until`. Returns `false` if it must not be
    /// sent, because the permit is so old that another client may have it: the process has stalled.
    #[must_use]
    pub(crate) fn mark_sent(&mut self, until: Instant) -> bool {
        let lent = self.taken.as_ref().and_then(Issued::lent);
        let may_send =
            |state: &mut State| state.lending().is_none_or(|lending| lending.may_send(lent, Instant::now(), until));
        self.sent = !self.is_shared() || self.limiter.with(may_send);
        self.sent
    }

    /// Returns `true` if other clients may use the permit, or get the share that it is of, once this one has held it for
    /// too long.
    pub(crate) fn is_shared(&self) -> bool {
        self.limiter.pool.is_some()
    }

    #[cfg(test)]
    pub(super) fn is_lent(&self) -> bool {
        self.taken.as_ref().is_some_and(|taken| taken.lent().is_some())
    }

    /// Records that the response's head arrived, and applies the server limit in its headers.
    pub(crate) fn response_received(mut self, headers: &HeaderMap) {
        if let Some(taken) = self.taken.take() {
            let told = headers::rate_limit(headers, SystemTime::now);
            self.limiter.with(|state| state.end(taken, Instant::now(), told));
            self.limiter.changed();
        }
    }

    /// Frees the permit immediately, because the request was certainly not sent.
    pub(crate) fn release_unused(mut self) {
        self.sent = false;
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let Some(taken) = self.taken.take() else { return };
        self.limiter.with(|state| match self.sent {
            true => state.give_up(taken, Instant::now()),
            false => state.give_back(taken, Instant::now()),
        });
        self.limiter.changed();
    }
}

impl fmt::Debug for Permit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").finish_non_exhaustive()
    }
}
