//! Values that a document's schemas allow.

use serde_json::{Map, Value, json};

use crate::scalars::{distinct, integer, number, text};

/// How deep values are made.
const MAX_DEPTH: usize = 12;
/// How deep the one of several schemas is searched for that alone takes a value.
const MAX_CHOICE: usize = 6;
/// In how many levels of such a value what is not required is tried.
const FILLED: usize = 3;

/// A document as JSON.
#[derive(Debug)]
pub(crate) struct Values<'d> {
    pub(crate) document: &'d Value,
}

impl<'d> Values<'d> {
    /// Follows references.
    pub(crate) fn resolved(&self, mut node: &'d Value) -> &'d Value {
        for _ in 0..32 {
            let Some(pointer) = node.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#')) else {
                break;
            };
            let Some(target) = self.document.pointer(&decoded(pointer)) else { break };
            node = target;
        }
        node
    }

    /// A value of a schema, with what the schema requires and nothing else.
    pub(crate) fn of(&self, schema: &'d Value) -> Value {
        self.within(schema, 0, 0)
    }

    /// A value of a parameter. Of several types a text is the surest: that of a number is a text, too. A list in the query
    /// has two items if it may: one alone is sent the same way in any style, and Prism takes it for no list if the list
    /// may be `null`. Where one of several types is a list, a list is what is written.
    pub(crate) fn of_parameter(&self, schema: &'d Value, is_query: bool) -> Value {
        let mut schema = self.resolved(schema);
        let own = schema.get("const").or_else(|| schema.get("enum"));
        let several = schema.get("anyOf").or_else(|| schema.get("oneOf")).filter(|_| own.is_none());
        let several = several.and_then(Value::as_array);
        let several = several.into_iter().flatten().map(|one| self.resolved(one)).filter(|one| kind(one) != "null");
        let count = several.clone().count();
        let of_kind = |name: &str| several.clone().find(|one| kind(one) == name);
        schema = of_kind("array").filter(|_| is_query).or_else(|| of_kind("string")).unwrap_or(schema);
        let mut value = self.of(schema);
        let most = schema.get("maxItems").and_then(Value::as_u64).unwrap_or(2);
        if let (Value::Array(list), Some(items)) = (&mut value, schema.get("items"))
            && let ([only], true) = (list.as_slice(), is_query && most > 1)
        {
            let is_set = schema.get("uniqueItems") == Some(&Value::Bool(true));
            let second = if is_set { self.another(items, only) } else { Some(only.clone()) };
            list.extend(second);
        }
        match value {
            // Where there are other types, the items are text.
            Value::Array(list) if count > 1 => list.iter().map(|item| Value::String(flat(item))).collect(),
            value => value,
        }
    }

    /// A value with what is required, and in its first `fill` levels with all else, too.
    fn within(&self, schema: &'d Value, depth: usize, fill: usize) -> Value {
        let (given, schema) = (schema, self.resolved(schema));
        if depth > MAX_DEPTH {
            return Value::Null;
        }
        if given.get("$ref").is_some() && given.get("required").is_some() {
            // What stands beside a reference restricts it.
            let mut value = self.within(schema, depth + 1, fill);
            if let Value::Object(object) = &mut value {
                self.complete(schema, given, object, depth, fill);
            }
            return value;
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        if let Some(first) =
            schema.get("enum").and_then(Value::as_array).and_then(|all| all.iter().find(|one| !one.is_null()))
        {
            return first.clone();
        }
        if let Some(all) = schema.get("allOf").and_then(Value::as_array) {
            return self.all(schema, all, depth, fill);
        }
        for key in ["oneOf", "anyOf"] {
            let several = schema.get(key).and_then(Value::as_array).into_iter().flatten();
            let is_null = |one: &&Value| one.get("type").and_then(Value::as_str) == Some("null");
            let several: Vec<&Value> = several.filter(|one| !is_null(one)).collect();
            let Some(first) = several.first() else { continue };
            let made = |(one, fill)| self.alternative(schema, one, depth, fill);
            // Of `oneOf`, exactly one may fit.
            let fits = |value: &Value| {
                let count = several.iter().filter(|one| self.misfit(one, value).is_none()).count();
                count == 1 || (count > 1 && key == "anyOf")
            };
            let fills = if depth < MAX_CHOICE { fill..=fill.max(FILLED) } else { fill..=fill };
            let mut choices = fills.flat_map(|fill| several.iter().map(move |one| (*one, fill)));
            return choices.find_map(|choice| Some(made(choice)).filter(fits)).unwrap_or_else(|| made((*first, fill)));
        }
        match kind(schema) {
            "object" => {
                let mut object = Map::new();
                self.object(schema, &mut object, depth, fill);
                Value::Object(object)
            }
            "array" => {
                let count = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1).clamp(1, 20);
                let item = schema.get("items").map_or(json!("a"), |items| self.within(items, depth + 1, fill));
                Value::Array((0..count).map(|number| distinct(&item, number)).collect())
            }
            "boolean" => Value::Bool(true),
            "integer" => integer(schema),
            "number" => number(schema),
            "null" => Value::Null,
            _ => Value::String(text(schema)),
        }
    }

    /// A value of one of several schemas.
    fn alternative(&self, schema: &'d Value, one: &'d Value, depth: usize, fill: usize) -> Value {
        let mut value = self.within(one, depth + 1, fill);
        if kind(schema) == "object" && !value.is_object() {
            // An alternative may have no type of its own.
            value = Value::Object(Map::new());
        }
        self.discriminate(schema, one, &mut value, depth);
        if let (Value::Object(own), Some(_)) = (&mut value, schema.get("properties")) {
            self.object(schema, own, depth, fill);
            self.complete(schema, self.resolved(one), own, depth, fill);
        }
        value
    }

    /// Gives what one schema requires without a description the values that another describes.
    fn complete(
        &self,
        describes: &'d Value,
        requires: &'d Value,
        object: &mut Map<String, Value>,
        depth: usize,
        fill: usize,
    ) {
        for name in required(requires).filter(|name| self.property(requires, name).is_none()) {
            let made = self.property(describes, name).map(|property| self.within(property, depth + 1, less(fill)));
            object.extend(made.map(|made| (name.to_owned(), made)));
        }
    }

    /// Adds the word that says which of several schemas a value has.
    fn discriminate(&self, schema: &'d Value, first: &'d Value, value: &mut Value, depth: usize) {
        let Some(discriminator) = schema.get("discriminator") else { return };
        let Some(name) = discriminator.get("propertyName").and_then(Value::as_str) else { return };
        let Some(object) = value.as_object_mut().filter(|object| !object.contains_key(name)) else { return };
        let known = self.property(self.resolved(first), name).map(|property| self.resolved(property));
        let known = known.filter(|property| property.get("const").or(property.get("enum")).is_some());
        let reference = first.get("$ref").and_then(Value::as_str).unwrap_or_default();
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let mapped = mapping
            .into_iter()
            .flatten()
            .find(|(_, to)| to.as_str().is_some_and(|to| to == reference || reference.ends_with(&format!("/{to}"))));
        let word = match (known, mapped) {
            (Some(property), _) => self.within(property, depth + 1, 0),
            (None, Some((word, _))) => Value::String(word.clone()),
            (None, None) => json!(reference.rsplit('/').next()),
        };
        object.insert(name.to_owned(), word);
    }

    fn all(&self, schema: &'d Value, all: &'d [Value], depth: usize, fill: usize) -> Value {
        let mut object = Map::new();
        let mut other = None;
        for part in all {
            match self.within(part, depth + 1, fill) {
                Value::Object(part) => object.extend(part),
                value => other = other.or(Some(value)),
            }
        }
        for part in all {
            self.complete(schema, self.resolved(part), &mut object, depth, fill);
        }
        // What one part requires, another may restrict.
        for (name, value) in &mut object {
            let described = self.descriptions(schema, name, depth);
            let fits = |value: &Value| described.iter().all(|one| self.misfit(one, value).is_none());
            if !fits(value) {
                let mut made = described.iter().map(|one| self.within(one, depth + 1, less(fill)));
                *value = made.find(fits).unwrap_or_else(|| value.clone());
            }
        }
        self.object(schema, &mut object, depth, fill);
        // A part that only restricts another has no type of its own.
        match other {
            Some(other) if object.is_empty() => other,
            _ => Value::Object(object),
        }
    }

    fn object(&self, schema: &'d Value, object: &mut Map<String, Value>, depth: usize, fill: usize) {
        let properties = schema.get("properties").and_then(Value::as_object);
        let made = |property| self.within(property, depth + 1, less(fill));
        let is_sent = |property| self.resolved(property).get("readOnly") != Some(&Value::Bool(true));
        for name in required(schema) {
            let property = self.property(schema, name);
            if !object.contains_key(name) && property.is_none_or(is_sent) {
                object.insert(name.to_owned(), property.map_or(json!("a"), made));
            }
        }
        let least = schema.get("minProperties").and_then(Value::as_u64).unwrap_or(0);
        for (name, property) in properties.into_iter().flatten().filter(|(_, property)| is_sent(property)) {
            // What is always the same may have to be there, to say what the rest is.
            let is_constant = self.resolved(property).get("const").is_some();
            let is_wanted = is_constant || fill > 0 || (object.len() as u64) < least;
            if is_wanted && !object.contains_key(name) {
                object.insert(name.clone(), made(property));
            }
        }
    }

    /// A second value of a schema, if it is easily made.
    fn another(&self, schema: &'d Value, first: &Value) -> Option<Value> {
        let schema = self.resolved(schema);
        let words = schema.get("enum").and_then(Value::as_array).into_iter().flatten().chain(schema.get("const"));
        let mut words = words.peekable();
        if words.peek().is_some() {
            return words.find(|one| !one.is_null() && *one != first).cloned();
        }
        if let Some(parts) = ["allOf", "oneOf", "anyOf"].iter().find_map(|key| schema.get(key)?.as_array()) {
            let mut all = parts.iter().filter_map(|part| self.another(part, first));
            return all.find(|one| self.misfit(schema, one).is_none());
        }
        let pattern = schema.get("pattern").and_then(Value::as_str);
        let may_grow = pattern.is_none_or(|pattern| pattern.ends_with("+$") || pattern.ends_with("*$"));
        let is_free = may_grow && schema.get("format").is_none() && kind(schema) == "string";
        let text = first.as_str().filter(|_| is_free)?;
        Some(Value::String(format!("{text}{}", text.chars().last()?)))
    }

    /// All schemas of a property, also those of the object's parts.
    fn descriptions(&self, schema: &'d Value, name: &str, depth: usize) -> Vec<&'d Value> {
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        let own = schema.get("properties").and_then(|properties| properties.get(name));
        let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        let parts = parts.flat_map(|part| self.descriptions(self.resolved(part), name, depth + 1));
        own.into_iter().chain(parts).collect()
    }

    /// The schema of a property, also if a part of the object describes it.
    pub(crate) fn property(&self, schema: &'d Value, name: &str) -> Option<&'d Value> {
        let own = schema.get("properties").and_then(|properties| properties.get(name));
        own.or_else(|| {
            let parts = schema.get("allOf").and_then(Value::as_array)?;
            parts.iter().find_map(|part| self.property(self.resolved(part), name))
        })
    }
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn less(fill: usize) -> usize {
    fill.saturating_sub(1)
}

/// The type of a schema; of several, the first that is not `null`.
pub(crate) fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null")
        }
        _ if schema.get("properties").is_some() || schema.get("additionalProperties").is_some() => "object",
        _ if schema.get("items").is_some() => "array",
        _ if schema.get("required").is_some() => "object",
        _ => "string",
    }
}

/// A value as one piece of text.
pub(crate) fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(flat).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// A JSON pointer of a reference, which is a part of a URL.
fn decoded(pointer: &str) -> String {
    let mut out = Vec::new();
    let mut rest = pointer.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        rest = match hex.filter(|_| *first == b'%') {
            Some(byte) => {
                out.push(byte);
                after.get(2..).unwrap_or_default()
            }
            None => {
                out.push(*first);
                after
            }
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}
