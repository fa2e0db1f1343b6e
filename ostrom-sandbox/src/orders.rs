//! The orders of a partner's users.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::caller::Partner;
use crate::error::ApiError;
use crate::household::Household;
use crate::input::Segments;
use crate::query::number_in_path;
use crate::state::Shared;

const SCOPE: &str = "order:read:data";

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/users/{externalUserId}/orders", get(all))
        .route("/users/{externalUserId}/orders/{orderId}", get(one))
}

async fn all(
    _: Partner,
    State(state): State<Shared>,
    Segments(external_user_id): Segments<String>,
) -> Result<Json<Value>, ApiError> {
    let household = Household::of_linked(&state, &external_user_id, SCOPE)?;
    let orders = household.orders.iter().map(|order| state.spelling.order(&household, order));
    Ok(Json(json!({ "data": orders.collect::<Vec<_>>() })))
}

async fn one(
    _: Partner,
    State(state): State<Shared>,
    Segments((external_user_id, order_id)): Segments<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let id = number_in_path("orderId", &order_id)?;
    let household = Household::of_linked(&state, &external_user_id, SCOPE)?;
    let order = household.order(id)?;
    Ok(Json(state.spelling.order(&household, order)))
}
