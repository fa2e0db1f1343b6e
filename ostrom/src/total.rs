//! Sums over time that report what they lack.

use std::fmt;

use jiff::SignedDuration;
use rust_decimal::Decimal;

/// A sum over a time span, and how much of the span it covers.
///
/// One rule holds for all sums: [`complete`](Self::complete) returns the sum only if the value of every expected hour is
/// known, and [`partial`](Self::partial) returns the sum of the known hours, however few they are.
///
/// ```
/// use ostrom::{Decimal, Total};
///
/// fn show(kwh: &Total) -> String {
///     match kwh.complete() {
///         Some(sum) => format!("{sum} kWh"),
///         None => format!("{} kWh in {}", kwh.partial(), kwh.coverage()),
///     }
/// }
/// # let empty = Total::default();
/// # assert_eq!(show(&empty), "0 kWh");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    sum: Decimal,
    coverage: Coverage,
}

impl Total {
    /// Creates a sum of nothing, of which this much time is expected.
    pub(crate) fn expecting(expected: SignedDuration) -> Self {
        Self { sum: Decimal::ZERO, coverage: Coverage { known: SignedDuration::ZERO, expected } }
    }

    /// Adds the value of a part of the time. A value that overflows the sum stays unknown.
    pub(crate) fn add(&mut self, value: Decimal, time: SignedDuration) {
        if let Some((sum, known)) = self.sum.checked_add(value).zip(self.coverage.known.checked_add(time)) {
            self.sum = sum;
            self.coverage.known = known;
        }
    }

    /// Returns the sum if the value of every expected hour is known, and `None` otherwise.
    #[must_use]
    pub fn complete(&self) -> Option<Decimal> {
        self.coverage.is_complete().then_some(self.sum)
    }

    /// Returns the sum of the known hours.
    #[must_use]
    pub fn partial(&self) -> Decimal {
        self.sum
    }

    /// Returns how much of the time is known.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }
}

/// How much of a time span is known. Formats as `504 of 744 hours`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coverage {
    known: SignedDuration,
    expected: SignedDuration,
}

impl Coverage {
    /// Returns the time whose values are known.
    #[must_use]
    pub fn known(&self) -> SignedDuration {
        self.known
    }

    /// Returns the time whose values are expected: the length of the span.
    #[must_use]
    pub fn expected(&self) -> SignedDuration {
        self.expected
    }

    /// Returns `true` if nothing is missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.known == self.expected
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} hours", Hours(self.known), Hours(self.expected))
    }
}

/// Formats a duration as hours, with quarters as decimals.
struct Hours(SignedDuration);

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hours = Decimal::from(self.0.as_mins()).checked_div(Decimal::from(60)).unwrap_or_default();
        write!(f, "{}", hours.round_dp(2).normalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    #[test]
    fn a_sum_is_complete_only_if_every_hour_is_known() {
        let mut total = Total::expecting(HOUR * 2);
        assert_eq!((total.complete(), total.partial()), (None, Decimal::ZERO));
        total.add(Decimal::ONE, HOUR);
        assert_eq!((total.complete(), total.partial()), (None, Decimal::ONE));
        assert_eq!(total.coverage().to_string(), "1 of 2 hours");
        total.add(Decimal::ONE, SignedDuration::from_mins(15));
        assert_eq!(total.coverage().to_string(), "1.25 of 2 hours");
        total.add(Decimal::ONE, SignedDuration::from_mins(45));
        assert_eq!(total.complete(), Some(Decimal::from(3)));
    }

    #[test]
    fn a_value_that_overflows_is_unknown() {
        let mut total = Total::expecting(HOUR * 2);
        total.add(Decimal::MAX, HOUR);
        total.add(Decimal::MAX, HOUR);
        assert_eq!((total.complete(), total.partial()), (None, Decimal::MAX));
        assert_eq!(total.coverage().known(), HOUR);
    }
}
