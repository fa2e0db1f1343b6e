//! The endpoint for product prices.

use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::auth_layer::Partner;
use crate::error::ApiError;
use crate::fees::Fees;
use crate::format::{decimal, with_vat};
use crate::query::{Query, positive, zip};
use crate::state::Shared;

/// The products and their energy price without VAT, in hundredths of a cent per kWh.
const PRODUCTS: [(&str, i64); 3] =
    [("SIMPLY_DYNAMIC", 926), ("SIMPLY_FAIR", 1048), ("SIMPLY_FAIR_WITH_PRICE_CAP", 1121)];

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/products", get(products))
}

async fn products(_: Partner, query: Query) -> Result<Json<Value>, ApiError> {
    let mut fields = query.0;
    let zip = fields.required("zip", zip);
    let residents = fields.optional("numberOfResidents", positive);
    let consumption = fields.optional("yearlyConsumption", positive);
    fields.finish()?;

    let fees = Fees::at(&zip);
    // The defaults of the API specification are one resident and 1400 kWh. Each further resident adds 600 kWh.
    let yearly = consumption.unwrap_or_else(|| 1400.0 + 600.0 * (residents.unwrap_or(1.0).clamp(1.0, 100.0) - 1.0));
    let data = PRODUCTS.map(|(code, energy)| product(code, energy, &fees, yearly));
    Ok(Json(json!({ "data": data })))
}

fn product(code: &str, energy: i64, fees: &Fees, yearly: f64) -> Value {
    let unit = energy + fees.taxes_and_levies;
    let monthly = with_vat(fees.base_fee) + with_vat(fees.grid_fees);
    // Both are hundredths: of a cent per kWh, and of a EUR per month. All numbers are far below 2^53.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    let deposit = (with_vat(unit) as f64 * yearly / 12.0 / 10_000.0 + monthly as f64 / 100.0).ceil() as i64;
    let mut item = fees.to_json();
    item.insert("code".to_owned(), json!(code));
    item.insert("netKwhPrice".to_owned(), decimal(energy, 2));
    item.insert("grossKwhPrice".to_owned(), decimal(with_vat(energy), 2));
    item.insert("netKwhUnitPrice".to_owned(), decimal(unit, 2));
    item.insert("grossKwhUnitPrice".to_owned(), decimal(with_vat(unit), 2));
    item.insert("monthlyDeposit".to_owned(), json!(deposit));
    // The API specification misspells this field in responses only.
    item.insert("yearlyComsumption".to_owned(), number(yearly));
    Value::Object(item)
}

/// Returns a JSON number without a fraction of zero.
fn number(value: f64) -> Value {
    #[allow(clippy::cast_possible_truncation)]
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}
