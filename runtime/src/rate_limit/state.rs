//! The state of the rate limiter, without a clock and without waiting: every step receives the time.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::num::NonZeroU64;
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use super::headers::{self, Remaining};
use super::lending::{FLIGHT, Lending};
use super::limit::{MAX_WINDOW, RateLimit};
use super::server_limit::ServerLimit;

mod estimate;
#[cfg(test)]
mod tests;

/// Memory is allocated up front for at most this number of permits, and for more on first use.
const PREPARED: usize = 1024;

/// A permit that has been issued.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Issued {
    /// Its number in the order of issue.
    number: u64,
    /// The number of permits that had ended without rate-limit headers by then.
    without_headers: u64,
    /// Its number in the pool, if a pool lent it.
    lent: Option<NonZeroU64>,
}

impl Issued {
    pub(super) fn lent(&self) -> Option<NonZeroU64> {
        self.lent
    }
}

/// The identifier of a caller, which is also its place in the queue. A caller that asks for several permits, one after
/// the other, keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct WaiterId(NonZeroU64);

/// The result of requesting a permit.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Acquire {
    Acquired(Issued),
    /// The caller must poll at that time, or when it is woken.
    Queued(WaiterId, Instant),
    /// No permit is available before the deadline; one may be at this time.
    PastDeadline(Instant),
}

/// The result of polling for a queued caller.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PollWaiter {
    Acquired(Issued),
    Queued(Instant),
    PastDeadline(Instant),
}

/// Wakers that the state no longer needs.
#[derive(Debug, Default)]
pub(super) struct Wakers {
    /// Wakers to wake.
    pub(super) due: Vec<Waker>,
    /// Wakers to drop without waking.
    sent: Vec<Waker>,
}

/// The location of every permit. A permit is free, in use by a request (or granted to a queued caller), or ended and
/// due to come back.
#[derive(Debug)]
pub(super) struct State {
    limit: u32,
    window: Duration,
    out: u32,
    /// The times at which the ended permits come back, in order.
    returns: VecDeque<Instant>,
    cap: Option<ServerLimit>,
    paused: Option<Instant>,
    /// The number of permits issued so far.
    taken: u64,
    /// The number of permits that have ended without rate-limit headers so far.
    without_headers: u64,
    next_waiter: NonZeroU64,
    line: BTreeMap<WaiterId, Waker>,
    granted: HashMap<WaiterId, Issued>,
    wakers: Wakers,
    /// The permits that a pool lends, if there is a pool.
    lending: Option<Box<Lending>>,
}

impl State {
    /// Creates a state with `owned` permits of its own, possibly zero, that borrows others from a pool.
    pub(super) fn with_pool(owned: u32, window: Duration, lending: Lending) -> Self {
        let mut state = Self::new(RateLimit::new(owned, window));
        state.limit = owned;
        state.lending = Some(Box::new(lending));
        state
    }

    /// Returns the permits that the pool lends, if there is a pool.
    pub(super) fn lending(&mut self) -> Option<&mut Lending> {
        self.lending.as_deref_mut()
    }

    /// Returns the number of queued callers.
    pub(super) fn waiting(&self) -> usize {
        self.line.len()
    }

    pub(super) fn new(limit: RateLimit) -> Self {
        let requests = limit.requests().max(1);
        let prepared = usize::try_from(requests).unwrap_or(PREPARED).min(PREPARED);
        Self {
            limit: requests,
            window: limit.window().min(MAX_WINDOW),
            out: 0,
            returns: VecDeque::with_capacity(prepared),
            cap: None,
            paused: None,
            taken: 0,
            without_headers: 0,
            next_waiter: NonZeroU64::MIN,
            line: BTreeMap::new(),
            granted: HashMap::new(),
            wakers: Wakers::default(),
            lending: None,
        }
    }

    /// Issues a permit that no caller ahead is waiting for, or adds the caller to the queue: at its place if it has one,
    /// otherwise at the end. `place` is set to the caller's place.
    pub(super) fn ask(&mut self, place: &mut Option<WaiterId>, now: Instant, deadline: Instant) -> Acquire {
        let waiter = *place.get_or_insert_with(|| {
            let waiter = WaiterId(self.next_waiter);
            self.next_waiter = self.next_waiter.saturating_add(1);
            waiter
        });
        if self.line.is_empty()
            && self.free(now) > 0
            && let Some(taken) = self.take(now)
        {
            return Acquire::Acquired(taken);
        }
        self.line.insert(waiter, Waker::noop().clone());
        self.serve(now);
        if let Some(taken) = self.granted.remove(&waiter) {
            return Acquire::Acquired(taken);
        }
        let free_at = self.earliest(now, self.ahead(waiter));
        if free_at > deadline {
            self.line.remove(&waiter);
            return Acquire::PastDeadline(free_at);
        }
        Acquire::Queued(waiter, Self::wake_at(now, free_at))
    }

    /// Returns the number of queued callers ahead of this one. Counted from both ends, because callers poll when they
    /// enter the queue and when their turn is near.
    fn ahead(&self, waiter: WaiterId) -> usize {
        let (mut ahead, mut behind) = (self.line.range(..waiter), self.line.range(waiter..));
        let mut counted = 0;
        loop {
            match (ahead.next(), behind.next()) {
                (None, _) => return counted,
                (_, None) => return self.line.len() - counted,
                _ => counted += 1,
            }
        }
    }

    /// Polls for a queued caller.
    pub(super) fn poll(&mut self, waiter: WaiterId, now: Instant, deadline: Instant, waker: &Waker) -> PollWaiter {
        self.serve(now);
        if let Some(taken) = self.granted.remove(&waiter) {
            return PollWaiter::Acquired(taken);
        }
        // Callers ahead may be cancelled, so only the result for the head of the queue is certain.
        let free_at = self.earliest(now, 0);
        if free_at > deadline || deadline <= now {
            return PollWaiter::PastDeadline(free_at);
        }
        if self.line.get(&waiter).is_none_or(|mine| !mine.will_wake(waker)) {
            self.wakers.sent.extend(self.line.insert(waiter, waker.clone()));
        }
        // Callers behind the head poll again at their own expected time: if the head is not polled, or is gone with its
        // runtime, the permits are handed out all the same.
        let turn = self.turn(now, self.ahead(waiter));
        PollWaiter::Queued(Self::wake_at(now, turn).min(deadline))
    }

    /// Removes a queued caller, with or without a permit.
    pub(super) fn leave(&mut self, waiter: WaiterId, now: Instant) {
        if let Some(taken) = self.granted.remove(&waiter) {
            self.give_back(taken, now);
            return;
        }
        let head = self.line.keys().next() == Some(&waiter);
        self.wakers.sent.extend(self.line.remove(&waiter));
        if head {
            self.wake_head();
        }
    }

    /// Records that the permit's request has ended; it may have reached the server.
    pub(super) fn end(&mut self, taken: Issued, now: Instant, told: Option<Remaining>) {
        match (taken.lent, &mut self.lending) {
            (Some(number), Some(lending)) => lending.ended(number, now, now + lending.window()),
            _ => self.comes_back(now + self.window),
        }
        if let (Some(told), Some(lending)) = (told, &mut self.lending) {
            lending.server_limit(told.requests, now + told.reset);
        }
        match told {
            Some(told) => {
                self.apply_server_limit(&taken, now, told);
                self.serve(now);
                self.wake_head();
            }
            None => self.without_headers += 1,
        }
    }

    /// Records that the request was cancelled, and may be on its way to the server.
    pub(super) fn give_up(&mut self, taken: Issued, now: Instant) {
        match (taken.lent, &mut self.lending) {
            (Some(number), Some(lending)) => lending.ended(number, now, now + FLIGHT + lending.window()),
            _ => self.comes_back(now + FLIGHT + self.window),
        }
        self.without_headers += 1;
    }

    fn comes_back(&mut self, at: Instant) {
        self.out = self.out.saturating_sub(1);
        let behind = self.returns.iter().rev().take_while(|other| **other > at).count();
        self.returns.insert(self.returns.len() - behind, at);
    }

    /// Records that the request was certainly not sent.
    pub(super) fn give_back(&mut self, taken: Issued, now: Instant) {
        match (taken.lent, &mut self.lending) {
            (Some(number), Some(lending)) => lending.unused(number, now),
            _ => self.out = self.out.saturating_sub(1),
        }
        if let Some(cap) = &mut self.cap {
            cap.give_back();
        }
        self.serve(now);
        // During a pause it cannot be handed out, but the head's turn may come before its wake-up.
        self.wake_head();
    }

    /// Issues no permits before `until`. A pause is never shortened.
    pub(super) fn pause(&mut self, now: Instant, until: Instant) {
        let until = until.min(now + headers::MAX_RETRY_AFTER);
        self.paused = Some(self.paused.map_or(until, |paused| paused.max(until)));
        if let Some(lending) = &mut self.lending {
            lending.pause(until);
        }
        self.wake_head();
    }

    /// Records the end of a turn at the pool; no client may send until `paused`.
    pub(super) fn turned(&mut self, now: Instant, paused: Option<Instant>) {
        if let Some(until) = paused.map(|until| until.min(now + headers::MAX_RETRY_AFTER)) {
            self.paused = Some(self.paused.map_or(until, |paused| paused.max(until)));
        }
        self.serve(now);
        self.wake_head();
    }

    /// Returns the wakers to process after each step, without holding the lock.
    pub(super) fn wakers(&mut self) -> Wakers {
        std::mem::take(&mut self.wakers)
    }

    fn apply_server_limit(&mut self, taken: &Issued, now: Instant, told: Remaining) {
        if self.cap.as_mut().is_none_or(|cap| !cap.counts(taken.number, now, told)) {
            let lent = self.lending.as_ref().map_or(0, |lending| lending.in_use());
            let unknown = u64::from(self.out) + u64::from(lent) + (self.without_headers - taken.without_headers);
            self.cap = Some(ServerLimit::new(told, unknown, self.taken, now));
        }
    }

    /// Hands the free permits to the head of the queue.
    fn serve(&mut self, now: Instant) {
        let mut served = false;
        while !self.line.is_empty() && self.free(now) > 0 {
            let Some(taken) = self.take(now) else { break };
            if let Some((waiter, waker)) = self.line.pop_first() {
                self.granted.insert(waiter, taken);
                self.wakers.due.push(waker);
                served = true;
            }
        }
        if served {
            self.wake_head();
        }
    }

    /// Wakes the head of the queue, so that it resets its timer.
    fn wake_head(&mut self) {
        if let Some(waker) = self.line.values().next() {
            self.wakers.due.push(waker.clone());
        }
    }

    /// Takes one of the client's own permits, or a lent one if there is none.
    fn take(&mut self, now: Instant) -> Option<Issued> {
        let lent = match self.idle(now) {
            0 => Some(self.lending.as_mut()?.take(now)?),
            _ => {
                self.out += 1;
                None
            }
        };
        if let Some(cap) = &mut self.cap {
            cap.take();
        }
        let taken = Issued { number: self.taken, without_headers: self.without_headers, lent };
        self.taken += 1;
        Some(taken)
    }

    fn free(&mut self, now: Instant) -> u32 {
        while self.returns.front().is_some_and(|due| *due <= now) {
            self.returns.pop_front();
        }
        self.cap.take_if(|cap| cap.is_over(now));
        self.paused.take_if(|until| *until <= now);
        if self.paused.is_some() {
            return 0;
        }
        let idle = self.idle(now).saturating_add(self.lending.as_ref().map_or(0, |lending| lending.ready(now)));
        self.cap.as_ref().map_or(idle, |cap| idle.min(cap.left()))
    }

    /// Returns the number of the client's own permits that are neither in use nor due to come back.
    fn idle(&self, now: Instant) -> u32 {
        if self.lending.as_ref().is_some_and(|lending| !lending.owns_share(now)) {
            return 0;
        }
        let due = u32::try_from(self.returns.len()).unwrap_or(u32::MAX);
        self.limit.saturating_sub(self.out).saturating_sub(due)
    }
}
