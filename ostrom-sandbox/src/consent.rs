//! The page that a `linkUrl` leads to. At Ostrom the user logs in and agrees there; the sandbox's
//! user agrees by opening it and is sent on at once.

use axum::Router;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};
use axum::routing::get;
use url::Url;

use crate::error::ApiError;
use crate::input::Segments;
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
        // Written anew by the parser, a URL holds nothing that a header can't.
        .and_then(|target| Url::parse(&target).ok())
        .ok_or_else(|| ApiError::not_found("This link is unknown or no longer valid."))?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, target.into())]))
}
