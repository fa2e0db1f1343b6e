//! The Products API on the wire.

use ostrom::products::{GetProductPriceItemResponse, ProductsApi};
use ostrom::{Decimal, Partner, ProductCode};
use rolecall_tests::wire::Wire;

use crate::support::request;

/// The example of the API specification.
const PRODUCTS: &str = r#"{"data":[{
    "code": "SIMPLY_DYNAMIC", "netKwhPrice": 92.6, "grossKwhPrice": 110.2, "netKwhTaxAndLevies": 16.2,
    "grossKwhTaxAndLevies": 19.28, "netMonthlyOstromBaseFee": 5.04, "grossMonthlyOstromBaseFee": 6,
    "netMonthlyGridFees": 3.84, "grossMonthlyGridFees": 4.57, "netKwhUnitPrice": 25.76, "grossKwhUnitPrice": 30.66,
    "monthlyDeposit": 60, "yearlyComsumption": 2000
}]}"#;

fn product() -> GetProductPriceItemResponse {
    let cents = |value, digits| Some(Decimal::new(value, digits));
    let mut product = GetProductPriceItemResponse::default();
    product.code = Some(ProductCode::SimplyDynamic);
    product.net_kwh_price = cents(926, 1);
    product.gross_kwh_price = cents(1102, 1);
    product.net_kwh_tax_and_levies = cents(162, 1);
    product.gross_kwh_tax_and_levies = cents(1928, 2);
    product.net_monthly_ostrom_base_fee = cents(504, 2);
    product.gross_monthly_ostrom_base_fee = cents(6, 0);
    product.net_monthly_grid_fees = cents(384, 2);
    product.gross_monthly_grid_fees = cents(457, 2);
    product.net_kwh_unit_price = cents(2576, 2);
    product.gross_kwh_unit_price = cents(3066, 2);
    product.monthly_deposit = cents(60, 0);
    product.yearly_consumption = cents(2000, 0);
    product
}

#[tokio::test]
async fn get_product_prices_reads_the_specifications_example() {
    let wire = Wire::json(200, PRODUCTS).await;
    let products = wire.client::<Partner>().get_product_prices("22083", None, None).await.unwrap();
    assert_eq!(wire.request(), request("GET /products?zip=22083"));
    assert_eq!(products.data, [product()]);
}

#[tokio::test]
async fn get_product_prices_sends_the_household() {
    let wire = Wire::json(200, "{}").await;
    wire.client::<Partner>().get_product_prices("04109", Some(2), Some(2000)).await.unwrap();
    assert_eq!(wire.request(), request("GET /products?zip=04109&numberOfResidents=2&yearlyConsumption=2000"));
}

/// The API specification misspells the consumption in the response, and only there.
#[tokio::test]
async fn the_consumption_is_read_in_either_spelling() {
    for name in ["yearlyComsumption", "yearlyConsumption"] {
        let wire = Wire::json(200, &format!("{{\"data\":[{{\"{name}\":2000}}]}}")).await;
        let products = wire.client::<Partner>().get_product_prices("22083", None, None).await.unwrap();
        assert_eq!(products.data[0].yearly_consumption, Some(Decimal::from(2000)));
    }
}
