//! Operations that no trait can declare, whatever their types are.

use crate::model::{In, Operation, Style};
use crate::plan::limit::Limit;
use crate::plan::{path, responses};

/// The limits that an operation meets whatever its types are.
pub(super) fn limits(operation: &Operation<'_>) -> Vec<Limit> {
    let mut limits: Vec<Limit> =
        operation.faults.iter().map(|fault| Limit::Unreadable(fault.message.clone())).collect();
    if !is_method(&operation.method) {
        limits.push(Limit::Method(operation.method.clone()));
    }
    limits.extend(path::limits(operation.path));
    for parameter in &operation.parameters {
        if parameter.location == In::Path && parameter.style == Style::Prefixed {
            limits.push(Limit::PathStyle(parameter.name.to_owned()));
        }
    }
    let is_get = matches!(operation.method.as_str(), "GET" | "HEAD");
    if is_get && operation.body.as_ref().is_some_and(|body| body.required) {
        limits.push(Limit::BodyOfGet(operation.method.clone()));
    }
    let statuses: Vec<&str> = operation.responses.iter().map(|response| response.status).collect();
    let has = |start: char| statuses.iter().any(|status| status.starts_with(start));
    if !has('2') && !statuses.contains(&"default") {
        if statuses.contains(&"101") {
            limits.push(Limit::Upgrade);
        } else if has('3') && !operation.responses.iter().any(responses::is_redirect) {
            limits.push(Limit::Redirect);
        }
    }
    limits
}

/// Whether an endpoint can have a method: a token in capitals (RFC 9110, section 5.6.2) that is for content.
fn is_method(name: &str) -> bool {
    let is_token = |char: char| char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char);
    let is_name = !name.is_empty() && name.chars().all(|char| is_token(char) && !char.is_ascii_lowercase());
    is_name && !["CONNECT", "TRACE"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_a_name_in_capitals_that_is_for_content() {
        for (name, can_be) in [
            ("GET", true),
            ("QUERY", true),
            ("LIST", true),
            ("VERSION-CONTROL", true),
            ("TRACE", false),
            ("CONNECT", false),
            ("list", false),
            ("TWO WORDS", false),
            ("", false),
        ] {
            assert_eq!(is_method(name), can_be, "{name}");
        }
    }
}
