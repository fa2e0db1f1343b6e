//! The limit of one client: who takes a permit, waits for one, and gives it back.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::SystemTime;

use http::HeaderMap;
use tokio::time::{Instant, sleep_until};

use super::headers;
use super::limit::RateLimit;
use super::state::{Acquire, Issued, PollWaiter, State, WaiterId};

/// The limiter of one client, shared by its clones.
///
/// A state that several machines share can stand behind the same three questions (a permit before the
/// deadline, its end, its return unused): this machine would lease permits from it in batches and give the
/// local state a limit of what it holds, so that the hot path stays without a round trip.
pub(crate) struct RateLimiter {
    state: Mutex<State>,
}

/// There will be no permit before the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AcquireError {
    /// When one would be free, as far as can be told: never too late, unless others ahead give up.
    pub(crate) free_at: Instant,
}

impl RateLimiter {
    /// A limit that doesn't [`check`](RateLimit::check) is the nearest one that does.
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self { state: Mutex::new(State::new(limit)) }
    }

    /// Takes a permit, waiting in line for it if need be.
    ///
    /// # Errors
    ///
    /// At once if, as things stand, there will be none before the deadline; else at the deadline.
    pub(crate) async fn acquire(&self, deadline: Instant) -> Result<Permit<'_>, AcquireError> {
        match self.with(|state| state.ask(Instant::now(), deadline)) {
            Acquire::Acquired(taken) => Ok(self.permit(taken, false)),
            Acquire::PastDeadline(free_at) => Err(AcquireError { free_at }),
            Acquire::Queued(waiter, until) => self.wait(waiter, until, deadline).await,
        }
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
                if alarm.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
            }
        })
        .await
    }

    /// Nobody gets a permit before `until`, which is believed for a day at most.
    pub(crate) fn pause_until(&self, until: Instant) {
        self.with(|state| state.pause(Instant::now(), until));
    }

    fn permit(&self, taken: Issued, waited: bool) -> Permit<'_> {
        Permit { limiter: self, taken: Some(taken), waited, sent: false }
    }

    /// Wakers run foreign code when they are woken or dropped, so that is done once the lock is gone.
    fn with<T>(&self, what: impl FnOnce(&mut State) -> T) -> T {
        let (value, wakers) = {
            // Each of the state's steps leaves it whole, so what a panic left behind can be used.
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            (what(&mut state), state.wakers())
        };
        for waker in wakers.due {
            waker.wake();
        }
        value
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter").finish_non_exhaustive()
    }
}

/// A place in the line, left when the caller stops waiting, for whatever reason.
struct QueueEntry<'a> {
    limiter: &'a RateLimiter,
    waiter: WaiterId,
}

impl Drop for QueueEntry<'_> {
    fn drop(&mut self) {
        self.limiter.with(|state| state.leave(self.waiter, Instant::now()));
    }
}

/// The right to send one request. Dropped, it is free again, or counts as used once it is [sent](Self::mark_sent).
#[must_use = "a permit is for a request"]
pub(crate) struct Permit<'a> {
    limiter: &'a RateLimiter,
    taken: Option<Issued>,
    waited: bool,
    sent: bool,
}

impl Permit<'_> {
    /// Whether there was none at once.
    pub(crate) fn has_waited(&self) -> bool {
        self.waited
    }

    /// From here on the request may reach the server.
    pub(crate) fn mark_sent(&mut self) {
        self.sent = true;
    }

    /// The head of the answer arrived; what it says of the server's limit is heeded.
    pub(crate) fn response_received(mut self, headers: &HeaderMap) {
        if let Some(taken) = self.taken.take() {
            let told = headers::rate_limit(headers, SystemTime::now);
            self.limiter.with(|state| state.end(taken, Instant::now(), told));
        }
    }

    /// The request certainly never left: the permit is free again at once.
    pub(crate) fn release_unused(mut self) {
        self.sent = false;
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let Some(taken) = self.taken.take() else { return };
        self.limiter.with(|state| match self.sent {
            true => state.end(taken, Instant::now(), None),
            false => state.give_back(taken, Instant::now()),
        });
    }
}

impl fmt::Debug for Permit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").finish_non_exhaustive()
    }
}
