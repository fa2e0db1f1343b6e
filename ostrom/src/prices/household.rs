//! What a household pays by the hour, and when it pays least.

use jiff::{SignedDuration, Timestamp};
use rolecall::{Allows, Error};
use rust_decimal::Decimal;

use super::{GetSpotPriceResponse, PricesApi, prices_api};
use crate::Hours;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Retrieves what a household in a place pays by the hour.
///
/// The place is not left out here, since without it Ostrom leaves taxes and levies out of the price.
///
/// ```no_run
/// use jiff::civil::date;
/// use ostrom::Hours;
/// use ostrom::prices::household_prices;
/// # use ostrom_core::User;
///
/// # async fn example(client: &rolecall::Client<User>) -> Result<(), rolecall::Error> {
/// let prices = household_prices(client, &Hours::of_day(date(2024, 7, 1)), "10115").await?;
/// if let Some(window) = prices.cheapest(3) {
///     println!("run the washing machine at {}: {} cents a kWh", window.start, window.average);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// As [`PricesApi::get_spot_prices`].
pub async fn household_prices<C>(client: &C, range: &Hours, zip: &str) -> Result<HouseholdPrices, Error>
where
    C: PricesApi,
    prices_api::get_spot_prices: Allows<C::Role>,
{
    client.get_spot_prices(range, Some(zip)).await.map(HouseholdPrices::from)
}

/// What a household pays for a kWh in an hour, with VAT, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct HourPrice {
    /// When the hour begins.
    pub start: Timestamp,
    /// For the energy; negative when there is too much of it.
    pub energy: Decimal,
    /// For taxes and levies.
    pub taxes_and_levies: Decimal,
    /// For both: what the hour's kWh costs. Monthly fees come on top, however much is used.
    pub total: Decimal,
}

/// What a household pays by the hour, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HouseholdPrices {
    hours: Vec<HourPrice>,
}

/// Keeps the hours of which all is known: when, the energy, taxes and levies.
impl From<GetSpotPriceResponse> for HouseholdPrices {
    fn from(response: GetSpotPriceResponse) -> Self {
        let known = response.data.into_iter().filter_map(|item| {
            let (start, energy) = (item.date?, item.gross_kwh_price?);
            let taxes_and_levies = item.gross_kwh_tax_and_levies?;
            let total = energy.checked_add(taxes_and_levies)?;
            Some(HourPrice { start, energy, taxes_and_levies, total })
        });
        let mut hours: Vec<_> = known.collect();
        hours.sort_by_key(|hour| hour.start);
        hours.dedup_by_key(|hour| hour.start);
        Self { hours }
    }
}

impl HouseholdPrices {
    /// The hours, in order.
    #[must_use]
    pub fn hours(&self) -> &[HourPrice] {
        &self.hours
    }

    /// The cheapest `hours` hours on end, the earliest of several: when to charge a car, or to wash.
    ///
    /// None if there are not as many known without a gap.
    #[must_use]
    pub fn cheapest(&self, hours: usize) -> Option<Window> {
        if hours == 0 {
            return None;
        }
        // `min_by_key` keeps the first of several.
        self.hours.windows(hours).filter_map(Window::over).min_by_key(|window| window.average)
    }
}

/// Hours on end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Window {
    /// When they begin.
    pub start: Timestamp,
    /// When they are over.
    pub end: Timestamp,
    /// What a kWh costs on the average of them, in cents, with taxes, levies and VAT.
    pub average: Decimal,
}

impl Window {
    /// None if there is a gap between the hours.
    fn over(hours: &[HourPrice]) -> Option<Self> {
        let (first, last) = (hours.first()?, hours.last()?);
        let end = last.start.checked_add(HOUR).ok()?;
        let count = i64::try_from(hours.len()).ok()?;
        if end.duration_since(first.start).as_hours() != count {
            return None;
        }
        let sum = hours.iter().try_fold(Decimal::ZERO, |sum, hour| sum.checked_add(hour.total))?;
        Some(Self { start: first.start, end, average: sum.checked_div(count.into())? })
    }

    /// Whether a moment is in it.
    #[must_use]
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.start <= moment && moment < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::super::GetSpotPriceItemResponse as Item;
    use super::*;

    fn hour(number: i64) -> Timestamp {
        Timestamp::from_second(number * 3600).unwrap()
    }

    /// Hours with their energy in cents, and 10 cents of taxes and levies each.
    fn prices(hours: &[(i64, &str)]) -> HouseholdPrices {
        let data = hours.iter().map(|(number, energy)| Item {
            date: Some(hour(*number)),
            gross_kwh_price: energy.parse().ok(),
            gross_kwh_tax_and_levies: Some(10.into()),
            ..Item::default()
        });
        GetSpotPriceResponse { data: data.collect() }.into()
    }

    fn cheapest(hours: &[(i64, &str)], count: usize) -> Option<(i64, String)> {
        let window = prices(hours).cheapest(count)?;
        Some((window.start.as_second() / 3600, window.average.to_string()))
    }

    #[test]
    fn the_total_is_energy_and_taxes_and_levies() {
        let item = Item {
            date: Some(hour(1)),
            gross_kwh_price: "110.2".parse().ok(),
            gross_kwh_tax_and_levies: "19.28".parse().ok(),
            ..Item::default()
        };
        let prices = HouseholdPrices::from(GetSpotPriceResponse { data: vec![item] });
        assert_eq!(prices.hours()[0].total.to_string(), "129.48");
    }

    #[test]
    fn hours_of_which_something_is_unknown_are_left_out_and_the_others_put_in_order() {
        let mut response = GetSpotPriceResponse::default();
        for number in [3, 1, 2, 1] {
            response.data.push(Item {
                date: Some(hour(number)),
                gross_kwh_price: (number != 2).then(|| number.into()),
                gross_kwh_tax_and_levies: Some(10.into()),
                ..Item::default()
            });
        }
        let prices = HouseholdPrices::from(response);
        assert_eq!(prices.hours().iter().map(|price| price.start).collect::<Vec<_>>(), [hour(1), hour(3)]);
    }

    #[test]
    fn the_cheapest_hours_are_on_end() {
        let day = [(0, "9"), (1, "2"), (2, "8"), (3, "4"), (4, "4"), (5, "9")];
        assert_eq!(cheapest(&day, 1), Some((1, "12".to_owned())));
        assert_eq!(cheapest(&day, 2), Some((3, "14".to_owned())));
        assert_eq!(cheapest(&day, 6), Some((0, "16".to_owned())));
        // The two at 3 and at 5 are cheaper, but there is a gap between them.
        assert_eq!(cheapest(&[(0, "5"), (1, "5"), (3, "1"), (5, "1")], 2), Some((0, "15".to_owned())));
    }

    #[test]
    fn of_equals_the_earliest_is_taken_and_a_negative_price_is_cheap() {
        assert_eq!(cheapest(&[(0, "3"), (1, "3"), (2, "3")], 1), Some((0, "13".to_owned())));
        assert_eq!(cheapest(&[(0, "1"), (1, "-30.5"), (2, "1")], 1), Some((1, "-20.5".to_owned())));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for (hours, count) in [(vec![], 1), (vec![(0, "1")], 2), (vec![(0, "1"), (2, "1")], 2), (vec![(0, "1")], 0)] {
            assert_eq!(cheapest(&hours, count), None, "{hours:?} {count}");
        }
    }

    #[test]
    fn a_window_contains_its_beginning_and_not_its_end() {
        let window = prices(&[(0, "1"), (1, "1")]).cheapest(2).unwrap();
        assert!(window.contains(hour(0)) && window.contains(hour(1)) && !window.contains(hour(2)));
    }
}
