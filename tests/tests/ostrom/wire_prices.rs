//! The Prices API on the wire.

use ostrom::jiff::civil::date;
use ostrom::jiff::{SignedDuration, Timestamp};
use ostrom::prices::{GetSpotPriceItemResponse, HouseholdPrices, PricesApi, household_prices};
use ostrom::{Decimal, Hours, Partner, User, in_germany, midnight};
use rolecall_tests::wire::Wire;

use crate::support::{moment, request};

/// The example of the API specification.
const PRICES: &str = r#"{"data":[{
    "date": "2023-10-22T01:00:00.000Z", "netMwhPrice": 926, "netKwhPrice": 92.6, "grossKwhPrice": 110.2,
    "netKwhTaxAndLevies": 16.2, "grossKwhTaxAndLevies": 19.28, "netMonthlyOstromBaseFee": 5.04,
    "grossMonthlyOstromBaseFee": 6, "netMonthlyGridFees": 3.84, "grossMonthlyGridFees": 4.57
}]}"#;

const TARGET: &str = "/spot-prices?startDate=2023-11-01T00%3A00%3A00.000Z\
                      &endDate=2023-11-02T00%3A00%3A00.000Z&resolution=HOUR";

fn price() -> GetSpotPriceItemResponse {
    let cents = |value, digits| Some(Decimal::new(value, digits));
    let mut price = GetSpotPriceItemResponse::default();
    price.date = Some(moment("2023-10-22T01:00:00Z"));
    price.net_mwh_price = cents(926, 0);
    price.net_kwh_price = cents(926, 1);
    price.gross_kwh_price = cents(1102, 1);
    price.net_kwh_tax_and_levies = cents(162, 1);
    price.gross_kwh_tax_and_levies = cents(1928, 2);
    price.net_monthly_ostrom_base_fee = cents(504, 2);
    price.gross_monthly_ostrom_base_fee = cents(6, 0);
    price.net_monthly_grid_fees = cents(384, 2);
    price.gross_monthly_grid_fees = cents(457, 2);
    price
}

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn day() -> Hours {
    Hours::new(moment("2023-11-01T00:00:00Z"), moment("2023-11-02T00:00:00Z")).unwrap()
}

#[tokio::test]
async fn get_spot_prices_reads_the_specifications_example_in_both_roles() {
    let wire = Wire::json(200, PRICES).await;
    let as_user = wire.client::<User>().get_spot_prices(&day(), None).await.unwrap();
    assert_eq!(wire.request(), request(&format!("GET {TARGET}")));
    assert_eq!(as_user.data, [price()]);

    let as_partner = wire.client::<Partner>().get_spot_prices(&day(), None).await.unwrap();
    assert_eq!(as_partner, as_user);
}

#[tokio::test]
async fn get_spot_prices_sends_a_zip_code() {
    let wire = Wire::json(200, PRICES).await;
    wire.client::<User>().get_spot_prices(&day(), Some("04109")).await.unwrap();
    assert_eq!(wire.request(), request(&format!("GET {TARGET}&zip=04109")));
}

#[tokio::test]
async fn household_prices_name_the_place_and_add_taxes_and_levies() {
    let wire = Wire::json(200, PRICES).await;
    let prices = household_prices(&wire.client::<Partner>(), &day(), "04109").await.unwrap();
    assert_eq!(wire.request(), request(&format!("GET {TARGET}&zip=04109")));
    let [price] = prices.intervals() else { panic!("{prices:?}") };
    assert_eq!((price.energy, price.taxes_and_levies, price.total), (dec("110.2"), dec("19.28"), dec("129.48")));
    assert_eq!(price.monthly_fees, Some(dec("10.57")));
    assert_eq!(price.local_start().to_string(), "2023-10-22T03:00:00+02:00[Europe/Berlin]");
    assert_eq!(price.local_end().to_string(), "2023-10-22T04:00:00+02:00[Europe/Berlin]");
}

/// A response with a price for each start, in order: 1, 2, 3, … cents for energy, 10 cents of taxes and levies.
fn response(starts: &[Timestamp]) -> String {
    let items = starts
        .iter()
        .zip(1..)
        .map(|(start, cents)| format!(r#"{{"date":"{start:.3}","grossKwhPrice":{cents},"grossKwhTaxAndLevies":10}}"#));
    format!("{{\"data\":[{}]}}", items.collect::<Vec<_>>().join(","))
}

fn steps(start: Timestamp, end: Timestamp, minutes: i64) -> Vec<Timestamp> {
    let next = |at: &Timestamp| at.checked_add(SignedDuration::from_mins(minutes)).ok();
    std::iter::successors(Some(start), next).take_while(|at| *at < end).collect()
}

async fn prices_of(starts: &[Timestamp]) -> HouseholdPrices {
    let wire = Wire::json(200, &response(starts)).await;
    household_prices(&wire.client::<User>(), &day(), "04109").await.unwrap()
}

#[tokio::test]
async fn the_days_of_the_clock_change_have_23_and_25_hours_on_the_wall_clock() {
    for (day, labels) in
        [(date(2025, 3, 30), vec!["00", "01", "03", "04"]), (date(2025, 10, 26), vec!["00", "01", "02", "02", "03"])]
    {
        let (start, end) = (midnight(day), midnight(day.tomorrow().unwrap()));
        let prices = prices_of(&steps(start, end, 60)).await;
        let hours = prices.intervals().iter().map(|price| price.local_start().strftime("%H").to_string());
        let hours: Vec<_> = hours.collect();
        assert_eq!(hours[..labels.len()], labels);
        assert_eq!(hours.len(), if labels.len() == 4 { 23 } else { 25 });
        assert!(prices.intervals().iter().all(|price| price.duration() == SignedDuration::from_hours(1)));
    }
}

#[tokio::test]
async fn the_price_now_and_the_cheapest_hours_until_seven_tomorrow() {
    // From midnight of 1 July in Germany, the price rises by a cent per hour.
    let prices = prices_of(&steps(moment("2025-06-30T22:00:00Z"), moment("2025-07-02T22:00:00Z"), 60)).await;
    let now = moment("2025-07-01T13:20:00Z");
    let current = prices.at(now).unwrap();
    // 15:00 is the 16th hour of the day.
    assert_eq!((current.local_start().hour(), current.total), (15, dec("26")));
    let seven = in_germany(now).tomorrow().unwrap().with().hour(7).minute(0).build().unwrap().timestamp();
    assert_eq!(seven, moment("2025-07-02T05:00:00Z"));

    let window = prices.cheapest(SignedDuration::from_hours(3), now..seven).unwrap();
    // It starts now rather than at an hour that is already over: 40 minutes at 26, 2 hours at 27 and 28, 20 minutes at 29.
    assert_eq!((window.start, window.end), (now, moment("2025-07-01T16:20:00Z")));
    assert_eq!(
        window.average.round_dp(6),
        ((dec("26") * dec("40") + dec("55") * dec("60") + dec("29") * dec("20")) / dec("180")).round_dp(6)
    );

    let whole_night = SignedDuration::from_hours(16);
    assert_eq!(prices.cheapest(whole_night, now..seven), None);
    assert!(prices.cheapest(whole_night, now..).is_some());
    assert_eq!(prices.at(moment("2025-07-02T22:00:00Z")), None);
    assert_eq!(prices.at(moment("2025-06-30T21:59:59Z")), None);
}

#[tokio::test]
async fn a_quarter_is_not_called_an_hour() {
    let start = moment("2025-10-01T10:00:00Z");
    let prices = prices_of(&steps(start, moment("2025-10-01T12:00:00Z"), 15)).await;
    assert_eq!(prices.intervals().len(), 8);
    assert!(prices.intervals().iter().all(|price| price.duration() == SignedDuration::from_mins(15)));
    let hour = prices.cheapest(SignedDuration::from_hours(1), ..).unwrap();
    // 11, 12, 13, and 14 cents.
    assert_eq!((hour.end.duration_since(hour.start), hour.average), (SignedDuration::from_hours(1), dec("12.5")));
    assert_eq!(prices.at(moment("2025-10-01T10:20:00Z")).unwrap().total, dec("12"));
}

#[tokio::test]
async fn prices_without_taxes_are_not_those_of_a_household() {
    let untaxed = PRICES.replace("16.2", "0").replace("19.28", "0").replace("5.04", "0");
    let wire = Wire::json(200, &untaxed).await;
    let error = household_prices(&wire.client::<User>(), &day(), "04109").await.unwrap_err();
    assert!(error.to_string().contains("lack taxes and levies"), "{error}");
    let response = wire.client::<User>().get_spot_prices(&day(), None).await.unwrap();
    assert!(HouseholdPrices::try_from(response).is_err());
}
