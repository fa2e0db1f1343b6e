//! Responses: what type a method returns.

use crate::model::{Content, Media, Operation, Response};
use crate::plan::item::{Kind, Variant};
use crate::plan::ty::Ty;
use crate::plan::types::Types;

/// The type that a method returns, and the media type to ask for where it is not the usual one.
pub(super) fn returns<'d>(types: &mut Types<'d>, operation: &Operation<'d>, stem: &str) -> (Ty, Option<String>) {
    let mut successes: Vec<&Response<'d>> =
        operation.responses.iter().filter(|response| response.is_success()).collect();
    if successes.is_empty() {
        successes.extend(operation.responses.iter().find(|response| response.status == "default"));
    }
    if operation.method == "HEAD" {
        return (Ty::Unit, None);
    }
    let contents = || successes.iter().flat_map(|response| &response.contents);
    let is_optional = successes.iter().any(|response| response.contents.is_empty());
    let wrapped = |ty: Ty| if is_optional { ty.optional() } else { ty };
    if contents().any(|content| content.media == Media::Json) {
        let (ty, accept) = json(types, operation, &successes, stem);
        return (wrapped(ty), accept);
    }
    let Some(content) = contents().min_by_key(|content| order(content)) else { return (Ty::Unit, None) };
    let ty = match content.media {
        Media::Text | Media::Xml => Ty::Runtime("Text"),
        Media::Events | Media::JsonLines => Ty::Runtime("ByteStream"),
        _ => Ty::Runtime("Bytes"),
    };
    (wrapped(ty), accept(content.media_type))
}

fn order(content: &Content<'_>) -> u8 {
    match content.media {
        Media::Text => 0,
        Media::Xml => 1,
        Media::Events | Media::JsonLines => 2,
        _ => 3,
    }
}

/// The types of all responses in JSON: one, or a union of them.
fn json<'d>(
    types: &mut Types<'d>,
    operation: &Operation<'d>,
    successes: &[&Response<'d>],
    stem: &str,
) -> (Ty, Option<String>) {
    let mut found: Vec<Ty> = Vec::new();
    let mut media_type = None;
    for response in successes {
        let Some(content) = response.contents.iter().find(|content| content.media == Media::Json) else { continue };
        media_type = media_type.or(Some(content.media_type));
        if response.contents.iter().any(|content| content.media != Media::Json) {
            let all: Vec<&str> = response.contents.iter().map(|content| content.media_type).collect();
            let message = format!(
                "of the response's media types {} the method asks for `{}`",
                all.join(", "),
                content.media_type
            );
            types.note(response.site, message, "declare another method with `accept = \"…\"` for another type");
        }
        let hint =
            if found.is_empty() { format!("{stem}Response") } else { format!("{stem}Response{}", response.status) };
        let ty = content.schema.map_or(Ty::Value, |schema| types.ty(schema, &hint));
        if !found.contains(&ty) {
            found.push(ty);
        }
    }
    let ty = match found.as_slice() {
        [] => Ty::Value,
        [one] => one.clone(),
        several => {
            let variant = |ty: &Ty| Variant { ident: String::new(), ty: ty.clone().required() };
            let kind = Kind::Union { variants: several.iter().map(variant).collect(), tag: None };
            let doc = format!("What `{}` returns.", operation.title());
            Ty::Named(types.add(&format!("{stem}Response"), false, doc, operation.site, kind))
        }
    };
    (ty, media_type.and_then(accept))
}

/// The media type to ask for; JSON is what a client asks for anyway.
fn accept(media_type: &str) -> Option<String> {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let is_name = |part: &str| {
        !part.is_empty() && part.chars().all(|char| char.is_ascii_alphanumeric() || "!#$&-^_.+*".contains(char))
    };
    let is_media_type = essence.split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype));
    (is_media_type && !essence.eq_ignore_ascii_case("application/json") && essence != "*/*").then(|| essence.to_owned())
}
