//! The endpoints for the orders of a partner's users.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::auth_layer::Partner;
use crate::error::ApiError;
use crate::extract::Segments;
use crate::linked;
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
    let household = linked::household(&state, &external_user_id, SCOPE)?;
    let orders = household.orders.iter().map(|order| state.style.order(&household, order));
    Ok(Json(json!({ "data": orders.collect::<Vec<_>>() })))
}

async fn one(
    _: Partner,
    State(state): State<Shared>,
    Segments((external_user_id, order_id)): Segments<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let id = number_in_path("orderId", &order_id)?;
    let household = linked::household(&state, &external_user_id, SCOPE)?;
    let order = household.order(id).ok_or_else(|| ApiError::not_found(format!("There is no order {order_id}.")))?;
    Ok(Json(state.style.order(&household, order)))
}
