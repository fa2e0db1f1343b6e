//! The responses of endpoints.

#[cfg(feature = "schema")]
use schemars::SchemaGenerator;

use crate::schema::TypeSchema;

/// How the response of an [`Endpoint`](crate::Endpoint) is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResponseType {
    /// The content of the body.
    pub kind: ResponseKind,
    /// Whether it can be absent: the method returns an `Option`.
    pub optional: bool,
    /// Whether it can be unchanged (304): the method returns a `Conditional`.
    pub conditional: bool,
    /// The type of the content as written in the trait, without `Option`, `Response`, and `Conditional` around it.
    pub type_name: &'static str,
    pub(crate) bodies: Option<BodySchemas>,
}

impl ResponseType {
    /// The response of the endpoint of a call, and the base of all others.
    pub(crate) const EMPTY: Self = Self::new(ResponseKind::Empty, "");

    #[doc(hidden)]
    #[must_use]
    pub const fn new(kind: ResponseKind, type_name: &'static str) -> Self {
        Self { kind, optional: false, conditional: false, type_name, bodies: None }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn conditional(mut self) -> Self {
        self.conditional = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_bodies(mut self, bodies: BodySchemas) -> Self {
        self.bodies = Some(bodies);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_schema(self, schema: TypeSchema) -> Self {
        self.with_bodies(BodySchemas::One(schema))
    }

    /// Returns the bodies of a successful response with their JSON Schemas, which the generator keeps the definitions of:
    /// one body, or of a type with `#[derive(ByStatus)]` one for each variant. `None` without `#[api(schema)]`.
    ///
    /// The schema is that of the content: of the body of a [`Page`](crate::Page), and of one item of
    /// [`Events`](crate::Events) and [`JsonLines`](crate::JsonLines). A response is deserialized, so the generator is one of
    /// `SchemaSettings::for_deserialize`.
    #[cfg(feature = "schema")]
    #[must_use]
    pub fn bodies(&self, generator: &mut SchemaGenerator) -> Option<Vec<ResponseBody>> {
        let of_case = |case: &StatusSchema| ResponseBody {
            statuses: case.statuses,
            kind: case.kind,
            schema: case.schema.map(|schema| schema.describe(generator)),
        };
        Some(match self.bodies? {
            BodySchemas::One(schema) => {
                vec![ResponseBody { statuses: &[], kind: self.kind, schema: Some(schema.describe(generator)) }]
            }
            BodySchemas::ByStatus(cases) => cases.iter().map(of_case).collect(),
        })
    }
}

/// A body that a successful response can have.
#[cfg(feature = "schema")]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ResponseBody {
    /// The statuses of the response. Empty if the body is the same for each status.
    pub statuses: &'static [u16],
    /// The content of the body.
    pub kind: ResponseKind,
    /// The JSON Schema of the body, or `None` if it is not JSON.
    pub schema: Option<schemars::Schema>,
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

/// The schemas of the bodies that a response can have.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodySchemas {
    /// The same for each status.
    One(TypeSchema),
    /// Of `#[derive(ByStatus)]`.
    ByStatus(&'static [StatusSchema]),
}

/// The body of a variant of `#[derive(ByStatus)]`.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusSchema {
    statuses: &'static [u16],
    kind: ResponseKind,
    schema: Option<TypeSchema>,
}

impl StatusSchema {
    #[must_use]
    pub const fn new(statuses: &'static [u16], kind: ResponseKind) -> Self {
        Self { statuses, kind, schema: None }
    }

    #[must_use]
    pub const fn with_schema(mut self, schema: TypeSchema) -> Self {
        self.schema = Some(schema);
        self
    }
}
