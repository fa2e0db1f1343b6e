//! Operations that no trait can declare, whatever their types are.

use crate::model::{In, Operation, Style};
use crate::plan::limit::Limit;
use crate::plan::{path, responses};

/// The limits that an operation meets whatever its types are.
pub(super) fn limits(operation: &Operation<'_>) -> Vec<Limit> {
    let mut limits: Vec<Limit> =
        operation.faults.iter().map(|fault| Limit::Unreadable(fault.message.clone())).collect();
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"];
    if !known.contains(&operation.method.as_str()) {
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
