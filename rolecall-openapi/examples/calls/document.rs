//! The document as Prism serves it: without what asks for credentials, and without what it cannot tell apart.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// A document for Prism, and what of it is not called.
#[derive(Debug)]
pub(crate) struct Served {
    /// What the traits are written from.
    pub(crate) document: Value,
    /// What Prism serves.
    pub(crate) by_prism: Value,
    /// Paths with a query or a fragment, and those of the same shape as another: Prism tells operations apart by path and
    /// method alone. And operations without an answer of success: Prism answers with an error.
    pub(crate) unserved: usize,
    /// Operations with a parameter that OpenAPI says is ignored, and that Prism does not ignore.
    pub(crate) ignored: usize,
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Headers whose parameters have no meaning (OpenAPI 3, Parameter Object): other fields of the document decide on them.
const IGNORED: [&str; 3] = ["accept", "content-type", "authorization"];

/// Takes from a document what a mock server has no use for.
pub(crate) fn served(mut document: Value) -> Served {
    let mut by_prism = document.clone();
    // While the marks of what is expanded are there, which are extensions.
    unexpanded(&mut by_prism);
    take_away(&mut by_prism);
    let (unserved, ignored) = take_away(&mut document);
    Served { document, by_prism, unserved, ignored }
}

/// Leaves the identifiers of what a response has in full only if a request asks for it. With all of it in full, Prism
/// follows references without an end.
fn unexpanded(value: &mut Value) {
    if let Some(schema) = value.as_object_mut().filter(|schema| schema.contains_key("x-expansionResources"))
        && let Some(several) = schema.get_mut("anyOf").and_then(Value::as_array_mut)
    {
        several.truncate(1);
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(unexpanded),
        Value::Object(entries) => entries.values_mut().for_each(unexpanded),
        _ => {}
    }
}

/// Returns how many operations are not served, and how many have ignored parameters.
fn take_away(document: &mut Value) -> (usize, usize) {
    let mut unserved = 0;
    let ignored = without_ignored(document);
    if let Some(root) = document.as_object_mut() {
        for key in ["security", "servers", "webhooks"] {
            root.remove(key);
        }
    }
    without_extensions(document, false);
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        let is_odd = |path: &String| path.contains(['#', '?']);
        paths.retain(|path, item| {
            if is_odd(path) {
                unserved += METHODS.iter().filter(|method| item.get(**method).is_some()).count();
            }
            !is_odd(path)
        });
        let mut shapes = BTreeSet::new();
        for (path, item) in paths.iter_mut() {
            let Some(item) = item.as_object_mut() else { continue };
            item.remove("servers");
            for method in METHODS {
                let Some(operation) = item.get(method) else { continue };
                if !can_succeed(operation) || !shapes.insert((shape(path), method)) {
                    item.remove(method);
                    unserved += 1;
                }
                if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                    for key in ["security", "servers", "callbacks"] {
                        operation.remove(key);
                    }
                }
            }
        }
    }
    (unserved, ignored)
}

/// A path without the names of its placeholders.
fn shape(path: &str) -> String {
    path.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect::<Vec<_>>().join("{}")
}

/// Takes away the parameters that are ignored, and returns how many operations have one.
fn without_ignored(document: &mut Value) -> usize {
    let parameters = document.pointer("/components/parameters").cloned().unwrap_or_default();
    let is_ignored = |parameter: &Value| {
        let name = parameter.get("$ref").and_then(Value::as_str).and_then(|to| to.rsplit('/').next());
        let parameter = name.and_then(|name| parameters.get(name)).unwrap_or(parameter);
        let text = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
        text("in") == "header" && IGNORED.contains(&text("name").to_ascii_lowercase().as_str())
    };
    let taken = |node: &mut Value| {
        let list = node.get_mut("parameters").and_then(Value::as_array_mut);
        list.is_some_and(|list| {
            let before = list.len();
            list.retain(|parameter| !is_ignored(parameter));
            list.len() < before
        })
    };
    let mut ignored = 0;
    for item in document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        let of_all = taken(item);
        let of_one = METHODS.iter().filter_map(|method| item.get_mut(method).map(&taken));
        ignored += of_one.filter(|of_one| *of_one || of_all).count();
    }
    ignored
}

/// Takes the document's own fields away: they may refer to files that are not there, and Prism then serves nothing.
fn without_extensions(value: &mut Value, is_named: bool) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| without_extensions(item, false)),
        Value::Object(entries) => {
            // Properties and headers may have such names.
            entries.retain(|key, _| is_named || !key.starts_with("x-"));
            for (key, value) in entries {
                let holds_names = !is_named && ["properties", "headers", "parameters"].contains(&key.as_str());
                if !["example", "examples", "default"].contains(&key.as_str()) || is_named {
                    without_extensions(value, holds_names);
                } else {
                    without_links(value);
                }
            }
        }
        _ => {}
    }
}

/// Takes away what in an example looks like a reference to another document: Prism would download it.
fn without_links(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_links),
        Value::Object(entries) => {
            let is_link = |value: &Value| value.as_str().is_some_and(|to| !to.starts_with('#'));
            entries.retain(|key, value| key != "$ref" || !is_link(value));
            entries.values_mut().for_each(without_links);
        }
        _ => {}
    }
}

/// Whether a document says what is answered if all is well.
fn can_succeed(operation: &Value) -> bool {
    let responses = operation.get("responses").and_then(Value::as_object);
    responses.is_none_or(|all| all.keys().any(|status| status.starts_with(['2', '3']) || status == "default"))
}

/// An operation: what is in a document at a path and a method.
#[derive(Debug)]
pub(crate) struct Operation<'d> {
    item: &'d Value,
    operation: &'d Value,
}

/// The operations by method and the shape of the path.
pub(crate) fn operations(document: &Value) -> BTreeMap<String, Operation<'_>> {
    let mut out = BTreeMap::new();
    for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                out.insert(key(method, path), Operation { item, operation });
            }
        }
    }
    out
}

/// `get /users/{}`
pub(crate) fn key(method: &str, path: &str) -> String {
    let mut out = format!("{} ", method.to_ascii_lowercase());
    let mut is_inside = false;
    for char in path.chars() {
        match char {
            '{' => {
                is_inside = true;
                out.push_str("{}");
            }
            '}' => is_inside = false,
            char if !is_inside => out.push(char),
            _ => {}
        }
    }
    out
}

impl<'d> Operation<'d> {
    /// All parameters, those of the operation first.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &'d Value> {
        let of = |node: &'d Value| node.get("parameters").and_then(Value::as_array).into_iter().flatten();
        of(self.operation).chain(of(self.item))
    }

    pub(crate) fn body(&self) -> Option<&'d Value> {
        self.operation.get("requestBody")
    }

    /// The response with a status.
    pub(crate) fn response(&self, status: &str) -> Option<&'d Value> {
        let all = self.operation.get("responses")?;
        all.get(status).or_else(|| all.get(format!("{}XX", status.get(..1)?))).or_else(|| all.get("default"))
    }
}
