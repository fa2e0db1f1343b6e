//! Contracts, and what was consumed on them.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::caller::{Partner, User};
use crate::consumption;
use crate::error::ApiError;
use crate::household::Household;
use crate::input::Segments;
use crate::query::{Query, number_in_path};
use crate::state::{Sandboxed, Shared};

const SCOPE: &str = "contract:read:data";

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/contracts", get(own))
        .route("/contracts/{contractId}/energy-consumption", get(own_consumption))
        .route("/users/{externalUserId}/contracts", get(all))
        .route("/users/{externalUserId}/contracts/{contractId}", get(one))
        .route("/users/{externalUserId}/contracts/{contractId}/energy-consumption", get(consumption_of_one))
}

async fn own(_: User, State(state): State<Shared>) -> Json<Value> {
    Json(list(&state, &Household::of_user()))
}

async fn own_consumption(
    _: User,
    State(state): State<Shared>,
    Segments(contract_id): Segments<String>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    consumed(&state, &Household::of_user(), &contract_id, query)
}

async fn all(
    _: Partner,
    State(state): State<Shared>,
    Segments(external_user_id): Segments<String>,
) -> Result<Json<Value>, ApiError> {
    let household = Household::of_linked(&state, &external_user_id, SCOPE)?;
    Ok(Json(list(&state, &household)))
}

async fn one(
    _: Partner,
    State(state): State<Shared>,
    Segments((external_user_id, contract_id)): Segments<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let id = number_in_path("contractId", &contract_id)?;
    let household = Household::of_linked(&state, &external_user_id, SCOPE)?;
    let contract = household.contract(id)?;
    Ok(Json(state.spelling.contract(&household, contract)))
}

async fn consumption_of_one(
    _: Partner,
    State(state): State<Shared>,
    Segments((external_user_id, contract_id)): Segments<(String, String)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let household = Household::of_linked(&state, &external_user_id, SCOPE)?;
    consumed(&state, &household, &contract_id, query)
}

fn list(state: &Sandboxed, household: &Household) -> Value {
    let contracts = household.contracts.iter().map(|contract| state.spelling.contract(household, contract));
    json!({ "data": contracts.collect::<Vec<_>>() })
}

fn consumed(
    state: &Sandboxed,
    household: &Household,
    contract_id: &str,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let id = number_in_path("contractId", contract_id)?;
    let mut fields = query.0;
    let range = fields.range(&["HOUR", "DAY", "MONTH"]);
    fields.finish()?;
    let contract = household.contract(id)?;
    Ok(Json(json!({ "data": consumption::data(state.seed, contract, &range, state.clock.now()) })))
}
