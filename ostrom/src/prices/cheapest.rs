//! The search for the cheapest time among known prices.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

/// A time span with one price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) price: Decimal,
}

impl Span {
    fn length(&self) -> SignedDuration {
        self.end.duration_since(self.start)
    }
}

/// Returns the start and the average price of the cheapest window of this duration, the earliest of several.
///
/// The cost of a window is linear in its start while neither of its ends crosses the boundary of a span. The minimum is
/// therefore at a window that starts at a span's start or ends at a span's end.
pub(crate) fn window(spans: &[Span], duration: SignedDuration) -> Option<(Timestamp, Decimal)> {
    if !duration.is_positive() {
        return None;
    }
    let starts = spans.iter().map(|span| span.start);
    let ends = spans.iter().filter_map(|span| span.end.checked_sub(duration).ok());
    let mut starts: Vec<_> = starts.chain(ends).collect();
    starts.sort_unstable();
    starts.dedup();
    let windows = starts.into_iter().filter_map(|start| {
        let end = start.checked_add(duration).ok()?;
        Some((start, average(spans, start, end)?))
    });
    // `min_by_key` returns the first of several.
    windows.min_by_key(|(_, average)| *average)
}

/// Returns the average price over a time, weighted by time. `None` if a part of the time has no price.
pub(crate) fn average(spans: &[Span], start: Timestamp, end: Timestamp) -> Option<Decimal> {
    let first = spans.partition_point(|span| span.end <= start);
    let (mut at, mut sum) = (start, Decimal::ZERO);
    for span in spans.get(first..)? {
        if at >= end {
            break;
        }
        if span.start > at {
            return None;
        }
        let until = span.end.min(end);
        sum = sum.checked_add(span.price.checked_mul(seconds(until.duration_since(at)))?)?;
        at = until;
    }
    if at < end { None } else { sum.checked_div(seconds(end.duration_since(start))) }
}

/// Returns the cheapest spans of this total duration, in order. Adjacent spans are joined at their average price.
pub(crate) fn split(spans: &[Span], duration: SignedDuration) -> Option<Vec<Span>> {
    if !duration.is_positive() {
        return None;
    }
    let mut by_price = spans.to_vec();
    // A stable sort keeps the earlier of equal prices first.
    by_price.sort_by_key(|span| span.price);
    let (mut missing, mut chosen) = (duration, Vec::new());
    for span in by_price {
        if missing.is_zero() {
            break;
        }
        let length = span.length().min(missing);
        missing -= length;
        chosen.push(Span { end: span.start.checked_add(length).ok()?, ..span });
    }
    if !missing.is_zero() {
        return None;
    }
    chosen.sort_by_key(|span| span.start);
    let mut joined: Vec<Span> = Vec::new();
    for span in chosen {
        match joined.last_mut() {
            Some(last) if last.end == span.start => {
                last.price = average(spans, last.start, span.end)?;
                last.end = span.end;
            }
            _ => joined.push(span),
        }
    }
    Some(joined)
}

/// Returns a duration in seconds, exact to the nanosecond.
pub(crate) fn seconds(duration: SignedDuration) -> Decimal {
    Decimal::from_i128_with_scale(duration.as_nanos(), 9)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    /// Spans from a start in minutes, a length in minutes, and a price.
    fn spans(list: &[(i64, i64, i64)]) -> Vec<Span> {
        let span = |(start, length, price): &(i64, i64, i64)| Span {
            start: at(*start),
            end: at(start + length),
            price: Decimal::from(*price),
        };
        list.iter().map(span).collect()
    }

    fn hours(prices: &[i64]) -> Vec<Span> {
        spans(&prices.iter().zip(0..).map(|(price, hour)| (hour * 60, 60, *price)).collect::<Vec<_>>())
    }

    fn found(spans: &[Span], minutes: i64) -> Option<(i64, String)> {
        let (start, average) = window(spans, SignedDuration::from_mins(minutes))?;
        Some((start.as_second() / 60, average.normalize().to_string()))
    }

    #[test]
    fn the_cheapest_window_is_contiguous_and_the_earliest_of_several() {
        let day = hours(&[9, 2, 8, 4, 4, 9]);
        assert_eq!(found(&day, 60), Some((60, "2".to_owned())));
        assert_eq!(found(&day, 120), Some((180, "4".to_owned())));
        assert_eq!(found(&day, 360), Some((0, "6".to_owned())));
        assert_eq!(found(&hours(&[3, 3, 3]), 60), Some((0, "3".to_owned())));
        assert_eq!(found(&hours(&[1, -30, 1]), 60), Some((60, "-30".to_owned())));
        // The two hours at 3 and 5 are cheaper, but they are not contiguous.
        assert_eq!(
            found(&spans(&[(0, 60, 5), (60, 60, 5), (180, 60, 1), (300, 60, 1)]), 120),
            Some((0, "5".to_owned()))
        );
    }

    #[test]
    fn a_window_may_start_or_end_within_an_hour() {
        // 90 minutes: all of the hour at 2, and half of the hour at 4 rather than of the hour at 8.
        assert_eq!(found(&hours(&[8, 2, 4, 9]), 90), Some((60, "2.6666666666666666666666666667".to_owned())));
        assert_eq!(found(&hours(&[4, 2, 8, 9]), 90), Some((30, "2.6666666666666666666666666667".to_owned())));
        assert_eq!(found(&hours(&[4, 2, 8]), 45), Some((60, "2".to_owned())));
    }

    #[test]
    fn no_window_spans_a_gap_or_more_than_is_known() {
        assert_eq!(found(&[], 60), None);
        assert_eq!(found(&hours(&[1]), 61), None);
        assert_eq!(found(&spans(&[(0, 60, 1), (120, 60, 1)]), 61), None);
        assert_eq!(found(&hours(&[1]), 0), None);
        assert_eq!(found(&hours(&[1]), -60), None);
    }

    #[test]
    fn quarters_are_quarters() {
        let quarters = spans(&[(0, 15, 9), (15, 15, 1), (30, 15, 2), (45, 15, 9)]);
        assert_eq!(found(&quarters, 30), Some((15, "1.5".to_owned())));
        assert_eq!(found(&quarters, 60), Some((0, "5.25".to_owned())));
        assert_eq!(found(&quarters, 75), None);
    }

    #[test]
    fn the_cheapest_split_takes_the_cheapest_times() {
        let split = |spans: &[Span], minutes| {
            let windows = split(spans, SignedDuration::from_mins(minutes)).unwrap_or_default();
            let show = |span: &Span| (span.start.as_second() / 60, span.end.as_second() / 60, span.price.to_string());
            windows.iter().map(show).collect::<Vec<_>>()
        };
        let day = hours(&[9, 2, 8, 4, 4, 1]);
        assert_eq!(split(&day, 120), [(60, 120, "2".to_owned()), (300, 360, "1".to_owned())]);
        assert_eq!(
            split(&day, 150),
            [(60, 120, "2".to_owned()), (180, 210, "4".to_owned()), (300, 360, "1".to_owned())]
        );
        assert_eq!(split(&day, 240), [(60, 120, "2".to_owned()), (180, 360, "3".to_owned())]);
        assert_eq!(split(&day, 361), []);
        assert_eq!(split(&day, 0), []);
    }

    #[test]
    fn the_average_is_weighted_by_time() {
        let day = hours(&[3, 6]);
        let between = |start, end| average(&day, at(start), at(end)).map(|price| price.normalize().to_string());
        assert_eq!(between(0, 120), Some("4.5".to_owned()));
        assert_eq!(between(40, 80), Some("4.5".to_owned()));
        assert_eq!(between(30, 120), Some("5".to_owned()));
        assert_eq!((between(-1, 60), between(60, 121)), (None, None));
        assert_eq!(day[0].length(), HOUR);
    }
}
