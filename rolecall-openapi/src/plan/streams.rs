//! Streams: server-sent events and JSON lines, item by item.

use crate::model::{Content, Media, Operation, Schema, Shape};
use crate::plan::ty::Ty;
use crate::plan::types::Types;

/// The fields of an event, of which only the data is in the type.
const EVENT: [&str; 5] = ["event", "data", "id", "retry", "comment"];
/// The data with which many streams end.
const DONE: &str = "[DONE]";

/// The type of a stream, or `None` if it is not one.
pub(super) fn ty<'d>(types: &mut Types<'d>, content: &Content<'d>, hint: &str) -> Option<Ty> {
    match content.media {
        Media::Events => {
            let data = content.schema.map(data);
            let ty = data.map_or(Ty::Runtime("Text"), |data| types.ty(data, hint).required());
            // Data that the document does not describe is read as text, which any data is.
            let ty = if matches!(ty, Ty::Text | Ty::Value) { Ty::Runtime("Text") } else { ty };
            Some(Ty::Of("Events", Box::new(ty)))
        }
        Media::JsonLines => {
            let ty = content.schema.map_or(Ty::Value, |schema| types.ty(item(schema), hint).required());
            Some(Ty::Of("JsonLines", Box::new(ty)))
        }
        _ => None,
    }
}

/// The schema of an event's data. A document describes either the data or the whole event.
fn data(schema: Schema<'_>) -> Schema<'_> {
    let target = item(schema).used().schema;
    let properties = target.properties();
    let is_event = properties.iter().all(|property| EVENT.contains(&property.name));
    let Some(data) = properties.into_iter().find(|property| property.name == "data" && is_event) else {
        return item(schema);
    };
    let text = data.schema.used().schema;
    // Version 3.1: text that contains JSON.
    text.content().unwrap_or(data.schema)
}

/// The schema of one item, where the document describes the list of all.
fn item(schema: Schema<'_>) -> Schema<'_> {
    match schema.used().schema.shape() {
        Shape::List(Some(items)) => items,
        _ => schema,
    }
}

/// The data of the event that ends the stream, if the document mentions it.
pub(super) fn end(operation: &Operation<'_>, content: &Content<'_>) -> Option<String> {
    if content.media != Media::Events {
        return None;
    }
    let bodies = operation.body.iter().flat_map(|body| &body.contents);
    let schemas = bodies.filter_map(|content| content.schema).map(|schema| schema.used().schema.node());
    let is_there = std::iter::once(operation.site.node).chain(schemas).any(|node| node.mentions(DONE));
    is_there.then(|| DONE.to_owned())
}
