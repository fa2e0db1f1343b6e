//! A pool of rate-limit permits in Redis.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use redis::Cmd;
use rolecall::RateLimit;
use rolecall::pool::{Lent, PoolError, PoolFuture, RateLimitPool, Turn};

use crate::Error;
use crate::connection::{Connection, Script};

/// The maximum time that `rolecall` waits for a turn.
const LIMIT: Duration = Duration::from_millis(250);
/// The size of a range of returned permits, in bytes.
const RETURNED: usize = 17;
/// The maximum of a duration, about 30 years, in microseconds. The script adds up a few, and is exact up to 2^53.
const LONGEST: u64 = 1_000_000_000_000_000;
/// Permits that end within this fraction of the window come back together, the first of them that much later.
const GRAIN: u32 = 1000;
/// Clients with permits of the pool take a turn each second. Within twice that time, all of them have reported that
/// they know an earlier state than the new one.
const LISTEN: Duration = Duration::from_secs(2);

/// A rate limit that many processes share, from [`Redis::rate_limit`](crate::Redis::rate_limit).
///
/// Give it to [`ClientBuilder::rate_limit_pool`](rolecall::ClientBuilder::rate_limit_pool). The limit itself is the
/// client's [`rate_limit`](rolecall::ClientBuilder::rate_limit), the same one in every process. Clones share their
/// [counters](Self::counters).
#[derive(Clone)]
pub struct RedisPool {
    pub(crate) connection: Arc<Connection>,
    pub(crate) script: Arc<Script>,
    key: Arc<str>,
    processes: u32,
    own_share: Option<u32>,
    strict: bool,
    /// Jumps of the server's clock that were reported to the pool.
    jumps: Arc<AtomicU64>,
    counters: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    turns: AtomicU64,
    failed: AtomicU64,
    lent: AtomicU64,
    lost: AtomicU64,
    closed: AtomicU64,
}

/// What a [`RedisPool`] has done since it was created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Turns that succeeded.
    pub turns: u64,
    /// Turns that failed or timed out. Until one succeeds, a client has its own share only.
    pub failed: u64,
    /// Permits lent.
    pub lent: u64,
    /// The number of times that this process has noticed a loss of the pool's state.
    pub lost: u64,
    /// Turns that found the pool closed, because its state was new or had been lost.
    pub closed: u64,
}

impl RedisPool {
    pub(crate) fn new(connection: Arc<Connection>, name: &str) -> Self {
        Self {
            connection,
            script: Arc::new(Script::new(concat!(include_str!("lua/clock.lua"), include_str!("lua/turn.lua")))),
            key: format!("rolecall:{{limit:{name}}}:pool").into(),
            processes: 1,
            own_share: None,
            strict: false,
            jumps: Arc::default(),
            counters: Arc::default(),
        }
    }

    /// Sets the maximum number of processes (strictly, clients) that run at the same time. The default is 1.
    ///
    /// Additional processes have no [own share](Self::own_share), and use lent permits only. The same applies to a
    /// restarted process, until the last request that its predecessor may have sent is a window ago.
    #[must_use]
    pub fn processes(mut self, most: u32) -> Self {
        self.processes = most.max(1);
        self
    }

    /// Sets the number of permits that each process owns, and can use without Redis. The others are lent. The default
    /// is half of the limit, divided by the number of [processes](Self::processes).
    ///
    /// A larger share means fewer round trips, and more requests while Redis is unreachable; with a smaller one, a
    /// busy process can use more of the permits that others do not need.
    #[must_use]
    pub fn own_share(mut self, permits: u32) -> Self {
        self.own_share = Some(permits);
        self
    }

    /// Lends no permits for the longest hold and a window whenever the state is new, even if no client remembers
    /// another. The default is to wait for 2 seconds, in which every running client that has permits reports.
    ///
    /// Use it for limits that must hold even if Redis loses its memory and processes end in the same minute, as when a
    /// machine that runs all of them restarts.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Returns the counters so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Counters {
            turns: read(&self.counters.turns),
            failed: read(&self.counters.failed),
            lent: read(&self.counters.lent),
            lost: read(&self.counters.lost),
            closed: read(&self.counters.closed),
        }
    }

    fn share_of(&self, limit: RateLimit) -> u32 {
        self.own_share.unwrap_or(limit.requests() / self.processes / 2)
    }

    async fn take_turn(&self, turn: &Turn) -> Result<Lent, Error> {
        let asked = Instant::now();
        let jumps = self.connection.clock().jumps();
        let jumped = jumps != self.jumps.load(Ordering::Relaxed);
        // No caller waits for the permits any longer.
        let latest = self.connection.clock().latest(asked);
        let until = latest.map_or(0, |latest| u64::try_from((latest + LIMIT).as_micros()).unwrap_or_default());
        let (window, share) = (turn.limit.window(), self.share_of(turn.limit));
        let listen = if self.strict { window + turn.hold } else { LISTEN.min(window + turn.hold) };
        let (left, left_for) = turn.server_limit.map_or((0, 0), |(left, holds)| (u64::from(left) + 1, micros(holds)));
        let numbers: [u64; 18] = [
            turn.number,
            turn.answered.unwrap_or(0),
            u64::from(jumped),
            until,
            turn.limit.requests().into(),
            u64::from(share) * u64::from(self.processes),
            self.processes.into(),
            u64::from(share > 0),
            u64::from(turn.has_own_share),
            micros(window),
            micros(turn.hold),
            turn.first,
            turn.wanted.into(),
            micros(turn.within),
            turn.pause.map_or(0, micros),
            left,
            left_for,
            micros(listen),
        ];
        let numbers = numbers.map(u64::to_be_bytes).concat();
        let mut returned = Vec::with_capacity(turn.returned.len() * RETURNED);
        for range in ranges(&turn.returned, window / GRAIN) {
            returned.extend_from_slice(&range.first.to_be_bytes()[2..]);
            returned.extend_from_slice(&range.count.to_be_bytes());
            returned.extend_from_slice(&micros(range.back_in).to_be_bytes()[1..]);
        }
        let write = |command: &mut Cmd, run: Option<&str>| {
            command.arg(1).arg(&self.key[..]).arg(&turn.client.to_be_bytes()[..]);
            command.arg(run.unwrap_or_default()).arg(&numbers[..]).arg(&returned[..]);
        };
        let reply: Vec<i64> = self.connection.run(&self.script, LIMIT, write).await?;
        let number = |i: usize| reply.get(i).and_then(|value| u64::try_from(*value).ok()).unwrap_or_default();
        let time = |i: usize| Some(Duration::from_micros(number(i))).filter(|time| !time.is_zero());
        let jump = self.connection.clock().observe(asked, Instant::now(), Duration::from_micros(number(4)));
        if jumped && number(0) != 2 {
            self.jumps.store(jumps, Ordering::Relaxed);
        }
        if let Some(jump) = jump {
            return Err(Error::new(format!("the server's clock jumped ahead by {jump:?}")));
        }
        if number(0) == 2 {
            return Err(Error::new("the turn was carried out too late"));
        }
        self.counters.turns.fetch_add(1, Ordering::Relaxed);
        self.counters.lost.fetch_add(u64::from(number(0) == 1), Ordering::Relaxed);
        let mut lent = Lent::default();
        let at_once = usize::try_from(number(6).min(turn.wanted.into())).unwrap_or_default();
        lent.starts = vec![Duration::ZERO; at_once];
        lent.starts.extend(reply.iter().skip(7).map(|start| Duration::from_micros(start.unsigned_abs())));
        lent.next = time(1);
        lent.pause = time(2);
        lent.closed = time(3);
        self.counters.closed.fetch_add(u64::from(lent.closed.is_some()), Ordering::Relaxed);
        lent.own_share = share == 0 || number(5) == 1;
        self.counters.lent.fetch_add(u64::try_from(lent.starts.len()).unwrap_or_default(), Ordering::Relaxed);
        Ok(lent)
    }
}

impl RateLimitPool for RedisPool {
    fn turn<'a>(&'a self, turn: &'a Turn) -> PoolFuture<'a> {
        Box::pin(async move {
            let lent = self.take_turn(turn).await;
            self.counters.failed.fetch_add(u64::from(lent.is_err()), Ordering::Relaxed);
            Ok(lent?)
        })
    }

    fn own_share(&self, limit: RateLimit) -> Result<u32, PoolError> {
        let (share, owned) = (self.share_of(limit), u64::from(self.share_of(limit)) * u64::from(self.processes));
        if owned > u64::from(limit.requests()) {
            return Err(format!(
                "an own share of {share} permits for each of {} processes exceeds the limit of {limit}; use a smaller \
                 `own_share` or fewer `processes`",
                self.processes
            )
            .into());
        }
        Ok(share)
    }
}

impl fmt::Debug for RedisPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisPool")
            .field("processes", &self.processes)
            .field("own_share", &self.own_share)
            .field("strict", &self.strict)
            .finish_non_exhaustive()
    }
}

/// Permits whose numbers follow each other, and that may be lent again after the same time.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    first: u64,
    count: u32,
    back_in: Duration,
}

/// Returns what the permits come to, in the order of their numbers. Of permits that end within `grain`, all count as used
/// until the last does. One that was not used is never in a range with one that was.
fn ranges(returned: &[(u64, Duration)], grain: Duration) -> Vec<Range> {
    let mut returned = returned.to_vec();
    returned.sort_unstable_by_key(|(number, back_in)| (*number, std::cmp::Reverse(*back_in)));
    returned.dedup_by_key(|(number, _)| *number);
    let mut ranges: Vec<Range> = Vec::new();
    let mut earliest = Duration::ZERO;
    for (number, back_in) in returned {
        if let Some(range) = ranges.last_mut()
            && range.first.checked_add(range.count.into()) == Some(number)
            && range.back_in.is_zero() == back_in.is_zero()
            && range.back_in.max(back_in) - earliest.min(back_in) <= grain
        {
            range.count += 1;
            range.back_in = range.back_in.max(back_in);
            earliest = earliest.min(back_in);
        } else {
            ranges.push(Range { first: number, count: 1, back_in });
            earliest = back_in;
        }
    }
    ranges
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(LONGEST).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges_of(returned: &[(u64, u64)]) -> Vec<(u64, u32, u64)> {
        let returned: Vec<_> = returned.iter().map(|(number, back)| (*number, Duration::from_millis(*back))).collect();
        let ranges = ranges(&returned, Duration::from_millis(10));
        ranges.iter().map(|range| (range.first, range.count, range.back_in.as_millis().try_into().unwrap())).collect()
    }

    #[test]
    fn permits_that_end_together_are_one_range_until_the_last_of_them_is_back() {
        assert_eq!(ranges_of(&[]), []);
        assert_eq!(ranges_of(&[(7, 95), (6, 100), (5, 91)]), [(5, 3, 100)]);
        assert_eq!(ranges_of(&[(5, 100), (6, 110), (7, 111), (8, 101)]), [(5, 2, 110), (7, 2, 111)]);
        assert_eq!(ranges_of(&[(5, 100), (7, 100)]), [(5, 1, 100), (7, 1, 100)], "they do not follow each other");
    }

    #[test]
    fn a_permit_that_was_not_used_is_in_no_range_with_one_that_was() {
        assert_eq!(ranges_of(&[(1, 0), (2, 0), (3, 5), (4, 0)]), [(1, 2, 0), (3, 1, 5), (4, 1, 0)]);
    }

    #[test]
    fn a_permit_that_is_returned_twice_counts_as_used_until_the_later_time() {
        assert_eq!(ranges_of(&[(1, 0), (1, 80), (1, 30)]), [(1, 1, 80)]);
    }

    #[test]
    fn a_duration_without_end_is_one_that_the_script_can_add() {
        assert_eq!(micros(Duration::MAX), LONGEST);
        assert_eq!(micros(Duration::from_micros(5)), 5);
    }
}
