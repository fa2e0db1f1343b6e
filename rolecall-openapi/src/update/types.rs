//! Types: what they have anew is added, and those that have changed are written again where nobody edited them.

use crate::declared::role_name;
use crate::plan::{Def, Kind};
use crate::report::{Finding, Level};
use crate::source::{SourceType, TypeKind};
use crate::update::edits::Edit;
use crate::update::needed::needed_by;
use crate::update::same;
use crate::update::updater::Updater;
use crate::write;

impl Updater<'_> {
    /// Adds types, fields, and values that are not declared.
    pub(super) fn types(&mut self) {
        let mut missing: Vec<&Def> = Vec::new();
        for def in self.plan.written() {
            match self.source.types.get(&def.name) {
                None => missing.push(def),
                Some(own) => self.changed_type(def, own),
            }
        }
        // Only types that methods use can be missing; a plan contains no others.
        if !missing.is_empty() {
            let text: Vec<String> =
                missing.iter().map(|def| format!("\n{}\n", write::model(def, &self.plan.defs).join("\n"))).collect();
            let mut imports: Vec<(&'static str, String)> = missing.iter().flat_map(|def| needed_by(def)).collect();
            imports.sort();
            imports.dedup();
            self.append("models.rs", "The types of the API.", &imports, text.concat());
        }
        let roles: Vec<String> = self
            .plan
            .roles
            .iter()
            .filter(|role| {
                role.path.is_none() && self.source.types.keys().all(|name| role_name(name) != role_name(&role.ident))
            })
            .map(|role| format!("\n{}\n", write::role_type(role).join("\n")))
            .collect();
        if !roles.is_empty() {
            let imports = [("rolecall", "Role".to_owned())];
            self.append("roles.rs", "Who may call what.", &imports, roles.concat());
        }
    }

    /// A type that is there: what of it is new?
    fn changed_type(&mut self, def: &Def, own: &SourceType) {
        let new = write::model(def, &self.plan.defs);
        let old = self.before.and_then(|before| {
            let old = before.written().find(|old| old.name == def.name)?;
            Some(write::model(old, &before.defs))
        });
        if old.as_ref().is_some_and(|old| same::same(&old.join("\n"), &new.join("\n"))) {
            // What the author took away stays away.
            return;
        }
        let place = Some(own.place.clone());
        let text = self.source.files.get(own.file).and_then(|file| file.text.get(own.span.clone())).unwrap_or_default();
        let is_as_written = old.as_ref().is_some_and(|old| same::same(text, &old.join("\n")));
        if self.apply && is_as_written {
            self.update.edits.push(Edit { file: own.file, at: own.span.clone(), text: new.join("\n") });
            let message = format!("`{}` has changed, and was written again", def.name);
            self.update.findings.push(Finding::new(Level::Note, message).at(def.place.clone()).in_source(place));
            return;
        }
        let lines = match (&def.kind, &own.kind) {
            (Kind::Struct { fields, .. }, TypeKind::Struct(own)) if own.rest.is_none() => {
                let is_new = |wire: &str| own.fields.iter().all(|other| other.wire != wire);
                write::fields(def, fields.iter().filter(|field| is_new(&field.wire)), &self.plan.defs)
            }
            (Kind::Words { words, .. }, TypeKind::Words(own)) => {
                let is_new = |word: &str| own.iter().all(|other| other.word != word);
                write::words(words.iter().filter(|(word, _)| is_new(word)))
            }
            _ => Vec::new(),
        };
        if !lines.is_empty() {
            let message = format!("`{}` has more than before; it was added", def.name);
            self.update
                .findings
                .push(Finding::new(Level::Note, message).at(def.place.clone()).in_source(place.clone()));
            self.insert_at(own.file, own.end, lines.join("\n") + "\n");
        }
        let derive = |lines: &[String]| lines.iter().find(|line| line.starts_with("#[derive(")).cloned();
        if let Some(old) = old
            && derive(&old) != derive(&new)
        {
            let message = format!("`{}` is sent and received in other places than before", def.name);
            let help = format!("write `{}` before it", derive(&new).unwrap_or_default());
            self.update
                .findings
                .push(Finding::new(Level::Warning, message).at(def.place.clone()).in_source(place).help(help));
        }
    }
}
