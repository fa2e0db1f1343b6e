//! The server's clock, as far as it can be known from here.

use std::time::{Duration, Instant};

/// Clocks drift by up to this part, and a jump is larger than this.
const DRIFT: u32 = 1000;
const TOLERANCE: Duration = Duration::from_millis(20);

/// When the server was last asked for its time, and what it was.
#[derive(Debug, Default)]
pub(crate) struct ServerClock {
    known: Option<(Instant, Duration)>,
    jumps: u64,
}

impl ServerClock {
    /// The latest that the server's clock can show at `at`. `None` if nothing is known of it.
    pub(crate) fn latest(&self, at: Instant) -> Option<Duration> {
        let (asked, time) = self.known?;
        let elapsed = at.saturating_duration_since(asked);
        Some(time + elapsed + elapsed / DRIFT + TOLERANCE)
    }

    /// The server showed `time` between `asked` and `received`. Returns how far its clock jumped ahead, if it did.
    pub(crate) fn observe(&mut self, asked: Instant, received: Instant, time: Duration) -> Option<Duration> {
        let ahead = self.latest(received).and_then(|latest| time.checked_sub(latest));
        self.known = Some((asked, time));
        self.jumps += u64::from(ahead.is_some());
        ahead
    }

    /// How often the clock jumped.
    pub(crate) fn jumps(&self) -> u64 {
        self.jumps
    }

    /// The next time is another server's.
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
