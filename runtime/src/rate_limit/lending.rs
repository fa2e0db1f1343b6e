//! The permits that a pool lends to one client, without a clock and without waiting: every step receives the time.
//!
//! ```text
//!   asked for in a turn --> reserved --> ready (from its start on) --> in use --> returned --> reported in a turn
//!                               |          |
//!                               +----------+--> returned unused, if no caller waits for it, or if it is too old
//! ```

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU64;
use std::time::Duration;

use tokio::time::Instant;

use super::limit::RateLimit;
use super::pool::{Lent, Turn};
use crate::random;

/// The time after its start within which a permit is handed out or returned.
const HANDED_OUT_WITHIN: Duration = Duration::from_secs(5);
/// The maximum time that a request takes to reach the server after its caller has cancelled it. Measured: a server on
/// the same machine reads requests for a few hundred milliseconds after their callers are gone.
pub(super) const FLIGHT: Duration = Duration::from_millis(500);
/// The delays after failed turns.
const PAUSES: [Duration; 3] = [Duration::from_millis(100), Duration::from_millis(300), Duration::from_secs(1)];
/// Returned permits that no caller waits for are reported together, within this time.
const GATHER: Duration = Duration::from_millis(20);
/// The interval of turns while a client borrows: to state what it waits for, to receive pauses, and to confirm the pool's
/// state.
const REPORT: Duration = Duration::from_secs(1);
/// The interval of turns while a client sends with its own share alone. A pool keeps a share for a hold and a window after
/// its client's last turn, so even the last request before the next turn would have been due has left every window by then.
const CONFIRM: Duration = Duration::from_secs(4);
/// The interval of turns of a quiet client that has a share, as a fraction of the time for which a pool keeps it. So the
/// next call does not have to wait until the share is confirmed.
const KEEP: u32 = 3;
/// The time after which a driver task that was not polled counts as stalled with its runtime, and is replaced.
const STANDS_STILL: Duration = Duration::from_secs(3);
/// The random spread of the requests of clients that wait for the same permit.
const CHANCE: Duration = Duration::from_millis(20);
/// The maximum number of permits requested, and of permits returned, in one turn.
const MOST: usize = 256;

/// The next step of the driver.
#[derive(Debug)]
pub(super) enum Step {
    Turn(Turn),
    /// Nothing before this time, unless the client changes.
    Rest(Instant),
    /// Nothing before this time, and nothing that is lost if the client is gone by then. Meanwhile, another driver may
    /// start.
    Keep(Instant),
    /// Nothing until the client changes.
    Done,
}

/// The permits lent to one client.
#[derive(Debug)]
pub(super) struct Lending {
    client: u64,
    /// The whole limit, of which this client has a share.
    limit: RateLimit,
    /// The maximum duration of an attempt.
    attempt: Duration,
    /// Keyed by start and number, with the time until which each permit may be in use.
    reserved: BTreeMap<(Instant, u64), Instant>,
    in_use: HashMap<NonZeroU64, Instant>,
    /// Permits not reported yet, with the time from which each may be lent again.
    returned: Vec<(u64, Instant)>,
    /// Permits reported in the turn in progress.
    reporting: Vec<(u64, Instant)>,
    unreported_since: Option<Instant>,
    pause: Option<Instant>,
    server_limit: Option<(u32, Instant)>,
    last_number: u64,
    turns: u64,
    answered: Option<(u64, Instant)>,
    next: Option<Instant>,
    failures: usize,
    /// The time from which the client's own share may be used. `None` until the first turn.
    owned_from: Option<Instant>,
    owns: bool,
    /// Whether there are shares at all.
    has_share: bool,
    /// The time at which a call last acquired or requested a permit.
    active: Option<Instant>,
    /// The time at which all lent permits are back.
    all_back: Instant,
    /// The task that takes turns, by its number, and when it was last seen.
    driver: Option<(u64, Instant)>,
    drivers: u64,
    /// The last driver that was told to [keep](Step::Keep) the share.
    keeper: u64,
    under_way: Option<Turn>,
}

impl Lending {
    pub(super) fn new(client: u64, limit: RateLimit, owned: u32, now: Instant) -> Self {
        Self {
            client,
            limit,
            attempt: Duration::ZERO,
            reserved: BTreeMap::new(),
            in_use: HashMap::new(),
            returned: Vec::new(),
            reporting: Vec::new(),
            unreported_since: None,
            pause: None,
            server_limit: None,
            last_number: 0,
            turns: 0,
            answered: None,
            next: None,
            failures: 0,
            owned_from: (owned == 0).then_some(now),
            owns: false,
            has_share: owned > 0,
            active: None,
            all_back: now,
            driver: None,
            drivers: 0,
            keeper: 0,
            under_way: None,
        }
    }

    pub(super) fn window(&self) -> Duration {
        self.limit.window()
    }

    /// Records that a call is about to need a permit, for an attempt of up to this duration.
    pub(super) fn expect(&mut self, attempt: Duration, now: Instant) {
        self.attempt = self.attempt.max(attempt);
        self.active = Some(now);
    }

    /// Returns `true` if the client's own share may be used.
    pub(super) fn owns_share(&self, now: Instant) -> bool {
        // The turn that confirms it is either answered or has failed a moment later.
        self.owned_from.is_some_and(|from| from <= now) && !self.has_lapsed(now + REPORT)
    }

    /// Returns `true` if the pool may have given the client's share to another one, because the client has been quiet, or
    /// has stalled, for that long. A share does not lapse while the pool is unreachable.
    fn has_lapsed(&self, now: Instant) -> bool {
        self.failures == 0 && self.answered.is_some_and(|(_, at)| now >= at + self.longest())
    }

    /// Returns the number of permits that can be taken now.
    pub(super) fn ready(&self, now: Instant) -> u32 {
        let ready = self.reserved.range(..=(now, u64::MAX)).filter(|(_, end)| self.lasts(now, **end)).count();
        u32::try_from(ready).unwrap_or(u32::MAX)
    }

    /// Returns the starts of all ready and reserved permits, in order.
    pub(super) fn starts(&self) -> impl Iterator<Item = Instant> {
        self.reserved.keys().map(|(start, _)| *start)
    }

    /// Returns the number of requests in progress that use lent permits.
    pub(super) fn in_use(&self) -> u32 {
        u32::try_from(self.in_use.len()).unwrap_or(u32::MAX)
    }

    /// Returns the earliest time at which the pool may lend more permits.
    pub(super) fn next(&self, now: Instant) -> Instant {
        self.next.map_or(now, |next| next.max(now))
    }

    pub(super) fn take(&mut self, now: Instant) -> Option<NonZeroU64> {
        while let Some(first) = self.reserved.first_entry().filter(|first| first.key().0 <= now) {
            let ((_, number), end) = first.remove_entry();
            match NonZeroU64::new(number) {
                Some(number) if self.lasts(now, end) => {
                    self.in_use.insert(number, end);
                    return Some(number);
                }
                _ => self.back(number, now, now),
            }
        }
        None
    }

    /// Returns `true` if an attempt that ends at `until` may still be sent with the permit, a lent one or one of the
    /// client's own. It may not if the process has stalled.
    pub(super) fn may_send(&self, lent: Option<NonZeroU64>, now: Instant, until: Instant) -> bool {
        match lent {
            Some(number) => self.in_use.get(&number).is_some_and(|end| now < *end && until <= *end),
            None => !self.has_lapsed(now),
        }
    }

    /// Records that the permit's request has ended, and counts for the server until `free_at`.
    pub(super) fn ended(&mut self, number: NonZeroU64, now: Instant, free_at: Instant) {
        self.in_use.remove(&number);
        self.all_back = self.all_back.max(free_at);
        self.back(number.get(), now, free_at);
    }

    pub(super) fn unused(&mut self, number: NonZeroU64, now: Instant) {
        self.in_use.remove(&number);
        self.back(number.get(), now, now);
    }

    pub(super) fn server_limit(&mut self, requests: u32, until: Instant) {
        if self.server_limit.is_none_or(|(lowest, _)| requests < lowest) {
            self.server_limit = Some((requests, until));
        }
    }

    pub(super) fn pause(&mut self, until: Instant) {
        self.pause = Some(self.pause.map_or(until, |pause| pause.max(until)));
    }

    /// Returns the number of the driver task that the caller must start, if none is running and there is something to
    /// report or request.
    pub(super) fn start(&mut self, now: Instant, waiting: usize) -> Option<u64> {
        match self.driver {
            Some((_, seen)) if now < seen + STANDS_STILL => return None,
            Some((driver, _)) => self.stopped(driver, now),
            None => {}
        }
        let is_due = self.report(now, waiting).is_some_and(|at| at <= now);
        if !is_due && self.pause.is_none() && !self.borrows(now, waiting) {
            return None;
        }
        self.drivers += 1;
        self.driver = Some((self.drivers, now));
        Some(self.drivers)
    }

    /// Records that the task has stopped. Its last turn may have been cancelled.
    pub(super) fn stopped(&mut self, driver: u64, now: Instant) {
        if self.driver.take_if(|(current, _)| *current == driver).is_some()
            && let Some(turn) = self.under_way.take()
        {
            self.failed(&turn, now);
        }
    }

    pub(super) fn step(&mut self, driver: u64, now: Instant, waiting: usize) -> Step {
        match &mut self.driver {
            Some((current, seen)) if *current == driver => *seen = now,
            None if self.keeper == driver => self.driver = Some((driver, now)),
            _ => return Step::Done,
        }
        self.drop_unwanted(now, waiting);
        let is_quiet = !self.borrows(now, waiting);
        let held = self.next.filter(|next| *next > now);
        if let Some(held) = held.filter(|_| self.failures > 0) {
            return if is_quiet && self.keeps_share() { self.keep(driver, held, now) } else { Step::Rest(held) };
        }
        // After a failure, the first turn requests nothing, so that losing it as well has no effect.
        let short = if self.failures > 0 { 0 } else { (waiting - self.reserved.len()).min(MOST) };
        let asks = short > 0 && held.is_none();
        let gathered = self.unreported_since.map(|since| since + GATHER).filter(|_| !self.returned.is_empty());
        let report = self.report(now, waiting);
        let is_due = gathered.into_iter().chain(report).any(|at| at <= now);
        if asks || is_due || self.pause.is_some() {
            let turn = self.turn(now, short, waiting);
            self.under_way = Some(turn.clone());
            return Step::Turn(turn);
        }
        let rest = gathered.into_iter().chain(held.filter(|_| short > 0)).chain(report).min();
        match rest {
            // Limited so that the task is seen again before it counts as stalled.
            Some(at) if !is_quiet => Step::Rest(at.min(now + REPORT)),
            Some(at) if self.keeps_share() => self.keep(driver, at, now),
            _ => {
                self.driver = None;
                Step::Done
            }
        }
    }

    fn keep(&mut self, driver: u64, at: Instant, now: Instant) -> Step {
        self.driver = None;
        self.keeper = driver;
        // Limited so that one that was replaced, or whose client is gone, ends soon.
        Step::Keep(at.min(now + CONFIRM))
    }

    /// Records the end of the task's turn; `lent` is `None` if the turn failed. Returns the time until which no request
    /// may be sent.
    pub(super) fn turned(&mut self, driver: u64, asked: Instant, now: Instant, lent: Option<&Lent>) -> Option<Instant> {
        if self.driver.is_none_or(|(current, _)| current != driver) {
            // The turn was abandoned, and the permits it requested are returned already.
            return None;
        }
        let turn = self.under_way.take()?;
        let Some(lent) = lent else {
            self.failed(&turn, now);
            return None;
        };
        self.failures = 0;
        self.reporting.clear();
        self.answered = Some((turn.number, asked));
        // Delayed by a random time, so that the same client is not always the first to ask.
        self.next = lent.next.map(|next| now + next + CHANCE.mul_f64(random::unit_f64()));
        if lent.own_share != self.owns || self.owned_from.is_none() {
            self.owned_from = lent.own_share.then_some(now);
        }
        if !lent.own_share {
            // If the pool is unreachable, all requests that a previous client may have sent have left the window by
            // then.
            self.owned_from = Some(now + self.longest());
        }
        self.owns = lent.own_share;
        let longest = turn.hold.saturating_sub(FLIGHT);
        for (number, start) in (turn.first..).zip(&lent.starts) {
            // The pool's "now" lies between the request and the response: a permit starts no earlier than the last
            // moment, and its hold is counted from the first.
            self.reserved.insert((now + *start, number), asked + *start + longest);
        }
        lent.pause.map(|pause| now + pause)
    }

    fn failed(&mut self, turn: &Turn, now: Instant) {
        self.returned.append(&mut self.reporting);
        // They may have been lent, with unknown starts. The pool knows those.
        self.returned.extend((turn.first..turn.first + u64::from(turn.wanted)).map(|number| (number, now)));
        self.unreported_since.get_or_insert(now);
        if let Some(pause) = turn.pause {
            self.pause(now + pause);
        }
        self.next = Some(now + PAUSES.get(self.failures).copied().unwrap_or(REPORT));
        self.failures += 1;
        self.owned_from.get_or_insert(now);
    }

    fn turn(&mut self, now: Instant, wanted: usize, waiting: usize) -> Turn {
        let wanted = u32::try_from(wanted).unwrap_or(0);
        self.turns += 1;
        let mut turn = Turn::new(self.client, self.turns, self.limit);
        turn.first = self.last_number + 1;
        turn.wanted = wanted;
        self.last_number += u64::from(wanted);
        turn.hold = self.attempt + HANDED_OUT_WITHIN + FLIGHT;
        turn.within = self.limit.window();
        turn.has_own_share = self.owns && !self.has_lapsed(now);
        // A quiet client has nothing of a state that may have been lost, and would notice it late.
        let remembers = |at: Instant| now < at + self.longest() && (self.is_active(now) || self.borrows(now, waiting));
        turn.answered = self.answered.filter(|(_, at)| remembers(*at)).map(|(number, _)| number);
        turn.pause = self.pause.take().map(|until| until.saturating_duration_since(now));
        turn.server_limit = self.server_limit.take().map(|(left, until)| (left, until.saturating_duration_since(now)));
        self.reporting = self.returned.drain(..self.returned.len().min(MOST)).collect();
        turn.returned =
            self.reporting.iter().map(|(number, at)| (*number, at.saturating_duration_since(now))).collect();
        if self.returned.is_empty() {
            self.unreported_since = None;
        }
        turn
    }

    /// Returns the time after which everything lent is back in any case.
    fn longest(&self) -> Duration {
        self.attempt + HANDED_OUT_WITHIN + FLIGHT + self.limit.window()
    }

    /// Returns `true` if what the client holds, returned, or waits for affects other clients.
    fn borrows(&self, now: Instant, waiting: usize) -> bool {
        waiting > 0
            || now < self.all_back
            || !(self.in_use.is_empty() && self.reserved.is_empty() && self.returned.is_empty())
    }

    /// Returns `true` if a call has acquired or requested a permit just now.
    fn is_active(&self, now: Instant) -> bool {
        self.active.is_some_and(|active| now < active + REPORT)
    }

    /// Returns `true` if the client has a share, which the pool keeps as long as it takes turns.
    fn keeps_share(&self) -> bool {
        self.has_share && self.owns
    }

    /// Returns the time of the next turn if there is nothing else to report or request. A client that is quiet, and has no
    /// share to keep, takes none.
    fn report(&self, now: Instant, waiting: usize) -> Option<Instant> {
        let interval = match self.borrows(now, waiting) {
            true => REPORT,
            false if self.is_active(now) => CONFIRM,
            false if self.keeps_share() => self.longest() / KEEP,
            false => return None,
        };
        Some(self.answered.filter(|_| self.failures == 0).map_or(now, |(_, at)| at + interval))
    }

    fn lasts(&self, now: Instant, end: Instant) -> bool {
        now + self.attempt <= end
    }

    /// Returns permits that no caller waits for, and permits that are too old.
    fn drop_unwanted(&mut self, now: Instant, waiting: usize) {
        while self.reserved.len() > waiting {
            if let Some(((start, number), _)) = self.reserved.pop_last() {
                self.back(number, now, start.max(now));
            }
        }
        while let Some(first) = self.reserved.first_entry() {
            if now + self.attempt <= *first.get() {
                break;
            }
            let ((_, number), _) = first.remove_entry();
            self.back(number, now, now);
        }
    }

    fn back(&mut self, number: u64, now: Instant, free_at: Instant) {
        self.returned.push((number, free_at));
        self.unreported_since.get_or_insert(now);
    }
}
