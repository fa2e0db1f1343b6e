//! The limit of one client: who takes a slot, waits for one, and gives it back.

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
use super::state::{Asked, Ledger, Polled, Taken, Ticket};

/// The pace of one client, shared by its clones.
///
/// A ledger that several machines share can stand behind the same three questions (a slot before the
/// deadline, its end, its return unused): this machine would lease slots from it in batches and give the
/// local ledger a limit of what it holds, so that the hot path stays without a round trip.
pub(crate) struct Pace {
    ledger: Mutex<Ledger>,
}

/// There will be no slot before the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PaceError {
    /// When one would be free, as far as can be told: never too late, unless others ahead give up.
    pub(crate) free_at: Instant,
}

impl Pace {
    /// A limit that doesn't [`check`](RateLimit::check) is the nearest one that does.
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self { ledger: Mutex::new(Ledger::new(limit)) }
    }

    /// Takes a slot, waiting in line for it if need be.
    ///
    /// # Errors
    ///
    /// At once if, as things stand, there will be none before the deadline; else at the deadline.
    pub(crate) async fn slot(&self, deadline: Instant) -> Result<Slot<'_>, PaceError> {
        match self.with(|ledger| ledger.ask(Instant::now(), deadline)) {
            Asked::Taken(taken) => Ok(self.slot_for(taken, false)),
            Asked::Late(free_at) => Err(PaceError { free_at }),
            Asked::Wait(ticket, until) => self.wait(ticket, until, deadline).await,
        }
    }

    async fn wait(&self, ticket: Ticket, until: Instant, deadline: Instant) -> Result<Slot<'_>, PaceError> {
        let place = Place { pace: self, ticket };
        let mut alarm = pin!(sleep_until(until));
        poll_fn(|context| {
            loop {
                let polled = self.with(|ledger| ledger.poll(place.ticket, Instant::now(), deadline, context.waker()));
                match polled {
                    Polled::Taken(taken) => return Poll::Ready(Ok(self.slot_for(taken, true))),
                    Polled::Late(free_at) => return Poll::Ready(Err(PaceError { free_at })),
                    Polled::Wait(until) => alarm.as_mut().reset(until),
                }
                if alarm.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
            }
        })
        .await
    }

    /// Nobody gets a slot before `until`, which is believed for a day at most.
    pub(crate) fn pause_until(&self, until: Instant) {
        self.with(|ledger| ledger.pause(Instant::now(), until));
    }

    fn slot_for(&self, taken: Taken, waited: bool) -> Slot<'_> {
        Slot { pace: self, taken: Some(taken), waited, spent: false }
    }

    /// Wakers run foreign code when they are woken or dropped, so that is done once the lock is gone.
    fn with<T>(&self, what: impl FnOnce(&mut Ledger) -> T) -> T {
        let (value, wakers) = {
            // Each of the ledger's steps leaves it whole, so what a panic left behind can be used.
            let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
            (what(&mut ledger), ledger.wakers())
        };
        for waker in wakers.due {
            waker.wake();
        }
        value
    }
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pace").finish_non_exhaustive()
    }
}

/// A place in the line, left when the caller stops waiting, for whatever reason.
struct Place<'a> {
    pace: &'a Pace,
    ticket: Ticket,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.pace.with(|ledger| ledger.leave(self.ticket, Instant::now()));
    }
}

/// The right to send one request. Dropped, it is free again, or counts as used once it is [spent](Self::spend).
#[must_use = "a slot is for a request"]
pub(crate) struct Slot<'a> {
    pace: &'a Pace,
    taken: Option<Taken>,
    waited: bool,
    spent: bool,
}

impl Slot<'_> {
    /// Whether there was none at once.
    pub(crate) fn has_waited(&self) -> bool {
        self.waited
    }

    /// From here on the request may reach the server.
    pub(crate) fn spend(&mut self) {
        self.spent = true;
    }

    /// The head of the answer arrived; what it says of the server's limit is heeded.
    pub(crate) fn answered(mut self, headers: &HeaderMap) {
        if let Some(taken) = self.taken.take() {
            let told = headers::rate_limit(headers, SystemTime::now);
            self.pace.with(|ledger| ledger.end(taken, Instant::now(), told));
        }
    }

    /// The request certainly never left: the slot is free again at once.
    pub(crate) fn give_back(mut self) {
        self.spent = false;
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let Some(taken) = self.taken.take() else { return };
        self.pace.with(|ledger| match self.spent {
            true => ledger.end(taken, Instant::now(), None),
            false => ledger.give_back(taken, Instant::now()),
        });
    }
}

impl fmt::Debug for Slot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").finish_non_exhaustive()
    }
}
