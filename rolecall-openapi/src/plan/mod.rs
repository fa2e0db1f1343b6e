//! The plan of what is written: traits, methods, types, roles, and what cannot be expressed.

mod arguments;
mod bodies;
mod boxes;
mod constants;
mod contents;
mod directions;
mod examples;
mod flat;
mod identifiers;
mod item;
mod lenient;
mod limit;
mod method;
mod parts;
mod path;
mod refusals;
mod responses;
mod spelling;
mod streams;
mod tags;
mod ty;
mod types;
mod words;

use std::collections::BTreeMap;

pub(crate) use item::{
    Argument, Case, Constants, Def, Field, Kind, ListStyle, Location, Method, Plan, Skipped, Trait, Variant,
};
pub(crate) use limit::Limit;
pub(crate) use path::{placeholders, shape};
pub(crate) use ty::Ty;

use crate::model::{Api, Operation};
use crate::names;
use crate::report::{Finding, Level};
use crate::roles::{Callers, Roles};
use examples::Examples;
use types::Types;

/// Plans how a document is written. Operations for which `wanted` returns `false` are omitted.
pub(crate) fn plan<'d>(api: &Api<'d>, roles: &mut Roles<'_>, wanted: impl Fn(&Operation<'_>) -> bool) -> Plan {
    let examples = Examples::of(api.document);
    let text_identifiers = identifiers::texts(api, &examples);
    let mut planner = Planner {
        api,
        types: Types::new(api.document, examples, text_identifiers),
        traits: Vec::new(),
        methods: std::collections::BTreeSet::new(),
        findings: Vec::new(),
        undecided: Vec::new(),
        left_out: 0,
    };
    for operation in &api.operations {
        if wanted(operation) {
            planner.operation(operation, roles);
        } else {
            planner.left_out += 1;
        }
    }
    planner.finish(roles)
}

struct Planner<'a, 'd> {
    api: &'a Api<'d>,
    types: Types<'d>,
    traits: Vec<Trait>,
    /// The names of all methods: a client has those of every trait that is imported.
    methods: std::collections::BTreeSet<String>,
    findings: Vec<Finding>,
    /// Operations whose role is unknown.
    undecided: Vec<String>,
    left_out: usize,
}

impl<'d> Planner<'_, 'd> {
    fn operation(&mut self, operation: &Operation<'d>, roles: &mut Roles<'_>) {
        let place = self.place(operation);
        let (name, doc, base) = self.group(operation);
        let index = self.trait_of(&name, &doc, base);
        let limits = refusals::limits(operation);
        if !limits.is_empty() {
            let reason = limits.iter().map(Limit::reason).collect::<Vec<_>>().join("; ");
            let message = format!("`{}` cannot be declared: {reason}", operation.title());
            let help = limits.first().map(Limit::help).unwrap_or_default();
            self.findings.push(Finding::new(Level::Warning, message).at(place.clone()).help(help));
            if let Some(of) = self.traits.get_mut(index) {
                of.skipped.push(Skipped { operation: operation.title(), reason, place });
            }
            return;
        }
        let callers = roles.of(self.api, operation);
        if callers == Callers::Unknown {
            self.undecided.push(operation.title());
        }
        for mut method in method::methods(&mut self.types, operation, callers) {
            method.name = names::unique(&method.name, "_", |name| self.methods.contains(name));
            self.methods.insert(method.name.clone());
            let index = self.free_trait(index, &method);
            if let Some(of) = self.traits.get_mut(index) {
                of.methods.push(method);
            }
        }
    }

    fn place(&self, operation: &Operation<'_>) -> crate::document::Place {
        self.api.document.place(operation.site)
    }

    /// The trait of an operation: its name, documentation, and base URL, if that is not the usual one.
    fn group(&self, operation: &Operation<'d>) -> (String, String, Option<String>) {
        let tag = operation.tags.iter().find(|tag| !names::pascal(tag).is_empty());
        let (mut name, doc) = match tag {
            Some(tag) => {
                let doc = self.api.tags.iter().find(|other| other.name == *tag).and_then(|tag| tag.description);
                (names::pascal(tag), doc.map_or_else(|| format!("{tag}."), str::to_owned))
            }
            None => {
                let segment = operation.path.split(['/', '#', '?']).find(|segment| {
                    let is_version =
                        segment.starts_with('v') && segment.get(1..).is_some_and(|rest| rest.parse::<f32>().is_ok());
                    !segment.is_empty()
                        && !segment.contains('{')
                        && !is_version
                        && *segment != "api"
                        && !names::pascal(segment).is_empty()
                });
                let segment = segment.unwrap_or("root");
                (names::pascal(segment), format!("Operations below `{segment}`."))
            }
        };
        let base = operation.servers.first().filter(|_| operation.servers != self.api.servers).cloned();
        if let Some(host) = base.as_deref().and_then(|url| url.split("://").nth(1)) {
            let host = names::pascal(host.split('.').next().unwrap_or_default());
            name.push_str(if name.ends_with(&host) { "" } else { &host });
        }
        if name.ends_with("Api") && name.len() > 3 {
            name.truncate(name.len() - 3);
        }
        (format!("{name}Api"), doc, base)
    }

    fn trait_of(&mut self, name: &str, doc: &str, base: Option<String>) -> usize {
        // A host of its own is another trait: a client has one base URL.
        let same = |of: &Trait| of.wish == name && of.base == base;
        if let Some(index) = self.traits.iter().position(same) {
            return index;
        }
        let unique =
            names::unique(name, "", |name| self.traits.iter().any(|of| of.name == name) || self.types.is_taken(name));
        self.types.take(&unique);
        let module = names::lower(unique.trim_end_matches("Api"), "api");
        let module = names::unique(&module, "_", |module| {
            ["models", "roles", "mod", "lib", "main"].contains(&module)
                || self.traits.iter().any(|of| of.module == module)
        });
        self.traits.push(Trait {
            wish: name.to_owned(),
            name: unique,
            module,
            doc: doc.to_owned(),
            base,
            callers: None,
            accept: None,
            methods: Vec::new(),
            skipped: Vec::new(),
        });
        self.traits.len() - 1
    }

    /// The trait itself, or another where it has an endpoint already that looks the same to a server.
    fn free_trait(&mut self, index: usize, method: &Method) -> usize {
        let is_free = |of: &Trait| of.methods.iter().all(|other| !other.clashes(method));
        let Some(of) = self.traits.get(index) else { return index };
        if is_free(of) {
            return index;
        }
        let (wish, doc, base) = (of.wish.clone(), of.doc.clone(), of.base.clone());
        let stem = wish.trim_end_matches("Api").to_owned();
        let mut number = 2;
        loop {
            let index = self.trait_of(&format!("{stem}{number}Api"), &doc, base.clone());
            if self.traits.get(index).is_none_or(is_free) {
                return index;
            }
            number += 1;
        }
    }

    fn finish(mut self, roles: &Roles<'_>) -> Plan {
        self.types.finish();
        let Types { mut defs, findings, lacking, .. } = self.types;
        for role in roles.found() {
            // Traits import both.
            let is_same = |def: &&mut Def| def.name.eq_ignore_ascii_case(&role.ident);
            let names: Vec<String> = defs.iter().map(|def| def.name.clone()).collect();
            if let Some(def) = defs.iter_mut().find(is_same) {
                def.name =
                    names::unique(&format!("{}Model", def.name), "", |name| names.iter().any(|other| other == name));
            }
        }
        self.findings.extend(findings);
        let mut plan = Plan {
            title: self.api.title.clone(),
            version: self.api.version.clone(),
            base_url: self.api.servers.first().cloned(),
            roles: roles.found(),
            traits: self.traits,
            defs,
            findings: self.findings,
            undecided: self.undecided,
            left_out: self.left_out,
            webhooks: self.api.webhooks,
        };
        for of in &mut plan.traits {
            of.callers = usual_callers(&of.methods);
            of.accept = usual_accept(&of.methods);
        }
        plan.traits.retain(|of| !of.methods.is_empty() || !of.skipped.is_empty());
        tags::settle(&mut plan.defs);
        directions::settle(&mut plan, &lacking);
        boxes::settle(&mut plan.defs);
        number_of_names(&mut plan);
        plan
    }
}

/// Who may call most of some methods, where that holds for several.
fn usual_callers(methods: &[Method]) -> Option<Callers> {
    let count = |callers: &Callers| methods.iter().filter(|method| method.callers == *callers).count();
    // The first of those that are the most frequent.
    let usual = methods.iter().rev().map(|method| &method.callers).max_by_key(|callers| count(callers))?;
    (count(usual) > 1).then(|| usual.clone())
}

/// The media type that several methods, and all, ask for.
fn usual_accept(methods: &[Method]) -> Option<String> {
    let [first, _, ..] = methods else { return None };
    methods.iter().all(|method| method.accept == first.accept).then(|| first.accept.clone()).flatten()
}

/// Types that nothing uses any more are not written.
fn number_of_names(plan: &mut Plan) {
    let used: BTreeMap<usize, ()> = directions::used(plan).into_iter().map(|index| (index, ())).collect();
    for (index, def) in plan.defs.iter_mut().enumerate() {
        def.written = used.contains_key(&index);
    }
}
