//! The endpoints for users and their link to the partner.

use axum::extract::State;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::auth_layer::{Partner, User};
use crate::error::ApiError;
use crate::extract::{Fields, Segments, absolute_url, one_of, some_of, text};
use crate::links::{LANGUAGES, Link, SCOPES};
use crate::state::Shared;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/me", get(me))
        .route("/users/link", post(link))
        .route("/users/{externalUserId}/disconnect", delete(disconnect))
}

async fn me(_: User, State(state): State<Shared>) -> Json<Value> {
    Json(state.me.clone())
}

async fn link(_: Partner, State(state): State<Shared>, mut fields: Fields) -> Result<Json<Value>, ApiError> {
    let external_user_id = fields.required("externalUserId", text);
    let link = Link {
        language: fields.required("language", one_of(&LANGUAGES)),
        redirect_url: fields.required("redirectUrl", absolute_url),
        scopes: fields.required("scopes", some_of(&SCOPES)),
        referral_code: fields.optional("referralCode", text),
        consented: false,
    };
    fields.finish()?;

    let page = state.links.link(external_user_id, link);
    Ok(Json(json!({ "linkUrl": format!("{}/link/{page}", state.auth_url) })))
}

async fn disconnect(
    _: Partner,
    State(state): State<Shared>,
    Segments(external_user_id): Segments<String>,
) -> Result<(), ApiError> {
    if state.links.disconnect(&external_user_id) {
        Ok(())
    } else {
        Err(ApiError::not_found(format!("User {external_user_id:?} is not linked to this partner.")))
    }
}
