//! The state of an update, and how text is put into files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::document::Place;
use crate::plan::Plan;
use crate::report::{Finding, Level};
use crate::source::Source;
use crate::update::edits::{self, Edit};

/// What an update does.
#[derive(Debug, Default)]
pub(crate) struct Update {
    pub(crate) edits: Vec<Edit>,
    /// New files, with their text.
    pub(crate) files: Vec<(PathBuf, String)>,
    /// What was added, and what is left to the author.
    pub(crate) findings: Vec<Finding>,
    /// Operations that cannot be declared, and are not skipped yet.
    pub(crate) skip: Vec<(String, String)>,
}

pub(super) struct Updater<'a> {
    pub(super) source: &'a Source,
    pub(super) folder: &'a Path,
    pub(super) plan: &'a Plan,
    /// The plan of the accepted document.
    pub(super) before: Option<&'a Plan>,
    pub(super) apply: bool,
    pub(super) update: Update,
    /// What was imported so far, by file.
    pub(super) imported: BTreeSet<(usize, String)>,
}

impl Updater<'_> {
    pub(super) fn note(&mut self, level: Level, message: String, place: &Place) {
        self.update.findings.push(Finding::new(level, message).at(place.clone()));
    }

    /// Puts lines before the line on which something starts.
    pub(super) fn insert_at(&mut self, file: usize, at: usize, text: String) {
        let all = self.source.files.get(file).map(|file| file.text.as_str()).unwrap_or_default();
        let line = all.get(..at).map_or(at, |before| before.rfind('\n').map_or(0, |at| at + 1));
        let is_blank = all.get(line..at).is_some_and(|before| before.trim().is_empty());
        let at = if is_blank { line } else { at };
        self.update.edits.push(Edit { file, at: at..at, text });
    }

    /// Puts text at the end of a file of the API, and what it needs among the imports. A new file becomes a module.
    pub(super) fn append(&mut self, name: &str, title: &str, imports: &[(&'static str, String)], text: String) {
        let path = self.folder.join(name);
        let found = self.source.files.iter().position(|file| file.path == path);
        match found.and_then(|index| Some((index, self.source.files.get(index)?))) {
            Some((index, file)) => {
                let end = file.text.len();
                self.update.edits.push(Edit { file: index, at: end..end, text });
                self.import(index, imports);
            }
            None => {
                let uses: String = imports.iter().map(|(module, name)| format!("use {module}::{name};\n")).collect();
                self.update.files.push((path, format!("//! {title}\n\n{uses}{text}")));
                self.declare(name.trim_end_matches(".rs"), None);
            }
        }
    }

    /// Imports names into a file, each once.
    pub(super) fn import(&mut self, file: usize, names: &[(&'static str, String)]) {
        let text = self.source.files.get(file).map(|file| file.text.as_str()).unwrap_or_default();
        let mut names = names.to_vec();
        names.retain(|(module, name)| self.imported.insert((file, format!("{module}::{name}"))));
        self.update.edits.extend(edits::imports(file, text, &names));
    }

    /// Declares a module beside the others.
    pub(super) fn declare(&mut self, module: &str, api: Option<&str>) {
        let front = self.source.files.iter().position(|file| file.path == self.folder.join("mod.rs"));
        match front.and_then(|index| Some((index, self.source.files.get(index)?))) {
            Some((index, file)) => {
                let at = edits::after_items(&file.text);
                let api = api.map_or_else(String::new, |api| format!("pub use {module}::{api};\n"));
                self.update.edits.push(Edit { file: index, at: at..at, text: format!("\npub mod {module};\n{api}") });
            }
            None => {
                let message = format!("the new module `{module}` is declared nowhere");
                let finding =
                    Finding::new(Level::Warning, message).help(format!("add `pub mod {module};` beside the others"));
                self.update.findings.push(finding);
            }
        }
    }
}
