//! The routers of the two servers: the API and the authorization server.

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::auth_layer::{authenticate, token_role};
use crate::error::{unknown_method, unknown_route};
use crate::request_log::ReceivedRequest;
use crate::state::Shared;
use crate::{auth, consent, contracts, orders, page, prices, products, users, webhooks};

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
    // The page is not a part of the API: it needs no token, and is not recorded.
    let page = Router::new().route("/", get(page::show)).with_state(state.clone());
    page.merge(finish(routes, state))
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
        .layer(from_fn_with_state(state.clone(), fail))
        .layer(from_fn_with_state(state.clone(), record))
        .with_state(state.clone())
}

fn endpoint(request: &Request) -> Option<String> {
    let path = request.extensions().get::<MatchedPath>()?;
    Some(format!("{} {}", request.method(), path.as_str()))
}

/// Lets a request fail if a failure is scripted for its endpoint.
async fn fail(State(state): State<Shared>, request: Request, next: Next) -> Response {
    if let Some(endpoint) = endpoint(&request)
        && let Some(failure) = state.failures.take(&endpoint)
        && let Some(response) = failure.respond(&endpoint).await
    {
        return response;
    }
    next.run(request).await
}

/// Records a request, whatever its response. Requests to unknown endpoints are not counted, so that a caller cannot
/// fill the memory with invented paths.
async fn record(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let (received, started) = (Timestamp::now(), Instant::now());
    let (method, target) = (request.method().to_string(), request.uri().to_string());
    let role = token_role(&state, request.headers());
    let endpoint = endpoint(&request);
    let response = next.run(request).await;
    let status = response.status();
    if let Some(endpoint) = endpoint
        && status != StatusCode::METHOD_NOT_ALLOWED
    {
        state.requests.increment(endpoint);
    }
    let (status, duration) = (status.as_u16(), started.elapsed());
    state.requests.record(ReceivedRequest { received, method, target, role, status, duration });
    response
}
