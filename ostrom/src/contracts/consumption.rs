//! The energy consumption of an hour, a day, or a month.

use jiff::{SignedDuration, Timestamp, ZonedDateTime};
use rust_decimal::Decimal;

use super::models::GetContractsEnergyConsumptionItemResponse as Item;
use crate::grid;
use crate::steps::{Interval, Sum};
use crate::time::in_germany;
use crate::total::Total;

/// The energy consumption of an hour, a day, or a month in Germany.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Consumption {
    /// The start.
    pub start: Timestamp,
    /// The end (exclusive).
    pub end: Timestamp,
    /// The energy, in kWh.
    pub kwh: Total,
}

impl Consumption {
    /// Returns the start on the wall clock in Germany.
    #[must_use]
    pub fn local_start(&self) -> ZonedDateTime {
        in_germany(self.start)
    }

    /// Returns the end (exclusive) on the wall clock in Germany.
    #[must_use]
    pub fn local_end(&self) -> ZonedDateTime {
        in_germany(self.end)
    }
}

/// The reading of a meter for an interval.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) start: Timestamp,
    pub(crate) length: SignedDuration,
    pub(crate) kwh: Decimal,
}

impl Interval for Reading {
    fn start(&self) -> Timestamp {
        self.start
    }
}

/// Returns the readings of a response, in order. Items without a date or a value are missing.
pub(crate) fn readings(items: Vec<Item>) -> Vec<Reading> {
    let known = items.into_iter().filter_map(|item| item.date.zip(item.kwh));
    let intervals = grid::intervals(known).into_iter();
    intervals.map(|(start, length, kwh)| Reading { start, length, kwh }).collect()
}

impl Sum for Consumption {
    type Interval = Reading;
    type Output = Self;

    fn new(start: Timestamp, end: Timestamp) -> Self {
        Self { start, end, kwh: Total::expecting(end.duration_since(start)) }
    }

    fn add(&mut self, reading: Reading) {
        self.kwh.add(reading.kwh, reading.length);
    }

    fn finish(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::range::TimeRange;
    use crate::steps::Steps;
    use crate::time::midnight;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn item(date: &str, kwh: &str) -> Item {
        Item { date: Some(moment(date)), kwh: kwh.parse().ok() }
    }

    /// The steps of a range as start in Germany, sum, and coverage.
    fn steps(range: &TimeRange, items: Vec<Item>) -> Vec<String> {
        let mut steps = Steps::<Consumption>::new(range);
        let steps = steps.take(readings(items), range.end());
        let show = |step: Consumption| {
            format!("{}: {} in {}", step.local_start().strftime("%F %R"), step.kwh.partial(), step.kwh.coverage())
        };
        steps.into_iter().map(show).collect()
    }

    /// One kWh in each hour of a range.
    fn ones(start: Timestamp, end: Timestamp) -> Vec<Item> {
        let hours = end.duration_since(start).as_hours();
        (0..hours)
            .map(|hour| Item {
                date: start.checked_add(SignedDuration::from_hours(hour)).ok(),
                kwh: Some(Decimal::ONE),
            })
            .collect()
    }

    #[test]
    fn days_have_the_hours_of_the_clock_change() {
        for (first, expected) in [
            (date(2025, 3, 29), ["24 in 24 of 24", "23 in 23 of 23", "24 in 24 of 24"]),
            (date(2025, 10, 25), ["24 in 24 of 24", "25 in 25 of 25", "24 in 24 of 24"]),
        ] {
            let (start, end) = (midnight(first), midnight(first.saturating_add(jiff::Span::new().days(3))));
            let found = steps(&TimeRange::days(start, end).unwrap(), ones(start, end));
            for (step, expected) in found.iter().zip(expected) {
                assert!(step.ends_with(&format!("00:00: {expected} hours")), "{found:?}");
            }
            assert_eq!(found.len(), 3);
        }
    }

    #[test]
    fn the_years_end_is_at_midnight_in_germany() {
        let (start, end) = (midnight(date(2024, 12, 1)), midnight(date(2025, 2, 1)));
        // 2024-12-31T23:00Z is the first hour of 2025.
        let items = vec![item("2024-12-31T22:00:00Z", "0.2"), item("2024-12-31T23:00:00Z", "0.5")];
        assert_eq!(
            steps(&TimeRange::months(start, end).unwrap(), items),
            ["2024-12-01 00:00: 0.2 in 1 of 744 hours", "2025-01-01 00:00: 0.5 in 1 of 744 hours"]
        );
    }

    #[test]
    fn a_month_without_ten_days_says_so() {
        let (start, end) = (midnight(date(2025, 1, 1)), midnight(date(2025, 2, 1)));
        let found = steps(&TimeRange::months(start, end).unwrap(), ones(midnight(date(2025, 1, 11)), end));
        assert_eq!(found, ["2025-01-01 00:00: 504 in 504 of 744 hours"]);
    }

    #[test]
    fn an_hour_without_a_value_is_missing_and_the_others_are_summed() {
        let range = TimeRange::days(moment("2025-01-01T23:00:00Z"), moment("2025-01-02T02:00:00Z")).unwrap();
        let unknown = Item { date: Some(moment("2025-01-02T00:00:00Z")), kwh: None };
        let items = vec![item("2025-01-01T23:00:00Z", "1"), unknown, item("2025-01-02T01:00:00Z", "0.5")];
        assert_eq!(steps(&range, items), ["2025-01-02 00:00: 1.5 in 2 of 3 hours"]);
        assert_eq!(steps(&range, vec![]), ["2025-01-02 00:00: 0 in 0 of 3 hours"]);
    }

    #[test]
    fn hours_before_and_after_the_range_are_dropped_and_repeated_ones_count_once() {
        let range = TimeRange::hours(moment("2025-01-01T01:00:00Z"), moment("2025-01-01T03:00:00Z")).unwrap();
        let items = [
            "2025-01-01T03:00:00Z",
            "2025-01-01T02:00:00Z",
            "2025-01-01T00:00:00Z",
            "2025-01-01T01:00:00Z",
            "2025-01-01T02:00:00Z",
        ];
        let items = items.map(|date| item(date, "1")).to_vec();
        assert_eq!(
            steps(&range, items),
            ["2025-01-01 02:00: 1 in 1 of 1 hours", "2025-01-01 03:00: 1 in 1 of 1 hours"]
        );
    }

    #[test]
    fn a_quarter_is_not_an_hour() {
        let range = TimeRange::hours(moment("2025-10-01T10:00:00Z"), moment("2025-10-01T12:00:00Z")).unwrap();
        let items = ["10:00", "10:15", "10:30", "10:45", "11:00", "11:45"];
        let items = items.map(|time| item(&format!("2025-10-01T{time}:00Z"), "0.1")).to_vec();
        assert_eq!(
            steps(&range, items),
            ["2025-10-01 12:00: 0.4 in 1 of 1 hours", "2025-10-01 13:00: 0.2 in 0.5 of 1 hours"]
        );
    }

    #[test]
    fn a_range_between_full_hours_has_only_full_hours() {
        let range = TimeRange::days(moment("2025-01-01T10:30:00Z"), moment("2025-01-01T12:30:00Z")).unwrap();
        let found = steps(&range, ones(moment("2025-01-01T09:00:00Z"), moment("2025-01-01T15:00:00Z")));
        assert_eq!(found, ["2025-01-01 12:00: 2 in 2 of 2 hours"]);
        let none = TimeRange::hours(moment("2025-01-01T10:10:00Z"), moment("2025-01-01T10:20:00Z")).unwrap();
        assert_eq!(steps(&none, vec![]), [] as [&str; 0]);
    }
}
