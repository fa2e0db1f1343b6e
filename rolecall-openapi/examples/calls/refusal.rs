//! Requests that are what their document says, and that Prism refuses.

use serde_json::Value;

use crate::document::Operation;
use crate::values::{Values, kind};

/// Prism takes each part of a multipart form for a string, whatever its media type, and validates it as one.
const PART: &str = "Prism reads no JSON in the parts of a multipart form";
/// Of a form, Prism keeps the fields that the schema describes, and misses what is only required.
const FIELD: &str = "Prism drops the fields of a form that its schema requires and does not describe";
/// Of a form, Prism makes empty objects of what is not sent, and misses what they require.
const ABSENT: &str = "Prism validates nested objects of a form that are not sent";

/// Returns why Prism is wrong, if it is in all that it reports. `text` starts with its violations in JSON.
pub(crate) fn of_prism(operation: &Operation<'_>, values: &Values<'_>, text: &str) -> Option<&'static str> {
    let first = serde_json::Deserializer::from_str(text).into_iter::<Value>().next()?.ok()?;
    let violations = first.get("validation").unwrap_or(&first).as_array()?;
    let of_request = violations.iter().filter(|one| location(one).next() != Some("response"));
    let content = values.resolved(operation.body()?).get("content")?.as_object()?;
    let (media_type, content) = content.iter().next().filter(|_| content.len() == 1)?;
    let schema = values.resolved(content.get("schema")?);
    let sent = values.of(schema);
    let mut reasons = of_request.map(|one| reason(media_type, schema, &sent, values, one));
    let reason = reasons.next()??;
    reasons.all(|other| other == Some(reason)).then_some(reason)
}

fn reason(
    media_type: &str,
    schema: &Value,
    sent: &Value,
    values: &Values<'_>,
    violation: &Value,
) -> Option<&'static str> {
    let text = |key: &str| violation.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut location = location(violation).skip_while(|at| *at == "request");
    let place = (location.next(), location.next());
    let property = |name: &str| schema.get("properties").and_then(|all| all.get(name));
    match (media_type, text("code"), place) {
        ("multipart/form-data", "type", (Some("body"), Some(name))) => {
            let is_json = |property| matches!(kind(values.resolved(property)), "object" | "array");
            property(name).is_some_and(is_json).then_some(PART)
        }
        ("multipart/form-data" | "application/x-www-form-urlencoded", "required", (Some("body"), None)) => {
            let name = text("message").split('\'').nth(1)?;
            property(name).is_none().then_some(FIELD)
        }
        ("multipart/form-data" | "application/x-www-form-urlencoded", "required", (Some("body"), Some(_))) => {
            let mut way = self::location(violation).skip_while(|at| *at != "body").skip(1);
            way.try_fold(sent, below).is_none().then_some(ABSENT)
        }
        _ => None,
    }
}

fn below<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        other => other.get(key),
    }
}

fn location(violation: &Value) -> impl Iterator<Item = &str> {
    violation.get("location").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
