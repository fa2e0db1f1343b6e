//! A long range fetched in parts.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::Stream;
use jiff::{SignedDuration, Timestamp};
use rolecall::{Error, StatusCode};

use crate::range::TimeRange;
use crate::steps::{Interval, Steps, Sum};
use crate::time::{day_of, midnight};

/// The maximum length of a part.
const MAX_PART: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Cuts a range into parts of at most 30 days, in order and without gaps.
///
/// Parts are ranges of hours and end at midnight in Germany, so that no cut divides an hour or a day. Days and months
/// are not requested from the server, because the API specification does not define where they start.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    next: Timestamp,
    end: Timestamp,
}

impl Parts {
    pub(crate) fn of(range: &TimeRange) -> Self {
        Self { next: range.start(), end: range.end() }
    }
}

impl Iterator for Parts {
    type Item = TimeRange;

    fn next(&mut self) -> Option<TimeRange> {
        let latest = self.next.checked_add(MAX_PART).unwrap_or(Timestamp::MAX);
        let end = if latest >= self.end { self.end } else { midnight(day_of(latest)) };
        // An empty range is the end.
        let part = TimeRange::hours(self.next, end).ok()?;
        self.next = part.end();
        Some(part)
    }
}

/// The error for a part of a long range that could not be fetched.
///
/// The stream continues with the next part, and the hours of the failed part are missing in its sums. To fetch the
/// failed part again instead, call the stream's `retry` before polling it.
#[derive(Debug)]
pub struct PartError {
    part: TimeRange,
    error: Error,
}

impl PartError {
    /// Returns the part that could not be fetched.
    #[must_use]
    pub fn part(&self) -> TimeRange {
        self.part
    }

    /// Returns the reason.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// Returns the reason.
    #[must_use]
    pub fn into_error(self) -> Error {
        self.error
    }
}

impl fmt::Display for PartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = (self.part.start(), self.part.end());
        write!(f, "could not fetch the part from {start:.3} to {end:.3}: {}", self.error)
    }
}

/// The message contains that of the reason, so the source is the reason's source.
impl std::error::Error for PartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.error)
    }
}

type Fetch<'a, T> = Box<dyn Fn(TimeRange) -> Fetching<'a, T> + Send + 'a>;
type Fetching<'a, T> = Pin<Box<dyn Future<Output = Result<Vec<T>, Error>> + Send + 'a>>;

/// Fetches a range part by part, each when the steps before it have been taken, and yields the steps of the range.
pub(crate) struct InParts<'a, S: Sum> {
    parts: Parts,
    /// The part that is being fetched.
    current: Option<(TimeRange, Fetching<'a, S::Interval>)>,
    /// The part that failed last, until the next part is fetched.
    failed: Option<TimeRange>,
    /// The part to fetch before the next one.
    again: Option<TimeRange>,
    steps: Steps<S>,
    ready: VecDeque<S::Output>,
    fetch: Fetch<'a, S::Interval>,
}

impl<'a, S: Sum> InParts<'a, S> {
    pub(crate) fn new<F, A>(range: &TimeRange, fetch: F) -> Self
    where
        F: Fn(TimeRange) -> A + Send + 'a,
        A: Future<Output = Result<Vec<S::Interval>, Error>> + Send + 'a,
    {
        Self {
            parts: Parts::of(range),
            current: None,
            failed: None,
            again: None,
            steps: Steps::new(range),
            ready: VecDeque::new(),
            fetch: Box::new(move |part| Box::pin(fetch(part))),
        }
    }

    /// Schedules the part that failed last to be fetched again. Returns `true` if there is one.
    pub(crate) fn retry(&mut self) -> bool {
        self.again = self.failed.take().or(self.again);
        self.again.is_some()
    }

    /// Gives up on the part that failed last: its hours stay unknown.
    fn skip_failed(&mut self) {
        if let Some(part) = self.failed.take() {
            self.ready.extend(self.steps.take(Vec::new(), part.end()));
        }
    }
}

impl<S: Sum + Unpin> Stream for InParts<'_, S>
where
    S::Output: Unpin,
{
    type Item = Result<S::Output, PartError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            this.skip_failed();
            if let Some(step) = this.ready.pop_front() {
                return Poll::Ready(Some(Ok(step)));
            }
            let Some((part, fetching)) = &mut this.current else {
                let Some(part) = this.again.take().or_else(|| this.parts.next()) else { return Poll::Ready(None) };
                this.current = Some((part, (this.fetch)(part)));
                continue;
            };
            let (part, result) = (*part, ready!(fetching.as_mut().poll(context)));
            this.current = None;
            match result {
                Ok(mut intervals) => {
                    // A server that includes the end of a range, or ignores the range, sends intervals of other parts.
                    intervals.retain(|interval| part.start() <= interval.start() && interval.start() < part.end());
                    this.ready.extend(this.steps.take(intervals, part.end()));
                }
                Err(error) => {
                    this.failed = Some(part);
                    return Poll::Ready(Some(Err(PartError { part, error })));
                }
            }
        }
    }
}

/// Treats 404 as no data: a contract whose meter is not installed yet has no values.
pub(crate) fn or_no_data<T: Default>(result: Result<T, Error>) -> Result<T, Error> {
    match result {
        Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(T::default()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::range::Resolution;

    #[test]
    fn a_year_is_thirteen_parts_of_hours_that_end_at_midnight() {
        let year = TimeRange::months(midnight(date(2024, 1, 1)), midnight(date(2025, 1, 1))).unwrap();
        let parts: Vec<_> = Parts::of(&year).collect();
        assert_eq!(parts.len(), 13);
        for part in &parts {
            assert_eq!(part.resolution(), Resolution::Hour);
            assert_eq!(midnight(day_of(part.end())), part.end());
        }
    }

    proptest! {
        #[test]
        fn parts_cover_the_range_and_none_is_too_long(start in 0_i64..2_000_000_000, seconds in 1_i64..200_000_000) {
            let start = Timestamp::from_second(start).unwrap();
            let end = start.checked_add(SignedDuration::from_secs(seconds)).unwrap();
            let parts: Vec<_> = Parts::of(&TimeRange::days(start, end).unwrap()).collect();
            prop_assert_eq!(parts[0].start(), start);
            prop_assert_eq!(parts[parts.len() - 1].end(), end);
            for part in &parts {
                prop_assert!(part.end().duration_since(part.start()) <= MAX_PART);
            }
            for pair in parts.windows(2) {
                prop_assert_eq!(pair[0].end(), pair[1].start());
            }
        }
    }
}
