//! What came of the calls of a document.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Operation, key};
use crate::values::Values;

/// The outcomes of some calls.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    succeeded: usize,
    /// Prism refused the request, which its document does not allow.
    refused: usize,
    /// The response did not fit the type that was written for it.
    not_decoded: usize,
    other: usize,
    /// The response is not what its schema says: an example contradicts it, or Prism made it up.
    contradictory: usize,
    /// Prism had no response: it answered with an error of its own, or ended.
    prism: usize,
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
            // No document has its errors as the first response: one of the server's is Prism's own.
            let count = match (*kind, misfit.is_some()) {
                ("Status", _) if status.starts_with('5') => &mut out.prism,
                ("Connect" | "Transport", _) => &mut out.prism,
                ("Status", _) => &mut out.refused,
                ("Decode", true) => &mut out.contradictory,
                ("Decode", false) => &mut out.not_decoded,
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
        self.failures.extend(more.failures);
    }

    pub(crate) fn row(&self) -> String {
        let numbers =
            [self.called(), self.succeeded, self.refused, self.not_decoded, self.other, self.contradictory, self.prism];
        numbers.map(|number| number.to_string()).join("\t")
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

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
