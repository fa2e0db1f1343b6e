//! The routers of the two servers: the API and the authorization server.

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;

use crate::auth_layer::authenticate;
use crate::error::{unknown_method, unknown_route};
use crate::state::Shared;
use crate::{auth, consent, contracts, orders, prices, products, users, webhooks};

/// Larger than any request in the API specification, and small enough to bound memory.
const MAX_BODY_SIZE: usize = 64 * 1024;

pub(crate) fn api(state: &Shared) -> Router {
    let routes = users::routes()
        .merge(contracts::routes())
        .merge(orders::routes())
        .merge(prices::routes())
        .merge(products::routes())
        .merge(webhooks::routes());
    let routes = with_fallbacks(routes);
    let routes = routes.layer(from_fn_with_state(state.clone(), authenticate));
    finish(routes, state)
}

pub(crate) fn auth(state: &Shared) -> Router {
    let routes = auth::routes().merge(consent::routes());
    finish(with_fallbacks(routes), state)
}

/// Adds the fallbacks before the layers, so that the layers wrap them too.
fn with_fallbacks(routes: Router<Shared>) -> Router<Shared> {
    routes.fallback(unknown_route).method_not_allowed_fallback(unknown_method)
}

fn finish(routes: Router<Shared>, state: &Shared) -> Router {
    routes
        .layer(DefaultBodyLimit::max(MAX_BODY_SIZE))
        .layer(from_fn_with_state(state.clone(), count))
        .with_state(state.clone())
}

/// Counts a request, whatever its response. Requests to unknown endpoints are not counted, so that a caller cannot
/// fill the memory with invented paths.
async fn count(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let endpoint =
        request.extensions().get::<MatchedPath>().map(|path| format!("{} {}", request.method(), path.as_str()));
    let response = next.run(request).await;
    if let Some(endpoint) = endpoint
        && response.status() != StatusCode::METHOD_NOT_ALLOWED
    {
        state.request_counts.increment(endpoint);
    }
    response
}
