//! Adds new parts of a document to source. Text is inserted between existing items, which are not printed again.

mod edits;
mod methods;
mod needed;
mod same;
mod types;
mod updater;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(crate) use edits::applied;
pub(crate) use updater::Update;

use crate::check::planned;
use crate::document::Document;
use crate::report::{Finding, Level};
use crate::scaffold::Options;
use crate::source::Source;
use updater::Updater;

/// Works out an update. With `apply`, items that are as they were written from the accepted document are replaced.
pub(crate) fn update(
    source: &Source,
    folder: &Path,
    document: &Document,
    accepted: Option<&Document>,
    options: &Options,
    skip: &BTreeMap<String, String>,
    apply: bool,
) -> Update {
    let plan = planned(document, options);
    let before = accepted.map(|document| planned(document, options));
    let mut updater = Updater {
        source,
        folder,
        plan: &plan,
        before: before.as_ref(),
        apply,
        update: Update::default(),
        imported: BTreeSet::new(),
    };
    updater.types();
    updater.methods(skip);
    updater.removed();
    for skipped in plan.skipped().filter(|skipped| !skip.contains_key(&skipped.operation)) {
        updater.update.skip.push((skipped.operation.clone(), skipped.reason.clone()));
        let message = format!("`{}` is skipped: {}", skipped.operation, skipped.reason);
        updater.update.findings.push(Finding::new(Level::Warning, message).at(skipped.place.clone()));
    }
    updater.update
}
