//! The parameters of endpoints.

#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator};

use crate::schema::TypeSchema;

/// A parameter of an [`Endpoint`](crate::Endpoint).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire; for a body or a flattened parameter, the name of the argument.
    pub name: &'static str,
    /// The location in the request.
    pub location: ParameterLocation,
    /// Whether every call sends it. A parameter whose type is an `Option` or a list is not required, since an empty list is
    /// not sent; a list that is the body is, since it is then `[]`.
    pub required: bool,
    /// The type of the argument as written in the trait; `Option<T>` for `impl Into<Option<T>>`.
    pub type_name: &'static str,
    /// The format of a list in the query, or `None` if it is none. In a header, items are separated by commas.
    pub list: Option<ListStyle>,
    /// Whether each field of the type is a query parameter or a header: `#[query(flatten)]`, `#[header(flatten)]`.
    pub flatten: bool,
    /// The format of lists within a value that is nested in brackets, such as `page[size]=2`. `None` if it is not nested.
    pub nested: Option<ListStyle>,
    /// How a body is written, or `None` for a parameter elsewhere. A body of parts has a parameter for each part instead.
    pub body: Option<BodyKind>,
    /// The media type of a body, of a part, or of a value in the query, as far as the trait sets one: `application/json`
    /// for `#[query(json)]` and `#[part("…", json)]`. The boundary of a `multipart/form-data` body is part of its type, so
    /// that such a body has none here.
    pub media_type: Option<&'static str>,
    pub(crate) schema: Option<TypeSchema>,
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
            body: None,
            media_type: None,
            schema: None,
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
    pub const fn body(mut self, kind: BodyKind) -> Self {
        self.body = Some(kind);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn media_type(mut self, media_type: &'static str) -> Self {
        self.media_type = Some(media_type);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_schema(mut self, schema: TypeSchema) -> Self {
        self.schema = Some(schema);
        self
    }

    /// Returns the JSON Schema of the value, which the generator keeps the definitions of: of a flattened parameter the
    /// schema with its fields, of a list that of an array, of an `Option` that of its content.
    ///
    /// `None` without `#[api(schema)]`, and for what has no schema: bytes, text, streams, files, `#[header(flatten)]`, and
    /// types that a caller chooses (`&dyn Display`, a type parameter of the method).
    ///
    /// A parameter is serialized, so the generator is one of `SchemaSettings::for_serialize`:
    ///
    /// ```
    /// use rolecall::schemars::generate::SchemaSettings;
    /// use rolecall::{Client, Error, Public, api, endpoint};
    ///
    /// #[derive(serde::Serialize, schemars::JsonSchema)]
    /// pub struct Filter {
    ///     author: Option<String>,
    /// }
    ///
    /// #[api(schema)]
    /// pub trait BooksApi {
    ///     #[endpoint(method = GET, path = "/books", role = Public)]
    ///     async fn books(&self, #[query(flatten)] filter: &Filter) -> Result<Vec<String>, Error>;
    /// }
    ///
    /// let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    /// let [books] = <Client<Public> as BooksApi>::ENDPOINTS else { unreachable!() };
    /// let filter = books.parameters[0].schema(&mut generator);
    /// assert_eq!(filter.unwrap().as_value()["$ref"], "#/$defs/Filter");
    /// assert!(generator.definitions()["Filter"]["properties"].get("author").is_some());
    /// ```
    #[cfg(feature = "schema")]
    #[must_use]
    pub fn schema(&self, generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(self.schema?.describe(generator))
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

/// How a request body is written, by the argument of `#[body]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyKind {
    /// JSON.
    Json,
    /// A form (`application/x-www-form-urlencoded`).
    Form,
    /// Text.
    Text,
    /// Bytes, as a whole.
    Bytes,
    /// A `multipart/form-data` body that the caller creates.
    Multipart,
    /// Bytes, chunk by chunk.
    Stream,
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
