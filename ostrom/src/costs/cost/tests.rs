use jiff::civil::{Date, date};

use super::*;
use crate::contracts::GetContractsEnergyConsumptionItemResponse as Consumed;
use crate::prices::{GetSpotPriceItemResponse as Price, GetSpotPriceResponse};
use crate::time::midnight;

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// The hours of a range, or its quarters.
fn starts(start: Timestamp, end: Timestamp, length: SignedDuration) -> impl Iterator<Item = Timestamp> {
    std::iter::successors(Some(start), move |at| at.checked_add(length).ok()).take_while(move |at| *at < end)
}

fn consumed(at: Timestamp, kwh: &str) -> Consumed {
    Consumed { date: Some(at), kwh: Some(decimal(kwh)) }
}

/// 20 cents for energy, and 10 cents of taxes and levies. 6 EUR base fee and 4.57 EUR grid fees per month.
fn price(at: Timestamp) -> Price {
    Price {
        date: Some(at),
        gross_kwh_price: Some(decimal("20")),
        gross_kwh_tax_and_levies: Some(decimal("10")),
        gross_monthly_ostrom_base_fee: Some(decimal("6")),
        gross_monthly_grid_fees: Some(decimal("4.57")),
        ..Price::default()
    }
}

fn costs(consumed: Vec<Consumed>, prices: Vec<Price>, range: &TimeRange) -> Vec<Cost> {
    let prices = GetSpotPriceResponse { data: prices }.try_into().unwrap();
    Costs::of(GetContractsEnergyConsumptionResponse { data: consumed }, &prices, range).collect()
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn month(first: Date) -> (Timestamp, Timestamp) {
    (midnight(first), midnight(first.last_of_month().tomorrow().unwrap()))
}

#[test]
fn an_hour_costs_its_energy_and_its_share_of_the_fees() {
    let at = moment("2025-01-15T10:00:00Z");
    let range = TimeRange::hours(at, at.checked_add(HOUR).unwrap()).unwrap();
    let [cost] = costs(vec![consumed(at, "0.5")], vec![price(at)], &range).try_into().unwrap();
    // 0.5 kWh × 30 cents, and 10.57 EUR / 744 hours.
    assert_eq!(cost.energy.complete(), Some(decimal("0.15")));
    assert_eq!(cost.fees.complete().unwrap().round_dp(6), decimal("0.014207"));
    assert_eq!(cost.complete().unwrap().round_dp(6), decimal("0.164207"));
    assert_eq!(cost.kwh.complete(), Some(decimal("0.5")));
}

#[test]
fn a_whole_month_has_exactly_its_fees_in_summer_winter_and_when_the_clocks_change() {
    for (first, hours) in [(date(2025, 1, 1), 744), (date(2025, 3, 1), 743), (date(2025, 10, 1), 745)] {
        let (start, end) = month(first);
        let hourly = || starts(start, end, HOUR);
        let [cost] = costs(
            hourly().map(|at| consumed(at, "1")).collect(),
            hourly().map(price).collect(),
            &TimeRange::months(start, end).unwrap(),
        )
        .try_into()
        .unwrap();
        assert_eq!(cost.kwh.complete(), Some(Decimal::from(hours)));
        // 30 cents per hour.
        assert_eq!(cost.energy.complete(), Some(Decimal::from(hours) * decimal("0.3")));
        assert_eq!(cost.fees.complete(), Some(decimal("10.57")));
        assert_eq!(cost.complete(), Some(Decimal::from(hours) * decimal("0.3") + decimal("10.57")));
    }
}

#[test]
fn the_days_of_the_clock_change_have_23_and_25_shares_of_the_fees() {
    for (day, hours, fees) in [(date(2025, 3, 30), 23, "0.327201"), (date(2025, 10, 26), 25, "0.354698")] {
        // 10.57 × 23 / 743 and 10.57 × 25 / 745.
        let (start, end) = (midnight(day), midnight(day.tomorrow().unwrap()));
        let hourly = || starts(start, end, HOUR);
        let range = TimeRange::days(start, end).unwrap();
        let consumption = hourly().map(|at| consumed(at, "1")).collect();
        let [cost] = costs(consumption, hourly().map(price).collect(), &range).try_into().unwrap();
        assert_eq!(cost.energy.complete(), Some(Decimal::from(hours) * decimal("0.3")));
        assert_eq!(cost.fees.complete().unwrap().round_dp(6), decimal(fees));
    }
}

#[test]
fn an_hour_without_a_price_or_without_a_reading_is_missing_in_the_cost() {
    let (start, end) = (moment("2025-01-15T10:00:00Z"), moment("2025-01-15T13:00:00Z"));
    let at: Vec<_> = starts(start, end, HOUR).collect();
    let range = TimeRange::days(start, end).unwrap();
    let consumption = vec![consumed(at[0], "1"), consumed(at[1], "2")];
    let [cost] = costs(consumption, vec![price(at[1]), price(at[2])], &range).try_into().unwrap();
    assert_eq!((cost.complete(), cost.energy.complete(), cost.fees.complete()), (None, None, None));
    assert_eq!(cost.kwh.coverage().to_string(), "2 of 3 hours");
    assert_eq!(cost.energy.coverage().to_string(), "1 of 3 hours");
    assert_eq!(cost.energy.partial(), decimal("0.6"));
    assert_eq!(cost.fees.coverage().to_string(), "2 of 3 hours");
}

#[test]
fn a_fee_that_changes_within_a_month_counts_for_its_hours() {
    let (start, end) = month(date(2025, 1, 1));
    let change = midnight(date(2025, 1, 11));
    let prices = starts(start, end, HOUR).map(|at| {
        let base = if at < change { "6" } else { "9.10" };
        Price { gross_monthly_ostrom_base_fee: Some(decimal(base)), ..price(at) }
    });
    let [cost] = costs(vec![], prices.collect(), &TimeRange::months(start, end).unwrap()).try_into().unwrap();
    // 10.57 × 240 / 744 + 13.67 × 504 / 744
    assert_eq!(cost.fees.complete().unwrap().round_dp(6), decimal("12.670000"));
    assert_eq!(cost.energy.coverage().to_string(), "0 of 744 hours");
}

#[test]
fn prices_in_quarters_are_averaged_over_an_hour() {
    let at = moment("2025-10-15T10:00:00Z");
    let range = TimeRange::hours(at, at.checked_add(HOUR).unwrap()).unwrap();
    let quarters = starts(at, range.end(), SignedDuration::from_mins(15)).zip(["20", "24", "28", "32"]);
    let prices: Vec<_> =
        quarters.map(|(at, cents)| Price { gross_kwh_price: Some(decimal(cents)), ..price(at) }).collect();
    let [cost] = costs(vec![consumed(at, "2")], prices.clone(), &range).try_into().unwrap();
    // (30 + 34 + 38 + 42) / 4 = 36 cents
    assert_eq!(cost.energy.complete(), Some(decimal("0.72")));
    let [cost] = costs(vec![consumed(at, "2")], prices[..3].to_vec(), &range).try_into().unwrap();
    assert_eq!((cost.energy.complete(), cost.fees.coverage().to_string()), (None, "0.75 of 1 hours".to_owned()));
}

#[test]
fn the_years_end_splits_the_fees_at_midnight_in_germany() {
    let (start, end) = (moment("2024-12-31T22:00:00Z"), moment("2025-01-01T00:00:00Z"));
    let prices = starts(start, end, HOUR).map(|at| {
        let base = if at < midnight(date(2025, 1, 1)) { "6" } else { "60" };
        Price {
            gross_monthly_ostrom_base_fee: Some(decimal(base)),
            gross_monthly_grid_fees: Some(Decimal::ZERO),
            ..price(at)
        }
    });
    let found = costs(vec![], prices.collect(), &TimeRange::months(start, end).unwrap());
    let fees: Vec<_> = found.iter().map(|cost| (cost.fees.partial() * Decimal::from(744)).round_dp(6)).collect();
    assert_eq!(fees, [Decimal::from(6), Decimal::from(60)]);
}
