//! The two hosts, put together: Ostrom has one for its API and one for its tokens.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;

use crate::caller::admit;
use crate::count::count;
use crate::error::{unknown_method, unknown_route};
use crate::state::Shared;
use crate::{auth, consent, contracts, orders, prices, products, users, webhooks};

/// More than any request that the document describes, little enough for a hostile one.
const BODY_LIMIT: usize = 64 * 1024;

pub(crate) fn api(state: &Shared) -> Router {
    let routes = users::routes()
        .merge(contracts::routes())
        .merge(orders::routes())
        .merge(prices::routes())
        .merge(products::routes())
        .merge(webhooks::routes());
    let routes = with_fallbacks(routes);
    let routes = routes.layer(from_fn_with_state(state.clone(), admit));
    finish(routes, state)
}

pub(crate) fn auth(state: &Shared) -> Router {
    let routes = auth::routes().merge(consent::routes());
    finish(with_fallbacks(routes), state)
}

/// Before the layers, which then stand before the fallbacks too.
fn with_fallbacks(routes: Router<Shared>) -> Router<Shared> {
    routes.fallback(unknown_route).method_not_allowed_fallback(unknown_method)
}

fn finish(routes: Router<Shared>, state: &Shared) -> Router {
    routes
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(state.clone(), count))
        .with_state(state.clone())
}
