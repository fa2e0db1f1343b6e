//! The lent permits of a pool, without a clock: every step receives the time.
//!
//! ```text
//!            lent             returned                free
//!   free ----------> in use ------------> due back ---------> free
//!                      |                     |
//!                      | never returned      | lent ahead, with the time it starts
//!                      +-------> due back    +-------> in use
//! ```
//!
//! This is also the specification of other pools: the Lua script of `rolecall-redis` is tested against it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use super::{Lent, Turn};

/// The fraction of the window for which permits are lent ahead of their start.
const AHEAD: u32 = 10;
/// The fraction of the window after which a client that finds no permit due back tries again.
const LOOK_AGAIN: u32 = 8;
const LOOK_AGAIN_WITHIN: (Duration, Duration) = (Duration::from_millis(1), Duration::from_secs(1));

/// A permit, identified by its client and the number that the client assigned to it.
type Id = (u64, u64);

/// Times are relative to the creation of the pool.
#[derive(Debug, Default)]
pub(super) struct State {
    now: Duration,
    /// Permits in use or lent ahead, with their start.
    out: BTreeMap<Id, Duration>,
    /// Permits that come back, by the time at which they do.
    due: BTreeSet<(Duration, Id)>,
    backs: HashMap<Id, Duration>,
    limit: Agreed<u32>,
    window: Agreed<Duration>,
    hold: Agreed<Duration>,
    paused: Duration,
    /// The number of requests that the server still accepts, and until when that is valid.
    left: Option<(i64, Duration)>,
    /// The time at which each client last requested permits.
    wanted: HashMap<u64, Duration>,
}

/// A value that clients may disagree about. The strictest value applies for as long as its clients take turns.
#[derive(Debug, Default)]
struct Agreed<T> {
    value: Option<T>,
    until: Duration,
}

impl<T: Copy> Agreed<T> {
    fn hear(&mut self, value: T, now: Duration, until: Duration, stricter: fn(T, T) -> bool) -> T {
        match self.value {
            Some(current) if self.until > now && stricter(current, value) => current,
            _ => {
                self.value = Some(value);
                self.until = until;
                value
            }
        }
    }
}

impl State {
    pub(super) fn turn(&mut self, now: Duration, turn: &Turn) -> Lent {
        let now = now.max(self.now);
        self.now = now;
        let longest = turn.limit.window() + turn.hold;
        let until = now + 2 * longest;
        let window = self.window.hear(turn.limit.window(), now, until, |current, other| current > other);
        let hold = self.hold.hear(turn.hold, now, until, |current, other| current > other);
        let limit = self.limit.hear(turn.limit.requests(), now, until, |current, other| current < other);

        for (number, back_in) in &turn.returned {
            self.take_back((turn.client, *number), now, now + *back_in);
        }
        self.time_passes(now, window, hold);
        if let Some(pause) = turn.pause {
            self.paused = self.paused.max(now + pause);
        }
        self.apply_server_limit(now, turn);

        let mut lent = Lent { pause: later(self.paused, now), ..Lent::default() };
        self.wanted.retain(|_, last| *last + window > now);
        if turn.wanted == 0 {
            return lent;
        }
        self.wanted.insert(turn.client, now);
        if self.paused > now {
            lent.next = lent.pause;
            return lent;
        }
        self.lend(now, window, limit, turn, &mut lent);
        if let Some((left, _)) = &mut self.left {
            *left -= i64::try_from(lent.starts.len()).unwrap_or(i64::MAX);
        }
        lent
    }

    /// A permit that starts later becomes free no earlier than its start.
    fn take_back(&mut self, id: Id, now: Duration, back: Duration) {
        let start = self.out.remove(&id).unwrap_or_default();
        self.comes_back(id, now, back.max(start));
    }

    fn comes_back(&mut self, id: Id, now: Duration, back: Duration) {
        let known = self.backs.get(&id).copied();
        if back <= now || known.is_some_and(|known| known >= back) {
            return;
        }
        if let Some(known) = known {
            self.due.remove(&(known, id));
        }
        self.backs.insert(id, back);
        self.due.insert((back, id));
    }

    /// A permit that was held too long counts as used at the last possible moment; a permit that is due becomes free.
    fn time_passes(&mut self, now: Duration, window: Duration, hold: Duration) {
        let lost: Vec<(Id, Duration)> =
            self.out.iter().filter(|(_, start)| **start + hold <= now).map(|(id, start)| (*id, *start)).collect();
        for (id, start) in lost {
            self.out.remove(&id);
            self.comes_back(id, now, start + hold + window);
        }
        while let Some((back, id)) = self.due.first().copied().filter(|(back, _)| *back <= now) {
            self.due.remove(&(back, id));
            self.backs.remove(&id);
        }
    }

    /// The server's count may or may not include permits in use, so they are subtracted until that is known.
    fn apply_server_limit(&mut self, now: Duration, turn: &Turn) {
        self.left.take_if(|(_, until)| *until <= now);
        if let Some((requests, holds)) = turn.server_limit {
            let unknown = i64::try_from(self.out.len()).unwrap_or(i64::MAX);
            let left = i64::from(requests).saturating_sub(unknown);
            let left = self.left.map_or(left, |(known, _)| known.min(left));
            self.left = Some((left, now + holds));
        }
    }

    /// Lends free permits first, then a fair share of those that come back soon.
    fn lend(&mut self, now: Duration, window: Duration, limit: u32, turn: &Turn, lent: &mut Lent) {
        let count = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
        let idle = i64::from(limit) - count(self.out.len()) - count(self.due.len());
        let left = self.left.map_or(i64::MAX, |(left, _)| left);
        let wanted = i64::from(turn.wanted).min(left.max(0));
        let free = idle.clamp(0, wanted);
        let mut numbers = turn.first..;
        for number in numbers.by_ref().take(usize::try_from(free).unwrap_or_default()) {
            self.out.insert((turn.client, number), now);
            lent.starts.push(Duration::ZERO);
        }
        if count(lent.starts.len()) == i64::from(turn.wanted) {
            return;
        }
        let within = turn.within.min(window / AHEAD);
        // If the limit was lowered, the first permits to come back are surplus.
        let surplus = usize::try_from(-idle).unwrap_or_default();
        let backs: Vec<(Duration, Id)> = self.due.iter().skip(surplus).copied().collect();
        let soon = backs.iter().take_while(|(back, _)| *back <= now + within).count();
        let reserved = self.out.values().filter(|start| **start > now).count();
        let share = ((soon + reserved) / self.wanted.len().max(1)).max(1);
        let mut ahead = count(share) - i64::from(turn.reserved);
        let mut next = None;
        for ((back, id), number) in backs.into_iter().zip(numbers) {
            if count(lent.starts.len()) >= wanted {
                break;
            }
            if ahead <= 0 {
                next = later(back, now);
                break;
            }
            if back > now + within {
                next = later(back.saturating_sub(within / 2), now);
                break;
            }
            self.due.remove(&(back, id));
            self.backs.remove(&id);
            self.out.insert((turn.client, number), back);
            lent.starts.push(back - now);
            ahead -= 1;
        }
        if count(lent.starts.len()) < i64::from(turn.wanted) {
            let (least, most) = LOOK_AGAIN_WITHIN;
            lent.next = Some(next.unwrap_or((window / LOOK_AGAIN).min(most)).max(least));
            if let Some((_, until)) = self.left.filter(|(left, _)| *left <= count(lent.starts.len())) {
                lent.next = lent.next.max(later(until, now));
            }
        }
    }
}

fn later(at: Duration, now: Duration) -> Option<Duration> {
    at.checked_sub(now).filter(|wait| !wait.is_zero())
}
