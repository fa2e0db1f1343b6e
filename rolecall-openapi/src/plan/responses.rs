//! Responses: what type a method returns.

use crate::model::{Content, Media, Operation, Response, essence};
use crate::names;
use crate::plan::item::{Case, Kind, Variant};
use crate::plan::streams;
use crate::plan::ty::Ty;
use crate::plan::types::Types;

/// What a method returns.
#[derive(Debug)]
pub(super) struct Returns {
    pub(super) ty: Ty,
    /// The media type to ask for, where it is not the usual one.
    pub(super) accept: Option<String>,
    /// The data of the event that ends a stream.
    pub(super) end: Option<String>,
}

impl Returns {
    fn plain(ty: Ty) -> Self {
        Self { ty, accept: None, end: None }
    }
}

/// What the method of an operation returns.
pub(super) fn returns<'d>(types: &mut Types<'d>, operation: &Operation<'d>, stem: &str) -> Returns {
    if operation.method == "HEAD" {
        return Returns::plain(Ty::Unit);
    }
    let mut successes = operation.successes();
    if successes.is_empty() {
        // Where the caller is sent is all that there is.
        successes.extend(operation.responses.iter().filter(|response| is_redirect(response)));
    }
    let bodies = bodies(types, &successes, stem);
    let Some((response, content, first)) =
        bodies.iter().find_map(|body| Some((body.response, body.content?, &body.ty)))
    else {
        let elsewhere = bodies.iter().any(|body| body.ty.is_some());
        return Returns::plain(if elsewhere { statuses(types, operation, bodies, stem) } else { Ty::Unit });
    };
    let mut distinct: Vec<&Ty> = Vec::new();
    for ty in bodies.iter().filter_map(|body| body.ty.as_ref()) {
        if !distinct.contains(&ty) {
            distinct.push(ty);
        }
    }
    let first = first.clone().unwrap_or(Ty::Value);
    let is_several = distinct.len() > 1;
    let (asks, end) = (accept(content.media_type, &first), streams::end(operation, content));
    let ty = match is_several {
        true if bodies.iter().all(Received::has_status) => {
            return Returns { ty: statuses(types, operation, bodies, stem), accept: asks, end: None };
        }
        true => union(types, operation, distinct.into_iter().cloned().collect(), stem),
        false => first,
    };
    let is_optional = bodies.iter().any(|body| body.ty.is_none());
    let is_list = matches!(ty, Ty::List(_)) && !is_optional;
    let ty =
        if is_list && response.headers.iter().any(|name| name == "link") { Ty::Of("Page", Box::new(ty)) } else { ty };
    let is_whole = !matches!(ty, Ty::Of(..));
    let is_conditional = ["if-none-match", "if-modified-since"].iter().any(|name| operation.has_header(name))
        && operation.responses.iter().any(|response| response.status == "304");
    let ty = if is_conditional && is_whole { Ty::Of("Conditional", Box::new(ty.required())) } else { ty };
    Returns { ty: if is_optional { ty.optional() } else { ty }, accept: asks, end }
}

/// What another method returns, for an operation whose response can be a stream as well.
pub(super) fn stream<'d>(
    types: &mut Types<'d>,
    operation: &Operation<'d>,
    main: &Returns,
    stem: &str,
) -> Option<Returns> {
    if main.ty.content() == &Ty::Unit || matches!(main.ty, Ty::Of("Events" | "JsonLines", _)) {
        return None;
    }
    let successes = operation.successes();
    let is_other =
        |content: &&Content<'d>| content.media.is_stream() && essence(content.media_type) != "application/json";
    let content = successes.iter().flat_map(|response| &response.contents).find(is_other)?;
    let ty = streams::ty(types, content, &format!("{stem}Event"))?;
    Some(Returns { accept: accept(content.media_type, &ty), end: streams::end(operation, content), ty })
}

/// A response and the type of its body.
struct Received<'o, 'd> {
    response: &'o Response<'d>,
    content: Option<&'o Content<'d>>,
    ty: Option<Ty>,
}

impl Received<'_, '_> {
    /// Whether a status of its own tells it from others, and it is read whole.
    fn has_status(&self) -> bool {
        self.response.code().is_some() && !matches!(self.ty, Some(Ty::Of(..)))
    }
}

/// Whether a response says where else to ask.
pub(super) fn is_redirect(response: &Response<'_>) -> bool {
    matches!(response.code(), Some(301 | 302 | 303 | 307 | 308))
}

/// Whether a call is sent elsewhere before it gets its response.
pub(super) fn redirects(operation: &Operation<'_>) -> bool {
    operation.method == "GET" && !operation.successes().is_empty() && operation.responses.iter().any(is_redirect)
}

fn bodies<'o, 'd>(types: &mut Types<'d>, responses: &[&'o Response<'d>], stem: &str) -> Vec<Received<'o, 'd>> {
    let is_json = responses.iter().any(|response| response.contents.iter().any(|content| content.media == Media::Json));
    let best = |response: &&'o Response<'d>| {
        response.contents.iter().filter(|_| !is_redirect(response)).min_by_key(|content| order(content))
    };
    let contents: Vec<Option<&Content<'d>>> = responses.iter().map(best).collect();
    let mut schemas: Vec<String> = contents
        .iter()
        .filter_map(|content| Some(types.fingerprint(content.as_ref()?.schema?.used().schema)))
        .collect();
    schemas.sort();
    schemas.dedup();
    let mut out = Vec::new();
    for (response, content) in responses.iter().zip(contents) {
        let reason = response.code().map_or_else(|| "Response".to_owned(), reason);
        let hint = if schemas.len() > 1 { format!("{stem}{reason}") } else { format!("{stem}Response") };
        let ty = match content {
            Some(content) => {
                others(types, response, content);
                Some(body(types, content, &hint))
            }
            None => is_redirect(response).then(|| location(types, response)),
        };
        out.push(Received { response, content, ty });
    }
    // Where no status tells them apart, only JSON tells what it is.
    if is_json && !out.iter().all(Received::has_status) {
        out.retain(|body| body.content.is_none_or(|content| content.media == Media::Json));
    }
    out
}

/// Where the caller is sent.
fn location<'d>(types: &mut Types<'d>, response: &Response<'d>) -> Ty {
    if !response.headers.iter().any(|name| name == "location") {
        let message = format!("the response {} has no header `Location` in the document", response.status);
        types.note(response.site, message, "the method returns this header, and fails without it");
    }
    Ty::Runtime("rolecall::Location")
}

/// Says that a response has other media types, which the method does not ask for.
fn others<'d>(types: &mut Types<'d>, response: &Response<'d>, content: &Content<'d>) {
    let is_other = |other: &&Content<'d>| {
        other.media != content.media && !(other.media.is_stream() && essence(other.media_type) != "application/json")
    };
    if !response.contents.iter().any(|other| is_other(&other)) {
        return;
    }
    let all: Vec<&str> = response.contents.iter().map(|content| content.media_type).collect();
    let message =
        format!("of the response's media types {} the method asks for `{}`", all.join(", "), content.media_type);
    types.note(response.site, message, "declare another method with `accept = \"…\"` for another type");
}

fn order(content: &Content<'_>) -> u8 {
    match content.media {
        Media::Json => 0,
        Media::Text => 1,
        Media::Xml => 2,
        Media::Binary | Media::Form | Media::Multipart => 3,
        Media::Events | Media::JsonLines => 4,
        Media::Any => 5,
    }
}

fn body<'d>(types: &mut Types<'d>, content: &Content<'d>, hint: &str) -> Ty {
    match content.media {
        Media::Json => content.schema.map_or(Ty::Value, |schema| types.ty(schema, hint)),
        Media::Text | Media::Xml => Ty::Runtime("Text"),
        Media::Events | Media::JsonLines => {
            streams::ty(types, content, &format!("{hint}Item")).unwrap_or(Ty::Runtime("ByteStream"))
        }
        Media::Binary | Media::Form | Media::Multipart | Media::Any => Ty::Runtime("Bytes"),
    }
}

/// A type with a variant for each kind of response.
fn statuses<'d>(types: &mut Types<'d>, operation: &Operation<'d>, bodies: Vec<Received<'_, 'd>>, stem: &str) -> Ty {
    let mut cases: Vec<Case> = Vec::new();
    for body in bodies {
        let Some(status) = body.response.code() else { continue };
        let is_elsewhere = is_redirect(body.response);
        match cases.iter_mut().find(|case| case.ty == body.ty && !is_elsewhere) {
            Some(case) => case.statuses.push(status),
            None => cases.push(Case { ident: reason(status), statuses: vec![status], ty: body.ty }),
        }
    }
    let doc = format!("What `{}` returns.", operation.title());
    Ty::Named(types.add(&format!("{stem}Response"), false, doc, operation.site, Kind::Statuses(cases)))
}

/// The types of all responses in JSON: a union of them.
fn union<'d>(types: &mut Types<'d>, operation: &Operation<'d>, several: Vec<Ty>, stem: &str) -> Ty {
    let variants = several.into_iter().filter(|ty| !matches!(ty, Ty::Runtime(_) | Ty::Of(..)));
    let variants: Vec<Variant> = variants.map(|ty| Variant { ident: String::new(), ty: ty.required() }).collect();
    match variants.as_slice() {
        [] => Ty::Runtime("Bytes"),
        [one] => one.ty.clone(),
        _ => {
            let doc = format!("What `{}` returns.", operation.title());
            let kind = Kind::Union { variants, tag: None };
            Ty::Named(types.add(&format!("{stem}Response"), false, doc, operation.site, kind))
        }
    }
}

/// The name of a status.
pub(crate) fn reason(status: u16) -> String {
    let reason = match status {
        200 => "Ok",
        201 => "Created",
        202 => "Accepted",
        203 => "NonAuthoritative",
        204 => "NoContent",
        205 => "ResetContent",
        206 => "PartialContent",
        207 => "MultiStatus",
        301 => "MovedPermanently",
        302 => "Found",
        303 => "SeeOther",
        307 => "TemporaryRedirect",
        308 => "PermanentRedirect",
        _ => return names::pascal(&format!("status {status}")),
    };
    reason.to_owned()
}

/// The media type to ask for, unless the client asks for it anyway.
fn accept(media_type: &str, ty: &Ty) -> Option<String> {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let is_name = |part: &str| {
        !part.is_empty() && part.chars().all(|char| char.is_ascii_alphanumeric() || "!#$&-^_.+*".contains(char))
    };
    let is_media_type = essence.split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype));
    let usual = match ty {
        Ty::Of("Events", _) => "text/event-stream",
        Ty::Of("JsonLines", _) => "application/x-ndjson",
        Ty::Runtime(_) => "*/*",
        _ => "application/json",
    };
    (is_media_type && !essence.eq_ignore_ascii_case(usual) && essence != "*/*").then(|| essence.to_owned())
}
