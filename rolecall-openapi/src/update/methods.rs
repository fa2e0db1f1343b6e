//! Methods: new ones are added, and those that have changed are written again where nobody edited them.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{Method, Trait};
use crate::report::{Finding, Level};
use crate::roles::Callers;
use crate::source::{SourceMethod, SourceTrait};
use crate::update::edits::Edit;
use crate::update::needed::needed;
use crate::update::same;
use crate::update::updater::Updater;
use crate::write;

impl Updater<'_> {
    /// Adds methods that are not declared. With `apply`, changes those that were not edited.
    pub(super) fn methods(&mut self, skip: &BTreeMap<String, String>) {
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
        self.import(own.file, &imports);
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
        self.declare(&crate::names::ident(&of.module), Some(&of.name));
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
            self.import(own.file, &imports);
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
    pub(super) fn removed(&mut self) {
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
