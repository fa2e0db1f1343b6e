//! The result of the second stage: a valid API. Types only; an invalid API cannot be expressed.

use std::fmt::{self, Display, Formatter};

use proc_macro2::{Ident, TokenStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Generics, Lifetime, LitStr, Path, Token, Type, TypeParamBound, Visibility, WhereClause};

use crate::path::Template;

/// An API.
pub(crate) struct Api {
    /// The attributes of the trait, documentation among them.
    pub(crate) attrs: Vec<Attribute>,
    /// Those of them that set lint levels.
    pub(crate) lints: Vec<Attribute>,
    pub(crate) deprecated: Option<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) supertraits: Punctuated<TypeParamBound, Token![+]>,
    pub(crate) where_clause: Option<WhereClause>,
    pub(crate) options: Options,
    pub(crate) endpoints: Vec<Endpoint>,
    /// Names of two type parameters and a lifetime that do not occur in the trait.
    pub(crate) role: Ident,
    pub(crate) implementor: Ident,
    pub(crate) lifetime: Lifetime,
}

/// The arguments of `#[api]` that the generated code depends on.
pub(crate) struct Options {
    /// The runtime's path.
    pub(crate) runtime: TokenStream,
    /// That path if it means the same in each module.
    pub(crate) anywhere: Option<TokenStream>,
    /// The module with a type for each endpoint.
    pub(crate) module: Ident,
    /// The name of the dyn-compatible trait.
    pub(crate) dyn_trait: Option<Ident>,
    /// The type of the API's own errors.
    pub(crate) error: Option<Type>,
    /// The argument `schema`, if `ENDPOINTS` has the JSON Schemas of all types.
    pub(crate) schema: Option<Ident>,
}

/// An endpoint.
pub(crate) struct Endpoint {
    /// The path of `#[endpoint]` as written.
    pub(crate) attribute: Path,
    pub(crate) attrs: MethodAttrs,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) receiver: Option<Lifetime>,
    pub(crate) method: Verb,
    pub(crate) template: Template,
    /// The template as written, with the trait's prefix and the author's span.
    pub(crate) path: LitStr,
    pub(crate) roles: Roles,
    /// In the order of the signature.
    pub(crate) arguments: Vec<Argument>,
    pub(crate) headers: Vec<(String, String)>,
    /// The query parameters of every call, some without a value.
    pub(crate) query: Vec<(String, Option<String>)>,
    pub(crate) query_encoding: QueryEncoding,
    /// In milliseconds.
    pub(crate) timeout: Option<u64>,
    /// In milliseconds.
    pub(crate) deadline: Option<u64>,
    pub(crate) idempotent: bool,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) accept: Option<String>,
    /// The statuses for which an `Option` is `None`, in addition to 404.
    pub(crate) none: Vec<u16>,
    /// The data of the event that ends a stream of events.
    pub(crate) end: Option<String>,
    pub(crate) reconnect: bool,
    pub(crate) redirects: Option<u8>,
    /// The name of the base URL, unless it is the client's own.
    pub(crate) base: Option<String>,
    pub(crate) response: ResponseType,
    pub(crate) output: Type,
    /// The tokens of the error's type, or of the whole alias of `Result`.
    pub(crate) error: TokenStream,
}

impl Endpoint {
    /// Returns the `accept` header.
    pub(crate) fn accept(&self) -> &str {
        match (&self.response.content, &self.accept) {
            (_, Some(accept)) => accept,
            (Content::Text(_) | Content::Bytes(_) | Content::Stream(_), None) => "*/*",
            (Content::Events(_), None) => "text/event-stream",
            (Content::JsonLines(_), None) => "application/x-ndjson, application/json;q=0.9",
            (Content::Json(_) | Content::Page(_) | Content::Empty, None) => JSON,
        }
    }
}

/// The HTTP method of an endpoint.
pub(crate) enum Verb {
    /// A constant of `http::Method`.
    Standard(Ident),
    /// Another method, by its name.
    Other(LitStr),
}

impl Verb {
    /// Returns `true` if it is one of these standard methods.
    pub(crate) fn is_any(&self, names: &[&str]) -> bool {
        matches!(self, Self::Standard(ident) if names.iter().any(|name| ident == name))
    }

    /// Returns `true` if it is idempotent by RFC 9110, section 9.2.2. Of another method nothing is known.
    pub(crate) fn is_idempotent(&self) -> bool {
        self.is_any(&["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "QUERY"])
    }
}

impl Display for Verb {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard(ident) => ident.fmt(f),
            Self::Other(name) => f.write_str(&name.value()),
        }
    }
}

/// The `accept` header of most endpoints.
pub(crate) const JSON: &str = "application/json";

/// The attributes of a method, by kind.
#[derive(Default)]
pub(crate) struct MethodAttrs {
    pub(crate) docs: Vec<Attribute>,
    /// The predicates of `#[cfg(…)]`.
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) deprecated: Option<Attribute>,
    /// `#[allow]`, `#[expect]`, and the other lint levels.
    pub(crate) lints: Vec<Attribute>,
    pub(crate) others: Vec<Attribute>,
}

/// The roles that may call an endpoint.
#[derive(Clone)]
pub(crate) enum Roles {
    /// Everyone, without authorization. The path is that of `Public`.
    Public(Path),
    /// Everyone, with the credentials that the client has: the path of `Public`, and the other roles.
    Optional(Path, Vec<Path>),
    /// One of these roles: the first and the rest.
    Any(Path, Vec<Path>),
}

impl Roles {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Path> {
        let (first, rest) = match self {
            Self::Public(_) => (None, [].as_slice()),
            Self::Optional(_, roles) => (None, roles.as_slice()),
            Self::Any(first, rest) => (Some(first), rest.as_slice()),
        };
        first.into_iter().chain(rest)
    }
}

/// An argument.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    /// Whether callers pass `impl Into<ty>`.
    pub(crate) by_into: bool,
    pub(crate) lints: Vec<Attribute>,
    pub(crate) location: Location,
}

/// The location of an argument in the request.
pub(crate) enum Location {
    /// The placeholder of this name.
    Path(String),
    Query {
        name: String,
        shape: Shape,
        style: QueryStyle,
    },
    /// The fields of the argument are query parameters, nested in brackets if lists have a style.
    Flatten {
        shape: Shape,
        nested: Option<NestedLists>,
    },
    Header {
        name: String,
        shape: Shape,
        sensitive: bool,
    },
    /// Several headers.
    Headers {
        shape: Shape,
        sensitive: bool,
    },
    Body {
        format: Format,
        media_type: String,
        shape: Shape,
    },
    Part {
        name: String,
        shape: Shape,
        kind: PartKind,
    },
}

/// How a value is written to the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueryStyle {
    /// As text; a list repeats the name.
    Plain,
    /// As one text, the items of the list with this separator.
    Separated(&'static str),
    Json,
    /// In brackets after the name.
    Nested(NestedLists),
}

/// How lists within a value nested in brackets are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NestedLists {
    /// `a[0]=1&a[1]=2`.
    Indices,
    /// `a[]=1&a[]=2`.
    Brackets,
    /// `a=1&a=2`.
    Repeat,
}

/// The content of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartKind {
    /// As text; a list repeats the part.
    Value,
    Json,
    /// A `FilePart`; a list repeats the part.
    File,
}

/// The syntactic shape of a type.
pub(crate) struct Shape {
    /// Is an `Option`.
    pub(crate) optional: bool,
    /// Is a list, or an `Option` of a list.
    pub(crate) list: bool,
    /// Is a reference, or an `Option` of a reference.
    pub(crate) reference: bool,
    /// The type without `Option`, list, and references.
    pub(crate) item: Type,
}

impl Shape {
    /// Returns `true` if every call has a value.
    pub(crate) fn is_required(&self) -> bool {
        !self.optional && !self.list
    }
}

/// The format of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Form,
    NestedForm(NestedLists),
    Text,
    Bytes,
    Multipart,
    Stream,
}

/// How the names and values of the query are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueryEncoding {
    Form,
    Percent,
}

/// How a response is decoded.
pub(crate) struct ResponseType {
    pub(crate) wrapper: Wrapper,
    /// Is in a `Conditional`, inside the wrapper.
    pub(crate) conditional: bool,
    pub(crate) content: Content,
}

/// The types around the content of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrapper {
    None,
    Optional,
    Whole,
    OptionalWhole,
    WholeOptional,
}

impl Wrapper {
    /// Returns `true` if an `Option` is among the types.
    pub(crate) fn is_optional(self) -> bool {
        matches!(self, Self::Optional | Self::OptionalWhole | Self::WholeOptional)
    }
}

/// The content of a response, with its type as written.
pub(crate) enum Content {
    Empty,
    Json(Box<Type>),
    Text(Box<Type>),
    Bytes(Box<Type>),
    Stream(Box<Type>),
    Page(Box<Type>),
    Events(Box<Type>),
    JsonLines(Box<Type>),
}
