//! Texts and numbers that a schema allows.

use serde_json::{Value, json};

use crate::pattern;

/// A text that a schema allows.
pub(crate) fn text(schema: &Value) -> String {
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

/// A whole number that a schema allows.
pub(crate) fn integer(schema: &Value) -> Value {
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

/// A number that a schema allows.
pub(crate) fn number(schema: &Value) -> Value {
    let Value::Number(whole) = integer(schema) else { return json!(1) };
    let most = schema.get("maximum").and_then(Value::as_f64);
    match most.filter(|most| whole.as_f64().is_some_and(|whole| whole > *most)) {
        Some(most) => json!(most),
        None => Value::Number(whole),
    }
}

/// An item that is not the same as another.
pub(crate) fn distinct(item: &Value, number: u64) -> Value {
    match item {
        // A number in a string has no zero before it.
        Value::String(text) if number > 0 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Value::String(format!("{number}{text}"))
        }
        Value::String(text) if number > 0 => Value::String(format!("{text}{number}")),
        other => other.clone(),
    }
}
