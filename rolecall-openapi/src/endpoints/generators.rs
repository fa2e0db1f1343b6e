//! The JSON Schemas of `ENDPOINTS`, for a document's `components`.

use std::collections::BTreeSet;

use rolecall::schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value as Json};

use crate::declared::Known;
use crate::document::node::{Node, Value};

/// Where a document has its schemas.
const COMPONENTS: &str = "#/components/schemas/";

/// What is sent and what is received are described by one generator each: serde may write and read a type in different
/// ways.
#[derive(Debug)]
pub(crate) struct Generators {
    pub(super) requests: SchemaGenerator,
    pub(super) responses: SchemaGenerator,
}

impl Generators {
    pub(crate) fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self {
            requests: settings().for_serialize().into_generator(),
            responses: settings().for_deserialize().into_generator(),
        }
    }

    /// Looks through the reference to a schema of what is sent.
    pub(super) fn resolve(&self, schema: &Node) -> Node {
        let name = schema.text("$ref").and_then(|reference| reference.strip_prefix(COMPONENTS));
        name.and_then(|name| self.requests.definitions().get(name)).map_or_else(|| schema.clone(), node)
    }

    /// Returns the schemas that endpoints refer to, in order of their names. A type that is read in another way than it is
    /// written has two; what refers to the second then has its name.
    pub(crate) fn components(self, known: &mut [&mut Known]) -> Vec<(String, Node)> {
        let (sent, received) = (self.requests.definitions(), self.responses.definitions());
        let differing = differing(sent, received);
        let renamed = |name: &str| {
            let taken = |name: &String| sent.contains_key(name) || received.contains_key(name);
            let mut other = format!("{name}Response");
            while taken(&other) {
                other.push('_');
            }
            other
        };
        let rename = |node: &mut Node| {
            references(node, &mut |reference| {
                if let Some(name) = reference.strip_prefix(COMPONENTS).filter(|name| differing.contains(*name)) {
                    *reference = format!("{COMPONENTS}{}", renamed(name));
                }
            });
        };
        known.iter_mut().flat_map(|known| known.received()).for_each(rename);
        let mut out: Vec<(String, Node)> = sent.iter().map(|(name, schema)| (name.clone(), node(schema))).collect();
        for (name, schema) in received {
            let mut schema = node(schema);
            rename(&mut schema);
            if differing.contains(name) {
                out.push((renamed(name), schema));
            } else if !sent.contains_key(name) {
                out.push((name.clone(), schema));
            }
        }
        out.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut used = BTreeSet::new();
        let mut queue: Vec<String> = known.iter().flat_map(|known| known.all()).flat_map(names_in).collect();
        while let Some(name) = queue.pop() {
            if used.insert(name.clone()) {
                queue.extend(out.iter().filter(|(other, _)| *other == name).flat_map(|(_, schema)| names_in(schema)));
            }
        }
        out.retain(|(name, _)| used.contains(name));
        out
    }
}

/// The names that stand for different schemas, and those of the schemas that refer to one of them.
fn differing(sent: &Map<String, Json>, received: &Map<String, Json>) -> BTreeSet<String> {
    let both = || sent.iter().filter_map(|(name, schema)| Some((name, schema, received.get(name)?)));
    let mut out: BTreeSet<String> =
        both().filter(|(_, sent, received)| sent != received).map(|(name, ..)| name.clone()).collect();
    loop {
        let before = out.len();
        for (name, schema, _) in both() {
            if names_in(&node(schema)).iter().any(|name| out.contains(name)) {
                out.insert(name.clone());
            }
        }
        if out.len() == before {
            return out;
        }
    }
}

/// The names that a schema refers to.
fn names_in(schema: &Node) -> Vec<String> {
    let mut names = Vec::new();
    references(&mut schema.clone(), &mut |reference| {
        names.extend(reference.strip_prefix(COMPONENTS).map(str::to_owned));
    });
    names
}

/// Visits all references of a schema.
fn references(node: &mut Node, visit: &mut dyn FnMut(&mut String)) {
    match &mut node.value {
        Value::Map(entries) => {
            for (key, node) in entries {
                match &mut node.value {
                    Value::String(reference) if key == "$ref" => visit(reference),
                    _ => references(node, visit),
                }
            }
        }
        Value::List(items) => items.iter_mut().for_each(|node| references(node, visit)),
        _ => {}
    }
}

/// A schema as a value of a document.
pub(super) fn node(schema: &Json) -> Node {
    let value = match schema {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Number(number.to_string()),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(node).collect()),
        Json::Object(entries) => Value::Map(entries.iter().map(|(key, value)| (key.clone(), node(value))).collect()),
    };
    Node { value, line: 0 }
}
