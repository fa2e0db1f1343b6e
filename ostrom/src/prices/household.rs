//! The prices that a household pays.

use std::fmt;
use std::ops::RangeBounds;

use jiff::{SignedDuration, Timestamp, ZonedDateTime};
use rolecall::{Allows, Error};
use rust_decimal::Decimal;

use super::cheapest::{self, Span};
use super::models::{GetSpotPriceItemResponse, GetSpotPriceResponse};
use super::{PricesApi, prices_api};
use crate::grid;
use crate::range::Hours;
use crate::time::in_germany;

/// Retrieves the prices that a household at a postal code pays.
///
/// ```no_run
/// use jiff::{SignedDuration, Timestamp};
/// use jiff::civil::date;
/// use ostrom::{Hours, germany, in_germany};
/// use ostrom::prices::household_prices;
/// # use ostrom_core::User;
///
/// # async fn example(client: &rolecall::Client<User>) -> Result<(), Box<dyn std::error::Error>> {
/// let now = Timestamp::now();
/// let tomorrow = in_germany(now).tomorrow()?;
/// let seven = tomorrow.with().hour(7).minute(0).second(0).subsec_nanosecond(0).build()?.timestamp();
///
/// let prices = household_prices(client, &Hours::new(in_germany(now).start_of_day()?.timestamp(), seven)?, "10115").await?;
/// if let Some(current) = prices.at(now) {
///     println!("power costs {} cents per kWh until {}", current.total, current.local_end());
/// }
/// if let Some(window) = prices.cheapest(SignedDuration::from_hours(3), now..seven) {
///     println!("run the washing machine at {}: {} cents per kWh", window.local_start(), window.average);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Returns [`HouseholdPricesError`] if the call fails, or if the prices lack taxes and levies.
pub async fn household_prices<C>(client: &C, range: &Hours, zip: &str) -> Result<HouseholdPrices, HouseholdPricesError>
where
    C: PricesApi,
    prices_api::get_spot_prices: Allows<C::Role>,
{
    let response = client.get_spot_prices(range, Some(zip)).await.map_err(HouseholdPricesError::Call)?;
    response.try_into().map_err(HouseholdPricesError::WithoutTaxes)
}

/// The price of a kWh in an interval, with VAT, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PriceInterval {
    /// The start.
    pub start: Timestamp,
    /// The end (exclusive): an hour after the start, or a quarter of an hour where the market has quarter-hours.
    pub end: Timestamp,
    /// The energy price. It is negative when there is a surplus of energy.
    pub energy: Decimal,
    /// Taxes and levies.
    pub taxes_and_levies: Decimal,
    /// The price of a kWh: the energy price plus taxes and levies, without monthly fees.
    pub total: Decimal,
    /// The monthly fees: Ostrom's base fee and the grid fees with VAT, in EUR. `None` if one of them is unknown.
    pub monthly_fees: Option<Decimal>,
}

impl PriceInterval {
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

    /// Returns the length.
    #[must_use]
    pub fn duration(&self) -> SignedDuration {
        self.end.duration_since(self.start)
    }

    /// Returns `true` if a moment is in the interval.
    #[must_use]
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.start <= moment && moment < self.end
    }
}

/// The prices that a household pays, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HouseholdPrices {
    intervals: Vec<PriceInterval>,
}

/// Keeps the items that have a date, an energy price, and taxes and levies.
///
/// # Errors
///
/// Returns [`WithoutTaxes`] if the taxes and levies of an item are zero, as they are in a response to a call without
/// `zip`: a household pays more than such a price.
impl TryFrom<GetSpotPriceResponse> for HouseholdPrices {
    type Error = WithoutTaxes;

    fn try_from(response: GetSpotPriceResponse) -> Result<Self, WithoutTaxes> {
        let untaxed =
            |item: &GetSpotPriceItemResponse| item.gross_kwh_tax_and_levies.is_some_and(|taxes| taxes.is_zero());
        if response.data.iter().any(untaxed) {
            return Err(WithoutTaxes);
        }
        let known = response.data.into_iter().filter_map(|item| {
            let (energy, taxes_and_levies) = (item.gross_kwh_price?, item.gross_kwh_tax_and_levies?);
            let fees = item.gross_monthly_ostrom_base_fee.zip(item.gross_monthly_grid_fees);
            let monthly_fees = fees.and_then(|(base, grid)| base.checked_add(grid));
            Some((item.date?, (energy, taxes_and_levies, energy.checked_add(taxes_and_levies)?, monthly_fees)))
        });
        let intervals = grid::intervals(known).into_iter().filter_map(|(start, length, prices)| {
            let (energy, taxes_and_levies, total, monthly_fees) = prices;
            let end = start.checked_add(length).ok()?;
            Some(PriceInterval { start, end, energy, taxes_and_levies, total, monthly_fees })
        });
        Ok(Self { intervals: intervals.collect() })
    }
}

impl HouseholdPrices {
    /// Returns the intervals, in order. There may be gaps between them.
    #[must_use]
    pub fn intervals(&self) -> &[PriceInterval] {
        &self.intervals
    }

    /// Returns the price at a moment. `None` if it is unknown.
    #[must_use]
    pub fn at(&self, moment: Timestamp) -> Option<&PriceInterval> {
        let after = self.intervals.partition_point(|interval| interval.start <= moment);
        self.intervals.get(after.checked_sub(1)?).filter(|interval| interval.contains(moment))
    }

    /// Returns the cheapest window of this duration within a time range, the earliest of several.
    ///
    /// The window has exactly this duration and may start at any moment of the range, for example now, in the midst of
    /// an hour. Returns `None` if there is no such window whose prices are all known, or if the duration is not
    /// positive.
    ///
    /// ```
    /// # use ostrom::prices::{HouseholdPrices, Window};
    /// # use jiff::{SignedDuration, Timestamp};
    /// fn to_charge(prices: &HouseholdPrices, now: Timestamp) -> Option<Window> {
    ///     prices.cheapest(SignedDuration::from_hours(3), now..)
    /// }
    /// ```
    #[must_use]
    pub fn cheapest(&self, duration: SignedDuration, within: impl RangeBounds<Timestamp>) -> Option<Window> {
        let (start, average) = cheapest::window(&self.within(within), duration)?;
        Some(Window { start, end: start.checked_add(duration).ok()?, average })
    }

    /// Returns the cheapest time of this total duration within a time range, split into as many windows as it takes.
    ///
    /// The windows are in order and do not touch. Of equally cheap times the earliest is preferred. Returns an empty
    /// list if fewer prices are known, or if the duration is not positive.
    #[must_use]
    pub fn cheapest_split(&self, duration: SignedDuration, within: impl RangeBounds<Timestamp>) -> Vec<Window> {
        let windows = cheapest::split(&self.within(within), duration).unwrap_or_default();
        windows.into_iter().map(|Span { start, end, price }| Window { start, end, average: price }).collect()
    }

    /// Returns the known prices within a time range, clipped to it.
    fn within(&self, range: impl RangeBounds<Timestamp>) -> Vec<Span> {
        use std::ops::Bound::{Excluded, Included, Unbounded};
        let from = match range.start_bound() {
            Included(from) | Excluded(from) => *from,
            Unbounded => Timestamp::MIN,
        };
        let until = match range.end_bound() {
            Included(until) | Excluded(until) => *until,
            Unbounded => Timestamp::MAX,
        };
        let clipped = self.intervals.iter().map(|interval| Span {
            start: interval.start.max(from),
            end: interval.end.min(until),
            price: interval.total,
        });
        clipped.filter(|span| span.start < span.end).collect()
    }
}

/// A time window and its average price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Window {
    /// The start.
    pub start: Timestamp,
    /// The end (exclusive).
    pub end: Timestamp,
    /// The average price of a kWh over the window, in cents, with taxes, levies, and VAT.
    pub average: Decimal,
}

impl Window {
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

    /// Returns `true` if a moment is in the window.
    #[must_use]
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.start <= moment && moment < self.end
    }
}

/// The error of [`household_prices`].
#[derive(Debug)]
#[non_exhaustive]
pub enum HouseholdPricesError {
    /// The call failed.
    Call(Error),
    /// The prices lack taxes and levies.
    WithoutTaxes(WithoutTaxes),
}

impl fmt::Display for HouseholdPricesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::WithoutTaxes(error) => error.fmt(f),
        }
    }
}

/// The message is that of the reason, so the source is the reason's source.
impl std::error::Error for HouseholdPricesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) => std::error::Error::source(error),
            Self::WithoutTaxes(_) => None,
        }
    }
}

/// The error for prices without taxes and levies, which are not the prices of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct WithoutTaxes;

impl fmt::Display for WithoutTaxes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("prices lack taxes and levies; call `get_spot_prices` with a postal code that Ostrom supplies")
    }
}

impl std::error::Error for WithoutTaxes {}
