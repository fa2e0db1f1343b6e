//! A long range of consumption in parts: where it is cut, and how what comes back is put in order.

use jiff::{SignedDuration, Timestamp};

use super::GetContractsEnergyConsumptionItemResponse as Item;
use crate::time::{day_of, midnight};
use crate::{Resolution, TimeRange};

/// No part is longer.
const LONGEST: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Cuts a range into parts of at most 30 days, in order and without gaps.
///
/// The parts are in hours, which no cut divides. A day or a month that is cut would come back in two pieces, and
/// where a server's days begin its document doesn't say.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    whole: TimeRange,
    next: Timestamp,
}

impl Parts {
    pub(crate) fn of(whole: TimeRange) -> Self {
        Self { whole, next: whole.start() }
    }
}

impl Iterator for Parts {
    type Item = TimeRange;

    fn next(&mut self) -> Option<TimeRange> {
        let latest = self.next.checked_add(LONGEST).unwrap_or(Timestamp::MAX);
        // An empty rest is no range, and the end.
        let part = TimeRange::hours(self.next, latest.min(self.whole.end())).ok()?;
        self.next = part.end();
        Some(part)
    }
}

/// Puts together what the parts brought: each hour once and in order, added up to days or months if those were asked for.
#[derive(Debug)]
pub(crate) struct Order {
    whole: TimeRange,
    /// The hour that came last.
    last: Option<Timestamp>,
    /// The day or month that may not be complete yet.
    open: Option<Item>,
}

impl Order {
    pub(crate) fn of(whole: TimeRange) -> Self {
        Self { whole, last: None, open: None }
    }

    /// Takes a part's hours, and gives the steps that are complete.
    ///
    /// A server that takes a part's end for a part of it sends the hour there twice, and one after the range.
    pub(crate) fn take(&mut self, mut hours: Vec<Item>) -> Vec<Item> {
        hours.sort_by_key(|hour| hour.date);
        let mut complete = Vec::with_capacity(hours.len());
        for hour in hours {
            if let Some(date) = hour.date {
                if date >= self.whole.end() || self.last.is_some_and(|last| date <= last) {
                    continue;
                }
                self.last = Some(date);
            }
            match self.whole.resolution() {
                Resolution::Hour => complete.push(hour),
                Resolution::Day | Resolution::Month => complete.extend(self.add(hour)),
            }
        }
        complete
    }

    /// Adds an hour to its step; gives the step before, which is complete then. An hour without a value leaves its step
    /// without one too: a sum that lacks a part is no sum.
    fn add(&mut self, hour: Item) -> Option<Item> {
        let step = Item { date: hour.date.map(|date| self.step(date)), kwh: hour.kwh };
        match &mut self.open {
            Some(open) if step.date.is_none() || open.date == step.date => {
                open.kwh = open.kwh.zip(step.kwh).and_then(|(sum, kwh)| sum.checked_add(kwh));
                None
            }
            open => open.replace(step),
        }
    }

    /// When the day or month of an hour begins in Germany, or the range in the midst of it.
    fn step(&self, hour: Timestamp) -> Timestamp {
        let day = day_of(hour);
        let first = if self.whole.resolution() == Resolution::Month { day.first_of_month() } else { day };
        midnight(first).max(self.whole.start())
    }

    /// Gives the last day or month.
    pub(crate) fn finish(&mut self) -> Option<Item> {
        self.open.take()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn item(date: &str, kwh: &str) -> Item {
        Item { date: Some(moment(date)), kwh: kwh.parse().ok() }
    }

    #[test]
    fn a_year_is_thirteen_parts_of_hours() {
        let year = TimeRange::months(midnight(date(2024, 1, 1)), midnight(date(2025, 1, 1))).unwrap();
        let parts: Vec<_> = Parts::of(year).collect();
        assert_eq!(parts.len(), 13);
        assert!(parts.iter().all(|part| part.resolution() == Resolution::Hour));
        assert_eq!(parts[12].end().duration_since(parts[12].start()).as_hours(), 6 * 24);
    }

    #[test]
    fn each_hour_comes_once_and_in_order() {
        let range = TimeRange::hours(moment("2024-01-01T00:00:00Z"), moment("2024-01-01T03:00:00Z")).unwrap();
        let mut order = Order::of(range);
        let hours = ["2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z", "2024-01-01T02:00:00Z", "2024-01-01T03:00:00Z"];
        let [zero, one, two, three] = hours.map(|hour| item(hour, "1"));
        assert_eq!(order.take(vec![one.clone(), zero.clone()]), [zero, one.clone()]);
        assert_eq!(order.take(vec![one, two.clone(), three]), [two]);
        assert_eq!(order.finish(), None);
    }

    #[test]
    fn hours_add_up_to_days_and_months_of_germany() {
        let (start, end) = (moment("2024-01-31T21:00:00Z"), moment("2024-02-02T00:00:00Z"));
        let hours = || {
            vec![
                item("2024-01-31T21:00:00Z", "0.1"),
                item("2024-01-31T22:00:00Z", "0.2"),
                item("2024-01-31T23:00:00Z", "0.5"),
                item("2024-02-01T22:00:00Z", "0.7"),
            ]
        };
        let last = || item("2024-02-01T23:00:00Z", "3");

        let mut days = Order::of(TimeRange::days(start, end).unwrap());
        assert_eq!(days.take(hours()), [item("2024-01-31T21:00:00Z", "0.3")]);
        assert_eq!(days.take(vec![last()]), [item("2024-01-31T23:00:00Z", "1.2")]);
        assert_eq!(days.finish(), Some(last()));

        let mut months = Order::of(TimeRange::months(start, end).unwrap());
        assert_eq!(months.take(hours()), [item("2024-01-31T21:00:00Z", "0.3")]);
        assert_eq!(months.take(vec![last()]), []);
        assert_eq!(months.finish(), Some(item("2024-01-31T23:00:00Z", "4.2")));
    }

    #[test]
    fn a_month_with_an_hour_missing_its_value_has_none() {
        let months = TimeRange::months(moment("2024-01-01T00:00:00Z"), moment("2024-02-01T00:00:00Z")).unwrap();
        let mut order = Order::of(months);
        let unknown = Item { date: Some(moment("2024-01-02T00:00:00Z")), kwh: None };
        order.take(vec![item("2024-01-01T00:00:00Z", "1"), unknown, item("2024-01-03T00:00:00Z", "1")]);
        assert_eq!(order.finish().unwrap().kwh, None);
    }

    proptest! {
        #[test]
        fn parts_are_the_whole_and_none_is_too_long(start in 0_i64..2_000_000_000, seconds in 1_i64..200_000_000) {
            let start = Timestamp::from_second(start).unwrap();
            let end = start.checked_add(SignedDuration::from_secs(seconds)).unwrap();
            let parts: Vec<_> = Parts::of(TimeRange::days(start, end).unwrap()).collect();
            prop_assert_eq!(parts[0].start(), start);
            prop_assert_eq!(parts[parts.len() - 1].end(), end);
            for part in &parts {
                prop_assert!(part.end().duration_since(part.start()) <= LONGEST);
            }
            for pair in parts.windows(2) {
                prop_assert_eq!(pair[0].end(), pair[1].start());
            }
        }
    }
}
