//! The length of the intervals in a list that has only their starts.
//!
//! The API specification has hours only. The day-ahead market has had quarter-hours since October 2025, and the API may
//! follow. An interval's length is therefore derived from the starts: all intervals of a day in Germany have the same
//! length, and it is the largest of an hour, 30 minutes, and 15 minutes that fits the starts of that day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::time::day_of;

const QUARTER: i64 = 15 * 60;
const HOUR: i64 = 60 * 60;

/// Derives the length of each interval. Starts that are not on a quarter-hour are dropped, and so are duplicates: the
/// first of each start is kept. The result is in order.
pub(crate) fn intervals<T>(items: impl IntoIterator<Item = (Timestamp, T)>) -> Vec<(Timestamp, SignedDuration, T)> {
    let mut items: Vec<_> = items
        .into_iter()
        .filter(|(start, _)| start.as_second() % QUARTER == 0 && start.subsec_nanosecond() == 0)
        .map(|(start, item)| (start, day_of(start), item))
        .collect();
    items.sort_by_key(|(start, ..)| *start);
    items.dedup_by_key(|(start, ..)| *start);
    let mut lengths: BTreeMap<Date, i64> = BTreeMap::new();
    for (start, day, _) in &items {
        let length = lengths.entry(*day).or_insert(HOUR);
        // The offset into the hour is 0, 15, 30, or 45 minutes, and the length divides it.
        while start.as_second() % *length != 0 {
            *length /= 2;
        }
    }
    let length = |day| SignedDuration::from_secs(lengths.get(&day).copied().unwrap_or(HOUR));
    items.into_iter().map(|(start, day, item)| (start, length(day), item)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(starts: &[&str]) -> Vec<(String, i64)> {
        let items = starts.iter().map(|start| (start.parse().unwrap(), ()));
        intervals(items).into_iter().map(|(start, length, ())| (start.to_string(), length.as_mins())).collect()
    }

    #[test]
    fn a_day_of_hours_has_hours_and_a_day_of_quarters_has_quarters() {
        // Midnight in Germany is 22:00Z.
        let found =
            minutes(&["2025-09-30T20:00:00Z", "2025-09-30T21:00:00Z", "2025-09-30T22:00:00Z", "2025-09-30T22:15:00Z"]);
        assert_eq!(found.iter().map(|(_, length)| *length).collect::<Vec<_>>(), [60, 60, 15, 15]);
    }

    #[test]
    fn a_missing_quarter_does_not_make_the_one_before_longer() {
        let found = minutes(&["2025-10-01T10:00:00Z", "2025-10-01T10:45:00Z"]);
        assert_eq!(found.iter().map(|(_, length)| *length).collect::<Vec<_>>(), [15, 15]);
        assert_eq!(minutes(&["2025-10-01T10:00:00Z", "2025-10-01T10:30:00Z"])[0].1, 30);
    }

    #[test]
    fn starts_are_put_in_order_and_odd_ones_dropped() {
        let found = minutes(&[
            "2025-10-01T11:00:00Z",
            "2025-10-01T10:07:00Z",
            "2025-10-01T10:00:00.001Z",
            "2025-10-01T10:00:00Z",
            "2025-10-01T11:00:00Z",
        ]);
        assert_eq!(found, [("2025-10-01T10:00:00Z".to_owned(), 60), ("2025-10-01T11:00:00Z".to_owned(), 60)]);
    }
}
