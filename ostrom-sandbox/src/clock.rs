//! The sandbox's clock, and Germany's calendar.

use std::sync::Mutex;

use jiff::tz::TimeZone;
use jiff::{RoundMode, Timestamp, Unit, ZonedDateTime};

use crate::sync::lock;

/// Germany's time zone as a rule, because a container may lack the system's time zone database.
const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// The system's clock until it is set; a fixed time afterward.
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

/// Converts a timestamp to local time in Germany.
pub(crate) fn in_berlin(moment: Timestamp) -> ZonedDateTime {
    moment.to_zoned_datetime(TimeZone::posix(BERLIN).unwrap_or(TimeZone::UTC))
}

/// Formats a timestamp as Ostrom does: in UTC, with milliseconds.
pub(crate) fn format_timestamp(moment: Timestamp) -> String {
    format!("{moment:.3}")
}

/// Returns the first full hour at or after a timestamp.
pub(crate) fn full_hour(moment: Timestamp) -> Option<Timestamp> {
    let rounding = jiff::TimestampRound::new().smallest(Unit::Hour).mode(RoundMode::Ceil);
    moment.round(rounding).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_and_winter_time_differ() {
        let hour = |moment: &str| in_berlin(moment.parse().unwrap()).hour();
        assert_eq!(hour("2024-01-15T12:00:00Z"), 13);
        assert_eq!(hour("2024-07-15T12:00:00Z"), 14);
        assert_eq!(hour("2024-03-31T00:59:59Z"), 1);
        assert_eq!(hour("2024-03-31T01:00:00Z"), 3);
        assert_eq!(hour("2024-10-27T00:59:59Z"), 2);
        assert_eq!(hour("2024-10-27T01:00:00Z"), 2);
    }

    #[test]
    fn timestamps_have_milliseconds() {
        assert_eq!(format_timestamp("2023-10-22T01:00:00Z".parse().unwrap()), "2023-10-22T01:00:00.000Z");
        assert_eq!(format_timestamp("2023-10-22T01:00:00.0425Z".parse().unwrap()), "2023-10-22T01:00:00.042Z");
    }
}
