//! Germany's calendar and wall clock, by which Ostrom's customers count hours, days, and months.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{RoundMode, Timestamp, TimestampRound, Unit, ZonedDateTime};

static GERMANY: TimeZone = jiff::tz::get!("Europe/Berlin");

/// Returns Germany's time zone, `Europe/Berlin`.
///
/// It is compiled in, so it is available on machines without a time zone database.
///
/// ```
/// use jiff::civil::date;
///
/// let seven = date(2025, 7, 2).at(7, 0, 0, 0).to_zoned_datetime(ostrom::germany())?;
/// assert_eq!(seven.timestamp().to_string(), "2025-07-02T05:00:00Z");
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn germany() -> TimeZone {
    GERMANY.clone()
}

/// Converts a timestamp to the wall clock in Germany.
///
/// ```
/// let moment = "2025-07-01T13:00:00Z".parse()?;
/// assert_eq!(ostrom::in_germany(moment).to_string(), "2025-07-01T15:00:00+02:00[Europe/Berlin]");
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn in_germany(moment: Timestamp) -> ZonedDateTime {
    moment.to_zoned_datetime(germany())
}

/// Returns the start of a day in Germany.
///
/// Day-ahead prices are published for such days, and bills are written for them.
///
/// ```
/// let midnight = ostrom::midnight(jiff::civil::date(2024, 7, 1));
/// assert_eq!(midnight.to_string(), "2024-06-30T22:00:00Z");
/// ```
#[must_use]
pub fn midnight(day: Date) -> Timestamp {
    let midnight = GERMANY.to_ambiguous_timestamp(day.at(0, 0, 0, 0));
    // The clocks change at 2:00 and 3:00, so midnight is unambiguous. It is out of range only at the ends of the calendar.
    midnight.compatible().unwrap_or(if day.year() < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// Returns the day in Germany that a timestamp belongs to.
#[must_use]
pub fn day_of(moment: Timestamp) -> Date {
    GERMANY.to_datetime(moment).date()
}

/// Returns the start of the day after, in Germany.
pub(crate) fn next_day(moment: Timestamp) -> Timestamp {
    day_of(moment).tomorrow().map_or(Timestamp::MAX, midnight)
}

/// Returns the start of the month, in Germany.
pub(crate) fn month_start(moment: Timestamp) -> Timestamp {
    midnight(day_of(moment).first_of_month())
}

/// Returns the start of the month after, in Germany.
pub(crate) fn next_month(moment: Timestamp) -> Timestamp {
    day_of(moment).last_of_month().tomorrow().map_or(Timestamp::MAX, midnight)
}

/// Returns the first full hour at or after a timestamp. Hours start at the same time in Germany and in UTC.
pub(crate) fn full_hour(moment: Timestamp) -> Timestamp {
    let rounding = TimestampRound::new().smallest(Unit::Hour).mode(RoundMode::Ceil);
    moment.round(rounding).unwrap_or(moment)
}
