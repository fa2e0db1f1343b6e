//! What time the sandbox thinks it is, and the calendar of the households it serves.

use std::sync::Mutex;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::state::lock;

/// Germany's time by rule rather than by the system's time zones, which a container may lack.
const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// The system's clock, until it is set: then it stands still.
#[derive(Debug)]
pub(crate) struct Clock(Mutex<Option<Timestamp>>);

impl Clock {
    pub(crate) fn new(now: Option<Timestamp>) -> Self {
        Self(Mutex::new(now))
    }

    pub(crate) fn set(&self, now: Timestamp) {
        *lock(&self.0) = Some(now);
    }

    pub(crate) fn now(&self) -> Timestamp {
        lock(&self.0).unwrap_or_else(Timestamp::now)
    }
}

/// A moment as a clock on a kitchen wall in Germany shows it.
pub(crate) fn in_berlin(moment: Timestamp) -> ZonedDateTime {
    moment.to_zoned_datetime(TimeZone::posix(BERLIN).unwrap_or(TimeZone::UTC))
}

/// A moment as Ostrom writes it: in UTC, with milliseconds.
pub(crate) fn written(moment: Timestamp) -> String {
    format!("{moment:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_and_winter_are_told_apart() {
        let hour = |moment: &str| in_berlin(moment.parse().unwrap()).hour();
        assert_eq!(hour("2024-01-15T12:00:00Z"), 13);
        assert_eq!(hour("2024-07-15T12:00:00Z"), 14);
        assert_eq!(hour("2024-03-31T00:59:59Z"), 1);
        assert_eq!(hour("2024-03-31T01:00:00Z"), 3);
        assert_eq!(hour("2024-10-27T00:59:59Z"), 2);
        assert_eq!(hour("2024-10-27T01:00:00Z"), 2);
    }

    #[test]
    fn moments_are_written_with_milliseconds() {
        assert_eq!(written("2023-10-22T01:00:00Z".parse().unwrap()), "2023-10-22T01:00:00.000Z");
        assert_eq!(written("2023-10-22T01:00:00.0425Z".parse().unwrap()), "2023-10-22T01:00:00.042Z");
    }
}
