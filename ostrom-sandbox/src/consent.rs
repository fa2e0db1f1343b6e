//! The page at a `linkUrl`. At Ostrom the user logs in and consents there; in the sandbox, opening the page is the
//! consent, and the response redirects the user at once.

use axum::Router;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};
use axum::routing::get;
use url::Url;

use crate::error::ApiError;
use crate::extract::Segments;
use crate::state::Shared;

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/link/{page}", get(consent))
}

async fn consent(
    State(state): State<Shared>,
    Segments(page): Segments<String>,
) -> Result<(StatusCode, [(HeaderName, String); 1]), ApiError> {
    let target = state
        .links
        .consent_on(&page)
        // A URL that the parser has normalized contains only characters that a header can carry.
        .and_then(|target| Url::parse(&target).ok())
        .ok_or_else(|| ApiError::not_found("This link is unknown or no longer valid."))?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, target.into())]))
}
