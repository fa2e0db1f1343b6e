//! Values that every call sends: what the document allows one value for, and keys that the client makes.

use crate::model::{In, Operation, Parameter, Shape};
use crate::plan::item::Constants;
use crate::plan::path;

/// The values that all calls of an operation send.
pub(super) fn constants(operation: &Operation<'_>) -> Constants {
    let mut constants = Constants { query: path::fixed_query(operation.path), ..Constants::default() };
    for parameter in &operation.parameters {
        let name = parameter.name.trim();
        if is_idempotency_key(operation, parameter) {
            constants.idempotency_key = Some(name.to_owned());
            continue;
        }
        let Some(value) = only_value(parameter) else { continue };
        let list = if parameter.location == In::Query { &mut constants.query } else { &mut constants.headers };
        if list.iter().all(|(other, _)| other != name) {
            list.push((name.to_owned(), value.to_owned()));
        }
    }
    constants
}

/// Whether a parameter is a constant, and therefore not an argument.
pub(super) fn is_constant(operation: &Operation<'_>, parameter: &Parameter<'_>) -> bool {
    only_value(parameter).is_some() || is_idempotency_key(operation, parameter)
}

/// The value of a required parameter that has no other.
fn only_value<'d>(parameter: &Parameter<'d>) -> Option<&'d str> {
    if !parameter.required || !matches!(parameter.location, In::Query | In::Header) || parameter.content.is_some() {
        return None;
    }
    match parameter.schema?.used().schema.shape() {
        Shape::Words(words, false) => match words.as_slice() {
            // As `#[endpoint]` takes it for a header, too.
            [one] if !one.is_empty() && one.chars().all(|char| char.is_ascii_graphic()) => Some(one),
            _ => None,
        },
        _ => None,
    }
}

/// A client makes the key by itself, the same for all attempts of a call, and a caller can still give another.
fn is_idempotency_key(operation: &Operation<'_>, parameter: &Parameter<'_>) -> bool {
    parameter.location == In::Header
        && parameter.name.trim().eq_ignore_ascii_case("idempotency-key")
        && matches!(operation.method.as_str(), "POST" | "PATCH")
}
