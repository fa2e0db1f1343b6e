//! The failure that an API reports in a response.

use std::fmt::{self, Write};

use serde_json::{Map, Value};

use super::escape::{Escaper, MAX_LINE, SafeDebug, on_one_line};

/// The failure that the body of a response reports: a kind for programs and a sentence for humans.
///
/// It is read from RFC 9457, from OAuth 2.0, and from the shapes that widely used frameworks and APIs send: `message`,
/// `{error: {message, type, code}}`, `{errors: […]}`, `{error, reason}`, the `detail` list of FastAPI, the status of
/// gRPC and Kubernetes, and others. [`Error::problem_as`](super::Error::problem_as) reads any other body.
#[derive(Clone, PartialEq, Eq)]
pub struct Problem {
    kind: String,
    detail: String,
    /// `true` if the body contains text that is in neither `kind` nor `detail`.
    partial: bool,
}

impl Problem {
    pub(crate) fn new(kind: &str, detail: &str) -> Self {
        Self { kind: kind.to_owned(), detail: detail.to_owned(), partial: false }
    }

    /// Returns the identifier of the kind of failure: the member `type`, `code`, `status`, or the like. It is empty if
    /// there is no such member.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Returns the sentence that describes the failure: the member `detail`, `message`, `title`, `error_description`,
    /// or the like. Several sentences are separated by `; `. It is empty if there is no such member.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Parses a problem, if the body contains one.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        parse(body)
    }

    /// Returns `true` if the body contains more information than this problem.
    pub(crate) fn is_partial(&self) -> bool {
        self.partial
    }
}

/// Writes `not_found: no such user`, on one line, with control characters escaped.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Escaper::new(f, MAX_LINE);
        // RFC 9457, section 4.2.1: this type has no meaning beyond the status.
        let kind = if self.kind == "about:blank" && !self.detail.is_empty() { "" } else { &self.kind };
        out.write_str(&on_one_line(kind))?;
        if !kind.is_empty() && !self.detail.is_empty() {
            out.write_str(": ")?;
        }
        out.write_str(&on_one_line(&self.detail))
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("kind", &SafeDebug(&self.kind))
            .field("detail", &SafeDebug(&self.detail))
            .finish()
    }
}

/// Members that contain a sentence, the most specific first.
const SENTENCES: [&str; 14] = [
    "detail",
    "message",
    "error_description",
    "Message",
    "msg",
    "error_message",
    "errorMessage",
    "errorMessages",
    "description",
    "reason",
    "faultstring",
    "messages",
    "title",
    "value",
];

/// Members that contain another object with the failure.
const NESTED: [&str; 4] = ["error", "fault", "Error", "response"];

/// Values of `status` that do not identify a failure.
const MERE_FAILURES: [&str; 5] = ["error", "fail", "failure", "failed", "ko"];

/// The maximum number of sentences of a list, and the maximum depth at which they are searched for.
const MAX_SENTENCES: usize = 5;
const MAX_DEPTH: usize = 4;

fn parse(body: &[u8]) -> Option<Problem> {
    let body: Value = serde_json::from_slice(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)).ok()?;
    let object = match &body {
        Value::Array(list) => list.first()?.as_object()?,
        body => body.as_object()?,
    };
    let kind = kind(object, 0).unwrap_or_default();
    let detail = if body.is_array() { sentence(&body, 0) } else { sentence_of(object, 0) };
    let detail = detail.filter(|detail| *detail != kind).unwrap_or_default();
    let is_text = |value: &Value| value.is_string() || value.is_array() || value.is_object();
    let partial = detail.is_empty() && object.values().filter(|value| is_text(value)).count() > 1;
    (!kind.is_empty() || !detail.is_empty()).then_some(Problem { kind, detail, partial })
}

fn kind(object: &Map<String, Value>, depth: usize) -> Option<String> {
    if depth > MAX_DEPTH {
        return None;
    }
    let inner = NESTED.iter().find_map(|name| object.get(*name)?.as_object());
    if let Some(kind) = inner.and_then(|inner| kind(inner, depth + 1)) {
        return Some(kind);
    }
    let word = |name: &str| text(object.get(name)?);
    let named = word("type").filter(|kind| inner.is_none() || kind != "error");
    named
        .or_else(|| word("error").filter(|_| object.len() > 1 || depth == 0))
        .or_else(|| word("code"))
        .or_else(|| word("__type").map(|name| name.rsplit('#').next().unwrap_or_default().to_owned()))
        .or_else(|| word("Code"))
        .or_else(|| word("errorCode"))
        .or_else(|| word("errorcode"))
        .or_else(|| word("error_code"))
        .or_else(|| word("reason").filter(|_| object.contains_key("message")))
        .or_else(|| word("status").filter(|status| identifies(status)))
        .or_else(|| ["code", "error_code"].iter().find_map(|name| number(object.get(*name)?)))
        .or_else(|| ["errors", "detail"].iter().find_map(|name| kind(first(object.get(*name)?)?, depth + 1)))
}

/// Returns `false` for a value of `status` that repeats the status of the response, or means no more than that.
fn identifies(status: &str) -> bool {
    !MERE_FAILURES.contains(&status.to_lowercase().as_str()) && status.parse::<u16>().is_err()
}

fn first(list: &Value) -> Option<&Map<String, Value>> {
    list.as_array()?.first()?.as_object()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn number(value: &Value) -> Option<String> {
    value.is_number().then(|| value.to_string())
}

fn sentence(value: &Value, depth: usize) -> Option<String> {
    if depth > MAX_DEPTH {
        return None;
    }
    match value {
        Value::String(_) => text(value),
        Value::Array(list) => {
            let all: Vec<String> = list.iter().filter_map(|item| item_sentence(item, depth + 1)).collect();
            joined(all)
        }
        Value::Object(object) => sentence_of(object, depth + 1),
        _ => None,
    }
}

fn joined(mut sentences: Vec<String>) -> Option<String> {
    let more = sentences.len().saturating_sub(MAX_SENTENCES);
    sentences.truncate(MAX_SENTENCES);
    if more > 0 {
        sentences.push(format!("and {more} more"));
    }
    (!sentences.is_empty()).then(|| sentences.join("; "))
}

/// Reads a member of a list of failures, with the name of the field that it refers to.
fn item_sentence(item: &Value, depth: usize) -> Option<String> {
    let Value::Object(object) = item else { return sentence(item, depth) };
    let field = match object.get("loc") {
        Some(Value::Array(path)) => {
            let path: Vec<String> = path.iter().filter_map(|part| text(part).or_else(|| number(part))).collect();
            Some(path.join("."))
        }
        _ => ["field", "property", "param"].iter().find_map(|name| text(object.get(*name)?)),
    };
    let sentence = sentence_of(object, depth).or_else(|| kind(object, depth))?;
    Some(match field.filter(|field| !field.is_empty()) {
        Some(field) => format!("{field}: {sentence}"),
        None => sentence,
    })
}

fn sentence_of(object: &Map<String, Value>, depth: usize) -> Option<String> {
    if depth > MAX_DEPTH {
        return None;
    }
    let own = SENTENCES.iter().find_map(|name| sentence(object.get(*name)?, depth + 1));
    let nested = || NESTED.iter().find_map(|name| sentence_of(object.get(*name)?.as_object()?, depth + 1));
    let main = own.or_else(nested);
    let failures = object.get("errors").and_then(|errors| match errors {
        Value::Object(fields) => by_field(fields, depth + 1),
        errors => sentence(errors, depth + 1),
    });
    match (main, failures) {
        (Some(main), Some(failures)) if main != failures => Some(format!("{main}; {failures}")),
        (Some(main), _) => Some(main),
        (None, Some(failures)) => Some(failures),
        (None, None) if depth == 0 && object.values().all(is_list_of_text) => by_field(object, depth),
        (None, None) => None,
    }
}

/// `{name: ["is required"]}`: a list for each field.
fn by_field(fields: &Map<String, Value>, depth: usize) -> Option<String> {
    let named = |(name, value): (&String, &Value)| Some(format!("{name}: {}", sentence(value, depth + 1)?));
    joined(fields.iter().filter_map(named).collect())
}

fn is_list_of_text(value: &Value) -> bool {
    value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_string))
}

#[cfg(test)]
mod tests;
