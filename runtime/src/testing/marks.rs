//! What tells the calls of endpoints with the same method and path apart.

use http::header;

use super::call::Call;
use crate::endpoint::{Endpoint, ParameterLocation};

/// The numbers of marks of an endpoint that a call has, and lacks: constant and required parts of the query and the
/// headers, the media type of a required body, and `accept`.
pub(super) struct Marks {
    pub(super) present: usize,
    pub(super) missing: usize,
}

impl Marks {
    pub(super) fn of(endpoint: &Endpoint, call: &Call) -> Self {
        let mut marks = Self { present: 0, missing: 0 };
        marks.add(call.header(header::ACCEPT.as_str()) == Some(endpoint.accept));
        for (name, value) in endpoint.query {
            marks.add(call.query.iter().any(|(other, sent)| other == name && sent == value));
        }
        for (name, value) in endpoint.headers {
            marks.add(call.header(name) == Some(value));
        }
        for parameter in endpoint.parameters.iter().filter(|parameter| parameter.required && !parameter.flatten) {
            match parameter.location {
                ParameterLocation::Query => marks.add(call.query.iter().any(|(name, _)| is_of(name, parameter.name))),
                ParameterLocation::Header => marks.add(call.headers.contains_key(parameter.name)),
                ParameterLocation::Body => marks.add(has_body(call, parameter.media_type)),
                ParameterLocation::Part => marks.add(has_body(call, Some("multipart/form-data"))),
                ParameterLocation::Path => {}
            }
        }
        marks
    }

    fn add(&mut self, is_present: bool) {
        if is_present {
            self.present += 1;
        } else {
            self.missing += 1;
        }
    }
}

/// Returns `true` if a query parameter belongs to the parameter `name`, perhaps nested in brackets.
fn is_of(sent: &str, name: &str) -> bool {
    sent.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

/// Returns `true` if the call has a body of this media type, or of any if the type is not known.
fn has_body(call: &Call, media_type: Option<&str>) -> bool {
    let Some(sent) = call.header(header::CONTENT_TYPE.as_str()) else { return false };
    media_type.is_none_or(|media_type| essence(media_type).eq_ignore_ascii_case(essence(sent)))
}

fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}
