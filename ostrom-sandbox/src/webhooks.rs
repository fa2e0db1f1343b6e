//! The partner's webhooks.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::caller::Partner;
use crate::clock::written;
use crate::error::ApiError;
use crate::hooks::Hook;
use crate::input::{Fields, Segments, text, web_url};
use crate::query::number_in_path;
use crate::state::{Sandboxed, Shared};
use crate::{client, delivery};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/webhooks", post(create).get(all))
        .route("/webhooks/{id}", get(one).delete(delete))
        .route("/webhooks/{id}/test", post(test))
}

async fn create(_: Partner, State(state): State<Shared>, mut fields: Fields) -> Result<Json<Value>, ApiError> {
    let url = fields.required("url", web_url);
    let secret = fields.required("secret", text);
    fields.finish()?;
    let hook = state.hooks.create(url, secret).ok_or_else(|| {
        ApiError::bad_request("This client has more webhooks than the sandbox keeps; delete one first.")
    })?;
    Ok(Json(document(&state, &hook)))
}

async fn all(_: Partner, State(state): State<Shared>) -> Json<Value> {
    let hooks = state.hooks.all();
    Json(json!({ "data": hooks.iter().map(|hook| document(&state, hook)).collect::<Vec<_>>() }))
}

async fn one(_: Partner, State(state): State<Shared>, Segments(id): Segments<String>) -> Result<Json<Value>, ApiError> {
    let id = number_in_path("id", &id)?;
    let hook = state.hooks.get(id).ok_or_else(|| unknown(id))?;
    Ok(Json(document(&state, &hook)))
}

async fn delete(
    _: Partner,
    State(state): State<Shared>,
    Segments(id): Segments<String>,
) -> Result<Json<Value>, ApiError> {
    let id = number_in_path("id", &id)?;
    let hook = state.hooks.delete(id).ok_or_else(|| unknown(id))?;
    Ok(Json(document(&state, &hook)))
}

/// Delivers a test event and waits for the partner's answer to it.
async fn test(
    _: Partner,
    State(state): State<Shared>,
    Segments(id): Segments<String>,
) -> Result<Json<Value>, ApiError> {
    let id = number_in_path("id", &id)?;
    let hook = state.hooks.get(id).ok_or_else(|| unknown(id))?;
    // The document doesn't say what an event looks like; this one is the sandbox's own.
    let event = json!({ "type": "webhook.test", "date": written(state.clock.now()), "data": document(&state, &hook) });
    let delivery = delivery::deliver(&hook, &event).await;
    let problem = delivery.problem.clone();
    state.hooks.record(delivery);
    match problem {
        None => Ok(Json(document(&state, &hook))),
        Some(problem) => Err(ApiError::bad_request(format!("The webhook was not delivered: {problem}."))),
    }
}

fn document(state: &Sandboxed, hook: &Hook) -> Value {
    let owner = client::Role::Partner.credentials().client_id;
    json!({ "id": state.spelling.id(hook.id), "clientApplicationId": owner, "url": hook.url })
}

fn unknown(id: u64) -> ApiError {
    ApiError::not_found(format!("There is no webhook {id}."))
}
