//! Germany's calendar, by which Ostrom's customers count their days.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// By rule, so that no database of time zones is needed: the same since 1996.
const GERMANY: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// Germany's time.
pub(crate) fn germany() -> TimeZone {
    TimeZone::posix(GERMANY).unwrap_or(TimeZone::UTC)
}

/// When a day begins in Germany.
///
/// Day-ahead prices are published for such days, and bills are written for them.
///
/// ```
/// let midnight = ostrom::midnight(jiff::civil::date(2024, 7, 1));
/// assert_eq!(midnight.to_string(), "2024-06-30T22:00:00Z");
/// ```
#[must_use]
pub fn midnight(day: Date) -> Timestamp {
    let midnight = germany().to_ambiguous_timestamp(day.at(0, 0, 0, 0));
    // The clocks change at two and at three; only at the ends of the calendar is there no such moment.
    midnight.compatible().unwrap_or(if day.year() < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// The day that a moment belongs to in Germany.
#[must_use]
pub fn day_of(moment: Timestamp) -> Date {
    germany().to_datetime(moment).date()
}
