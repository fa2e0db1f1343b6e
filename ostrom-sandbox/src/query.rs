//! Query parameters, and the numbers and timestamps in them.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Number, Value};
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

/// Reads a `date-time` (RFC 3339), with any offset.
fn instant(value: &Value) -> Result<Timestamp, String> {
    let text = value.as_str().unwrap_or_default();
    // jiff accepts more: other calendars' notations, and a time zone in brackets.
    let rfc3339 = text.get(10..11).is_some_and(|t| t.eq_ignore_ascii_case("t")) && !text.contains('[');
    text.parse().ok().filter(|_| rfc3339).ok_or_else(|| {
        "must be a date-time with an offset, such as 2023-11-01T00:00:00.000Z or 2023-11-01T01:00:00+01:00".to_owned()
    })
}

/// Reads a German postal code.
pub(crate) fn zip(value: &Value) -> Result<String, String> {
    match value.as_str() {
        Some(text) if text.len() == 5 && is_digits(text) => Ok(text.to_owned()),
        _ => Err("must be a postal code of five digits".to_owned()),
    }
}

/// Reads a positive `number`, which may have a fraction.
pub(crate) fn positive(value: &Value) -> Result<f64, String> {
    match value.as_str().and_then(json_number) {
        Some(number) if number > 0.0 && number <= 1_000_000.0 => Ok(number),
        _ => Err("must be a number above 0 and up to 1000000".to_owned()),
    }
}

/// Parses a path parameter of type `number`. `None` is a number that no id has, such as -1 or 0.5.
pub(crate) fn number_in_path(name: &str, segment: &str) -> Result<Option<u64>, ApiError> {
    if let Some(id) = segment.parse().ok().filter(|_| is_digits(segment)) {
        return Ok(Some(id));
    }
    let number = json_number(segment).ok_or_else(|| ApiError::bad_request(format!("{name} must be a number.")))?;
    // Ids are far below 2^53, so a double represents them exactly.
    let whole = number.fract() == 0.0 && (0.0..9e15).contains(&number);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Ok(whole.then_some(number as u64))
}

/// Parses a number as JSON has it: no plus sign, no leading zeros, no infinity.
fn json_number(text: &str) -> Option<f64> {
    serde_json::from_str::<Number>(text).ok()?.as_f64().filter(|number| number.is_finite())
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
