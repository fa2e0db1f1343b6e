//! The bounds of the types in a trait with `#[api(schema)]`.

#[cfg(feature = "schema")]
use schemars::JsonSchema;

use crate::endpoint::BodySchemas;
#[cfg(feature = "schema")]
use crate::endpoint::{ResponseKind, StatusSchema};
#[cfg(feature = "schema")]
use crate::response::Location;
use crate::schema::TypeSchema;

/// The bound of arguments and error types in a trait with `#[api(schema)]`: with the feature `schema`, every type that
/// implements `schemars::JsonSchema`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no JSON Schema, which `#[api(schema)]` needs",
    label = "does not implement `schemars::JsonSchema`",
    note = "add `#[derive(schemars::JsonSchema)]` to `{Self}` if it is your type; for types of widely used crates, enable a feature of `schemars`"
)]
pub trait HasSchema {
    #[doc(hidden)]
    const SCHEMA: TypeSchema;
    #[doc(hidden)]
    const LIST: TypeSchema;
}

#[cfg(feature = "schema")]
#[diagnostic::do_not_recommend]
impl<T: JsonSchema + ?Sized> HasSchema for T {
    const SCHEMA: TypeSchema = TypeSchema::of::<T>();
    const LIST: TypeSchema = TypeSchema::list_of::<T>();
}

#[cfg(not(feature = "schema"))]
impl<T: ?Sized> HasSchema for T {
    const SCHEMA: TypeSchema = TypeSchema::NONE;
    const LIST: TypeSchema = TypeSchema::NONE;
}

/// [`HasSchema`] for a type that contains others: the compiler then names the inner type that has no schema.
pub trait HasSchemaNested {
    #[doc(hidden)]
    const SCHEMA: TypeSchema;
    #[doc(hidden)]
    const LIST: TypeSchema;
}

#[cfg(feature = "schema")]
impl<T: JsonSchema + ?Sized> HasSchemaNested for T {
    const SCHEMA: TypeSchema = TypeSchema::of::<T>();
    const LIST: TypeSchema = TypeSchema::list_of::<T>();
}

#[cfg(not(feature = "schema"))]
impl<T: ?Sized> HasSchemaNested for T {
    const SCHEMA: TypeSchema = TypeSchema::NONE;
    const LIST: TypeSchema = TypeSchema::NONE;
}

/// The bound of JSON responses in a trait with `#[api(schema)]`: with the feature `schema`, every type that implements
/// `schemars::JsonSchema`, and every enum with `#[derive(ByStatus)]` and `#[status(schema)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no JSON Schema, which `#[api(schema)]` needs",
    label = "does not implement `schemars::JsonSchema`",
    note = "add `#[derive(schemars::JsonSchema)]` to `{Self}` if it is your type; if it has `#[derive(ByStatus)]`, add `#[status(schema)]` instead"
)]
pub trait ResponseSchema {
    #[doc(hidden)]
    const BODIES: BodySchemas;
}

#[cfg(feature = "schema")]
#[diagnostic::do_not_recommend]
impl<T: JsonSchema> ResponseSchema for T {
    const BODIES: BodySchemas = BodySchemas::One(TypeSchema::of::<T>());
}

#[cfg(feature = "schema")]
#[diagnostic::do_not_recommend]
impl ResponseSchema for Location {
    const BODIES: BodySchemas = BodySchemas::ByStatus(&[StatusSchema::new(&[], ResponseKind::Empty)]);
}

#[cfg(not(feature = "schema"))]
impl<T> ResponseSchema for T {
    const BODIES: BodySchemas = BodySchemas::One(TypeSchema::NONE);
}

/// What `#[api(schema)]` and `#[status(schema)]` need: `()` implements it if the feature `schema` is enabled.
#[diagnostic::on_unimplemented(
    message = "the feature `schema` of `rolecall` is not enabled",
    label = "cannot be used without it",
    note = "enable the feature: `rolecall = {{ version = \"…\", features = [\"schema\"] }}`"
)]
pub trait SchemaFeature {
    #[doc(hidden)]
    const ENABLED: () = ();
}

#[cfg(feature = "schema")]
impl SchemaFeature for () {}
