//! The endpoints for contracts and their energy consumption.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::auth_layer::{Partner, User};
use crate::error::ApiError;
use crate::extract::Segments;
use crate::household::Household;
use crate::query::{Query, number_in_path};
use crate::state::{AppState, Shared};
use crate::{consumption, linked};

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
    let household = linked::household(&state, &external_user_id, SCOPE)?;
    Ok(Json(list(&state, &household)))
}

async fn one(
    _: Partner,
    State(state): State<Shared>,
    Segments((external_user_id, contract_id)): Segments<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let id = number_in_path("contractId", &contract_id)?;
    let household = linked::household(&state, &external_user_id, SCOPE)?;
    let contract = household.contract(id).ok_or_else(|| unknown(&contract_id))?;
    Ok(Json(state.style.contract(&household, contract)))
}

async fn consumption_of_one(
    _: Partner,
    State(state): State<Shared>,
    Segments((external_user_id, contract_id)): Segments<(String, String)>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let household = linked::household(&state, &external_user_id, SCOPE)?;
    consumed(&state, &household, &contract_id, query)
}

fn list(state: &AppState, household: &Household) -> Value {
    let contracts = household.contracts.iter().map(|contract| state.style.contract(household, contract));
    json!({ "data": contracts.collect::<Vec<_>>() })
}

fn consumed(state: &AppState, household: &Household, contract_id: &str, query: Query) -> Result<Json<Value>, ApiError> {
    let id = number_in_path("contractId", contract_id)?;
    let mut fields = query.0;
    let range = fields.range(&["HOUR", "DAY", "MONTH"]);
    fields.finish()?;
    let contract = household.contract(id).ok_or_else(|| unknown(contract_id))?;
    Ok(Json(json!({ "data": consumption::data(state.seed, contract, &range, state.clock.now()) })))
}

fn unknown(id: &str) -> ApiError {
    ApiError::not_found(format!("There is no contract {id}."))
}
