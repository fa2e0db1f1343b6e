//! Extractors: the parameters in the path, the fields of a JSON body.

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

/// The decoded path parameters, in their order.
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

/// A JSON object, read field by field. An invalid field is recorded and reads as its default, so that one response
/// names all problems; [`Fields::finish`] then rejects the request.
#[derive(Debug)]
pub(crate) struct Fields {
    object: Map<String, Value>,
    problems: Vec<String>,
}

impl Fields {
    pub(crate) fn new(object: Map<String, Value>) -> Self {
        Self { object, problems: Vec::new() }
    }

    /// Reads a required field.
    pub(crate) fn required<T: Default>(&mut self, name: &str, read: impl Read<T>) -> T {
        if self.object.contains_key(name) {
            return self.optional(name, read).unwrap_or_default();
        }
        self.problems.push(format!("{name} is missing"));
        T::default()
    }

    /// Reads an optional field. `null` is invalid, because the API specification does not allow it.
    pub(crate) fn optional<T>(&mut self, name: &str, read: impl Read<T>) -> Option<T> {
        match read(self.object.get(name)?) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problems.push(format!("{name} {problem}"));
                None
            }
        }
    }

    /// Returns `true` if no problem has been recorded.
    pub(crate) fn is_valid(&self) -> bool {
        self.problems.is_empty()
    }

    /// Records a problem that concerns several fields.
    pub(crate) fn add_problem(&mut self, problem: &str) {
        self.problems.push(problem.to_owned());
    }

    /// Returns an error that names all recorded problems.
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
        if !has_media_type(request.headers(), "application/json") {
            return Err(ApiError::bad_request(
                "The body must be JSON, with the header Content-Type: application/json.",
            ));
        }
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::payload_too_large(),
            _ => ApiError::bad_request("The body is incomplete."),
        })?;
        match serde_json::from_slice(&body) {
            Ok(Value::Object(object)) => Ok(Self::new(object)),
            Ok(_) => Err(ApiError::bad_request("The body must be a JSON object.")),
            Err(error) => Err(ApiError::bad_request(format!("The body is not JSON: {error}."))),
        }
    }
}

/// Returns `true` if the header `Content-Type` has this media type, ignoring parameters such as a charset.
pub(crate) fn has_media_type(headers: &HeaderMap, media_type: &str) -> bool {
    headers
        .get(CONTENT_TYPE)
        .map(HeaderValue::to_str)
        .and_then(Result::ok)
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case(media_type))
}

/// A function that reads a field. Its error completes a sentence that starts with the field's name.
pub(crate) trait Read<T>: Fn(&Value) -> Result<T, String> {}

impl<T, F: Fn(&Value) -> Result<T, String>> Read<T> for F {}

/// Reads a string that is not empty.
pub(crate) fn text(value: &Value) -> Result<String, String> {
    match value.as_str() {
        Some("") => Err("must not be empty".to_owned()),
        Some(text) => Ok(text.to_owned()),
        None => Err("must be a string".to_owned()),
    }
}

/// Reads a string from a set.
pub(crate) fn one_of(known: &[&str]) -> impl Read<String> {
    move |value| match value.as_str() {
        Some(text) if known.contains(&text) => Ok(text.to_owned()),
        _ => Err(format!("must be one of {}", known.join(", "))),
    }
}

/// Reads a nonempty array of strings from a set.
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

/// Reads an absolute URL of any scheme, since an app may have its own. The URL must have an authority, because
/// `localhost:3000` would otherwise pass as a URL of scheme `localhost`.
pub(crate) fn absolute_url(value: &Value) -> Result<String, String> {
    let text = value.as_str().unwrap_or_default();
    match Url::parse(text) {
        Ok(url) if url.has_authority() => Ok(text.to_owned()),
        _ => Err("must be an absolute URL".to_owned()),
    }
}

/// Reads an `http` or `https` URL.
pub(crate) fn web_url(value: &Value) -> Result<String, String> {
    let text = value.as_str().unwrap_or_default();
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(text.to_owned()),
        _ => Err("must be an http or https URL".to_owned()),
    }
}
