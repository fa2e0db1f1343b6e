//! Time ranges for the queries of prices and consumption.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::time::midnight;

/// The resolution of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resolution {
    /// `HOUR`
    Hour,
    /// `DAY`
    Day,
    /// `MONTH`
    Month,
}

impl Resolution {
    /// Returns the value as Ostrom spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "HOUR",
            Self::Day => "DAY",
            Self::Month => "MONTH",
        }
    }
}

impl fmt::Display for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A time range with a resolution: the query parameters `startDate`, `endDate`, and `resolution`.
///
/// ```
/// use ostrom::{TimeRange, midnight};
/// use jiff::civil::date;
///
/// # fn main() -> Result<(), ostrom::InvalidRange> {
/// let march = TimeRange::days(midnight(date(2024, 3, 1)), midnight(date(2024, 4, 1)))?;
/// assert!(TimeRange::days(march.end(), march.start()).is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeRange {
    start: Timestamp,
    end: Timestamp,
    resolution: Resolution,
}

impl TimeRange {
    /// Creates a range of hours, from `start` to `end` (exclusive).
    ///
    /// # Errors
    ///
    /// Returns [`InvalidRange`] if `end` is not after `start`, compared in milliseconds, as they are sent.
    pub fn hours(start: Timestamp, end: Timestamp) -> Result<Self, InvalidRange> {
        Self::new(start, end, Resolution::Hour)
    }

    /// Creates a range of days, from `start` to `end` (exclusive).
    ///
    /// # Errors
    ///
    /// Returns [`InvalidRange`] if `end` is not after `start`.
    pub fn days(start: Timestamp, end: Timestamp) -> Result<Self, InvalidRange> {
        Self::new(start, end, Resolution::Day)
    }

    /// Creates a range of months, from `start` to `end` (exclusive).
    ///
    /// # Errors
    ///
    /// Returns [`InvalidRange`] if `end` is not after `start`.
    pub fn months(start: Timestamp, end: Timestamp) -> Result<Self, InvalidRange> {
        Self::new(start, end, Resolution::Month)
    }

    /// Creates a range with a resolution that is known only at run time.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidRange`] if `end` is not after `start`.
    pub fn new(start: Timestamp, end: Timestamp, resolution: Resolution) -> Result<Self, InvalidRange> {
        if start.as_millisecond() < end.as_millisecond() {
            Ok(Self { start, end, resolution })
        } else {
            Err(InvalidRange { start, end })
        }
    }

    /// Returns the start of the range.
    #[must_use]
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// Returns the end of the range (exclusive).
    #[must_use]
    pub fn end(&self) -> Timestamp {
        self.end
    }

    /// Returns the resolution.
    #[must_use]
    pub fn resolution(&self) -> Resolution {
        self.resolution
    }
}

/// Serializes the three query parameters. Times are in UTC, with milliseconds.
impl Serialize for TimeRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut range = serializer.serialize_struct("TimeRange", 3)?;
        range.serialize_field("startDate", &format_args!("{:.3}", self.start))?;
        range.serialize_field("endDate", &format_args!("{:.3}", self.end))?;
        range.serialize_field("resolution", self.resolution.as_str())?;
        range.end()
    }
}

/// A [`TimeRange`] of hours, the only resolution of spot prices.
///
/// ```
/// use ostrom::Hours;
/// use jiff::civil::date;
///
/// // The day on which the clocks go forward.
/// let day = Hours::of_day(date(2024, 3, 31));
/// assert_eq!(day.range().end().duration_since(day.range().start()).as_hours(), 23);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Hours(TimeRange);

impl Hours {
    /// Creates a range of hours, from `start` to `end` (exclusive).
    ///
    /// # Errors
    ///
    /// Returns [`InvalidRange`] if `end` is not after `start`.
    pub fn new(start: Timestamp, end: Timestamp) -> Result<Self, InvalidRange> {
        TimeRange::hours(start, end).map(Self)
    }

    /// Returns the hours of a range.
    pub(crate) fn within(range: &TimeRange) -> Self {
        Self(TimeRange { resolution: Resolution::Hour, ..*range })
    }

    /// Returns the hours of a day in Germany: 24, or 23 and 25 on the days on which the clocks change.
    #[must_use]
    pub fn of_day(day: Date) -> Self {
        let (start, end) = (midnight(day), day.tomorrow().map_or(Timestamp::MAX, midnight));
        Self(TimeRange { start, end, resolution: Resolution::Hour })
    }

    /// Returns the range.
    #[must_use]
    pub fn range(&self) -> TimeRange {
        self.0
    }
}

impl From<Hours> for TimeRange {
    fn from(hours: Hours) -> Self {
        hours.0
    }
}

/// The error for a time range that is empty or ends before it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRange {
    start: Timestamp,
    end: Timestamp,
}

impl fmt::Display for InvalidRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.end < self.start { "ends before it starts" } else { "is empty" };
        write!(f, "invalid range from {:.3} to {:.3}: it {what}", self.start, self.end)
    }
}

impl std::error::Error for InvalidRange {}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_empty_or_inverted_range_is_rejected() {
        let (start, end) = (moment("2024-03-01T00:00:00Z"), moment("2024-03-01T00:00:00.001Z"));
        for new in [TimeRange::hours, TimeRange::days, TimeRange::months] {
            assert!(new(start, end).is_ok());
            let empty = new(start, start).unwrap_err();
            assert_eq!(
                empty.to_string(),
                "invalid range from 2024-03-01T00:00:00.000Z to 2024-03-01T00:00:00.000Z: it is empty"
            );
            let inverted = new(end, start).unwrap_err();
            assert!(
                inverted.to_string().ends_with("to 2024-03-01T00:00:00.000Z: it ends before it starts"),
                "{inverted}"
            );
        }
        assert!(Hours::new(start, start).is_err());
        // Both would be sent as the same millisecond.
        assert!(TimeRange::hours(start, moment("2024-03-01T00:00:00.000999Z")).is_err());
    }

    #[test]
    fn a_day_has_its_hours() {
        for (day, hours) in [(date(2024, 3, 30), 24), (date(2024, 3, 31), 23), (date(2024, 10, 27), 25)] {
            let range = Hours::of_day(day).range();
            assert_eq!(range.end().duration_since(range.start()).as_hours(), hours);
            assert_eq!(crate::day_of(range.start()), day);
        }
    }
}
