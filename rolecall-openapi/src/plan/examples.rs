//! Examples that contradict their schemas: a server may send what they show.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::document::node::{Node, Value};
use crate::document::{Document, Site};
use crate::model::{Media, Property, Schema, Shape};

/// Keys whose values are not schemas, and do not hold any.
const DATA: [&str; 5] = ["example", "examples", "default", "enum", "const"];
/// Keys below which names are the document's own.
const NAMES: [&str; 11] = [
    "properties",
    "patternProperties",
    "schemas",
    "$defs",
    "definitions",
    "parameters",
    "headers",
    "requestBodies",
    "responses",
    "paths",
    "callbacks",
];
/// Keys below which is what a client sends.
const SENT: [&str; 5] = ["requestBody", "requestBodies", "parameters", "callbacks", "webhooks"];
/// How many values of examples are compared in all.
const MAX_VALUES: usize = 2_000_000;

/// What an example is, where the schema is something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contradiction {
    /// The schema is a number, the example a string.
    Text,
    /// The schema is a string, the example a number.
    Number,
    /// The schema is an integer, the example has a fraction.
    Fraction,
    /// The schema is an integer of 32 bits or fewer, the example is larger.
    Large,
}

/// An example that no type reads besides what the schema says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mismatch<'d> {
    pub(super) site: Site<'d>,
    pub(super) is: &'static str,
    pub(super) has: &'static str,
}

/// What the examples of a document contradict. Schemas are known by their identity.
#[derive(Debug)]
pub(super) struct Examples<'d> {
    document: &'d Document,
    scalars: HashMap<usize, Contradiction>,
    nulls: HashSet<usize>,
    absent: HashSet<usize>,
    pub(super) mismatches: HashMap<usize, Mismatch<'d>>,
    /// The properties of schemas that have examples: several examples of one are compared with the same.
    properties: HashMap<usize, Rc<[Property<'d>]>>,
    is_sent: bool,
    left: usize,
}

/// What a map of the document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A schema, or whatever else may have examples.
    Node,
    /// Things by names of the document's own.
    Names,
    /// Contents by their media types.
    Contents,
}

impl<'d> Examples<'d> {
    /// Compares all examples of a document with their schemas.
    pub(super) fn of(document: &'d Document) -> Self {
        let mut out = Self {
            document,
            scalars: HashMap::new(),
            nulls: HashSet::new(),
            absent: HashSet::new(),
            mismatches: HashMap::new(),
            properties: HashMap::new(),
            is_sent: false,
            left: MAX_VALUES,
        };
        for (file, (_, node)) in document.files().enumerate() {
            out.walk(Site { file, node }, Kind::Node);
        }
        out
    }

    /// What examples have in the place of a schema's number or string.
    pub(super) fn scalar(&self, schema: Schema<'d>) -> Option<Contradiction> {
        self.scalars.get(&schema.site.id()).copied()
    }

    /// Whether an example has `null` there.
    pub(super) fn is_null(&self, schema: Schema<'d>) -> bool {
        self.nulls.contains(&schema.site.id())
    }

    /// Whether an example of a response lacks a property that the schema requires.
    pub(super) fn lacks(&self, property: &Property<'d>) -> bool {
        property.required && self.absent.contains(&property.schema.site.id())
    }

    /// What examples show of a schema that is part of another.
    pub(super) fn shown(&self, schema: &Node) -> String {
        let id = std::ptr::from_ref(schema).addr();
        let example = schema.get("example").map(|node| &node.value);
        let is_large = matches!(example, Some(Value::Number(number)) if is_u64(number));
        match (self.scalars.get(&id), self.nulls.contains(&id), self.absent.contains(&id), is_large) {
            (None, false, false, false) => String::new(),
            shown => format!("{shown:?}"),
        }
    }

    fn walk(&mut self, site: Site<'d>, kind: Kind) {
        for item in site.node.items() {
            self.walk(site.with(item), Kind::Node);
        }
        if kind == Kind::Node {
            self.own(site);
        }
        for (key, node) in site.node.entries() {
            let is_node = kind == Kind::Node;
            if is_node && (DATA.contains(&key.as_str()) || key.starts_with("x-")) {
                continue;
            }
            let below = match key.as_str() {
                "content" if is_node => Kind::Contents,
                key if is_node && NAMES.contains(&key) => Kind::Names,
                _ => Kind::Node,
            };
            if is_node && key == "allOf" {
                self.of_notes(site, node);
            }
            let was_sent = self.is_sent;
            self.is_sent |= is_node && SENT.contains(&key.as_str());
            let site = site.with(node);
            if kind != Kind::Contents {
                self.walk(site, below);
            } else if Media::of(key) == Media::Json {
                self.walk(site, Kind::Node);
            } else if let Some(schema) = site.get("schema") {
                self.walk(schema, Kind::Node);
            }
            self.is_sent = was_sent;
        }
    }

    /// Compares the examples in parts of a schema that only describe: they are of the whole.
    fn of_notes(&mut self, whole: Site<'d>, parts: &'d Node) {
        for part in parts.items().iter().map(|part| whole.with(part)) {
            if Schema::new(self.document, part).is_note() {
                self.given(part, Schema::new(self.document, whole));
            }
        }
    }

    /// Compares the examples that stand at a place: beside a schema, or in it.
    fn own(&mut self, site: Site<'d>) {
        self.given(site, Schema::new(self.document, site.get("schema").unwrap_or(site)));
    }

    /// Compares the examples at a place with a schema.
    fn given(&mut self, site: Site<'d>, schema: Schema<'d>) {
        let node = site.node;
        if !node.has("example") && !node.has("examples") {
            return;
        }
        let is_parameter = node.has("in");
        let several = node.get("examples");
        let document = self.document;
        let named = several.map(Node::entries).unwrap_or_default().iter();
        let named = named.filter_map(|(_, example)| document.follow(site.with(example)).ok()?.site.get("value"));
        let listed = several.map(Node::items).unwrap_or_default().iter().map(|example| site.with(example));
        let all: Vec<Site<'d>> = site.get("example").into_iter().chain(named).chain(listed).collect();
        for example in all {
            // The example of a parameter may be what is sent: text.
            let is_scalar = !matches!(example.node.value, Value::List(_) | Value::Map(_));
            if !is_parameter || is_scalar {
                self.compare(schema, example.node, is_parameter);
            }
        }
    }

    fn compare(&mut self, schema: Schema<'d>, example: &'d Node, is_parameter: bool) {
        let Some(left) = self.left.checked_sub(1) else { return };
        self.left = left;
        let mut used = schema.used();
        if example.is_null() {
            if !used.nullable && !matches!(used.schema.shape(), Shape::Any | Shape::Null) {
                self.nulls.insert(schema.site.id());
            }
            return;
        }
        let mut shape = used.schema.shape();
        for _ in 0..8 {
            let Shape::Same(other) = shape else { break };
            used = other.used();
            shape = used.schema.shape();
        }
        let schema = used.schema;
        let is_json = self.document.is_json(schema.site);
        let contradiction = match (&shape, &example.value) {
            (Shape::Integer(_) | Shape::Number, Value::String(_)) => Contradiction::Text,
            // In YAML a string that looks like a number is easily written without its quotes.
            (Shape::Text, Value::Number(_)) if is_json => Contradiction::Number,
            (Shape::Integer(_), Value::Number(number)) if number.contains(['.', 'e', 'E']) => Contradiction::Fraction,
            (
                Shape::Integer(Some("int32" | "int16" | "int8" | "uint32" | "uint16" | "uint8")),
                Value::Number(number),
            ) if number.parse::<i32>().is_err() => Contradiction::Large,
            (Shape::Record, Value::Map(_)) => return self.record(schema, example),
            (Shape::List(Some(items)), Value::List(values)) => {
                return values.iter().for_each(|value| self.compare(*items, value, false));
            }
            (Shape::Map(Some(values)), Value::Map(entries)) => {
                return entries.iter().for_each(|(_, value)| self.compare(*values, value, false));
            }
            (shape, value) => {
                if let (Some(is), Some(has)) = (name_of(shape), name(value))
                    && is != has
                    && !is_parameter
                    // As above: `true` and numbers.
                    && (is_json || is != "a string" || matches!(value, Value::List(_) | Value::Map(_)))
                {
                    let mismatch = Mismatch { site: schema.site.with(example), is, has };
                    self.mismatches.entry(schema.site.id()).or_insert(mismatch);
                }
                return;
            }
        };
        // What is text in one example is read as text, whatever the others have.
        let known = self.scalars.entry(schema.site.id()).or_insert(contradiction);
        if contradiction == Contradiction::Text {
            *known = contradiction;
        }
    }

    fn record(&mut self, schema: Schema<'d>, example: &'d Node) {
        let properties = self.properties.entry(schema.site.id()).or_insert_with(|| schema.properties().into()).clone();
        for property in properties.iter().filter(|property| property.described) {
            let value = example.entries().iter().find(|(name, _)| name == property.name).map(|(_, node)| node);
            match value {
                Some(value) if !value.is_null() || property.required => self.compare(property.schema, value, false),
                None if property.required && !self.is_sent && !property.schema.used().write_only => {
                    self.absent.insert(property.schema.site.id());
                }
                _ => {}
            }
        }
    }
}

fn name_of(shape: &Shape<'_>) -> Option<&'static str> {
    match shape {
        Shape::Bool => Some("a boolean"),
        Shape::Integer(_) | Shape::Number => Some("a number"),
        Shape::Text | Shape::Words(..) => Some("a string"),
        Shape::List(_) => Some("a list"),
        Shape::Map(_) | Shape::Record => Some("an object"),
        Shape::Any | Shape::Null | Shape::Union(_) | Shape::Same(_) => None,
    }
}

fn name(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some("a boolean"),
        Value::Number(_) => Some("a number"),
        Value::String(_) => Some("a string"),
        Value::List(_) => Some("a list"),
        Value::Map(_) => Some("an object"),
    }
}

/// Whether a number is too large for an `i64`, and not for a `u64`.
pub(super) fn is_u64(number: &str) -> bool {
    number.parse::<i64>().is_err() && number.parse::<u64>().is_ok()
}
