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

use std::collections::HashMap;
use std::time::Duration;

use super::fair::{Competition, Fair};
use super::{Lent, Turn};

/// The fraction of the window for which permits are lent ahead of their start.
const AHEAD: u32 = 10;
/// The fraction of the window after which a client tries again that knows of no permit that it could get.
const LOOK_AGAIN: u32 = 8;
const LOOK_AGAIN_WITHIN: (Duration, Duration) = (Duration::from_millis(1), Duration::from_secs(1));

/// A permit, identified by its client and the number that the client assigned to it.
type Id = (u64, u64);

/// Times are relative to the creation of the pool.
#[derive(Debug, Default)]
pub(super) struct State {
    now: Duration,
    /// Permits in use or lent ahead, with their start.
    out: HashMap<Id, Duration>,
    /// The times at which the other permits come back, in order.
    due: Vec<Duration>,
    limit: Agreed<u32>,
    window: Agreed<Duration>,
    hold: Agreed<Duration>,
    paused: Duration,
    /// The number of requests that the server still accepts, and until when that is valid.
    left: Option<(i64, Duration)>,
    fair: Fair,
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

        let mut unused = 0;
        for (number, back_in) in &turn.returned {
            unused += u64::from(self.take_back((turn.client, *number), now, now + *back_in));
        }
        self.time_passes(now, window, hold);
        if let Some(pause) = turn.pause {
            self.paused = self.paused.max(now + pause);
        }
        self.apply_server_limit(now, turn);

        let mut lent = Lent { pause: later(self.paused, now), ..Lent::default() };
        let competition = self.fair.ask(turn.client, turn.wanted, unused, now, hold + window);
        if turn.wanted == 0 {
            return lent;
        }
        if self.paused > now {
            lent.next = lent.pause;
            return lent;
        }
        self.lend(now, window, limit, turn, &competition, &mut lent);
        let permits = lent.starts.len();
        self.fair.lend(turn.client, u64::try_from(permits).unwrap_or_default());
        if let Some((left, _)) = &mut self.left {
            *left -= count(permits);
        }
        lent
    }

    /// Returns `true` if the permit was lent, and not used. A permit that starts later becomes free no earlier than its
    /// start. One that is not in use was never lent, or is returned again.
    fn take_back(&mut self, id: Id, now: Duration, back: Duration) -> bool {
        let Some(start) = self.out.remove(&id) else { return false };
        self.comes_back(now, back.max(start));
        start > now || back <= now
    }

    fn comes_back(&mut self, now: Duration, back: Duration) {
        if back > now {
            self.due.insert(self.due.partition_point(|other| *other <= back), back);
        }
    }

    /// A permit that was held too long counts as used at the last possible moment; a permit that is due becomes free.
    fn time_passes(&mut self, now: Duration, window: Duration, hold: Duration) {
        let lost: Vec<Duration> =
            self.out.extract_if(|_, start| *start + hold <= now).map(|(_, start)| start).collect();
        for start in lost {
            self.comes_back(now, start + hold + window);
        }
        self.due.drain(..self.due.partition_point(|back| *back <= now));
    }

    /// The server's count may or may not include permits in use, so they are subtracted until that is known.
    fn apply_server_limit(&mut self, now: Duration, turn: &Turn) {
        self.left.take_if(|(_, until)| *until <= now);
        if let Some((requests, holds)) = turn.server_limit {
            let unknown = count(self.out.len());
            let left = i64::from(requests).saturating_sub(unknown);
            let left = self.left.map_or(left, |(known, _)| known.min(left));
            self.left = Some((left, now + holds));
        }
    }

    /// Lends free permits first, then those that come back soon; of both, the client's part.
    fn lend(&mut self, now: Duration, window: Duration, limit: u32, turn: &Turn, with: &Competition, lent: &mut Lent) {
        let within = turn.within.min(window / AHEAD);
        let idle = i64::from(limit) - count(self.out.len()) - count(self.due.len());
        // If the limit was lowered, the first permits to come back are surplus.
        let surplus = usize::try_from(-idle).unwrap_or_default().min(self.due.len());
        let idle = usize::try_from(idle).unwrap_or_default();
        let backs = self.due.get(surplus..).unwrap_or_default();
        let soon = backs.partition_point(|back| *back <= now + within);
        let left = self.left.map_or(u64::MAX, |(left, _)| u64::try_from(left).unwrap_or_default());
        let available = u64::try_from(idle + soon).unwrap_or_default().min(left);
        let part = with.part(u64::from(turn.wanted), available);

        let permits = usize::try_from(part).unwrap_or_default();
        if part < u64::from(turn.wanted) {
            let (least, most) = LOOK_AGAIN_WITHIN;
            let place = permits.saturating_add(usize::try_from(with.before(part + 1)).unwrap_or(usize::MAX));
            let next = match backs.get(place.saturating_sub(idle)) {
                Some(back) => back.saturating_sub(within / 2).saturating_sub(now),
                None => (window / LOOK_AGAIN).min(most),
            };
            lent.next = Some(next.max(least));
            if let Some((_, until)) = self.left.filter(|(left, _)| *left <= count(permits)) {
                lent.next = lent.next.max(later(until, now));
            }
        }
        let ahead = permits.saturating_sub(idle);
        let starts = std::iter::repeat_n(now, permits - ahead).chain(self.due.drain(surplus..surplus + ahead));
        for (number, start) in (turn.first..).zip(starts) {
            self.out.insert((turn.client, number), start);
            lent.starts.push(start - now);
        }
    }
}

fn count(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}

fn later(at: Duration, now: Duration) -> Option<Duration> {
    at.checked_sub(now).filter(|wait| !wait.is_zero())
}
