//! The responses of an operation.

use crate::declared::{Kind, KnownBody};
use crate::document::node::Node;
use crate::export::build::{self, map, named, text};
use crate::export::schemas::Schemas;
use crate::source::{SourceCase, SourceMethod};

/// What the operation of a method returns.
pub(super) fn responses(method: &SourceMethod, schemas: &mut Schemas<'_>) -> Node {
    let (response, known) = (&method.declared.response, &method.declared.known);
    let error = known.error.as_ref().map(|schema| ("default".to_owned(), failure(schema)));
    if known.responses.iter().any(|body| !body.statuses.is_empty()) {
        let statuses = known.responses.iter().flat_map(|body| body.statuses.iter().map(move |status| (body, status)));
        let known = statuses.map(|(body, status)| (status.to_string(), of_known(body, &response.media_type)));
        return named(known.chain(error).collect());
    }
    if let Some(cases) = method.content().and_then(|ty| schemas.cases(ty)) {
        let statuses = cases.iter().flat_map(|case| case.statuses.iter().map(move |status| (case, status)));
        return named(
            statuses.map(|(case, status)| (status.to_string(), of_case(case, &response.media_type, schemas))).collect(),
        );
    }
    let media_type = match (response.kind, response.media_type.as_str()) {
        (Kind::Text, "*/*") => "text/plain",
        (Kind::Bytes, "*/*") => "application/octet-stream",
        (_, other) => other,
    };
    let schema = match (response.kind, method.content()) {
        (Kind::Empty, _) => None,
        (Kind::Json | Kind::Events | Kind::Lines, Some(ty)) => {
            let known = known.responses.first().and_then(|body| body.schema.clone());
            Some(known.unwrap_or_else(|| schemas.of(ty)))
        }
        (Kind::Text, _) => Some(string()),
        _ => Some(binary()),
    };
    let mut success = vec![("description", text("Success"))];
    if method.is_wrapped("Page") {
        success.push(("headers", map(vec![("Link", map(vec![("schema", string())]))])));
    }
    success.extend(schema.map(|schema| ("content", content(media_type, schema))));
    let mut out = vec![("200".to_owned(), map(success))];
    if response.optional {
        out.push(("204".to_owned(), map(vec![("description", text("Nothing"))])));
    }
    if method.is_wrapped("Conditional") {
        out.push(("304".to_owned(), map(vec![("description", text("Not modified"))])));
    }
    named(out.into_iter().chain(error).collect())
}

/// The response of a failure, in the API's own shape.
fn failure(schema: &Node) -> Node {
    map(vec![("description", text("Failure")), ("content", content("application/json", schema.clone()))])
}

fn of_known(body: &KnownBody, media_type: &str) -> Node {
    let mut out = vec![("description", text("Success"))];
    out.extend(match (body.kind, &body.schema) {
        (Kind::Text, _) => Some(("content", content("text/plain", string()))),
        (Kind::Bytes, _) => Some(("content", content("application/octet-stream", binary()))),
        (_, schema) => schema.clone().map(|schema| ("content", content(media_type, schema))),
    });
    map(out)
}

fn of_case(case: &SourceCase, media_type: &str, schemas: &mut Schemas<'_>) -> Node {
    let mut out = vec![("description", text(&case.ident))];
    let ty = case.ty.as_ref().map(|ty| (ty, crate::source::named(ty).0));
    match ty.as_ref().map(|(ty, name)| (ty, name.as_str())) {
        None => {}
        Some((_, "Location")) => out.push(("headers", map(vec![("Location", map(vec![("schema", string())]))]))),
        Some((_, "Text")) => out.push(("content", content("text/plain", string()))),
        Some((_, "Bytes")) => out.push(("content", content("application/octet-stream", binary()))),
        Some((ty, _)) => out.push(("content", content(media_type, schemas.of(ty)))),
    }
    map(out)
}

fn content(media_type: &str, schema: Node) -> Node {
    named(vec![(media_type.to_owned(), map(vec![("schema", schema)]))])
}

fn string() -> Node {
    map(vec![("type", text("string"))])
}

pub(super) fn binary() -> Node {
    map(vec![("type", text("string")), ("format", text("binary"))])
}

/// Adds the content of a response to that of another operation, if the two send the same and are told apart only by what
/// they ask for.
pub(super) fn merged(into: &mut Node, other: &Node) -> bool {
    let same = |key: &str| into.get(key) == other.get(key);
    let success = |node: &Node| node.get("responses").and_then(|all| all.get("200")?.get("content")).cloned();
    let (Some(mut own), Some(more)) = (success(into), success(other)) else { return false };
    if !same("parameters") || !same("requestBody") || more.entries().iter().any(|(name, _)| own.has(name)) {
        return false;
    }
    for (name, content) in more.entries() {
        build::push(&mut own, name.clone(), content.clone());
    }
    build::replace(into, &["responses", "200", "content"], own)
}
