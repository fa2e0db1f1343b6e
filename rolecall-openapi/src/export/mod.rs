//! An OpenAPI document of what the source declares: of version 3.1, or 3.2 if it has methods that 3.1 does not know.

mod build;
mod responses;
mod schemas;
mod yaml;

pub(crate) use yaml::yaml;

use std::collections::BTreeMap;

use crate::declared::{At, Declared};
use crate::document::node::Node;
use crate::export::build::{list, map, text, truth};
use crate::export::schemas::Schemas;
use crate::plan::ListStyle;
use crate::source::{Source, SourceMethod};

/// The methods that OpenAPI 3.1 knows.
const METHODS: [&str; 8] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"];

/// Where a path has the methods of other names, since OpenAPI 3.2.
const MORE: &str = "additionalOperations";

/// Writes the document, with schemas that are known already.
pub(crate) fn export(source: &Source, title: &str, version: &str, components: Vec<(String, Node)>) -> Node {
    let mut schemas = Schemas::new(source);
    let mut paths: Vec<(String, Node)> = Vec::new();
    let mut roles: BTreeMap<String, ()> = BTreeMap::new();
    for of in &source.traits {
        for method in &of.methods {
            let declared = &method.declared;
            roles.extend(declared.roles.iter().map(|role| (role.clone(), ())));
            let operation = operation(method, tag(&of.name), &mut schemas);
            insert(&mut paths, declared, operation);
        }
    }
    let tags = source.traits.iter().map(|of| {
        let mut entries = vec![("name", text(tag(&of.name)))];
        entries.extend((!of.doc.is_empty()).then(|| ("description", text(&of.doc))));
        map(entries)
    });
    let schemes =
        roles.keys().map(|role| (role.clone(), map(vec![("type", text("http")), ("scheme", text("bearer"))])));
    let components = schemas.finish().into_iter().chain(components).collect();
    let mut components = vec![("schemas", build::named(components))];
    components.extend((!roles.is_empty()).then(|| ("securitySchemes", build::named(schemes.collect()))));
    let mut all = source.methods();
    let openapi = if all.all(|method| METHODS.contains(&method.declared.method.as_str())) { "3.1.0" } else { "3.2.0" };
    map(vec![
        ("openapi", text(openapi)),
        ("info", map(vec![("title", text(title)), ("version", text(version))])),
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
fn insert(paths: &mut Vec<(String, Node)>, declared: &Declared, operation: Node) {
    let Declared { path, name, method, .. } = declared;
    let mut all = paths.iter_mut().filter(|(other, _)| other.split('#').next() == Some(path));
    if all.any(|(_, item)| of_method(item, method).is_some_and(|own| responses::merged(own, &operation))) {
        return;
    }
    let shape = crate::plan::shape(path);
    let mut all = paths.iter_mut().filter(|(other, _)| crate::plan::shape(other) == shape);
    let key =
        if all.any(|(_, item)| of_method(item, method).is_some()) { format!("{path}#{name}") } else { path.to_owned() };
    let index = paths.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
        paths.push((key, map(Vec::new())));
        paths.len() - 1
    });
    let Some((_, item)) = paths.get_mut(index) else { return };
    let Some(key) = fixed(method) else {
        if build::entry(item, MORE).is_none() {
            build::push(item, MORE.to_owned(), map(Vec::new()));
        }
        if let Some(more) = build::entry(item, MORE) {
            build::push(more, method.clone(), operation);
        }
        return;
    };
    build::push(item, key, operation);
}

/// The key of a method beside the others of a path, if it has one.
fn fixed(method: &str) -> Option<String> {
    (METHODS.contains(&method) || method == "QUERY").then(|| method.to_ascii_lowercase())
}

fn of_method<'n>(item: &'n mut Node, method: &str) -> Option<&'n mut Node> {
    match fixed(method) {
        Some(key) => build::entry(item, &key),
        None => build::entry(build::entry(item, MORE)?, method),
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
    let none = declared.optional_credentials.then(|| build::named(Vec::new()));
    let security = declared.roles.iter().map(|role| build::named(vec![(role.clone(), list(Vec::new()))]));
    let security = none.into_iter().chain(security);
    out.push(("security", list(security.collect())));
    let parameters = parameters(method, schemas);
    out.extend((!parameters.is_empty()).then(|| ("parameters", list(parameters))));
    if let Some(body) = &declared.body {
        let schema = match (body.format.as_str(), &method.body) {
            ("json" | "form", Some(ty)) => declared.known.body.clone().unwrap_or_else(|| schemas.of(ty)),
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
    for ((at, name), value) in parts {
        let schema = of_value(method, *at, name, &value.ty, schemas);
        properties.push((name.clone(), schema));
        required.extend(value.required.then(|| text(name)));
    }
    let mut out = vec![("type", text("object"))];
    out.extend((!properties.is_empty()).then(|| ("properties", build::named(properties))));
    out.extend((!required.is_empty()).then(|| ("required", list(required))));
    map(out)
}

/// The schema of a value of the query, a header, or a part.
fn of_value(method: &SourceMethod, at: At, name: &str, ty: &str, schemas: &mut Schemas<'_>) -> Node {
    let of_type = || syn::parse_str(ty).map_or_else(|_| map(Vec::new()), |ty| schemas.of(&ty));
    method.declared.known.values.get(&(at, name.to_owned())).cloned().unwrap_or_else(of_type)
}

fn parameters(method: &SourceMethod, schemas: &mut Schemas<'_>) -> Vec<Node> {
    let declared = &method.declared;
    let mut out = Vec::new();
    for name in crate::plan::placeholders(&declared.path) {
        let of_type = || method.path_types.get(name).map(|ty| schemas.of(ty));
        let schema = declared.known.path.get(name.trim_start_matches('*')).cloned().or_else(of_type);
        let schema = schema.unwrap_or_else(|| map(vec![("type", text("string"))]));
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
        if *at == At::Query && (method.deep.contains(name) || declared.known.deep.contains(name)) {
            entries.extend([("style", text("deepObject")), ("explode", truth(true))]);
        }
        let schema = of_value(method, *at, name, &value.ty, schemas);
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
