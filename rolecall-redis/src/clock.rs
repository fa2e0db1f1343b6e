//! A bound of the server's clock, from the times that it has reported.

use std::time::{Duration, Instant};

/// The maximum drift of a clock, as a divisor: 1/1000 of the elapsed time. A larger difference is a jump.
const DRIFT: u32 = 1000;
const TOLERANCE: Duration = Duration::from_millis(20);

/// The time that the server last reported, and when.
#[derive(Debug, Default)]
pub(crate) struct ServerClock {
    known: Option<(Instant, Duration)>,
    jumps: u64,
}

impl ServerClock {
    /// Returns the latest time that the server's clock can show at `at`, or `None` if it has not reported any.
    pub(crate) fn latest(&self, at: Instant) -> Option<Duration> {
        let (asked, time) = self.known?;
        let elapsed = at.saturating_duration_since(asked);
        Some(time + elapsed + elapsed / DRIFT + TOLERANCE)
    }

    /// Records that the server showed `time` between `asked` and `received`. Returns how far its clock jumped ahead,
    /// if it did.
    pub(crate) fn observe(&mut self, asked: Instant, received: Instant, time: Duration) -> Option<Duration> {
        let ahead = self.latest(received).and_then(|latest| time.checked_sub(latest));
        self.known = Some((asked, time));
        self.jumps += u64::from(ahead.is_some());
        ahead
    }

    /// Returns the number of jumps of the clock.
    pub(crate) fn jumps(&self) -> u64 {
        self.jumps
    }

    /// Discards the last time, because the next one is another server's.
    pub(crate) fn forget(&mut self) {
        self.known = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_reply_is_no_jump_and_a_jump_is_seen_however_long_the_silence() {
        let (start, mut clock) = (Instant::now(), ServerClock::default());
        let at = |ms: u64| start + Duration::from_millis(ms);
        let time = |ms: u64| Duration::from_millis(1_000_000 + ms);
        assert_eq!(clock.latest(start), None);
        assert_eq!(clock.observe(at(0), at(200), time(150)), None);
        assert_eq!(clock.observe(at(300), at(540), time(539)), None, "carried out late");
        assert_eq!(clock.observe(at(600), at(601), time(601)), None);
        assert_eq!(clock.observe(at(60_600), at(60_601), time(60_650)), None, "drift");
        let jump = clock.observe(at(60_700), at(60_701), time(63_000)).expect("a jump");
        assert!(jump > Duration::from_millis(2200), "{jump:?}");
        assert_eq!(clock.observe(at(60_800), at(60_801), time(63_100)), None, "the jump is known by now");
        assert_eq!(clock.observe(at(60_900), at(60_901), time(50_000)), None, "backwards");
        assert_eq!(clock.jumps(), 1);
    }
}
