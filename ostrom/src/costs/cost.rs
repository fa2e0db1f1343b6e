//! The cost of an hour, a day, or a month.

use jiff::{SignedDuration, Timestamp, ZonedDateTime};
use rust_decimal::Decimal;

use crate::contracts::{GetContractsEnergyConsumptionResponse, Reading, readings};
use crate::prices::{HouseholdPrices, Span, average, seconds};
use crate::range::TimeRange;
use crate::steps::{Interval, Steps, Sum};
use crate::time::{in_germany, month_start, next_month};
use crate::total::Total;

/// The cost of the energy consumed in an hour, a day, or a month in Germany.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cost {
    /// The start.
    pub start: Timestamp,
    /// The end (exclusive).
    pub end: Timestamp,
    /// The energy, in kWh.
    pub kwh: Total,
    /// The cost of the energy with taxes and levies, in EUR. An hour counts as known if its consumption and its price are
    /// both known.
    pub energy: Total,
    /// The monthly fees, in EUR. Each hour has an equal share of the fees of its month, so that a day of 23 hours has a
    /// smaller share than a day of 25 hours, and a whole month has exactly its monthly fees. An hour counts as known if
    /// its price is known, whether or not anything was consumed.
    pub fees: Total,
}

impl Cost {
    /// Returns the energy and the fees together, in EUR. `None` if any of them is unknown for an hour.
    #[must_use]
    pub fn complete(&self) -> Option<Decimal> {
        self.energy.complete()?.checked_add(self.fees.complete()?)
    }

    /// Returns the known energy costs and fees together, in EUR.
    #[must_use]
    pub fn partial(&self) -> Decimal {
        self.energy.partial().saturating_add(self.fees.partial())
    }

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

/// Computes costs from responses that are already there.
///
/// ```
/// use jiff::civil::date;
/// use ostrom::costs::Costs;
/// use ostrom::contracts::GetContractsEnergyConsumptionResponse;
/// use ostrom::prices::HouseholdPrices;
/// use ostrom::{TimeRange, midnight};
///
/// # fn example(consumption: GetContractsEnergyConsumptionResponse, prices: &HouseholdPrices) -> Result<(), ostrom::InvalidRange> {
/// // A response in hours, and the prices of the same time.
/// let days = TimeRange::days(midnight(date(2025, 3, 1)), midnight(date(2025, 4, 1)))?;
/// for day in Costs::of(consumption, prices, &days) {
///     println!("{}: {:?} EUR", day.local_start(), day.complete());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Costs(std::vec::IntoIter<Cost>);

impl Costs {
    /// Computes the costs of the hours, days, or months of a range.
    #[must_use]
    pub fn of(consumption: GetContractsEnergyConsumptionResponse, prices: &HouseholdPrices, range: &TimeRange) -> Self {
        let priced = priced(readings(consumption.data), prices);
        Self(Steps::<CostSum>::new(range).take(priced, range.end()).into_iter())
    }
}

impl Iterator for Costs {
    type Item = Cost;

    fn next(&mut self) -> Option<Cost> {
        self.0.next()
    }
}

/// A meter reading with its price, or one of the two.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Priced {
    Reading { reading: Reading, cents_per_kwh: Option<Decimal> },
    Fees { start: Timestamp, length: SignedDuration, monthly: Decimal },
}

impl Interval for Priced {
    fn start(&self) -> Timestamp {
        match self {
            Self::Reading { reading, .. } => reading.start,
            Self::Fees { start, .. } => *start,
        }
    }
}

/// Finds the price of each reading. A reading that spans several prices, such as an hour of four quarters, has their
/// average.
pub(crate) fn priced(readings: Vec<Reading>, prices: &HouseholdPrices) -> Vec<Priced> {
    let spans: Vec<_> = prices
        .intervals()
        .iter()
        .map(|interval| Span { start: interval.start, end: interval.end, price: interval.total })
        .collect();
    let readings = readings.into_iter().map(|reading| {
        let end = reading.start.checked_add(reading.length).ok();
        let cents_per_kwh = end.and_then(|end| average(&spans, reading.start, end));
        Priced::Reading { reading, cents_per_kwh }
    });
    let fees = prices.intervals().iter().filter_map(|interval| {
        Some(Priced::Fees { start: interval.start, length: interval.duration(), monthly: interval.monthly_fees? })
    });
    let mut priced: Vec<_> = readings.chain(fees).collect();
    priced.sort_by_key(Interval::start);
    priced
}

/// The sum of a step.
#[derive(Debug)]
pub(crate) struct CostSum {
    cost: Cost,
    /// The fees of the current month: the fees per month, and the time for which they are known. They are added up once
    /// the month is over, because the share of an hour is not a finite decimal, but that of a month is.
    fees: Option<Fees>,
}

#[derive(Debug, Clone, Copy)]
struct Fees {
    month: Timestamp,
    monthly: Decimal,
    time: SignedDuration,
}

impl Fees {
    fn amount(&self) -> Option<Decimal> {
        let month = next_month(self.month).duration_since(self.month);
        self.monthly.checked_mul(seconds(self.time))?.checked_div(seconds(month))
    }
}

impl CostSum {
    fn add_fees(&mut self) {
        if let Some(fees) = self.fees.take()
            && let Some(amount) = fees.amount()
        {
            self.cost.fees.add(amount, fees.time);
        }
    }
}

impl Sum for CostSum {
    type Interval = Priced;
    type Output = Cost;

    fn new(start: Timestamp, end: Timestamp) -> Self {
        let nothing = Total::expecting(end.duration_since(start));
        Self { cost: Cost { start, end, kwh: nothing, energy: nothing, fees: nothing }, fees: None }
    }

    fn add(&mut self, priced: Priced) {
        match priced {
            Priced::Reading { reading, cents_per_kwh } => {
                self.cost.kwh.add(reading.kwh, reading.length);
                let cents = cents_per_kwh.and_then(|price| price.checked_mul(reading.kwh));
                if let Some(eur) = cents.and_then(|cents| cents.checked_div(Decimal::ONE_HUNDRED)) {
                    self.cost.energy.add(eur, reading.length);
                }
            }
            Priced::Fees { start, length, monthly } => {
                let month = month_start(start);
                match &mut self.fees {
                    Some(fees) if fees.month == month && fees.monthly == monthly => fees.time += length,
                    _ => {
                        self.add_fees();
                        self.fees = Some(Fees { month, monthly, time: length });
                    }
                }
            }
        }
    }

    fn finish(mut self) -> Cost {
        self.add_fees();
        self.cost
    }
}

#[cfg(test)]
mod tests;
