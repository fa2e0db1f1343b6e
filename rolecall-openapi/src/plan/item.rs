//! The items of a plan.

use crate::document::Place;
use crate::plan::ty::Ty;
use crate::report::Finding;
use crate::roles::{Callers, Role};

/// Everything that is going to be written.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) base_url: Option<String>,
    pub(crate) roles: Vec<Role>,
    pub(crate) traits: Vec<Trait>,
    /// All types; [`Ty::Named`] is an index into them.
    pub(crate) defs: Vec<Def>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) undecided: Vec<String>,
    /// Operations that the author did not ask for.
    pub(crate) left_out: usize,
    pub(crate) webhooks: usize,
}

/// A trait.
#[derive(Debug)]
pub(crate) struct Trait {
    /// The name before it was made unique.
    pub(crate) wish: String,
    pub(crate) name: String,
    pub(crate) module: String,
    pub(crate) doc: String,
    /// The base URL, where it is not that of the API.
    pub(crate) base: Option<String>,
    /// Who may call the methods that do not say so themselves.
    pub(crate) callers: Option<Callers>,
    /// The media type that all methods ask for, if it is not the usual one.
    pub(crate) accept: Option<String>,
    pub(crate) methods: Vec<Method>,
    pub(crate) skipped: Vec<Skipped>,
}

/// An operation that cannot be declared.
#[derive(Debug, Clone)]
pub(crate) struct Skipped {
    pub(crate) operation: String,
    pub(crate) reason: String,
    pub(crate) place: Place,
}

/// A method of a trait.
#[derive(Debug, Clone)]
pub(crate) struct Method {
    pub(crate) name: String,
    pub(crate) docs: Vec<String>,
    pub(crate) deprecated: bool,
    /// The HTTP method.
    pub(crate) method: String,
    pub(crate) path: String,
    /// The values that every call sends.
    pub(crate) constants: Constants,
    pub(crate) callers: Callers,
    pub(crate) accept: Option<String>,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) returns: Ty,
    /// The data of the event that ends a stream.
    pub(crate) end: Option<String>,
    /// The server sends the caller elsewhere, which a call follows.
    pub(crate) redirects: bool,
    /// Another method for an operation that has one already: its response as a stream.
    pub(crate) also: bool,
    /// The media types that the document has for the body and for the response.
    pub(crate) body_types: Vec<String>,
    pub(crate) response_types: Vec<String>,
    pub(crate) place: Place,
}

impl Method {
    /// Returns `true` if a server could not distinguish the two methods.
    pub(crate) fn clashes(&self, other: &Self) -> bool {
        self.method == other.method
            && self.accepts() == other.accepts()
            && self.constants == other.constants
            && crate::plan::path::shape(&self.path) == crate::plan::path::shape(&other.path)
    }
}

impl Method {
    /// The media type that it asks for: its own, or that of its response.
    pub(crate) fn accepts(&self) -> &str {
        let content = match &self.returns {
            Ty::Optional(inner) => inner,
            other => other,
        };
        match (&self.accept, content) {
            (Some(accept), _) => accept,
            (None, Ty::Of("Events", _)) => "text/event-stream",
            (None, Ty::Of("JsonLines", _)) => "application/x-ndjson",
            (None, Ty::Runtime(_)) => "*/*",
            (None, _) => "application/json",
        }
    }
}

/// The values that every call of a method sends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Constants {
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    /// The header with a key that is the same for the retries of a call.
    pub(crate) idempotency_key: Option<String>,
}

/// An argument of a method.
#[derive(Debug, Clone)]
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) location: Location,
    pub(crate) ty: Ty,
    pub(crate) required: bool,
    pub(crate) doc: Option<String>,
}

/// Where an argument goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Location {
    /// The placeholder's name, as in the path.
    Path(String),
    Query {
        name: String,
        list: ListStyle,
    },
    /// Values within a value, each below its name in brackets: `filter[size]=2`. In lists the brackets are empty.
    Nested(String),
    /// A value of the query that is JSON.
    Json(String),
    /// Each field of the argument is a value of the query.
    Flatten,
    Header(String),
    Body(Body),
    /// A part of a form, as JSON or as itself.
    Part {
        name: String,
        json: bool,
    },
}

/// How a list in the query is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListStyle {
    Repeat,
    Comma,
    Space,
    Pipe,
}

/// The format of a request body, and the media type where it is not the usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Body {
    pub(crate) format: &'static str,
    /// Whether it has values within values, in brackets.
    pub(crate) nested: bool,
    pub(crate) content_type: Option<String>,
}

/// A type.
#[derive(Debug, Clone)]
pub(crate) struct Def {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) kind: Kind,
    pub(crate) place: Place,
    /// It is part of a request.
    pub(crate) request: bool,
    /// It is part of a response.
    pub(crate) response: bool,
    pub(crate) written: bool,
}

/// What a type is made of.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// `rest` holds the values of keys that the document does not name.
    Struct { fields: Vec<Field>, rest: Option<Ty> },
    /// Strings, each with its variant's name.
    Words { words: Vec<(String, String)>, open: Open },
    /// One of several types, by what fits.
    Union { variants: Vec<Variant>, tag: Option<(String, Vec<(String, usize)>)> },
    /// A variant for each kind of response, by its status.
    Statuses(Vec<Case>),
    /// A number that may come as a string, or the other way round.
    NumberOrText,
}

/// Whether an enum keeps words that the document does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Open {
    Always,
    /// A server may be newer than its document.
    InResponses,
    /// The word distinguishes the variants of a union.
    Never,
}

/// A field of a struct.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// The name on the wire.
    pub(crate) wire: String,
    pub(crate) ident: String,
    pub(crate) doc: Option<String>,
    pub(crate) ty: Ty,
    pub(crate) required: bool,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
}

/// A variant of a union.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    pub(crate) ident: String,
    pub(crate) ty: Ty,
}

/// A variant for a response.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) ident: String,
    pub(crate) statuses: Vec<u16>,
    /// The body, if it has one.
    pub(crate) ty: Option<Ty>,
}

impl Def {
    /// Whether it is written and read by serde.
    pub(crate) fn is_serde(&self) -> bool {
        !matches!(self.kind, Kind::Statuses(_))
    }

    /// Whether the enum keeps what the document does not name.
    pub(crate) fn is_open(&self) -> bool {
        match &self.kind {
            Kind::Words { open, .. } => *open == Open::Always || (*open == Open::InResponses && self.response),
            Kind::Union { variants, .. } => {
                self.response && variants.iter().all(|variant| !matches!(variant.ty, Ty::Value | Ty::Object))
            }
            _ => false,
        }
    }
}

impl Plan {
    pub(crate) fn methods(&self) -> impl Iterator<Item = &Method> {
        self.traits.iter().flat_map(|of| &of.methods)
    }

    pub(crate) fn skipped(&self) -> impl Iterator<Item = &Skipped> {
        self.traits.iter().flat_map(|of| &of.skipped)
    }

    pub(crate) fn written(&self) -> impl Iterator<Item = &Def> {
        self.defs.iter().filter(|def| def.written)
    }
}
