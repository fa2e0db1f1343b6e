//! The token endpoint: OAuth2 client credentials, as in RFC 6749.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use url::form_urlencoded;

use crate::auth_layer::credentials;
use crate::client::Role;
use crate::extract::has_media_type;
use crate::state::{AppState, Shared};

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/oauth2/token", post(token))
}

async fn token(State(state): State<Shared>, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    let Some(role) = client(&headers) else {
        return TokenError::InvalidClient.into_response();
    };
    let response = async {
        match check(&headers, body) {
            Ok(()) => issue(&state, role),
            Err(error) => error.into_response(),
        }
    };
    state.token_limit.guard(role, response).await
}

/// Returns the role of the client that the header `Authorization: Basic` authenticates.
fn client(headers: &HeaderMap) -> Option<Role> {
    let decoded = STANDARD.decode(credentials(headers, "Basic")?).ok()?;
    let (client_id, client_secret) = str::from_utf8(&decoded).ok()?.split_once(':')?;
    Role::of(client_id, client_secret)
}

fn check(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<(), TokenError> {
    if !has_media_type(headers, "application/x-www-form-urlencoded") {
        return Err(TokenError::InvalidRequest("The body must be a form (application/x-www-form-urlencoded)."));
    }
    let body = body.map_err(|_| TokenError::InvalidRequest("The body could not be read."))?;
    let mut grants = form_urlencoded::parse(&body).filter(|(name, _)| name == "grant_type").map(|(_, grant)| grant);
    match (grants.next().as_deref(), grants.next()) {
        (None | Some(""), _) => Err(TokenError::InvalidRequest("The parameter grant_type is missing.")),
        (_, Some(_)) => Err(TokenError::InvalidRequest("The parameter grant_type is duplicated.")),
        (Some("client_credentials"), None) => Ok(()),
        (Some(_), None) => Err(TokenError::UnsupportedGrantType),
    }
}

fn issue(state: &AppState, role: Role) -> Response {
    let body = json!({
        "access_token": state.tokens.issue(role),
        "expires_in": state.tokens.lifetime().as_secs(),
        "token_type": "Bearer",
    });
    (state.token_status, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// The reason why no token is issued.
#[derive(Debug)]
enum TokenError {
    InvalidRequest(&'static str),
    UnsupportedGrantType,
    InvalidClient,
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let (status, error, description) = match self {
            Self::InvalidRequest(description) => (StatusCode::BAD_REQUEST, "invalid_request", description),
            Self::UnsupportedGrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "The only supported grant type is client_credentials.",
            ),
            Self::InvalidClient => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "The client is unknown, the secret is incorrect, or the request does not use HTTP Basic.",
            ),
        };
        let body = json!({ "error": error, "error_description": description });
        let mut response = (status, Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Basic");
            response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
        }
        response
    }
}
