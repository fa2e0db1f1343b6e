//! Adds new parts of a document to source. Text is inserted between existing items, which are not printed again.

mod edits;
mod same;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub(crate) use edits::{Edit, applied};

use crate::check::planned;
use crate::declared::role_name;
use crate::document::Document;
use crate::plan::{Def, Kind, Method, Plan, Trait, Ty};
use crate::report::{Finding, Level};
use crate::roles::Callers;
use crate::scaffold::Options;
use crate::source::{Source, SourceMethod, SourceTrait, SourceType, TypeKind};
use crate::write;

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
    let mut updater =
        Updater { source, folder, plan: &plan, before: before.as_ref(), apply, update: Update::default() };
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

struct Updater<'a> {
    source: &'a Source,
    folder: &'a Path,
    plan: &'a Plan,
    /// The plan of the accepted document.
    before: Option<&'a Plan>,
    apply: bool,
    update: Update,
}

impl Updater<'_> {
    fn note(&mut self, level: Level, message: String, place: &crate::document::Place) {
        self.update.findings.push(Finding::new(level, message).at(place.clone()));
    }

    /// Adds methods that are not declared. With `apply`, changes those that were not edited.
    fn methods(&mut self, skip: &BTreeMap<String, String>) {
        let mut free: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for method in self.source.methods() {
            free.entry(method.declared.key()).or_default().push(&method.declared.name);
        }
        for of in &self.plan.traits {
            let mut missing: Vec<&Method> = Vec::new();
            for method in &of.methods {
                let key = format!("{} {}", method.method, crate::plan::shape(&method.path));
                let title = format!("{} {}", method.method, method.path);
                match free.get_mut(&key).filter(|names| !names.is_empty()) {
                    Some(names) => {
                        let at = names.iter().position(|name| *name == method.name).unwrap_or(0);
                        names.remove(at);
                        self.changed(method);
                    }
                    None if skip.contains_key(&title) => {}
                    None => missing.push(method),
                }
            }
            if missing.is_empty() {
                continue;
            }
            for method in &missing {
                let message =
                    format!("`{} {}` was added as `{}::{}`", method.method, method.path, of.name, method.name);
                self.note(Level::Note, message, &method.place);
            }
            match self.source.traits.iter().find(|own| own.name == of.name) {
                Some(own) => self.insert(own, &missing),
                None => self.new_trait(of, &missing),
            }
        }
    }

    fn insert(&mut self, own: &SourceTrait, missing: &[&Method]) {
        let mut text = String::new();
        let mut is_first = own.methods.is_empty();
        for method in missing {
            if !std::mem::take(&mut is_first) {
                text.push('\n');
            }
            for line in write::method(method, &self.plan.defs, &own.usual) {
                text.push_str(&line);
                text.push('\n');
            }
        }
        self.insert_at(own.file, own.end, text);
        let imports = self.imports(missing);
        if let Some(file) = self.source.files.get(own.file) {
            self.update.edits.extend(edits::imports(own.file, &file.text, &imports));
        }
    }

    /// The names that methods need, with the module of each.
    fn imports(&self, methods: &[&Method]) -> Vec<(&'static str, String)> {
        let mut out: Vec<(&'static str, String)> =
            vec![("rolecall", "Error".to_owned()), ("rolecall", "endpoint".to_owned())];
        for method in methods {
            match &method.callers {
                Callers::Roles { roles, optional } => {
                    out.extend(roles.iter().map(|role| ("super::roles", role.clone())));
                    out.extend(optional.then(|| ("rolecall", "Public".to_owned())));
                }
                Callers::Public | Callers::Unknown => out.push(("rolecall", "Public".to_owned())),
            }
            for ty in method.arguments.iter().map(|argument| &argument.ty).chain([&method.returns]) {
                out.extend(needed(ty));
            }
        }
        out.sort();
        out.dedup();
        out
    }

    fn new_trait(&mut self, of: &Trait, missing: &[&Method]) {
        let mut only = Trait { methods: Vec::new(), skipped: Vec::new(), ..clone_head(of) };
        let names: BTreeSet<&str> = missing.iter().map(|method| method.name.as_str()).collect();
        only.methods.extend(of.methods.iter().filter(|method| names.contains(method.name.as_str())).cloned());
        let text = write::interface(self.plan, &only);
        self.update.files.push((self.folder.join(format!("{}.rs", of.module)), text));
        let module = crate::names::ident(&of.module);
        let front = self.source.files.iter().position(|file| file.path == self.folder.join("mod.rs"));
        match front.and_then(|index| Some((index, self.source.files.get(index)?))) {
            Some((index, file)) => {
                let at = edits::after_items(&file.text);
                let text = format!("\npub mod {module};\npub use {module}::{};\n", of.name);
                self.update.edits.push(Edit { file: index, at: at..at, text });
            }
            None => {
                let message = format!("the new module `{}` is declared nowhere", of.module);
                let finding =
                    Finding::new(Level::Warning, message).help(format!("add `pub mod {module};` beside the others"));
                self.update.findings.push(finding);
            }
        }
    }

    /// A method that is there: has the document changed it, and may it be written again?
    fn changed(&mut self, method: &Method) {
        let Some(before) = self.before else { return };
        let key = |method: &Method| (method.method.clone(), crate::plan::shape(&method.path), method.name.clone());
        let Some(old) = before.methods().find(|old| key(old) == key(method)) else { return };
        let is_own = |own: &&SourceMethod| own.declared.name == method.name && own.declared.method == method.method;
        let found = self.source.traits.iter().find_map(|of| Some((of, of.methods.iter().find(is_own)?)));
        let Some((of, own)) = found else { return };
        let old = write::method(old, &before.defs, &of.usual).join("\n");
        let new = write::method(method, &self.plan.defs, &of.usual).join("\n");
        if same::same(&old, &new) {
            return;
        }
        let text = self.source.files.get(own.file).and_then(|file| file.text.get(own.span.clone())).unwrap_or_default();
        let place = own.declared.place.clone();
        if self.apply && same::same(text, &old) {
            self.update.edits.push(Edit { file: own.file, at: own.span.clone(), text: new.trim_start().to_owned() });
            let message =
                format!("`{} {}` has changed; `{}` was written again", method.method, method.path, method.name);
            self.update.findings.push(Finding::new(Level::Note, message).at(method.place.clone()).in_source(place));
            let imports = self.imports(&[method]);
            if let Some(file) = self.source.files.get(own.file) {
                self.update.edits.extend(edits::imports(own.file, &file.text, &imports));
            }
        } else if !same::same(text, &new) {
            let message = format!("`{} {}` has changed", method.method, method.path);
            let help = if self.apply {
                "it was edited; write"
            } else {
                "with `--apply` it is written again if nobody edited it; write"
            };
            let finding = Finding::new(Level::Warning, message).at(method.place.clone()).in_source(place);
            self.update.findings.push(finding.help(format!("{help}\n{new}")));
        }
    }

    /// Methods of operations that are gone.
    fn removed(&mut self) {
        let known: BTreeSet<String> = self
            .plan
            .methods()
            .map(|method| format!("{} {}", method.method, crate::plan::shape(&method.path)))
            .collect();
        for method in self.source.methods().filter(|method| !known.contains(&method.declared.key())) {
            let message = format!("`{}` is gone from the document", method.declared.title());
            let finding = Finding::new(Level::Warning, message).in_source(method.declared.place.clone());
            self.update.findings.push(finding.help("remove the method"));
        }
    }

    /// Adds types, fields, and values that are not declared.
    fn types(&mut self) {
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
            self.append("models.rs", text.concat());
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
            self.append("roles.rs", roles.concat());
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

    /// Puts lines before the line on which something starts.
    fn insert_at(&mut self, file: usize, at: usize, text: String) {
        let all = self.source.files.get(file).map(|file| file.text.as_str()).unwrap_or_default();
        let line = all.get(..at).map_or(at, |before| before.rfind('\n').map_or(0, |at| at + 1));
        let is_blank = all.get(line..at).is_some_and(|before| before.trim().is_empty());
        let at = if is_blank { line } else { at };
        self.update.edits.push(Edit { file, at: at..at, text });
    }

    /// Puts text at the end of a file of the API.
    fn append(&mut self, name: &str, text: String) {
        let path = self.folder.join(name);
        match self.source.files.iter().position(|file| file.path == path) {
            Some(index) => {
                let end = self.source.files.get(index).map_or(0, |file| file.text.len());
                self.update.edits.push(Edit { file: index, at: end..end, text });
            }
            None => self.update.files.push((path, text)),
        }
    }
}

fn clone_head(of: &Trait) -> Trait {
    Trait {
        wish: of.wish.clone(),
        name: of.name.clone(),
        module: of.module.clone(),
        doc: of.doc.clone(),
        base: of.base.clone(),
        callers: of.callers.clone(),
        accept: of.accept.clone(),
        methods: Vec::new(),
        skipped: Vec::new(),
    }
}

/// The names that a type needs in scope.
fn needed(ty: &Ty) -> Vec<(&'static str, String)> {
    match ty {
        Ty::Value => vec![("serde_json", "Value".to_owned())],
        Ty::Object => vec![("serde_json", "Map".to_owned()), ("serde_json", "Value".to_owned())],
        Ty::Map(inner) => {
            let mut all = needed(inner);
            all.push(("std::collections", "BTreeMap".to_owned()));
            all
        }
        Ty::List(inner) | Ty::Optional(inner) | Ty::Boxed(inner) => needed(inner),
        Ty::Named(_) => vec![("super::models", "*".to_owned())],
        Ty::Runtime(name) if name.contains("::") => Vec::new(),
        Ty::Runtime(name) => vec![("rolecall", (*name).to_owned())],
        Ty::Of(name, inner) => {
            let mut all = needed(inner);
            all.push(("rolecall", (*name).to_owned()));
            all
        }
        _ => Vec::new(),
    }
}
