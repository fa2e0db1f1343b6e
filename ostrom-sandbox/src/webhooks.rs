//! The endpoints for webhooks.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::auth_layer::Partner;
use crate::client::Role;
use crate::clock::format_timestamp;
use crate::delivery::deliver;
use crate::error::ApiError;
use crate::extract::{Fields, Segments, text, web_url};
use crate::query::number_in_path;
use crate::state::Shared;
use crate::webhook::Webhook;

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
    let webhook = state
        .webhooks
        .create(url, secret)
        .ok_or_else(|| ApiError::bad_request("This client has too many webhooks; delete one first."))?;
    Ok(Json(to_json(&webhook)))
}

async fn all(_: Partner, State(state): State<Shared>) -> Json<Value> {
    let webhooks = state.webhooks.all();
    Json(json!({ "data": webhooks.iter().map(to_json).collect::<Vec<_>>() }))
}

async fn one(_: Partner, State(state): State<Shared>, Segments(id): Segments<String>) -> Result<Json<Value>, ApiError> {
    let webhook = state.webhooks.get(number_in_path("id", &id)?).ok_or_else(|| unknown(&id))?;
    Ok(Json(to_json(&webhook)))
}

async fn delete(
    _: Partner,
    State(state): State<Shared>,
    Segments(id): Segments<String>,
) -> Result<Json<Value>, ApiError> {
    let webhook = state.webhooks.delete(number_in_path("id", &id)?).ok_or_else(|| unknown(&id))?;
    Ok(Json(to_json(&webhook)))
}

/// Delivers a test event and waits for the receiver's response.
async fn test(
    _: Partner,
    State(state): State<Shared>,
    Segments(id): Segments<String>,
) -> Result<Json<Value>, ApiError> {
    let webhook = state.webhooks.get(number_in_path("id", &id)?).ok_or_else(|| unknown(&id))?;
    // The API specification does not describe events; this one is invented.
    let event = json!({
        "type": "webhook.test",
        "date": format_timestamp(state.clock.now()),
        "data": to_json(&webhook),
    });
    let delivery = deliver(&webhook, &event).await;
    let problem = delivery.problem.clone();
    state.webhooks.record(delivery);
    match problem {
        None => Ok(Json(to_json(&webhook))),
        Some(problem) => Err(ApiError::bad_request(format!("The webhook was not delivered: {problem}."))),
    }
}

fn to_json(webhook: &Webhook) -> Value {
    let owner = Role::Partner.credentials().client_id;
    json!({ "id": webhook.id, "clientApplicationId": owner, "url": webhook.url })
}

fn unknown(id: &str) -> ApiError {
    ApiError::not_found(format!("There is no webhook {id}."))
}
