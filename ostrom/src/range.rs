//! Ranges of time, as the queries for prices and consumption have them.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::midnight;

/// The steps in which values are given.
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
    /// The value as Ostrom writes it.
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

/// From a moment to a later one, in steps of hours, days or months: the query's `startDate`, `endDate` and
/// `resolution`.
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
    /// The hours from `start` up to `end`.
    ///
    /// # Errors
    ///
    /// For a range that is empty or ends before it starts, here and in all constructors. Moments count in
    /// milliseconds, since that is what is sent.
    pub fn hours(start: Timestamp, end: Timestamp) -> Result<Self, InvalidRange> {
        Self::new(start, end, Resolution::Hour)
    }

    /// The days from `start` up to `end`.
    ///
    /// # Errors
    ///
    /// As [`Self::hours`].
    pub fn days(start: Timestamp, end: Timestamp) -> Result<Self, InvalidRange> {
        Self::new(start, end, Resolution::Day)
    }

    /// The months from `start` up to `end`.
    ///
    /// # Errors
    ///
    /// As [`Self::hours`].
    pub fn months(start: Timestamp, end: Timestamp) -> Result<Self, InvalidRange> {
        Self::new(start, end, Resolution::Month)
    }

    /// A range in steps that are known only when the program runs.
    ///
    /// # Errors
    ///
    /// As [`Self::hours`].
    pub fn new(start: Timestamp, end: Timestamp, resolution: Resolution) -> Result<Self, InvalidRange> {
        if start.as_millisecond() < end.as_millisecond() {
            Ok(Self { start, end, resolution })
        } else {
            Err(InvalidRange { start, end })
        }
    }

    /// Where it starts.
    #[must_use]
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// Where it ends; no part of it.
    #[must_use]
    pub fn end(&self) -> Timestamp {
        self.end
    }

    /// Its steps.
    #[must_use]
    pub fn resolution(&self) -> Resolution {
        self.resolution
    }
}

/// The three values of the query, the moments in UTC and with milliseconds.
impl Serialize for TimeRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut range = serializer.serialize_struct("TimeRange", 3)?;
        range.serialize_field("startDate", &format_args!("{:.3}", self.start))?;
        range.serialize_field("endDate", &format_args!("{:.3}", self.end))?;
        range.serialize_field("resolution", self.resolution.as_str())?;
        range.end()
    }
}

/// A [`TimeRange`] of hours, the only steps that spot prices have.
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
    /// The hours from `start` up to `end`.
    ///
    /// # Errors
    ///
    /// As [`TimeRange::hours`].
    pub fn new(start: Timestamp, end: Timestamp) -> Result<Self, InvalidRange> {
        TimeRange::hours(start, end).map(Self)
    }

    /// The 24 hours of a day in Germany, 23 and 25 on the days on which the clocks change.
    #[must_use]
    pub fn of_day(day: Date) -> Self {
        let (start, end) = (midnight(day), day.tomorrow().map_or(Timestamp::MAX, midnight));
        Self(TimeRange { start, end, resolution: Resolution::Hour })
    }

    /// The same as a range.
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

/// A range of time that is empty, or ends before it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRange {
    start: Timestamp,
    end: Timestamp,
}

impl fmt::Display for InvalidRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.end < self.start { "ends before it starts" } else { "is empty" };
        write!(f, "the range from {:.3} to {:.3} {what}", self.start, self.end)
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
    fn an_empty_or_inverted_range_is_refused() {
        let (start, end) = (moment("2024-03-01T00:00:00Z"), moment("2024-03-01T00:00:00.001Z"));
        for new in [TimeRange::hours, TimeRange::days, TimeRange::months] {
            assert!(new(start, end).is_ok());
            let empty = new(start, start).unwrap_err();
            assert_eq!(
                empty.to_string(),
                "the range from 2024-03-01T00:00:00.000Z to 2024-03-01T00:00:00.000Z is empty"
            );
            let inverted = new(end, start).unwrap_err();
            assert!(inverted.to_string().ends_with("to 2024-03-01T00:00:00.000Z ends before it starts"), "{inverted}");
        }
        assert!(Hours::new(start, start).is_err());
        // What is sent would be the same moment twice.
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
