//! Objects as pairs of names and values: queries and forms.

use crate::model::{Schema, Shape};
use crate::names;
use crate::plan::item::{Field, Kind};
use crate::plan::ty::Ty;
use crate::plan::types::Types;

/// How many objects may be nested in one another.
const MAX_DEPTH: usize = 4;

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
fn resolved(schema: Schema<'_>) -> (Schema<'_>, Shape<'_>) {
    let mut schema = schema.used().schema;
    for _ in 0..8 {
        match schema.shape() {
            Shape::Same(other) => schema = other.used().schema,
            shape => return (schema, shape),
        }
    }
    (schema, Shape::Any)
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

/// A struct whose fields have the names of an object's in brackets: `filter[name]`.
pub(super) fn bracketed<'d>(types: &mut Types<'d>, schema: Schema<'d>, hint: &str, name: &str) -> Option<usize> {
    let mut fields = Vec::new();
    collect(types, schema, hint, name, "", &mut fields, 0)?;
    let doc = schema.node().text("description").map_or_else(|| format!("The values of `{name}`."), str::to_owned);
    Some(types.add(hint, false, doc, schema.site, Kind::Struct { fields, rest: None }))
}

fn collect<'d>(
    types: &mut Types<'d>,
    schema: Schema<'d>,
    hint: &str,
    wire: &str,
    ident: &str,
    fields: &mut Vec<Field>,
    depth: usize,
) -> Option<()> {
    for property in schema.properties() {
        let wire = format!("{wire}[{}]", property.name);
        let ident = names::lower(&format!("{ident} {}", property.name), "value");
        let hint = format!("{hint}{}", names::pascal(property.name));
        let (inner, shape) = resolved(property.schema);
        let (wire, ty) = match shape {
            Shape::Record if depth < MAX_DEPTH => {
                collect(types, inner, &hint, &wire, &ident, fields, depth + 1)?;
                continue;
            }
            Shape::List(None) => (format!("{wire}[]"), Ty::Text.list()),
            Shape::List(Some(items)) => (format!("{wire}[]"), scalar(types, items, &names::singular(&hint))?.list()),
            _ => (wire, scalar(types, property.schema, &hint)?),
        };
        fields.push(Field {
            wire,
            ident: names::unique(&ident, "_", |ident| fields.iter().any(|field| field.ident == ident)),
            doc: property.schema.used().description.map(str::to_owned),
            ty,
            required: property.required && depth == 0,
            read_only: false,
            write_only: false,
        });
    }
    Some(())
}
