//! The Prices API on the wire.

use ostrom::prices::{GetSpotPriceItemResponse, PricesApi, household_prices};
use ostrom::{Decimal, Hours, Partner, User};
use rolecall_tests::wire::Wire;

use crate::support::{moment, request};

/// The document's example.
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

fn day() -> Hours {
    Hours::new(moment("2023-11-01T00:00:00Z"), moment("2023-11-02T00:00:00Z")).unwrap()
}

#[tokio::test]
async fn get_spot_prices_reads_the_documents_example_in_both_roles() {
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
    assert_eq!(prices.hours()[0].total.to_string(), "129.48");
}
