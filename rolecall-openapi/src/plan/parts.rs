//! Multipart forms: an argument for each part.

use crate::model::{Media, Operation, Schema, Shape, essence};
use crate::names;
use crate::plan::item::{Argument, Location};
use crate::plan::ty::Ty;
use crate::plan::types::Types;
use crate::plan::{bodies, flat};

/// The arguments for the parts of an operation's body, up to `most` of them; `None` if it has no such form.
pub(super) fn parts<'d>(
    types: &mut Types<'d>,
    operation: &Operation<'d>,
    stem: &str,
    most: usize,
) -> Option<Vec<Argument>> {
    let body = operation.body.as_ref()?;
    let content = bodies::chosen(body).filter(|content| content.media == Media::Multipart)?;
    let is_form = essence(content.media_type) == "multipart/form-data";
    let schema = content.schema?.used().schema;
    if !is_form || !matches!(schema.shape(), Shape::Record) {
        return None;
    }
    let mut properties = schema.properties();
    properties.retain(|property| !property.schema.used().read_only);
    if properties.is_empty() || properties.len() > most || schema.additional().is_some() {
        return None;
    }
    if body.contents.iter().any(|other| other.media != content.media) {
        let all: Vec<&str> = body.contents.iter().map(|content| content.media_type).collect();
        let message = format!("of the body's media types {} the method sends `{}`", all.join(", "), content.media_type);
        types.note(body.site, message, "declare another method for another type");
    }
    let mut out = Vec::new();
    for property in properties {
        let (json, ty) = part(types, property.schema, &format!("{stem}{}", names::pascal(property.name)));
        out.push(Argument {
            name: names::lower(property.name, "part"),
            location: Location::Part { name: property.name.to_owned(), json },
            ty,
            required: property.required && body.required,
            doc: None,
        });
    }
    Some(out)
}

/// Whether a part is JSON, and its type.
fn part<'d>(types: &mut Types<'d>, schema: Schema<'d>, hint: &str) -> (bool, Ty) {
    let (target, shape) = flat::resolved(schema);
    if is_file(target) {
        return (false, Ty::Runtime("FilePart"));
    }
    if let Shape::List(items) = &shape {
        let file = items.is_some_and(|items| is_file(flat::resolved(items).0));
        if file {
            return (false, Ty::Runtime("FilePart").list());
        }
        let item = items.map_or(Some(Ty::Text), |items| flat::scalar(types, items, &names::singular(hint)));
        return match item {
            Some(item) => (false, item.list()),
            None => (true, types.ty(schema, hint).required()),
        };
    }
    match flat::scalar(types, schema, hint) {
        Some(ty) => (false, ty),
        None => (true, types.ty(schema, hint).required()),
    }
}

fn is_file(schema: Schema<'_>) -> bool {
    let node = schema.node();
    node.text("format") == Some("binary") || (node.has("contentMediaType") && !node.has("contentEncoding"))
}
