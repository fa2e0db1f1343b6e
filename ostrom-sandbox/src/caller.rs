//! Who calls, at what pace, and whether they may.
//!
//! [`admit`] stands before every route of the API: it knows the caller and keeps the pace. A
//! handler says whom it answers by taking a [`User`], a [`Partner`], or a [`Caller`] of either
//! role among its arguments; who isn't that never gets to the handler.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::client::Role;
use crate::error::ApiError;
use crate::state::Shared;

/// Recognises the caller and keeps the pace. It refuses nobody for want of a token, as it
/// doesn't know what the route demands.
pub(crate) async fn admit(State(state): State<Shared>, mut request: Request, next: Next) -> Response {
    let token = credentials(request.headers(), "Bearer");
    let Some(role) = token.and_then(|token| state.tokens.role(token)) else {
        return next.run(request).await;
    };
    request.extensions_mut().insert(Caller(role));
    state.limit.guard(role, next.run(request)).await
}

/// What follows the scheme in the `Authorization` header, if the header has that scheme.
pub(crate) fn credentials<'h>(headers: &'h HeaderMap, scheme: &str) -> Option<&'h str> {
    let value = headers.get(AUTHORIZATION).map(HeaderValue::to_str)?.ok()?;
    let (found, credentials) = value.split_once(' ')?;
    // RFC 9110: a scheme's case doesn't matter.
    found.eq_ignore_ascii_case(scheme).then_some(credentials.trim_matches(' '))
}

/// Somebody with a valid token, whatever the role.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller(Role);

/// A caller with the role `USER`.
#[derive(Debug)]
pub(crate) struct User;

/// A caller with the role `PARTNER`.
#[derive(Debug)]
pub(crate) struct Partner;

impl Caller {
    /// The document knows no 403, so that a missing role is a 401 too; only the detail differs.
    fn demand(self, role: Role) -> Result<(), ApiError> {
        if self.0 == role {
            return Ok(());
        }
        Err(ApiError::unauthorized(format!(
            "This call is for the role {}; the access token carries the role {}.",
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
                None => "The call carries no access token (Authorization: Bearer …).",
            })
        })
    }
}

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.demand(Role::User).map(|()| Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Partner {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.demand(Role::Partner).map(|()| Self)
    }
}
