//! The metadata of endpoints, which `#[api]` adds to the trait.

mod parameter;
mod response;

use std::fmt;
use std::time::Duration;

#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator};

use crate::endpoint_method::EndpointMethod;
use crate::error::ErrorType;
use crate::query_encoding::QueryEncoding;
use crate::schema::TypeSchema;

pub use parameter::{BodyKind, ListStyle, Parameter, ParameterLocation};
#[cfg(feature = "schema")]
pub use response::ResponseBody;
pub use response::{BodySchemas, ResponseKind, ResponseType, StatusSchema};

/// An endpoint of an API as its trait declares it, for tools, tests, and documentation.
///
/// `#[api]` adds one per method, in source order, to the trait's constant `ENDPOINTS`. The facts are those that the source
/// of the trait shows: types are text as written, and what serde makes of a type is not known.
///
/// The endpoint of an [`Error`](crate::Error) or of a [`middleware`](crate::middleware) has what its call needs. What only
/// tools read is empty there, so that it is no part of a program that does not use `ENDPOINTS`: the parameters, the
/// response, the error type, and the documentation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Endpoint {
    /// The name of the trait.
    pub api: &'static str,
    /// The documentation of the trait, as lines. Empty if there is none.
    pub api_docs: &'static str,
    /// The name of the method.
    pub name: &'static str,
    /// The HTTP method.
    pub method: EndpointMethod,
    /// The path template as written in the trait, including the prefix: `/users/{externalUserId}`.
    pub path: &'static str,
    /// The names of the roles that may call it. Empty for a public endpoint, which sends no credentials.
    pub roles: &'static [&'static str],
    /// Whether it is also open to clients without credentials, and sends those that the client has: `role =
    /// any(Public, …)`.
    pub optional_credentials: bool,
    /// The parameters, in the order of the method's arguments.
    pub parameters: &'static [Parameter],
    /// Whether a call may be repeated after the server may have received it: `true` for the idempotent methods of
    /// RFC 9110, section 9.2.2, and `QUERY`, and for an endpoint marked `idempotent`. `false` for other methods that are
    /// not standard.
    pub idempotent: bool,
    /// The media types that the response may have: the value of the `Accept` header.
    pub accept: &'static str,
    /// The timeout of one attempt, if the endpoint sets one.
    pub timeout: Option<Duration>,
    /// The time that a whole call may take, if the endpoint sets one.
    pub deadline: Option<Duration>,
    /// The name of the header with a random key that is the same for all attempts of a call.
    pub idempotency_key: Option<&'static str>,
    /// The statuses for which the response is `None`, besides 404. Empty if the method does not return an `Option`.
    pub none: &'static [u16],
    /// The data of the event that ends a stream of events.
    pub end: Option<&'static str>,
    /// Whether a stream of events continues after its connection has ended.
    pub reconnect: bool,
    /// The maximum number of redirects that a call follows.
    pub redirects: u8,
    /// The name of the base URL, unless it is the client's own.
    pub base: Option<&'static str>,
    /// The headers that every call sends, with lowercase names.
    pub headers: &'static [(&'static str, &'static str)],
    /// The query parameters that every call sends, before those of arguments. The value of one without a value is empty.
    pub query: &'static [(&'static str, &'static str)],
    /// How the names and values of the query are encoded.
    pub query_encoding: QueryEncoding,
    pub(crate) error_type: Option<ErrorType>,
    /// The type of the API's own errors as written in `#[api(error = …)]`.
    pub error: Option<&'static str>,
    pub(crate) error_schema: Option<TypeSchema>,
    /// How a response is read.
    pub response: ResponseType,
    /// The documentation of the method, as lines. Empty if there is none.
    pub docs: &'static str,
    /// Whether the method is `#[deprecated]`.
    pub deprecated: bool,
}

impl Endpoint {
    /// Creates the metadata of an endpoint of a trait, which is given by its name and its documentation.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        (api, api_docs): (&'static str, &'static str),
        name: &'static str,
        method: &'static str,
        path: &'static str,
        roles: &'static [&'static str],
        parameters: &'static [Parameter],
    ) -> Self {
        Self {
            api,
            api_docs,
            name,
            method: EndpointMethod::new(method),
            path,
            roles,
            optional_credentials: false,
            parameters,
            idempotent: EndpointMethod::new(method).is_idempotent(),
            accept: "application/json",
            timeout: None,
            deadline: None,
            idempotency_key: None,
            none: &[],
            end: None,
            reconnect: false,
            redirects: 0,
            base: None,
            headers: &[],
            query: &[],
            query_encoding: QueryEncoding::Form,
            error_type: None,
            error: None,
            error_schema: None,
            response: ResponseType::EMPTY,
            docs: "",
            deprecated: false,
        }
    }

    /// Returns the first `N` endpoints as calls carry them: without what only tools read.
    #[doc(hidden)]
    #[must_use]
    pub const fn for_calls<const N: usize>(endpoints: &[Self]) -> [Self; N] {
        let mut out = [Self::new(("", ""), "", "", "", &[], &[]); N];
        let mut at = 0;
        while at < N && at < endpoints.len() {
            let (response, parameters) = (ResponseType::EMPTY, &[]);
            out[at] =
                Self { parameters, response, error: None, error_schema: None, docs: "", api_docs: "", ..endpoints[at] };
            at += 1;
        }
        out
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn optional_credentials(mut self, optional: bool) -> Self {
        self.optional_credentials = optional;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn query(mut self, query: &'static [(&'static str, &'static str)]) -> Self {
        self.query = query;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn query_encoding(mut self, encoding: QueryEncoding) -> Self {
        self.query_encoding = encoding;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn response(mut self, response: ResponseType) -> Self {
        self.response = response;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn error(mut self, error: ErrorType, type_name: &'static str) -> Self {
        self.error_type = Some(error);
        self.error = Some(type_name);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_error_schema(mut self, schema: TypeSchema) -> Self {
        self.error_schema = Some(schema);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn docs(mut self, docs: &'static str) -> Self {
        self.docs = docs;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
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
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn idempotency_key(mut self, idempotency_key: &'static str) -> Self {
        self.idempotency_key = Some(idempotency_key);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn none(mut self, none: &'static [u16]) -> Self {
        self.none = none;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn end(mut self, end: &'static str) -> Self {
        self.end = Some(end);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn reconnect(mut self) -> Self {
        self.reconnect = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn redirects(mut self, redirects: u8) -> Self {
        self.redirects = redirects;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn base(mut self, base: &'static str) -> Self {
        self.base = Some(base);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn headers(mut self, headers: &'static [(&'static str, &'static str)]) -> Self {
        self.headers = headers;
        self
    }

    /// Returns the JSON Schema of the API's own errors, which the generator keeps the definitions of. `None` without
    /// `#[api(schema)]` or `#[api(error = …)]`.
    ///
    /// A body is deserialized, so the generator is one of `SchemaSettings::for_deserialize`.
    #[cfg(feature = "schema")]
    #[must_use]
    pub fn error_schema(&self, generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(self.error_schema?.describe(generator))
    }

    /// Returns `true` if the endpoint sends no credentials.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        self.roles.is_empty()
    }
}

/// Writes `link_user (POST /users/link)`.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.name, self.method, self.path)
    }
}
