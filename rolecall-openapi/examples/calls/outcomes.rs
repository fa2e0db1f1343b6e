//! What came of the calls of a document.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Operation, key};
use crate::refusal;
use crate::values::Values;

/// The document has a redirect, and Prism sends only what a document has.
const NO_LOCATION: &str = "the document has no `Location` in a redirect";
const AGAINST: &str = "the response contradicts its schema";

/// The outcomes of some calls.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    succeeded: usize,
    /// Prism refused the request, which its document does not allow.
    refused: usize,
    /// The response did not fit the type that was written for it.
    not_decoded: usize,
    other: usize,
    /// The response is not what its document says: an example contradicts it, or Prism made it up.
    contradictory: usize,
    /// Prism had no response: it answered with an error of its own, or ended.
    prism: usize,
    /// Why calls of the last two kinds failed, and how many.
    reasons: BTreeMap<&'static str, usize>,
    pub(crate) failures: Vec<String>,
}

impl Outcomes {
    pub(crate) const HEADER: &str =
        "called\tsucceeded\trefused\tnot decoded\tother\tresponse against its schema\tfailed within Prism";

    /// Reads what a program printed: a line for each call.
    pub(crate) fn of(text: &str, operations: &BTreeMap<String, Operation<'_>>, values: &Values<'_>) -> Self {
        let mut out = Self::default();
        for line in text.lines() {
            if line.starts_with("ok ") {
                out.succeeded += 1;
                continue;
            }
            let parts: Vec<&str> = line.split('\t').collect();
            let [title, method, kind, status, message, body] = parts.as_slice() else {
                out.other(line.to_owned());
                continue;
            };
            let operation = title
                .trim_start_matches("failed ")
                .split_once(' ')
                .and_then(|(method, path)| operations.get(&key(method, path)));
            let misfit = operation.filter(|_| *kind == "Decode").and_then(|operation| {
                let content = values.resolved(operation.response(status)?).get("content")?.as_object()?;
                let (_, content) = content.iter().find(|(media_type, _)| media_type.contains("json"))?;
                values.misfit(content.get("schema")?, &serde_json::from_str::<Value>(body).ok()?)
            });
            let reason = match (*kind, operation) {
                // No document has its errors as the first response: one of the server's is Prism's own.
                ("Status", _) if status.starts_with('5') => Some("Prism answers with an error of its own"),
                ("Connect" | "Transport", _) => Some("Prism ends, or closes the connection"),
                ("Status", Some(operation)) => refusal::of_prism(operation, values, body),
                ("Decode", Some(operation)) if status.starts_with('3') && !has_location(operation, values, status) => {
                    Some(NO_LOCATION)
                }
                ("Decode", _) if misfit.is_some() => Some(AGAINST),
                _ => None,
            };
            *reason.map_or(&mut 0, |reason| out.reasons.entry(reason).or_default()) += 1;
            let count = match (*kind, reason) {
                (_, Some(NO_LOCATION | AGAINST)) => &mut out.contradictory,
                (_, Some(_)) => &mut out.prism,
                ("Status", None) => &mut out.refused,
                ("Decode", None) => &mut out.not_decoded,
                _ => &mut out.other,
            };
            *count += 1;
            let start: String = body.chars().take(600).collect();
            let misfit = misfit.map_or_else(String::new, |misfit| format!(" (against its schema: {misfit})"));
            out.failures.push(format!("{title} {method} {kind} {status}: {message}{misfit}: {start}"));
        }
        out
    }

    /// Adds a failure that is not a call's.
    pub(crate) fn other(&mut self, message: String) {
        self.other += 1;
        self.failures.push(message);
    }

    pub(crate) fn add(&mut self, more: Self) {
        self.succeeded += more.succeeded;
        self.refused += more.refused;
        self.not_decoded += more.not_decoded;
        self.other += more.other;
        self.contradictory += more.contradictory;
        self.prism += more.prism;
        more.reasons.into_iter().for_each(|(reason, count)| *self.reasons.entry(reason).or_default() += count);
        self.failures.extend(more.failures);
    }

    pub(crate) fn row(&self) -> String {
        let numbers =
            [self.called(), self.succeeded, self.refused, self.not_decoded, self.other, self.contradictory, self.prism];
        numbers.map(|number| number.to_string()).join("\t")
    }

    /// Why calls are not counted against what is written, and how many.
    pub(crate) fn reasons(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.reasons.iter().map(|(reason, count)| (*reason, *count))
    }

    /// The share of all calls that succeeded.
    pub(crate) fn share(&self) -> f64 {
        share(self.succeeded, self.called())
    }

    /// The share of the calls to which Prism has a response that is what its schema says.
    pub(crate) fn share_of_served(&self) -> f64 {
        share(self.succeeded, self.called() - self.prism - self.contradictory)
    }

    fn called(&self) -> usize {
        self.succeeded + self.failures.len()
    }
}

fn has_location(operation: &Operation<'_>, values: &Values<'_>, status: &str) -> bool {
    let response = operation.response(status).map(|response| values.resolved(response));
    let headers = response.and_then(|response| response.get("headers")?.as_object());
    headers.is_some_and(|headers| headers.keys().any(|name| name.eq_ignore_ascii_case("location")))
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
