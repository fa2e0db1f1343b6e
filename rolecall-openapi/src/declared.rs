//! What is declared of an endpoint: by a trait's source, by its `ENDPOINTS`, or as a document would have it.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::Place;
use crate::document::node::Node;
use crate::names;
use crate::plan::ListStyle;

/// Where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum At {
    Query,
    Header,
    Part,
}

/// An endpoint.
#[derive(Debug, Clone, Default)]
pub(crate) struct Declared {
    pub(crate) api: String,
    pub(crate) name: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// In capitals; none for a public endpoint.
    pub(crate) roles: Vec<String>,
    /// It is open to everyone, and gets the credentials that a client has.
    pub(crate) optional_credentials: bool,
    /// By location and name. Those of the path are in the path.
    pub(crate) parameters: BTreeMap<(At, String), Value>,
    /// What every call sends; none for a value that the client makes.
    pub(crate) constants: BTreeMap<(At, String), Option<String>>,
    /// The query has values of a type that is not known here.
    pub(crate) has_unknown_query: bool,
    pub(crate) body: Option<Body>,
    pub(crate) response: Response,
    pub(crate) deprecated: bool,
    pub(crate) doc: String,
    pub(crate) place: Option<Place>,
    pub(crate) known: Known,
}

impl Declared {
    /// Adds a part of the multipart form that is the body.
    pub(crate) fn add_part(&mut self, name: String, required: bool, ty: String) {
        self.parameters.insert((At::Part, name), Value { required, list: None, ty });
        let body = self.body.get_or_insert_with(|| Body {
            format: "multipart".to_owned(),
            media_type: usual_media_type("multipart").to_owned(),
            required: false,
            ty: "Multipart".to_owned(),
        });
        body.required |= required;
    }
}

/// The JSON Schemas that are known beside the types: those of `ENDPOINTS` with `#[api(schema)]`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// By placeholder.
    pub(crate) path: BTreeMap<String, Node>,
    pub(crate) values: BTreeMap<(At, String), Node>,
    /// The fields of flattened queries that are nested in brackets.
    pub(crate) deep: BTreeSet<String>,
    pub(crate) body: Option<Node>,
    pub(crate) responses: Vec<KnownBody>,
    /// What the API's own errors are.
    pub(crate) error: Option<Node>,
}

impl Known {
    /// The schemas of what is received.
    pub(crate) fn received(&mut self) -> impl Iterator<Item = &mut Node> {
        self.responses.iter_mut().filter_map(|body| body.schema.as_mut()).chain(&mut self.error)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Node> {
        let received = self.responses.iter().filter_map(|body| body.schema.as_ref()).chain(&self.error);
        self.path.values().chain(self.values.values()).chain(&self.body).chain(received)
    }
}

/// A body of a successful response.
#[derive(Debug, Clone)]
pub(crate) struct KnownBody {
    /// None if it is the same for each status.
    pub(crate) statuses: Vec<u16>,
    pub(crate) kind: Kind,
    pub(crate) schema: Option<Node>,
}

/// A value of the query or a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) required: bool,
    /// How a list is written; none for what is not a list, or not known to be one.
    pub(crate) list: Option<ListStyle>,
    /// The type, as it is written.
    pub(crate) ty: String,
}

/// A request body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Body {
    /// `json`, `form`, and so on.
    pub(crate) format: String,
    pub(crate) media_type: String,
    pub(crate) required: bool,
    pub(crate) ty: String,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Response {
    pub(crate) kind: Kind,
    pub(crate) optional: bool,
    pub(crate) media_type: String,
    pub(crate) ty: String,
}

/// How a response is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kind {
    #[default]
    Empty,
    Json,
    Text,
    /// Bytes, at once or piece by piece.
    Bytes,
    /// Server-sent events.
    Events,
    /// JSON, line by line.
    Lines,
}

impl Kind {
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Empty => "no body",
            Self::Json => "JSON",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Events => "a stream of events",
            Self::Lines => "JSON lines",
        }
    }

    /// The media type that a client asks for by itself.
    pub(crate) fn usual_media_type(self) -> &'static str {
        match self {
            Self::Empty | Self::Json => "application/json",
            Self::Text | Self::Bytes => "*/*",
            Self::Events => "text/event-stream",
            Self::Lines => "application/x-ndjson",
        }
    }

    /// Returns what the name of a type implies.
    pub(crate) fn of_type(name: &str) -> Self {
        match name {
            "()" => Self::Empty,
            "Text" => Self::Text,
            "Bytes" | "ByteStream" => Self::Bytes,
            "Events" => Self::Events,
            "JsonLines" => Self::Lines,
            _ => Self::Json,
        }
    }
}

/// What a trait declares for those of its methods that do not declare it themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Usual {
    /// As it is written.
    pub(crate) role: Option<String>,
    pub(crate) accept: Option<String>,
}

/// A role's name as its `NAME` is by convention.
pub(crate) fn role_name(ident: &str) -> String {
    names::snake(ident).to_ascii_uppercase()
}

/// The usual media type of a format.
pub(crate) fn usual_media_type(format: &str) -> &'static str {
    match format {
        "json" => "application/json",
        "form" => "application/x-www-form-urlencoded",
        "text" => "text/plain",
        "multipart" => "multipart/form-data",
        _ => "application/octet-stream",
    }
}

impl Declared {
    /// Returns `GET /users/{}`, by which a server identifies the endpoint.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.method, crate::plan::shape(&self.path))
    }

    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}
