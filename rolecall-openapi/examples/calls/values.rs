//! Values that a document's schemas allow.

use serde_json::{Map, Value, json};

use crate::pattern;

/// How deep values are made.
const MAX_DEPTH: usize = 12;

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
        self.within(schema, 0)
    }

    /// A value of a parameter of a query. A list has two items if it may: one alone is sent the same way in any style,
    /// and Prism takes it for no list if the list may be `null`.
    pub(crate) fn of_query(&self, schema: &'d Value) -> Value {
        let mut value = self.of(schema);
        let mut schema = self.resolved(schema);
        let several = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array);
        if let (true, Some(several)) = (value.is_array(), several) {
            let mut several = several.iter().map(|one| self.resolved(one));
            schema = several.find(|one| one.get("type").and_then(Value::as_str) != Some("null")).unwrap_or(schema);
        }
        let most = schema.get("maxItems").and_then(Value::as_u64).unwrap_or(2);
        if let (Value::Array(list), Some(items)) = (&mut value, schema.get("items"))
            && let ([only], true) = (list.as_slice(), most > 1)
        {
            let is_set = schema.get("uniqueItems") == Some(&Value::Bool(true));
            let second = if is_set { another(self.resolved(items), only) } else { Some(only.clone()) };
            list.extend(second);
        }
        value
    }

    fn within(&self, schema: &'d Value, depth: usize) -> Value {
        let schema = self.resolved(schema);
        if depth > MAX_DEPTH {
            return Value::Null;
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
            return self.all(schema, all, depth);
        }
        for key in ["oneOf", "anyOf"] {
            let Some(several) = schema.get(key).and_then(Value::as_array) else { continue };
            let is_null = |one: &&Value| one.get("type").and_then(Value::as_str) == Some("null");
            let Some(first) = several.iter().find(|one| !is_null(one)) else { continue };
            let mut value = self.within(first, depth + 1);
            self.discriminate(schema, first, &mut value, depth);
            if let (Value::Object(own), Some(_)) = (&mut value, schema.get("properties")) {
                self.object(schema, own, depth);
            }
            return value;
        }
        match kind(schema) {
            "object" => {
                let mut object = Map::new();
                self.object(schema, &mut object, depth);
                Value::Object(object)
            }
            "array" => {
                let count = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1).clamp(1, 20);
                let item = schema.get("items").map_or(json!("a"), |items| self.within(items, depth + 1));
                Value::Array((0..count).map(|number| distinct(&item, number)).collect())
            }
            "boolean" => Value::Bool(true),
            "integer" => integer(schema),
            "number" => number(schema),
            "null" => Value::Null,
            _ => Value::String(text(schema)),
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
            (Some(property), _) => self.within(property, depth + 1),
            (None, Some((word, _))) => Value::String(word.clone()),
            (None, None) => json!(reference.rsplit('/').next()),
        };
        object.insert(name.to_owned(), word);
    }

    fn all(&self, schema: &'d Value, all: &'d [Value], depth: usize) -> Value {
        let mut object = Map::new();
        let mut other = None;
        for part in all {
            match self.within(part, depth + 1) {
                Value::Object(part) => object.extend(part),
                value => other = other.or(Some(value)),
            }
        }
        self.object(schema, &mut object, depth);
        // A part that only restricts another has no type of its own.
        match other {
            Some(other) if object.is_empty() => other,
            _ => Value::Object(object),
        }
    }

    fn object(&self, schema: &'d Value, object: &mut Map<String, Value>, depth: usize) {
        let required = schema.get("required").and_then(Value::as_array);
        let properties = schema.get("properties").and_then(Value::as_object);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if object.contains_key(name) {
                continue;
            }
            let property = self.property(schema, name);
            let is_read_only =
                property.is_some_and(|one| self.resolved(one).get("readOnly") == Some(&Value::Bool(true)));
            if !is_read_only {
                let value = property.map_or(json!("a"), |property| self.within(property, depth + 1));
                object.insert(name.to_owned(), value);
            }
        }
        // What is always the same may have to be there, to say what the rest is.
        for (name, property) in properties.into_iter().flatten() {
            if let Some(constant) = self.resolved(property).get("const").filter(|_| !object.contains_key(name)) {
                object.insert(name.clone(), constant.clone());
            }
        }
        let least = schema.get("minProperties").and_then(Value::as_u64).unwrap_or(0);
        for (name, property) in properties.into_iter().flatten() {
            if (object.len() as u64) < least && !object.contains_key(name) {
                object.insert(name.clone(), self.within(property, depth + 1));
            }
        }
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

fn text(schema: &Value) -> String {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let known = match format {
        "date-time" => "2026-01-02T03:04:05Z",
        "date" => "2026-01-02",
        "time" => "03:04:05Z",
        "uuid" => "7b1c3f0a-5d4e-4c6b-9a8f-0e1d2c3b4a59",
        "uri" | "url" | "iri" => "https://example.com/a",
        "uri-reference" => "/a",
        "email" => "a@example.com",
        "hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "ip" => "192.0.2.1",
        "byte" => "aGk=",
        "duration" => "P1D",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        let examples = schema.get("examples").and_then(Value::as_array).and_then(|all| all.first());
        let given = schema.get("example").or(examples).or(schema.get("default")).and_then(Value::as_str);
        let made = pattern::matching(pattern).filter(|made| !made.is_empty());
        if let Some(text) = made.as_deref().or(given) {
            return padded(text, schema);
        }
    }
    padded("a1", schema)
}

fn padded(text: &str, schema: &Value) -> String {
    let bound = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
    let (least, most) = (bound("minLength").unwrap_or(0), bound("maxLength").unwrap_or(usize::MAX));
    let last = text.chars().last().unwrap_or('a');
    let mut out: String = text.chars().take(most).collect();
    while out.chars().count() < least {
        out.push(last);
    }
    out
}

fn integer(schema: &Value) -> Value {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let mut number = 1.0_f64;
    number = number.max(bound("minimum").unwrap_or(number));
    number = number.max(bound("exclusiveMinimum").map_or(number, |least| least + 1.0));
    number = number.min(bound("maximum").unwrap_or(number));
    if let Some(step) = bound("multipleOf").filter(|step| *step > 0.0) {
        number = (number / step).ceil() * step;
    }
    json!(number.ceil() as i64)
}

fn number(schema: &Value) -> Value {
    let Value::Number(whole) = integer(schema) else { return json!(1) };
    let most = schema.get("maximum").and_then(Value::as_f64);
    match most.filter(|most| whole.as_f64().is_some_and(|whole| whole > *most)) {
        Some(most) => json!(most),
        None => Value::Number(whole),
    }
}

/// An item that is not the same as another.
fn distinct(item: &Value, number: u64) -> Value {
    match item {
        // A number in a string has no zero before it.
        Value::String(text) if number > 0 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Value::String(format!("{number}{text}"))
        }
        Value::String(text) if number > 0 => Value::String(format!("{text}{number}")),
        other => other.clone(),
    }
}

/// A second value of a schema, if it is easily made.
fn another(schema: &Value, first: &Value) -> Option<Value> {
    if let Some(all) = schema.get("enum").and_then(Value::as_array) {
        return all.iter().find(|one| !one.is_null() && *one != first).cloned();
    }
    let pattern = schema.get("pattern").and_then(Value::as_str);
    let may_grow = pattern.is_none_or(|pattern| pattern.ends_with("+$") || pattern.ends_with("*$"));
    let text = first.as_str().filter(|_| may_grow && schema.get("format").is_none())?;
    Some(Value::String(format!("{text}{}", text.chars().last()?)))
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
