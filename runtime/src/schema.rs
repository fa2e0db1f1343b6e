//! The JSON Schemas of types, as functions that tools call.

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// The function that describes a type.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct TypeSchema(#[cfg(feature = "schema")] fn(&mut SchemaGenerator) -> Schema);

#[cfg(feature = "schema")]
impl TypeSchema {
    pub(crate) const fn of<T: JsonSchema + ?Sized>() -> Self {
        Self(SchemaGenerator::subschema_for::<T>)
    }

    pub(crate) const fn list_of<T: JsonSchema + ?Sized>() -> Self {
        Self(|generator| json_schema!({ "type": "array", "items": generator.subschema_for::<T>() }))
    }

    pub(crate) fn describe(self, generator: &mut SchemaGenerator) -> Schema {
        (self.0)(generator)
    }
}

#[cfg(not(feature = "schema"))]
impl TypeSchema {
    /// Stands for any type, so that the missing feature is the only error of a trait that needs it.
    pub(crate) const NONE: Self = Self();
}

/// Equal to any other: endpoints are compared by the names of their types.
impl PartialEq for TypeSchema {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for TypeSchema {}
