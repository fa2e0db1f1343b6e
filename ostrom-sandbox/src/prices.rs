//! The endpoint for day-ahead spot prices.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::auth_layer::Caller;
use crate::clock::{format_timestamp, full_hour};
use crate::error::ApiError;
use crate::fees::Fees;
use crate::format::{decimal, with_vat};
use crate::market;
use crate::query::{Query, zip};
use crate::state::Shared;

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/spot-prices", get(spot_prices))
}

async fn spot_prices(_: Caller, State(state): State<Shared>, query: Query) -> Result<Json<Value>, ApiError> {
    let mut fields = query.0;
    let range = fields.range(&["HOUR"]);
    let zip = fields.optional("zip", zip);
    fields.finish()?;

    // As in the API specification: without a postal code, all fees are zero.
    let fees = zip.map(|zip| Fees::at(&zip)).unwrap_or_default();
    let mut data = Vec::new();
    let end = market::known_until(state.clock.now()).map_or(range.start, |known| known.min(range.end));
    let mut next = full_hour(range.start);
    while let Some(hour) = next.filter(|hour| *hour < end) {
        if let Some(mwh) = market::price(state.seed, hour) {
            let mut item = fees.to_json();
            item.insert("date".to_owned(), json!(format_timestamp(hour)));
            item.insert("netMwhPrice".to_owned(), decimal(mwh, 2));
            // EUR cents per MWh divided by 10 are cents per kWh, with three digits.
            item.insert("netKwhPrice".to_owned(), decimal(mwh, 3));
            item.insert("grossKwhPrice".to_owned(), decimal(with_vat(mwh), 3));
            data.push(Value::Object(item));
        }
        next = hour.checked_add(SignedDuration::from_hours(1)).ok();
    }
    Ok(Json(json!({ "data": data })))
}
