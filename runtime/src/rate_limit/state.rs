//! The books of the pace, without a clock and without waiting: every step is told the time.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroU64;
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use super::headers::{self, Remaining};
use super::lending::{FLIGHT, Lending};
use super::limit::{MAX_WINDOW, RateLimit};

#[cfg(test)]
mod tests;

/// Slots of a larger limit get their memory as they are first used.
const PREPARED: usize = 1024;

/// Alarms are never set closer than timers can tell apart.
const TICK: Duration = Duration::from_millis(1);

/// Who waits for a pool is woken when it has lent something, and looks this often whether it still takes turns.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A permit that was taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Issued {
    /// Its number in the order of taking.
    number: u64,
    /// How many had ended without the server's word by then.
    without_headers: u64,
    /// Its number, if a pool lent it.
    lent: Option<NonZeroU64>,
}

impl Issued {
    pub(super) fn lent(&self) -> Option<NonZeroU64> {
        self.lent
    }
}

/// A place in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WaiterId(u64);

/// What a newcomer hears.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Acquire {
    Acquired(Issued),
    /// To be polled at that time, or when woken.
    Queued(WaiterId, Instant),
    /// No permit before the deadline; perhaps one then.
    PastDeadline(Instant),
}

/// What somebody in the line hears.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PollWaiter {
    Acquired(Issued),
    Queued(Instant),
    PastDeadline(Instant),
}

/// Wakers that the state is done with.
#[derive(Debug, Default)]
pub(super) struct Wakers {
    /// To be woken.
    pub(super) due: Vec<Waker>,
    /// Only to be dropped.
    sent: Vec<Waker>,
}

/// How far the server's headers lower the pace.
#[derive(Debug)]
struct ServerLimit {
    /// What the server said was left.
    told: u32,
    /// What of it is certainly unused. Below zero while more requests are out than the server left.
    left: i64,
    until: Instant,
    /// Slots below this number were taken before the server's word arrived.
    taken: u64,
}

/// Where every permit is. A permit is free, out with a request (or granted to somebody in the line), or ended and
/// due to come back.
#[derive(Debug)]
pub(super) struct State {
    limit: u32,
    window: Duration,
    out: u32,
    /// When the ended permits come back, in order.
    returns: VecDeque<Instant>,
    cap: Option<ServerLimit>,
    paused: Option<Instant>,
    /// Slots taken so far.
    taken: u64,
    /// Slots that ended without the server's word so far.
    without_headers: u64,
    tickets: u64,
    line: BTreeMap<WaiterId, Waker>,
    granted: BTreeMap<WaiterId, Issued>,
    wakers: Wakers,
    /// What the client has of a pool, if it has one.
    lending: Option<Box<Lending>>,
}

impl State {
    /// One with `owned` permits of its own, perhaps none, that gets others from a pool.
    pub(super) fn with_pool(owned: u32, window: Duration, lending: Lending) -> Self {
        let mut state = Self::new(RateLimit::new(owned, window));
        state.limit = owned;
        state.lending = Some(Box::new(lending));
        state
    }

    /// What the client has of its pool.
    pub(super) fn lending(&mut self) -> Option<&mut Lending> {
        self.lending.as_deref_mut()
    }

    /// How many wait in line.
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
            tickets: 0,
            line: BTreeMap::new(),
            granted: BTreeMap::new(),
            wakers: Wakers::default(),
            lending: None,
        }
    }

    /// A newcomer takes a permit that nobody in the line was waiting for, or joins the line.
    pub(super) fn ask(&mut self, now: Instant, deadline: Instant) -> Acquire {
        self.serve(now);
        if self.free(now) > 0
            && let Some(taken) = self.take(now)
        {
            return Acquire::Acquired(taken);
        }
        let free_at = self.earliest(now, self.line.len());
        if free_at > deadline {
            return Acquire::PastDeadline(free_at);
        }
        self.tickets += 1;
        let waiter = WaiterId(self.tickets);
        self.line.insert(waiter, Waker::noop().clone());
        Acquire::Queued(waiter, wake_at(now, free_at))
    }

    /// Somebody in the line looks again.
    pub(super) fn poll(&mut self, waiter: WaiterId, now: Instant, deadline: Instant, waker: &Waker) -> PollWaiter {
        self.serve(now);
        if let Some(taken) = self.granted.remove(&waiter) {
            return PollWaiter::Acquired(taken);
        }
        // Those ahead may give up, so only what holds for the head of the line is certain.
        let free_at = self.earliest(now, 0);
        if free_at > deadline || deadline <= now {
            return PollWaiter::PastDeadline(free_at);
        }
        if self.line.get(&waiter).is_none_or(|mine| !mine.will_wake(waker)) {
            self.wakers.sent.extend(self.line.insert(waiter, waker.clone()));
        }
        // Those behind the head look again when their own turn should be: should the head not be polled, or be
        // gone with its runtime, the permits are handed out all the same.
        let ahead = self.line.keys().next().map_or(0, |head| waiter.0.saturating_sub(head.0));
        let turn = self.turn(now, usize::try_from(ahead).unwrap_or(usize::MAX));
        PollWaiter::Queued(wake_at(now, turn).min(deadline))
    }

    /// Somebody in the line is gone, with a permit or without.
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

    /// The request that the permit was taken for has ended; it may have reached the server.
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

    /// The request was given up, and may be on its way to the server.
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

    /// The request certainly never left.
    pub(super) fn give_back(&mut self, taken: Issued, now: Instant) {
        match (taken.lent, &mut self.lending) {
            (Some(number), Some(lending)) => lending.unused(number, now),
            _ => self.out = self.out.saturating_sub(1),
        }
        if let Some(cap) = &mut self.cap {
            cap.left += 1;
        }
        self.serve(now);
        // In a pause it can't be handed out, but the head's turn may come sooner than its alarm.
        self.wake_head();
    }

    /// Nobody gets a permit before `until`. A pause is never shortened.
    pub(super) fn pause(&mut self, now: Instant, until: Instant) {
        let until = until.min(now + headers::MAX_RETRY_AFTER);
        self.paused = Some(self.paused.map_or(until, |paused| paused.max(until)));
        if let Some(lending) = &mut self.lending {
            lending.pause(until);
        }
        self.wake_head();
    }

    /// A turn at the pool is over; until `paused` no client may send.
    pub(super) fn turned(&mut self, now: Instant, paused: Option<Instant>) {
        if let Some(until) = paused.map(|until| until.min(now + headers::MAX_RETRY_AFTER)) {
            self.paused = Some(self.paused.map_or(until, |paused| paused.max(until)));
        }
        self.serve(now);
        self.wake_head();
    }

    /// To be taken after each step, and seen to without a lock.
    pub(super) fn wakers(&mut self) -> Wakers {
        std::mem::take(&mut self.wakers)
    }

    /// The server's word counts the requests that it had seen when it answered. Others that were out meanwhile it
    /// may have seen or not; as long as that isn't known they are taken off what it left.
    fn apply_server_limit(&mut self, taken: &Issued, now: Instant, told: Remaining) {
        match &mut self.cap {
            // Both requests were out together, so their answers may have overtaken each other on the way. The
            // server's count only falls: who hears of more was answered first, and so is known to have been counted.
            Some(cap) if cap.until > now && taken.number < cap.taken && told.requests > cap.told => cap.left += 1,
            cap => {
                let lent = self.lending.as_ref().map_or(0, |lending| lending.in_use());
                let unknown = u64::from(self.out) + u64::from(lent) + (self.without_headers - taken.without_headers);
                *cap = Some(ServerLimit {
                    told: told.requests,
                    left: i64::from(told.requests).saturating_sub_unsigned(unknown),
                    until: now + told.reset,
                    taken: self.taken,
                });
            }
        }
    }

    /// Hands the free permits to the head of the line.
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

    /// The head of the line sets its alarm anew.
    fn wake_head(&mut self) {
        if let Some(waker) = self.line.values().next() {
            self.wakers.due.push(waker.clone());
        }
    }

    /// One of the client's own, before one that was lent.
    fn take(&mut self, now: Instant) -> Option<Issued> {
        let lent = match self.idle(now) {
            0 => Some(self.lending.as_mut()?.take(now)?),
            _ => {
                self.out += 1;
                None
            }
        };
        if let Some(cap) = &mut self.cap {
            cap.left -= 1;
        }
        let taken = Issued { number: self.taken, without_headers: self.without_headers, lent };
        self.taken += 1;
        Some(taken)
    }

    fn free(&mut self, now: Instant) -> u32 {
        while self.returns.front().is_some_and(|due| *due <= now) {
            self.returns.pop_front();
        }
        self.cap.take_if(|cap| cap.until <= now);
        self.paused.take_if(|until| *until <= now);
        if self.paused.is_some() {
            return 0;
        }
        let idle = self.idle(now).saturating_add(self.lending.as_ref().map_or(0, |lending| lending.ready(now)));
        self.cap.as_ref().map_or(idle, |cap| idle.min(u32::try_from(cap.left.max(0)).unwrap_or(u32::MAX)))
    }

    /// The client's own permits that are neither out nor due to come back.
    fn idle(&self, now: Instant) -> u32 {
        if self.lending.as_ref().is_some_and(|lending| !lending.owns_share(now)) {
            return 0;
        }
        let due = u32::try_from(self.returns.len()).unwrap_or(u32::MAX);
        self.limit.saturating_sub(self.out).saturating_sub(due)
    }

    /// When somebody with so many ahead gets a permit at the earliest, if the requests that are out end now.
    fn earliest(&self, now: Instant, ahead: usize) -> Instant {
        if let Some(lending) = &self.lending {
            // What is not known yet may come with the next turn.
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

    /// When somebody with so many ahead looks again, unless woken before.
    fn turn(&self, now: Instant, ahead: usize) -> Instant {
        match &self.lending {
            Some(lending) => self.not_before(ahead, self.known(lending, now, ahead).unwrap_or(now + LOOK_AGAIN)),
            None => self.earliest(now, ahead),
        }
    }

    /// When the permit after so many others is ready, of those that are here or known to come.
    fn known(&self, lending: &Lending, now: Instant, ahead: usize) -> Option<Instant> {
        let Some(ahead) = ahead.checked_sub(usize::try_from(self.idle(now)).unwrap_or(usize::MAX)) else {
            return Some(now);
        };
        let mut starts: Vec<Instant> = self.returns.iter().copied().chain(lending.starts()).collect();
        starts.sort_unstable();
        starts.get(ahead).copied()
    }

    /// Not before a pause or the server's own limit ends.
    fn not_before(&self, ahead: usize, mut at: Instant) -> Instant {
        if let Some(cap) =
            self.cap.as_ref().filter(|cap| usize::try_from(cap.left.max(0)).is_ok_and(|left| left <= ahead))
        {
            at = at.max(cap.until);
        }
        self.paused.map_or(at, |paused| at.max(paused))
    }
}

fn wake_at(now: Instant, at: Instant) -> Instant {
    at.max(now + TICK)
}
