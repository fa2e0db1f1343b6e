//! The metadata of endpoints, which `#[api]` adds to the trait.

use std::fmt;
use std::time::Duration;

use http::Method;

use crate::endpoint_method::EndpointMethod;
use crate::error::ErrorType;
use crate::query_encoding::QueryEncoding;

/// An endpoint of an API as its trait declares it, for tools, tests, and documentation.
///
/// `#[api]` adds one per method, in source order, to the trait's constant `ENDPOINTS`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Endpoint {
    /// The name of the trait.
    pub api: &'static str,
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
    /// How a response is read.
    pub response: ResponseType,
    /// The documentation of the method, as lines. Empty if there is none.
    pub docs: &'static str,
    /// Whether the method is `#[deprecated]`.
    pub deprecated: bool,
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
        Self::of(api, name, EndpointMethod::standard(method), idempotent, path, roles, parameters)
    }

    /// An endpoint with a method that is not standard.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_method(
        api: &'static str,
        name: &'static str,
        method: &'static str,
        path: &'static str,
        roles: &'static [&'static str],
        parameters: &'static [Parameter],
    ) -> Self {
        Self::of(api, name, EndpointMethod::other(method), false, path, roles, parameters)
    }

    const fn of(
        api: &'static str,
        name: &'static str,
        method: EndpointMethod,
        idempotent: bool,
        path: &'static str,
        roles: &'static [&'static str],
        parameters: &'static [Parameter],
    ) -> Self {
        Self {
            api,
            name,
            method,
            path,
            roles,
            optional_credentials: false,
            parameters,
            idempotent,
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
            response: ResponseType { kind: ResponseKind::Json, optional: false, type_name: "" },
            docs: "",
            deprecated: false,
        }
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
    pub const fn response(mut self, kind: ResponseKind, optional: bool, type_name: &'static str) -> Self {
        self.response = ResponseType { kind, optional, type_name };
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn error(mut self, error: ErrorType) -> Self {
        self.error_type = Some(error);
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

/// A parameter of an [`Endpoint`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire; for a body or a flattened parameter, the name of the argument.
    pub name: &'static str,
    /// The location in the request.
    pub location: ParameterLocation,
    /// Whether it is required: its type is neither an `Option` nor a list.
    pub required: bool,
    /// The type of the argument as written in the trait; `Option<T>` for `impl Into<Option<T>>`.
    pub type_name: &'static str,
    /// The format of a list in the query, or `None` if it is none. In a header, items are separated by commas.
    pub list: Option<ListStyle>,
    /// Whether each field of the type is a query parameter or a header: `#[query(flatten)]`, `#[header(flatten)]`.
    pub flatten: bool,
    /// The format of lists within a value that is nested in brackets, such as `page[size]=2`. `None` if it is not nested.
    pub nested: Option<ListStyle>,
    /// The media type of a body, of a part, or of a value in the query, as far as the trait sets one: `application/json`
    /// for `#[query(json)]` and `#[part("…", json)]`.
    pub media_type: Option<&'static str>,
}

impl Parameter {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, location: ParameterLocation) -> Self {
        Self {
            name,
            location,
            required: true,
            type_name: "",
            list: None,
            flatten: false,
            nested: None,
            media_type: None,
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn optional(name: &'static str, location: ParameterLocation) -> Self {
        let mut parameter = Self::new(name, location);
        parameter.required = false;
        parameter
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn typed(mut self, type_name: &'static str) -> Self {
        self.type_name = type_name;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn list(mut self, style: ListStyle) -> Self {
        self.list = Some(style);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn flattened(mut self) -> Self {
        self.flatten = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn nested(mut self, lists: ListStyle) -> Self {
        self.nested = Some(lists);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn media_type(mut self, media_type: &'static str) -> Self {
        self.media_type = Some(media_type);
        self
    }
}

/// The location of a [`Parameter`] in the request, as OpenAPI's `in`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterLocation {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// The body.
    Body,
    /// A part of a `multipart/form-data` body. A file has the type `FilePart`.
    Part,
}

/// The format of a list in the query or a form, as OpenAPI's `style`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListStyle {
    /// `a=1&a=2`.
    Repeat,
    /// `a=1,2`.
    Comma,
    /// `a=1%202`.
    Space,
    /// `a=1%7C2`.
    Pipe,
    /// `a[0]=1&a[1]=2`, in nested values.
    Indices,
    /// `a[]=1&a[]=2`, in nested values.
    Brackets,
}

/// How the response of an [`Endpoint`] is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResponseType {
    /// The content of the body.
    pub kind: ResponseKind,
    /// Whether it can be absent: the method returns an `Option`.
    pub optional: bool,
    /// The type of the content as written in the trait, without `Option` and `Response` around it.
    pub type_name: &'static str,
}

/// The content of a response body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseKind {
    /// None: the body is ignored.
    Empty,
    /// JSON.
    Json,
    /// Text.
    Text,
    /// Bytes, as a whole.
    Bytes,
    /// Bytes, chunk by chunk.
    Stream,
    /// A page of items, as JSON.
    Page,
    /// Server-sent events.
    Events,
    /// JSON lines.
    JsonLines,
}
