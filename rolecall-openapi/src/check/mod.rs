//! Do the traits and the document agree?

mod endpoints;
mod expected;
mod types;

use std::collections::BTreeMap;

use crate::declared::Declared;
use crate::document::Document;
use crate::lock::{Change, changes, normal};
use crate::model;
use crate::plan::{self, Plan};
use crate::report::{Finding, Level};
use crate::roles::Roles;
use crate::scaffold::{Options, is_wanted};
use crate::source::Source;

/// What declares an API.
pub(crate) enum Declares<'s> {
    Source(&'s Source),
    Endpoints(Vec<Declared>),
}

impl Declares<'_> {
    fn all(&self) -> Vec<&Declared> {
        match self {
            Self::Source(source) => source.methods().map(|method| &method.declared).collect(),
            Self::Endpoints(endpoints) => endpoints.iter().collect(),
        }
    }
}

/// Compares what is declared with a document, and the document with the one that was accepted last, if there is one.
pub(crate) fn check(
    declares: &Declares<'_>,
    document: &Document,
    accepted: Option<&Document>,
    options: &Options,
    skip: &BTreeMap<String, String>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Declares::Source(source) = declares {
        findings.extend(source.findings.iter().cloned());
    }
    let now = disagreements(declares, document, options, skip);
    let Some(accepted) = accepted else {
        findings.extend(now);
        return findings;
    };
    let changes = changes(&normal(accepted), &normal(document));
    findings.extend(changes.iter().map(changed));
    if changes.is_empty() {
        findings.extend(now);
        return findings;
    }
    // What disagrees with the new document alone is what has changed, and reported as that.
    let before: Vec<String> =
        disagreements(declares, accepted, options, skip).into_iter().map(|one| one.message).collect();
    findings.extend(now.into_iter().filter(|finding| before.contains(&finding.message)));
    findings
}

fn changed(change: &Change) -> Finding {
    let (level, help) = if change.is_prose() {
        (Level::Note, "")
    } else {
        (Level::Error, "adapt the traits, and accept the document with `cargo rolecall update`")
    };
    Finding::new(level, change.message()).at(change.place.clone()).help(help)
}

/// Plans a document as `new` would write it.
pub(crate) fn planned(document: &Document, options: &Options) -> Plan {
    let api = model::read(document);
    let mut roles = Roles::new(&options.mapping, options.default_role.as_deref());
    plan::plan(&api, &mut roles, |operation| is_wanted(operation, &options.only))
}

fn disagreements(
    declares: &Declares<'_>,
    document: &Document,
    options: &Options,
    skip: &BTreeMap<String, String>,
) -> Vec<Finding> {
    let plan = planned(document, options);
    let expected = expected::expected(&plan);
    let declared = declares.all();
    let (mut findings, pairs) = endpoints::compare(&plan, &expected, &declared, skip, options.only.is_empty());
    if let Declares::Source(source) = declares {
        let methods: Vec<_> = source.methods().collect();
        let mut comparison = types::Comparison::new(&plan, source);
        for (expected, declared) in pairs {
            if let (Some(expected), Some(method)) = (expected_method(&plan, expected), methods.get(declared)) {
                comparison.method(expected, method);
            }
        }
        findings.extend(comparison.findings);
    }
    findings
}

fn expected_method(plan: &Plan, index: usize) -> Option<&plan::Method> {
    plan.methods().nth(index)
}
