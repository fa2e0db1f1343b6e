//! Query parameters, and the numbers and timestamps in them.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::error::ApiError;
use crate::extract::{Fields, one_of};

/// Bounds a response to two years of hours.
const MAX_RANGE: SignedDuration = SignedDuration::from_hours(24 * 731);

/// The query parameters, read field by field like a body. Unknown parameters are ignored.
#[derive(Debug)]
pub(crate) struct Query(pub(crate) Fields);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut object = Map::new();
        for (name, value) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            if object.insert(name.clone().into_owned(), Value::String(value.into_owned())).is_some() {
                return Err(ApiError::bad_request(format!("The parameter {name} is duplicated.")));
            }
        }
        Ok(Self(Fields::new(object)))
    }
}

/// The range and resolution of a query.
#[derive(Debug)]
pub(crate) struct Range {
    pub(crate) start: Timestamp,
    /// Exclusive.
    pub(crate) end: Timestamp,
    pub(crate) resolution: String,
}

impl Fields {
    /// Reads `startDate`, `endDate` and `resolution`.
    pub(crate) fn range(&mut self, resolutions: &[&str]) -> Range {
        let start = self.required("startDate", instant);
        let end = self.required("endDate", instant);
        let resolution = self.required("resolution", one_of(resolutions));
        if self.is_valid() {
            if end <= start {
                self.add_problem("endDate must be after startDate");
            } else if end.duration_since(start) > MAX_RANGE {
                self.add_problem("endDate must be within two years after startDate");
            }
        }
        Range { start, end, resolution }
    }
}

/// Reads a timestamp in UTC.
fn instant(value: &Value) -> Result<Timestamp, String> {
    let text = value.as_str().unwrap_or_default();
    let moment = text.parse().ok().filter(|_| text.ends_with(['Z', 'z']));
    moment.ok_or_else(|| "must be a date in ISO format and UTC, such as 2023-11-01T00:00:00.000Z".to_owned())
}

/// Reads a German postal code.
pub(crate) fn zip(value: &Value) -> Result<String, String> {
    match value.as_str() {
        Some(text) if text.len() == 5 && is_number(text) => Ok(text.to_owned()),
        _ => Err("must be a postal code of five digits".to_owned()),
    }
}

/// Reads a positive whole number.
pub(crate) fn positive(value: &Value) -> Result<i64, String> {
    let text = value.as_str().unwrap_or_default();
    match text.parse() {
        Ok(number) if (1..=1_000_000).contains(&number) => Ok(number),
        _ => Err("must be a whole number from 1 to 1000000".to_owned()),
    }
}

/// Parses a path parameter of type number.
pub(crate) fn number_in_path(name: &str, segment: &str) -> Result<u64, ApiError> {
    let number = segment.parse().ok().filter(|_| is_number(segment));
    number.ok_or_else(|| ApiError::bad_request(format!("{name} must be a number.")))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
