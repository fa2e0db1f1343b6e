//! An OpenAPI 3.1 document of what the source declares.

mod build;
mod responses;
mod schemas;
mod yaml;

pub(crate) use yaml::yaml;

use std::collections::BTreeMap;

use crate::declared::At;
use crate::document::node::Node;
use crate::export::build::{list, map, text, truth};
use crate::export::schemas::Schemas;
use crate::plan::ListStyle;
use crate::source::{Source, SourceMethod};

/// Writes the document.
pub(crate) fn export(source: &Source, title: Option<&str>) -> Node {
    let mut schemas = Schemas::new(source);
    let mut paths: Vec<(String, Node)> = Vec::new();
    let mut roles: BTreeMap<String, ()> = BTreeMap::new();
    for of in &source.traits {
        for method in &of.methods {
            let declared = &method.declared;
            roles.extend(declared.roles.iter().map(|role| (role.clone(), ())));
            let operation = operation(method, tag(&of.name), &mut schemas);
            let verb = declared.method.to_ascii_lowercase();
            insert(&mut paths, &declared.path, &declared.name, verb, operation);
        }
    }
    let tags = source.traits.iter().map(|of| {
        let mut entries = vec![("name", text(tag(&of.name)))];
        entries.extend((!of.doc.is_empty()).then(|| ("description", text(&of.doc))));
        map(entries)
    });
    let schemes =
        roles.keys().map(|role| (role.clone(), map(vec![("type", text("http")), ("scheme", text("bearer"))])));
    let mut components = vec![("schemas", build::named(schemas.finish()))];
    components.extend((!roles.is_empty()).then(|| ("securitySchemes", build::named(schemes.collect()))));
    map(vec![
        ("openapi", text("3.1.0")),
        ("info", map(vec![("title", text(title.unwrap_or("API"))), ("version", text("1"))])),
        ("tags", list(tags.collect())),
        ("paths", build::named(paths)),
        ("components", map(components)),
    ])
}

fn tag(name: &str) -> &str {
    name.strip_suffix("Api").filter(|stem| !stem.is_empty()).unwrap_or(name)
}

/// A path has each method once. Another endpoint with the same path and method adds its response, or is distinguished by
/// a fragment, which is never sent.
fn insert(paths: &mut Vec<(String, Node)>, path: &str, name: &str, verb: String, operation: Node) {
    let mut all = paths.iter_mut().filter(|(other, _)| other.split('#').next() == Some(path));
    if all.any(|(_, item)| build::entry(item, &verb).is_some_and(|own| responses::merged(own, &operation))) {
        return;
    }
    let has = |item: &Node| item.entries().iter().any(|(method, _)| *method == verb);
    let same = paths.iter().any(|(other, item)| crate::plan::shape(other) == crate::plan::shape(path) && has(item));
    let key = if same { format!("{path}#{name}") } else { path.to_owned() };
    match paths.iter_mut().find(|(other, _)| *other == key) {
        Some((_, item)) => build::push(item, verb, operation),
        None => paths.push((key, build::named(vec![(verb, operation)]))),
    }
}

fn operation(method: &SourceMethod, tag: &str, schemas: &mut Schemas<'_>) -> Node {
    let declared = &method.declared;
    let mut out = vec![("operationId", text(&declared.name)), ("tags", list(vec![text(tag)]))];
    let summary = declared.doc.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    out.extend((!summary.trim().is_empty()).then(|| ("summary", text(summary.trim()))));
    if !declared.roles.is_empty() {
        let names: Vec<String> = declared.roles.iter().map(|role| format!("`{role}`")).collect();
        out.push(("description", text(&format!("Allowed role: {}", names.join(" or ")))));
    }
    out.extend(declared.deprecated.then(|| ("deprecated", truth(true))));
    let security = declared.roles.iter().map(|role| build::named(vec![(role.clone(), list(Vec::new()))]));
    out.push(("security", list(security.collect())));
    let parameters = parameters(method, schemas);
    out.extend((!parameters.is_empty()).then(|| ("parameters", list(parameters))));
    if let Some(body) = &declared.body {
        let schema = match (body.format.as_str(), &method.body) {
            ("json" | "form", Some(ty)) => schemas.of(ty),
            ("text", _) => map(vec![("type", text("string"))]),
            ("multipart", _) => parts(method, schemas),
            _ => responses::binary(),
        };
        let content = build::named(vec![(body.media_type.clone(), map(vec![("schema", schema)]))]);
        out.push(("requestBody", map(vec![("required", truth(body.required)), ("content", content)])));
    }
    out.push(("responses", responses::responses(method, schemas)));
    map(out)
}

/// The schema of a multipart form.
fn parts(method: &SourceMethod, schemas: &mut Schemas<'_>) -> Node {
    let parts = method.declared.parameters.iter().filter(|((at, _), _)| *at == At::Part);
    let (mut properties, mut required) = (Vec::new(), Vec::new());
    for ((_, name), value) in parts {
        let schema = syn::parse_str(&value.ty).map_or_else(|_| map(Vec::new()), |ty| schemas.of(&ty));
        properties.push((name.clone(), schema));
        required.extend(value.required.then(|| text(name)));
    }
    let mut out = vec![("type", text("object"))];
    out.extend((!properties.is_empty()).then(|| ("properties", build::named(properties))));
    out.extend((!required.is_empty()).then(|| ("required", list(required))));
    map(out)
}

fn parameters(method: &SourceMethod, schemas: &mut Schemas<'_>) -> Vec<Node> {
    let declared = &method.declared;
    let mut out = Vec::new();
    for name in crate::plan::placeholders(&declared.path) {
        let schema =
            method.path_types.get(name).map_or_else(|| map(vec![("type", text("string"))]), |ty| schemas.of(ty));
        let name = name.trim_start_matches('*');
        out.push(map(vec![("name", text(name)), ("in", text("path")), ("required", truth(true)), ("schema", schema)]));
    }
    for ((at, name), value) in &declared.parameters {
        let location = match at {
            At::Header => "header",
            At::Query => "query",
            At::Part => continue,
        };
        let mut entries = vec![("name", text(name)), ("in", text(location)), ("required", truth(value.required))];
        let style = match value.list {
            Some(ListStyle::Comma) => Some("form"),
            Some(ListStyle::Space) => Some("spaceDelimited"),
            Some(ListStyle::Pipe) => Some("pipeDelimited"),
            Some(ListStyle::Repeat) | None => None,
        };
        if let Some(style) = style {
            entries.extend([("style", text(style)), ("explode", truth(false))]);
        }
        if *at == At::Query && method.deep.contains(name) {
            entries.extend([("style", text("deepObject")), ("explode", truth(true))]);
        }
        let schema = syn::parse_str(&value.ty).map_or_else(|_| map(Vec::new()), |ty| schemas.of(&ty));
        if *at == At::Query && method.json.contains(name) {
            let content = map(vec![("application/json", map(vec![("schema", schema)]))]);
            entries.push(("content", content));
        } else {
            entries.push(("schema", schema));
        }
        out.push(map(entries));
    }
    for ((at, name), value) in &declared.constants {
        let location = if *at == At::Header { "header" } else { "query" };
        let mut schema = vec![("type", text("string"))];
        schema.extend(value.as_ref().map(|value| ("enum", list(vec![text(value)]))));
        out.push(map(vec![
            ("name", text(name)),
            ("in", text(location)),
            ("required", truth(value.is_some())),
            ("schema", map(schema)),
        ]));
    }
    if declared.has_unknown_query {
        let any = map(vec![("type", text("object")), ("additionalProperties", map(vec![("type", text("string"))]))]);
        out.push(map(vec![
            ("name", text("values")),
            ("in", text("query")),
            ("required", truth(false)),
            ("schema", any),
        ]));
    }
    out
}
