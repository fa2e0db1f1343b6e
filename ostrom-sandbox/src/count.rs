//! How often each endpoint was called.

use std::collections::HashMap;
use std::sync::Mutex;

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

use crate::state::{Shared, lock};

/// Requests by endpoint, such as `GET /me`.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<HashMap<String, usize>>);

impl Counts {
    pub(crate) fn of(&self, endpoint: &str) -> usize {
        lock(&self.0).get(endpoint).copied().unwrap_or_default()
    }

    fn add(&self, endpoint: String) {
        *lock(&self.0).entry(endpoint).or_default() += 1;
    }
}

/// Counts a request, whatever its answer. What is no endpoint is not counted, else a caller could
/// fill the memory with methods and paths of its own invention.
pub(crate) async fn count(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let endpoint =
        request.extensions().get::<MatchedPath>().map(|path| format!("{} {}", request.method(), path.as_str()));
    let response = next.run(request).await;
    if let Some(endpoint) = endpoint
        && response.status() != StatusCode::METHOD_NOT_ALLOWED
    {
        state.counts.add(endpoint);
    }
    response
}
