//! A time range taken apart into hours, days, or months in Germany, each of which sums up what belongs to it.

use jiff::{SignedDuration, Timestamp};

use crate::range::{Resolution, TimeRange};
use crate::time::{full_hour, next_day, next_month};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// An interval that starts at a time and has a length.
pub(crate) trait Interval {
    fn start(&self) -> Timestamp;
}

/// The sum of a step.
pub(crate) trait Sum {
    type Interval: Interval;
    type Output;

    /// Creates the sum of the step from `start` to `end` (exclusive).
    fn new(start: Timestamp, end: Timestamp) -> Self;
    fn add(&mut self, interval: Self::Interval);
    fn finish(self) -> Self::Output;
}

/// The steps of a range, in order and without gaps. A day or a month that the range cuts is a shorter step. Only full
/// hours count: an hour that starts before the range or at its end does not belong to it.
#[derive(Debug)]
pub(crate) struct Steps<S> {
    resolution: Resolution,
    range_end: Timestamp,
    /// The current step: its end, and its sum. `None` after the last step.
    current: Option<(Timestamp, Timestamp, S)>,
}

impl<S: Sum> Steps<S> {
    pub(crate) fn new(range: &TimeRange) -> Self {
        let mut steps = Self { resolution: range.resolution(), range_end: full_hour(range.end()), current: None };
        steps.open(full_hour(range.start()));
        steps
    }

    /// Adds intervals, which must be in order, and returns the steps that end at or before `until`. Intervals outside
    /// the range, or before the current step, are dropped.
    pub(crate) fn take(&mut self, intervals: Vec<S::Interval>, until: Timestamp) -> Vec<S::Output> {
        let until = full_hour(until);
        let mut finished = Vec::new();
        let mut intervals = intervals.into_iter().peekable();
        while let Some((start, end, mut sum)) = self.current.take() {
            while let Some(interval) = intervals.next_if(|interval| interval.start() < end) {
                if interval.start() >= start {
                    sum.add(interval);
                }
            }
            if end > until {
                self.current = Some((start, end, sum));
                break;
            }
            finished.push(sum.finish());
            self.open(end);
        }
        finished
    }

    fn open(&mut self, start: Timestamp) {
        let end = match self.resolution {
            Resolution::Hour => start.checked_add(HOUR).unwrap_or(self.range_end),
            Resolution::Day => next_day(start),
            Resolution::Month => next_month(start),
        };
        let end = end.min(self.range_end);
        if start < end {
            self.current = Some((start, end, S::new(start, end)));
        }
    }
}
