//! What a request brings along: the segments of its path, the fields of its JSON body.

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Map, Value};
use url::Url;

use crate::error::ApiError;

/// The placeholders of the path, decoded, in their order.
#[derive(Debug)]
pub(crate) struct Segments<T>(pub(crate) T);

impl<T, S> FromRequestParts<S> for Segments<T>
where
    Path<T>: FromRequestParts<S, Rejection = PathRejection>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(segments)) => Ok(Self(segments)),
            Err(rejection) => Err(ApiError::bad_request(rejection.body_text())),
        }
    }
}

/// A JSON object, read field by field. A field that is wrong is noted and reads as its default,
/// so that one answer names all that is wrong; [`Fields::finish`] lets no default through.
#[derive(Debug)]
pub(crate) struct Fields {
    object: Map<String, Value>,
    problems: Vec<String>,
}

impl Fields {
    pub(crate) fn of(object: Map<String, Value>) -> Self {
        Self { object, problems: Vec::new() }
    }

    /// Reads a field that must be there.
    pub(crate) fn required<T: Default>(&mut self, name: &str, read: impl Read<T>) -> T {
        if self.object.contains_key(name) {
            return self.optional(name, read).unwrap_or_default();
        }
        self.problems.push(format!("{name} is missing"));
        T::default()
    }

    /// Reads a field that may be left out. `null` is not left out: the document allows none.
    pub(crate) fn optional<T>(&mut self, name: &str, read: impl Read<T>) -> Option<T> {
        match read(self.object.get(name)?) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problems.push(format!("{name} {problem}"));
                None
            }
        }
    }

    /// Whether no field was wrong so far.
    pub(crate) fn is_fine(&self) -> bool {
        self.problems.is_empty()
    }

    /// Notes what is wrong with fields that are right by themselves.
    pub(crate) fn refuse(&mut self, problem: &str) {
        self.problems.push(problem.to_owned());
    }

    /// Refuses the request if any field was wrong.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        if self.problems.is_empty() {
            return Ok(());
        }
        let problems = self.problems.join("; ");
        Err(ApiError::bad_request(format!("Invalid fields: {problems}.")))
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is(request.headers(), "application/json") {
            return Err(ApiError::bad_request(
                "The body must be JSON, with the header Content-Type: application/json.",
            ));
        }
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::payload_too_large(),
            _ => ApiError::bad_request("The body broke off."),
        })?;
        match serde_json::from_slice(&body) {
            Ok(Value::Object(object)) => Ok(Self::of(object)),
            Ok(_) => Err(ApiError::bad_request("The body must be a JSON object.")),
            Err(error) => Err(ApiError::bad_request(format!("The body is not JSON: {error}."))),
        }
    }
}

/// Whether the body is said to be of this media type, parameters such as a charset aside.
pub(crate) fn is(headers: &HeaderMap, media_type: &str) -> bool {
    headers
        .get(CONTENT_TYPE)
        .map(HeaderValue::to_str)
        .and_then(Result::ok)
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case(media_type))
}

/// How a field is read: its value, or what is wrong with it, to follow the field's name.
pub(crate) trait Read<T>: Fn(&Value) -> Result<T, String> {}

impl<T, F: Fn(&Value) -> Result<T, String>> Read<T> for F {}

/// A string that says something.
pub(crate) fn text(value: &Value) -> Result<String, String> {
    match value.as_str() {
        Some("") => Err("must not be empty".to_owned()),
        Some(text) => Ok(text.to_owned()),
        None => Err("must be a string".to_owned()),
    }
}

/// A string out of a set.
pub(crate) fn one_of(known: &[&str]) -> impl Read<String> {
    move |value| match value.as_str() {
        Some(text) if known.contains(&text) => Ok(text.to_owned()),
        _ => Err(format!("must be one of {}", known.join(", "))),
    }
}

/// An array of strings out of a set, at least one.
pub(crate) fn some_of(known: &[&str]) -> impl Read<Vec<String>> {
    let one = one_of(known);
    let problem = format!("must be an array of at least one of {}", known.join(", "));
    move |value| match value.as_array() {
        Some(items) if !items.is_empty() => {
            items.iter().map(&one).collect::<Result<_, _>>().map_err(|_| problem.clone())
        }
        _ => Err(problem.clone()),
    }
}

/// A URL that names where it leads, of any scheme: a partner's app has one of its own. A URL
/// without an authority is refused, or `localhost:3000` would pass as one of scheme `localhost`.
pub(crate) fn absolute_url(value: &Value) -> Result<String, String> {
    let text = value.as_str().unwrap_or_default();
    match Url::parse(text) {
        Ok(url) if url.has_authority() => Ok(text.to_owned()),
        _ => Err("must be an absolute URL".to_owned()),
    }
}

/// A URL of the web.
pub(crate) fn web_url(value: &Value) -> Result<String, String> {
    let text = value.as_str().unwrap_or_default();
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(text.to_owned()),
        _ => Err("must be a URL of http or https".to_owned()),
    }
}
