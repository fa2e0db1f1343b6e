//! What values a schema describes.

use crate::document::node::{Node, Value};
use crate::model::schema::Schema;

#[derive(Debug, Clone)]
pub(crate) struct Used<'d> {
    /// The schema, references followed.
    pub(crate) schema: Schema<'d>,
    /// Whether `null` is a value, there or here.
    pub(crate) nullable: bool,
    /// The description at the reference, otherwise of the schema.
    pub(crate) description: Option<&'d str>,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    /// The name of the last reference on the way.
    pub(crate) name: Option<&'d str>,
}

/// What values a schema describes, one level deep.
#[derive(Debug, Clone)]
pub(crate) enum Shape<'d> {
    Any,
    Null,
    Bool,
    Integer(Option<&'d str>),
    Number,
    Text,
    /// Some strings, and whether others are allowed, too.
    Words(Vec<&'d str>, bool),
    List(Option<Schema<'d>>),
    /// An object of free keys.
    Map(Option<Schema<'d>>),
    /// An object of known keys.
    Record,
    Union(Vec<Schema<'d>>),
    /// The same values as another schema.
    Same(Schema<'d>),
}

/// How deep references are followed that only carry a description.
const MAX_DEPTH: usize = 12;
/// How deep unions of unions are looked into.
const UNION_DEPTH: usize = 3;

impl<'d> Schema<'d> {
    /// Follows references, also those that stand in an `allOf` by themselves to carry a description.
    pub(crate) fn used(&self) -> Used<'d> {
        let node = self.node();
        let mut schema = *self;
        let mut nullable = nullable(node);
        let mut description = node.text("description");
        let mut name = self.name;
        for _ in 0..MAX_DEPTH {
            let Some(next) = schema.alias() else { break };
            schema = next;
            name = schema.name.or(name);
            nullable |= self::nullable(schema.node());
            description = description.or_else(|| schema.node().text("description"));
        }
        let own = schema.node();
        let flag = |key| node.flag(key) || own.flag(key);
        Used {
            schema,
            nullable,
            description: description.or_else(|| own.text("title")),
            read_only: flag("readOnly"),
            write_only: flag("writeOnly"),
            name,
        }
    }

    /// The one schema that this one only stands for.
    fn alias(&self) -> Option<Self> {
        if self.only.is_some() {
            return None;
        }
        let node = self.node();
        if node.has("$ref") {
            return Some(self.target()).filter(|target| !target.node().has("$ref"));
        }
        let own = self.own_shape();
        let alternatives = if node.has("oneOf") { "oneOf" } else { "anyOf" };
        let alternatives = self.telling(alternatives);
        match (self.telling("allOf").as_slice(), alternatives.as_slice()) {
            ([one], []) if matches!(own, Shape::Any | Shape::Map(_)) => Some(*one),
            ([], [one]) if !matches!(own, Shape::Record) => Some(*one),
            _ => None,
        }
    }

    /// The schema's values, one level deep.
    pub(crate) fn shape(&self) -> Shape<'d> {
        self.shape_within(UNION_DEPTH)
    }

    fn shape_within(&self, depth: usize) -> Shape<'d> {
        let node = self.node();
        if !node.is_map() {
            return Shape::Any;
        }
        if self.only.is_some() {
            return self.own_shape();
        }
        if let Some(other) = self.alias() {
            return Shape::Same(other);
        }
        if let Some(variants) = self.descendants() {
            return Shape::Union(variants);
        }
        let own = self.own_shape();
        let all = self.telling("allOf");
        if !all.is_empty() {
            if !matches!(own, Shape::Any | Shape::Map(_)) {
                return own;
            }
            if !self.properties().is_empty() {
                return Shape::Record;
            }
            let is_any = |part: &&Self| matches!(part.used().schema.shape_within(depth.saturating_sub(1)), Shape::Any);
            let first = if depth == 0 { all.first() } else { all.iter().find(|part| !is_any(part)) };
            return first.copied().map_or(Shape::Any, Shape::Same);
        }
        if matches!(own, Shape::Record) {
            return own;
        }
        let parts = self.telling(if node.has("oneOf") { "oneOf" } else { "anyOf" });
        if parts.is_empty() { own } else { union(parts, depth) }
    }

    /// Returns the schemas that extend this one by `allOf`, if its discriminator lists them.
    fn descendants(&self) -> Option<Vec<Self>> {
        let node = self.node();
        let mapping = node.get("discriminator")?.get("mapping")?;
        if node.has("oneOf") || node.has("anyOf") || mapping.entries().len() < 2 {
            return None;
        }
        let (_, words) = self.discriminator()?;
        let mut distinct: Vec<Self> = Vec::new();
        for (_, schema) in words {
            if schema.used().schema.id() == self.id() {
                return None;
            }
            if distinct.iter().all(|other| other.id() != schema.id()) {
                distinct.push(schema);
            }
        }
        (distinct.len() > 1).then_some(distinct)
    }

    /// Returns the shape of the schema itself, without the schemas that it is composed of.
    fn own_shape(&self) -> Shape<'d> {
        let node = self.node();
        let types = self.types();
        if let [_, _, ..] = types.as_slice() {
            let parts: Vec<Self> = types.iter().map(|name| Self { only: Some(name), ..*self }).collect();
            return union(parts, 1);
        }
        let name = types.first().copied();
        let constants: Vec<&Node> =
            node.get("const").into_iter().chain(node.get("enum").map(Node::items).unwrap_or_default()).collect();
        if matches!(name, None | Some("string")) && !constants.is_empty() {
            let words: Vec<&str> = constants.iter().filter_map(|node| node.as_str()).collect();
            if !words.is_empty() && constants.iter().all(|node| node.as_str().is_some() || node.is_null()) {
                return Shape::Words(words, false);
            }
        }
        let format = node.text("format");
        match name {
            Some("string") => return Shape::Text,
            Some("integer") => return Shape::Integer(format),
            Some("number") => return Shape::Number,
            Some("boolean") => return Shape::Bool,
            Some("array") => return self.list(),
            Some("null") => return Shape::Null,
            _ => {}
        }
        if node.get("properties").is_some_and(|properties| !properties.entries().is_empty()) {
            return Shape::Record;
        }
        if let Some(values) = node.get("additionalProperties").filter(|values| values.is_map()) {
            return Shape::Map(Some(self.child(values)).filter(|values| !values.is_note()));
        }
        if let Some([(_, values)]) = node.get("patternProperties").map(Node::entries) {
            return Shape::Map(Some(self.child(values)).filter(|values| !values.is_note()));
        }
        if name == Some("object") || node.has("additionalProperties") || node.has("patternProperties") {
            return Shape::Map(None);
        }
        if node.has("items") || node.has("prefixItems") {
            return self.list();
        }
        if let Some(first) = constants.first() {
            let same = |is: fn(&Value) -> bool| constants.iter().all(|node| is(&node.value) || node.is_null());
            return match &first.value {
                Value::Bool(_) if same(|value| matches!(value, Value::Bool(_))) => Shape::Bool,
                Value::Number(_) if same(|value| matches!(value, Value::Number(_))) => {
                    let is_whole = |node: &&Node| !node.to_json().contains(['.', 'e', 'E']);
                    if constants.iter().all(is_whole) { Shape::Integer(None) } else { Shape::Number }
                }
                _ => Shape::Any,
            };
        }
        match format {
            Some("date-time" | "date" | "uuid" | "uri" | "email" | "byte" | "binary") => Shape::Text,
            Some("int32" | "int64") => Shape::Integer(format),
            Some("float" | "double") => Shape::Number,
            _ if node.has("pattern") || node.has("minLength") || node.has("maxLength") => Shape::Text,
            _ => Shape::Any,
        }
    }

    fn list(&self) -> Shape<'d> {
        Shape::List(self.node().get("items").map(|items| self.child(items)).filter(|items| items.node().is_map()))
    }

    /// Returns the property that identifies the variant of a union's value, and the words that name the variants.
    pub(crate) fn discriminator(&self) -> Option<(&'d str, Vec<(String, Self)>)> {
        let node = self.node().get("discriminator")?;
        let property = node.text("propertyName")?;
        let mut words: Vec<(String, Self)> = Vec::new();
        for (word, reference) in node.get("mapping").map(Node::entries).unwrap_or_default() {
            let Some(reference) = reference.as_str() else { continue };
            let by_name = format!("#/components/schemas/{reference}");
            let document = self.document;
            let target = document.find(self.site.file, reference).or_else(|| document.find(self.site.file, &by_name));
            if let Some(target) = target {
                let schema = Self { name: target.name, ..Self::new(document, target.site) };
                words.push((word.clone(), schema.target()));
            }
        }
        if words.is_empty() {
            let parts = self.parts("oneOf").into_iter().chain(self.parts("anyOf"));
            words.extend(parts.map(|part| part.target()).filter_map(|part| Some((part.name?.to_owned(), part))));
        }
        Some((property, words))
    }
}

fn nullable(node: &Node) -> bool {
    let has_null = |list: &Node| list.items().iter().any(|item| item.as_str() == Some("null"));
    let is_null = |part: &Node| {
        part.text("type") == Some("null")
            || part.entries().iter().any(|(key, value)| {
                (key == "const" && value.is_null()) || (key == "enum" && value.items().iter().any(Node::is_null))
            })
            || part.flag("nullable")
    };
    node.flag("nullable")
        || node.get("type").is_some_and(has_null)
        || node.get("enum").is_some_and(|list| list.items().iter().any(Node::is_null))
        || ["oneOf", "anyOf"].iter().any(|key| node.get(key).is_some_and(|list| list.items().iter().any(is_null)))
}

/// Several schemas, one of which a value has: the simplest shape that takes them all.
fn union<'d>(parts: Vec<Schema<'d>>, depth: usize) -> Shape<'d> {
    let mut distinct: Vec<Schema<'d>> = Vec::new();
    for part in parts {
        let schema = if part.only.is_some() {
            part
        } else {
            let used = part.used();
            Schema { name: used.name, ..used.schema }
        };
        if distinct.iter().all(|other| other.id() != schema.id()) {
            distinct.push(schema);
        }
    }
    if let [one] = distinct.as_slice() {
        return Shape::Same(*one);
    }
    let Some(depth) = depth.checked_sub(1) else { return Shape::Union(distinct) };
    let shapes: Vec<Shape<'d>> = distinct.iter().map(|part| part.shape_within(depth)).collect();
    let all = |is: fn(&Shape<'d>) -> bool| shapes.iter().all(is);
    if all(|shape| matches!(shape, Shape::Text | Shape::Words(..))) {
        let mut words = Vec::new();
        let mut open = false;
        for shape in &shapes {
            match shape {
                Shape::Words(some, others) => {
                    words.extend(some.iter().copied());
                    open |= others;
                }
                _ => open = true,
            }
        }
        return if words.is_empty() { Shape::Text } else { Shape::Words(words, open) };
    }
    if all(|shape| matches!(shape, Shape::Integer(_))) {
        return Shape::Integer(None);
    }
    if all(|shape| matches!(shape, Shape::Integer(_) | Shape::Number)) {
        return Shape::Number;
    }
    if all(|shape| matches!(shape, Shape::Bool)) {
        return Shape::Bool;
    }
    if shapes.iter().any(|shape| matches!(shape, Shape::Any)) {
        return Shape::Any;
    }
    Shape::Union(distinct)
}
