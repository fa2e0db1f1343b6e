//! The second stage's result: an API in which nothing is wrong. Types only.

use proc_macro2::{Ident, TokenStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Generics, Lifetime, LitStr, Path, Token, Type, TypeParamBound, Visibility, WhereClause};

use crate::path::Template;

/// An API.
pub(crate) struct Api {
    /// The attributes of the trait, documentation among them.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) supertraits: Punctuated<TypeParamBound, Token![+]>,
    pub(crate) where_clause: Option<WhereClause>,
    pub(crate) options: Options,
    pub(crate) endpoints: Vec<Endpoint>,
    /// Names for two type parameters and a lifetime that the author uses for nothing else.
    pub(crate) role: Ident,
    pub(crate) implementor: Ident,
    pub(crate) lifetime: Lifetime,
}

/// The arguments of `#[api]` that shape what is generated.
pub(crate) struct Options {
    /// The runtime's path.
    pub(crate) runtime: TokenStream,
    /// The module with a type for each endpoint.
    pub(crate) module: Ident,
    /// The dyn form's name.
    pub(crate) dyn_trait: Option<Ident>,
}

/// An endpoint.
pub(crate) struct Endpoint {
    /// The path by which the author called `#[endpoint]`.
    pub(crate) attribute: Path,
    pub(crate) attrs: MethodAttrs,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) receiver: Option<Lifetime>,
    pub(crate) method: Ident,
    pub(crate) template: Template,
    /// The template as it is written, its prefix included, where its author wrote it.
    pub(crate) path: LitStr,
    pub(crate) roles: Roles,
    /// In the order of the method.
    pub(crate) arguments: Vec<Argument>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) timeout: Option<u64>,
    pub(crate) idempotent: bool,
    pub(crate) accept: Option<String>,
    pub(crate) response: ResponseType,
    pub(crate) output: Type,
    /// The tokens of the error's type, or of the whole alias of `Result`.
    pub(crate) error: TokenStream,
}

/// The attributes of a method, by where they go.
#[derive(Default)]
pub(crate) struct MethodAttrs {
    pub(crate) docs: Vec<Attribute>,
    /// The predicates of `#[cfg(…)]`.
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) deprecated: Option<Attribute>,
    /// `#[allow]` and its like.
    pub(crate) lints: Vec<Attribute>,
    pub(crate) others: Vec<Attribute>,
}

/// Who may call an endpoint.
pub(crate) enum Roles {
    /// Everyone, without authorization; the path is that of `Public`.
    Public(Path),
    /// One of these roles: the first and the rest.
    Any(Path, Vec<Path>),
}

impl Roles {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Path> {
        let (first, rest) = match self {
            Self::Public(_) => (None, [].as_slice()),
            Self::Any(first, rest) => (Some(first), rest.as_slice()),
        };
        first.into_iter().chain(rest)
    }
}

/// An argument.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) lints: Vec<Attribute>,
    pub(crate) location: Location,
}

/// Where an argument goes.
pub(crate) enum Location {
    /// Into the placeholder of this name.
    Path(String),
    Query {
        name: String,
        shape: Shape,
        separator: Option<&'static str>,
    },
    Flatten(Shape),
    Header {
        name: String,
        shape: Shape,
        sensitive: bool,
    },
    Body {
        format: Format,
        media_type: String,
        shape: Shape,
    },
}

/// What a type looks like from outside.
pub(crate) struct Shape {
    /// It is an `Option`.
    pub(crate) optional: bool,
    /// It is a list, or an `Option` of one.
    pub(crate) list: bool,
    /// It, or what is in its `Option`, is a reference.
    pub(crate) reference: bool,
    /// What is left without `Option`, list and references.
    pub(crate) item: Type,
}

/// What a body is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Form,
    Text,
    Bytes,
    Multipart,
    Stream,
}

/// How an answer is read.
pub(crate) struct ResponseType {
    pub(crate) wrapper: Wrapper,
    pub(crate) content: Content,
}

/// What is around an answer's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrapper {
    None,
    Optional,
    Whole,
    OptionalWhole,
    WholeOptional,
}

/// An answer's content, and the type it was known by.
pub(crate) enum Content {
    Empty,
    Json(Box<Type>),
    Text(Box<Type>),
    Bytes(Box<Type>),
    Stream(Box<Type>),
}
