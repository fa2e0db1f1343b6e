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

/// Of values of the same name in a form, Prism keeps the last, unless the document repeats the default style of lists.
const LIST: &str = "Prism reads no list in a form whose `encoding` does not name its style";
/// Of an object whose fields are values of the query, Prism reads those that the schema itself describes.
const QUERY: &str = "Prism reads no fields of an object in the query that its alternatives describe";
/// Prism takes a body of text for a string, and validates it as one.
const PLAIN: &str = "Prism reads no number and no boolean in a body of text";

/// The body of a request.
struct Body<'d> {
    media_type: &'d str,
    content: &'d Value,
    schema: &'d Value,
    sent: Value,
}

/// Returns why Prism is wrong, if it is in all that it reports. `text` starts with its violations in JSON.
pub(crate) fn of_prism(operation: &Operation<'_>, values: &Values<'_>, text: &str) -> Option<&'static str> {
    let first = serde_json::Deserializer::from_str(text).into_iter::<Value>().next()?.ok()?;
    let violations = first.get("validation").unwrap_or(&first).as_array()?;
    let of_request = violations.iter().filter(|one| location(one).next() != Some("response"));
    let body = Body::of(operation, values);
    let of_body = |one| body.as_ref().and_then(|body| of_body(body, values, one));
    let mut reasons = of_request.map(|one| of_query(operation, values, one).or_else(|| of_body(one)));
    let reason = reasons.next()??;
    reasons.all(|other| other == Some(reason)).then_some(reason)
}

impl<'d> Body<'d> {
    fn of(operation: &Operation<'d>, values: &Values<'d>) -> Option<Self> {
        let content = values.resolved(operation.body()?).get("content")?.as_object()?;
        let (media_type, content) = content.iter().next().filter(|_| content.len() == 1)?;
        let schema = values.resolved(content.get("schema")?);
        Some(Self { media_type, content, schema, sent: values.of(schema) })
    }
}

fn of_query(operation: &Operation<'_>, values: &Values<'_>, violation: &Value) -> Option<&'static str> {
    let mut location = location(violation).skip_while(|at| *at == "request");
    let name = location.next().filter(|at| *at == "query").and_then(|_| location.next())?;
    let is = |of: &Value, key: &str, text: &str| of.get(key).and_then(Value::as_str) == Some(text);
    let mut parameters = operation.parameters().map(|one| values.resolved(one));
    let parameter = parameters.find(|one| is(one, "in", "query") && is(one, "name", name))?;
    let has_form = parameter.get("style").is_none() || is(parameter, "style", "form");
    let is_exploded = has_form && parameter.get("explode") != Some(&Value::Bool(false));
    let schema = values.resolved(parameter.get("schema")?);
    let alternatives = ["oneOf", "anyOf", "allOf"].iter().filter_map(|key| schema.get(key)?.as_array()).flatten();
    let mut alternatives = alternatives.map(|one| kind(values.resolved(one)));
    let is_hidden = schema.get("properties").is_none() && alternatives.any(|kind| kind == "object");
    (is_exploded && is_hidden).then_some(QUERY)
}

fn of_body(body: &Body<'_>, values: &Values<'_>, violation: &Value) -> Option<&'static str> {
    let text = |key: &str| violation.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut location = location(violation).skip_while(|at| *at == "request");
    let place = (location.next(), location.next());
    let property = |name: &str| body.schema.get("properties").and_then(|all| all.get(name));
    let is_kind = |name: &str, kinds: &[&str]| {
        property(name).is_some_and(|property| kinds.contains(&kind(values.resolved(property))))
    };
    match (body.media_type, text("code"), place) {
        ("text/plain", "type", (Some("body"), None)) => (kind(body.schema) != "string").then_some(PLAIN),
        ("application/x-www-form-urlencoded", "type", (Some("body"), Some(name))) => {
            let encoding = body.content.get("encoding").and_then(|all| all.get(name));
            let has_style = encoding.is_some_and(|encoding| encoding.get("style").is_some());
            (!has_style && is_kind(name, &["array"])).then_some(LIST)
        }
        ("multipart/form-data", "type", (Some("body"), Some(name))) => {
            is_kind(name, &["object", "array"]).then_some(PART)
        }
        ("multipart/form-data" | "application/x-www-form-urlencoded", "required", (Some("body"), None)) => {
            let name = text("message").split('\'').nth(1)?;
            property(name).is_none().then_some(FIELD)
        }
        ("multipart/form-data" | "application/x-www-form-urlencoded", "required", (Some("body"), Some(_))) => {
            let mut way = self::location(violation).skip_while(|at| *at != "body").skip(1);
            way.try_fold(&body.sent, below).is_none().then_some(ABSENT)
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
