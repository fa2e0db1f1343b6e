//! Objects as pairs of names and values: queries and forms.

use crate::model::{Schema, Shape};
use crate::plan::ty::Ty;
use crate::plan::types::Types;

/// The type of a value that is one piece of text on the wire.
pub(super) fn scalar<'d>(types: &mut Types<'d>, schema: Schema<'d>, hint: &str) -> Option<Ty> {
    match resolved(schema).1 {
        Shape::Any | Shape::Null => Some(Ty::Text),
        Shape::Bool | Shape::Integer(_) | Shape::Number | Shape::Text | Shape::Words(..) => {
            Some(types.ty(schema, hint).required())
        }
        Shape::Union(parts) => {
            let is_scalar = |part: &Schema<'d>| {
                matches!(
                    part.used().schema.shape(),
                    Shape::Bool | Shape::Integer(_) | Shape::Number | Shape::Text | Shape::Words(..)
                )
            };
            parts.iter().all(is_scalar).then_some(Ty::Text)
        }
        _ => None,
    }
}

/// The schema and its shape, all that only stand for others looked through.
pub(super) fn resolved(schema: Schema<'_>) -> (Schema<'_>, Shape<'_>) {
    let mut schema = schema.used().schema;
    for _ in 0..8 {
        match schema.shape() {
            Shape::Same(other) => schema = other.used().schema,
            shape => return (schema, shape),
        }
    }
    (schema, Shape::Any)
}

/// The objects that a value may be: that of a schema, or those of a union; none if it may be anything else.
pub(super) fn objects(schema: Schema<'_>) -> Vec<Schema<'_>> {
    let (schema, shape) = resolved(schema);
    match shape {
        Shape::Record => vec![schema],
        Shape::Union(parts) => {
            let parts: Vec<_> = parts.into_iter().map(resolved).collect();
            let is_object = parts.iter().all(|(_, shape)| matches!(shape, Shape::Record));
            if is_object { parts.into_iter().map(|(schema, _)| schema).collect() } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

/// Whether a value is an object whose fields are text or lists of it.
pub(super) fn is_flat(schema: Schema<'_>) -> bool {
    let objects = objects(schema);
    !objects.is_empty() && objects.into_iter().all(|object| first_nested(object).is_none())
}

/// The first field of an object that is more than text or a list of it.
pub(super) fn first_nested(schema: Schema<'_>) -> Option<String> {
    let is_nested = |schema: Schema<'_>| match resolved(schema).1 {
        Shape::List(None) => false,
        Shape::List(Some(items)) => !is_text(items),
        _ => !is_text(schema),
    };
    schema.properties().into_iter().find(|property| is_nested(property.schema)).map(|property| property.name.to_owned())
}

fn is_text(schema: Schema<'_>) -> bool {
    match resolved(schema).1 {
        Shape::Union(parts) => parts.iter().all(|part| {
            matches!(
                part.used().schema.shape(),
                Shape::Bool | Shape::Integer(_) | Shape::Number | Shape::Text | Shape::Words(..) | Shape::Any
            )
        }),
        Shape::List(_) | Shape::Map(_) | Shape::Record => false,
        _ => true,
    }
}
