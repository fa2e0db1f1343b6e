//! Identifiers in paths that responses show to be strings: `/orders/{orderId}` is the `id` of an order.

use std::collections::BTreeSet;

use crate::model::{Api, Media, Property, Schema, Shape};
use crate::plan::examples::{Contradiction, Examples};
use crate::plan::flat;

/// The segments of paths after which identifiers are strings in the examples, though their schemas are numbers.
pub(super) fn texts<'d>(api: &Api<'d>, examples: &Examples<'d>) -> BTreeSet<&'d str> {
    let mut out = BTreeSet::new();
    for operation in &api.operations {
        let Some((segment, placeholder)) = collection(operation.path) else { continue };
        let responses = operation.responses.iter().filter(|response| response.is_success());
        let contents = responses.flat_map(|response| &response.contents);
        let schemas = contents.filter(|content| content.media == Media::Json).filter_map(|content| content.schema);
        let is_text = |property: &Property<'d>| {
            (property.name == "id" || Some(property.name) == placeholder)
                && examples.scalar(property.schema.used().schema) == Some(Contradiction::Text)
        };
        if schemas.flat_map(records).any(|record| record.properties().iter().any(is_text)) {
            out.insert(segment);
        }
    }
    out
}

/// The last segment that names things, and the placeholder after it, if there is one.
pub(super) fn collection(path: &str) -> Option<(&str, Option<&str>)> {
    let mut segments = path.split('/').rev();
    let last = segments.next()?;
    match last.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
        Some(name) => Some((segments.next()?, Some(name))),
        None => Some((last, None)),
    }
}

/// The objects of a response: itself, its items, or those of its lists.
fn records(schema: Schema<'_>) -> Vec<Schema<'_>> {
    let item = |schema| match flat::resolved(schema) {
        (_, Shape::List(Some(items))) => Some(flat::resolved(items)),
        _ => None,
    };
    let (own, shape) = flat::resolved(schema);
    match shape {
        Shape::List(Some(items)) => vec![flat::resolved(items).0],
        Shape::Record => {
            let mut out = vec![own];
            out.extend(own.properties().into_iter().filter_map(|property| Some(item(property.schema)?.0)));
            out
        }
        _ => Vec::new(),
    }
}
