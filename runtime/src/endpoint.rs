//! What is known of an endpoint before any call: the metadata that `#[api]` leaves on the trait.

use std::fmt;
use std::time::Duration;

use http::Method;

/// An endpoint of an API as its trait declares it, for tools, tests and documents.
///
/// `#[api]` leaves one for each method, in source order, in the trait's constant `ENDPOINTS`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Endpoint {
    /// The name of the trait.
    pub api: &'static str,
    /// The name of the method.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template as it is written in the trait, its prefix included: `/users/{externalUserId}`.
    pub path: &'static str,
    /// The names of the roles that may call it; none for a public endpoint, which sends no authorization.
    pub roles: &'static [&'static str],
    /// The parameters, in the order of the method's arguments.
    pub parameters: &'static [Parameter],
    /// Whether a call may be repeated though its first try may have arrived: so for the methods that
    /// RFC 9110, section 9.2.2, calls idempotent, and for an endpoint marked `idempotent`.
    pub idempotent: bool,
    /// The media types that the answer may have, the value of the header `Accept`.
    pub accept: &'static str,
    /// The time that one attempt may take, where the endpoint sets one of its own.
    pub timeout: Option<Duration>,
    /// The headers that every call sends, names in lower case.
    pub headers: &'static [(&'static str, &'static str)],
}

impl Endpoint {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        api: &'static str,
        name: &'static str,
        method: Method,
        path: &'static str,
        roles: &'static [&'static str],
        parameters: &'static [Parameter],
    ) -> Self {
        let idempotent = !matches!(method, Method::POST | Method::PATCH | Method::CONNECT);
        Self {
            api,
            name,
            method,
            path,
            roles,
            parameters,
            idempotent,
            accept: "application/json",
            timeout: None,
            headers: &[],
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn headers(mut self, headers: &'static [(&'static str, &'static str)]) -> Self {
        self.headers = headers;
        self
    }

    /// Whether the endpoint sends no authorization.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        self.roles.is_empty()
    }
}

/// `link_user (POST /users/link)`
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.name, self.method, self.path)
    }
}

/// A parameter of an [`Endpoint`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name on the wire; for a body or a flattened query the argument's name.
    pub name: &'static str,
    /// Where it goes.
    pub location: ParameterLocation,
    /// Whether a call can't leave it out: its type is no `Option` and no list.
    pub required: bool,
}

impl Parameter {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, location: ParameterLocation) -> Self {
        Self { name, location, required: true }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn optional(name: &'static str, location: ParameterLocation) -> Self {
        Self { name, location, required: false }
    }
}

/// Where a [`Parameter`] goes in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterLocation {
    /// Into the path.
    Path,
    /// Into the query.
    Query,
    /// Into a header.
    Header,
    /// It is the body.
    Body,
}
