//! Authentication, rate limiting, and authorization of API requests.
//!
//! [`authenticate`] wraps every route of the API: it identifies the caller and applies the rate limit. A handler
//! declares the role it requires by taking a [`User`], a [`Partner`], or a [`Caller`] of either role as an argument;
//! other requests are rejected before the handler runs.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::client::Role;
use crate::error::ApiError;
use crate::state::{AppState, Shared};

/// Identifies the caller and applies the rate limit. A request without a token passes, because this layer does not
/// know which role the route requires.
pub(crate) async fn authenticate(State(state): State<Shared>, mut request: Request, next: Next) -> Response {
    let Some(role) = token_role(&state, request.headers()) else {
        return next.run(request).await;
    };
    request.extensions_mut().insert(Caller(role));
    state.limit.guard(role, next.run(request)).await
}

/// Returns the role of the request's token, if it is valid.
pub(crate) fn token_role(state: &AppState, headers: &HeaderMap) -> Option<Role> {
    state.tokens.role(credentials(headers, "Bearer")?)
}

/// Returns what follows the scheme in the `Authorization` header, if the header has that scheme.
pub(crate) fn credentials<'h>(headers: &'h HeaderMap, scheme: &str) -> Option<&'h str> {
    let value = headers.get(AUTHORIZATION).map(HeaderValue::to_str)?.ok()?;
    let (found, credentials) = value.split_once(' ')?;
    // RFC 9110, section 11.1: schemes are case-insensitive.
    found.eq_ignore_ascii_case(scheme).then_some(credentials.trim_matches(' '))
}

/// A caller with a valid token, of any role.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller(Role);

/// A caller with the role `USER`.
#[derive(Debug)]
pub(crate) struct User;

/// A caller with the role `PARTNER`.
#[derive(Debug)]
pub(crate) struct Partner;

impl Caller {
    /// The API specification has no 403, so a missing role is a 401 too; only the detail differs.
    fn require(self, role: Role) -> Result<(), ApiError> {
        if self.0 == role {
            return Ok(());
        }
        Err(ApiError::unauthorized(format!(
            "This endpoint requires the role {}; the access token has the role {}.",
            role.name(),
            self.0.name(),
        )))
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get().copied().ok_or_else(|| {
            ApiError::unauthorized(match credentials(&parts.headers, "Bearer") {
                Some(_) => "The access token is unknown or has expired.",
                None => "The request has no access token (Authorization: Bearer …).",
            })
        })
    }
}

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.require(Role::User).map(|()| Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Partner {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.require(Role::Partner).map(|()| Self)
    }
}
