//! Request bodies: which of several media types, and its format.

use crate::model::{Body, Content, Media, Operation};
use crate::plan::flat;
use crate::plan::item;
use crate::plan::ty::Ty;
use crate::plan::types::Types;

/// The content of a body that a client sends: of several, the one that a trait says the most about.
pub(super) fn chosen<'b, 'd>(body: &'b Body<'d>) -> Option<&'b Content<'d>> {
    let order = |content: &&Content<'d>| match content.media {
        Media::Json => 0,
        Media::Form => 1,
        Media::Multipart => 2,
        Media::Text => 3,
        Media::Xml => 4,
        Media::JsonLines | Media::Events => 5,
        Media::Binary => 6,
        Media::Any => 7,
    };
    body.contents.iter().min_by_key(order)
}

/// The format and the type of a body; `None` for one that a client need not send.
pub(super) fn body<'d>(
    types: &mut Types<'d>,
    operation: &Operation<'d>,
    body: &Body<'d>,
    stem: &str,
) -> Option<(item::Body, Ty)> {
    if matches!(operation.method.as_str(), "GET" | "HEAD") {
        types.note(
            body.site,
            format!("the body of `{}` is not sent: a `{}` has none", operation.title(), operation.method),
            "",
        );
        return None;
    }
    let content = chosen(body)?;
    if body.contents.iter().any(|other| other.media != content.media) {
        let all: Vec<&str> = body.contents.iter().map(|content| content.media_type).collect();
        let message = format!("of the body's media types {} the method sends `{}`", all.join(", "), content.media_type);
        types.note(body.site, message, "declare another method for another type");
    }
    let essence = content.media_type.split(';').next().unwrap_or_default().trim();
    let is_plain = essence.split_once('/').is_some_and(|(kind, subtype)| {
        let is_name = |part: &str| {
            !part.is_empty() && part.chars().all(|char| char.is_ascii_alphanumeric() || "!#$&-^_.+".contains(char))
        };
        is_name(kind) && is_name(subtype)
    });
    let given = |usual: &str| (is_plain && !essence.eq_ignore_ascii_case(usual)).then(|| essence.to_owned());
    let made = |format, content_type, ty| Some((item::Body { format, nested: false, content_type }, ty));
    let hint = format!("{stem}Body");
    match content.media {
        Media::Json => {
            let ty = content.schema.map_or(Ty::Value, |schema| types.ty(schema, &hint)).required();
            made("json", given("application/json"), ty)
        }
        Media::Form => {
            let objects = content.schema.map_or_else(Vec::new, flat::objects);
            match content.schema {
                Some(schema) if !objects.is_empty() => {
                    let nested = objects.into_iter().any(|object| flat::first_nested(object).is_some());
                    let ty = types.ty(schema, &hint).required();
                    Some((item::Body { format: "form", nested, content_type: None }, ty))
                }
                _ => made("form", None, Ty::Map(Box::new(Ty::Text))),
            }
        }
        Media::Multipart if essence.eq_ignore_ascii_case("multipart/form-data") || essence.ends_with("/*") => {
            made("multipart", None, Ty::Runtime("Multipart"))
        }
        Media::Multipart | Media::Binary | Media::Any => {
            made("bytes", given("application/octet-stream"), Ty::Runtime("Bytes"))
        }
        Media::Text | Media::Xml | Media::JsonLines | Media::Events => made("text", given("text/plain"), Ty::Text),
    }
}
