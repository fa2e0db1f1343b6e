//! The files of an API: a module for each trait, its models, and its roles.

use std::path::PathBuf;

use crate::declared::role_name;
use crate::names;
use crate::plan::{Def, Kind, Location, Plan, Trait, Ty};
use crate::roles::{Callers, Role};
use crate::write::layout::{by_version, header, import, literal};
use crate::write::models::model;
use crate::write::{prose, traits};

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// Relative to the folder of the API.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// All files of a plan.
pub(crate) fn files(plan: &Plan, source: &str) -> Vec<File> {
    let has_models = plan.written().next().is_some();
    let has_roles = plan.roles.iter().any(|role| role.path.is_none());
    let mut files = vec![file("mod.rs", front(plan, source, has_models, has_roles))];
    if has_models {
        files.push(file("models.rs", models(plan)));
    }
    if has_roles {
        files.push(file("roles.rs", roles(&plan.roles)));
    }
    for of in &plan.traits {
        files.push(file(&format!("{}.rs", of.module), interface(plan, of)));
    }
    files
}

fn file(path: &str, lines: Vec<String>) -> File {
    let mut text = lines.join("\n");
    text.push('\n');
    File { path: PathBuf::from(path), text }
}

fn front(plan: &Plan, source: &str, has_models: bool, has_roles: bool) -> Vec<String> {
    let version = if plan.version.is_empty() { String::new() } else { format!(", version {}", plan.version) };
    let title = prose::sentence(&format!("{}{version}.", plan.title), 200);
    let mut about = prose::lines(&title, "", "//!");
    about.push("//!".to_owned());
    about.extend(prose::lines(
        &format!("Written by `cargo rolecall new` from `{source}`; `cargo rolecall check` compares the two."),
        "",
        "//!",
    ));
    let mut modules: Vec<String> = plan.traits.iter().map(|of| names::ident(&of.module)).collect();
    modules.extend(has_models.then(|| "models".to_owned()));
    modules.extend(has_roles.then(|| "roles".to_owned()));
    modules.sort_by(|a, b| a.trim_start_matches("r#").cmp(b.trim_start_matches("r#")));
    let modules = modules.iter().map(|module| format!("pub mod {module};")).collect();
    let mut traits: Vec<&Trait> = plan.traits.iter().collect();
    traits.sort_by(|a, b| by_version(&a.module, &b.module));
    let traits = traits.iter().map(|of| format!("pub use {}::{};", names::ident(&of.module), of.name)).collect();
    let base_url = plan.base_url.as_deref().filter(|url| url.contains("://")).map(|url| {
        let mut out = vec!["/// The base URL of the API.".to_owned()];
        out.extend(constant("BASE_URL", url));
        out
    });
    // A document without operations has no modules and no traits.
    let blocks: [Vec<String>; 4] = [about, modules, traits, base_url.unwrap_or_default()];
    let blocks: Vec<Vec<String>> = blocks.into_iter().filter(|block| !block.is_empty()).collect();
    blocks.join(&String::new())
}

fn constant(name: &str, value: &str) -> Vec<String> {
    let value = literal(value.trim_end_matches('/'));
    let line = format!("pub const {name}: &str = {value};");
    if line.chars().count() <= crate::write::layout::WIDTH {
        return vec![line];
    }
    vec![format!("pub const {name}: &str ="), format!("    {value};")]
}

fn roles(roles: &[Role]) -> Vec<String> {
    let mut out = vec!["//! Who may call what.".to_owned(), String::new(), "use rolecall::Role;".to_owned()];
    for role in roles.iter().filter(|role| role.path.is_none()) {
        out.push(String::new());
        out.extend(role_type(role));
    }
    out
}

/// The lines of a role.
pub(crate) fn role_type(role: &Role) -> Vec<String> {
    let mut out = prose::docs(&role.doc, "", 400, &format!("The role `{}`.", role.ident));
    out.push("#[derive(Debug, Role)]".to_owned());
    out.push(format!("#[role(name = {})]", literal(&role_name(&role.ident))));
    out.extend(header(&format!("pub enum {}", role.ident), "{}"));
    out
}

/// The text of the file of a trait.
pub(crate) fn interface_text(plan: &Plan, of: &Trait) -> String {
    file("", interface(plan, of)).text
}

/// What a file has to import.
#[derive(Debug, Default)]
struct Imports {
    map: bool,
    object: bool,
    value: bool,
}

impl Imports {
    fn of(&mut self, ty: &Ty) {
        match ty {
            Ty::Value => self.value = true,
            Ty::Object => self.object = true,
            Ty::Map(inner) => {
                self.map = true;
                self.of(inner);
            }
            Ty::List(inner) | Ty::Optional(inner) | Ty::Boxed(inner) | Ty::Of(_, inner) => self.of(inner),
            _ => {}
        }
    }

    fn json(&self, number: bool) -> Vec<String> {
        let mut names = Vec::new();
        names.extend(self.object.then(|| "Map".to_owned()));
        names.extend(number.then(|| "Number".to_owned()));
        names.extend((self.object || self.value).then(|| "Value".to_owned()));
        import("serde_json", &names)
    }
}

fn models(plan: &Plan) -> Vec<String> {
    let mut imports = Imports::default();
    let mut number = false;
    let mut runtime: Vec<String> = Vec::new();
    for def in plan.written() {
        match &def.kind {
            Kind::Struct { fields, rest } => {
                fields.iter().for_each(|field| imports.of(&field.ty));
                if let Some(rest) = rest {
                    imports.map = true;
                    imports.of(rest);
                }
            }
            Kind::Union { variants, .. } => {
                variants.iter().for_each(|variant| imports.of(&variant.ty));
                imports.value |= def.is_open();
            }
            Kind::Statuses(cases) => {
                let types = || cases.iter().filter_map(|case| case.ty.as_ref());
                types().for_each(|ty| imports.of(ty));
                let names = types().flat_map(Ty::runtime).filter(|name| !name.contains("::"));
                runtime.extend(names.chain(["ByStatus"]).map(str::to_owned));
            }
            Kind::Words { .. } => {}
            Kind::NumberOrText => number = true,
        }
    }
    let mut out = prose::lines(&prose::sentence(&format!("The types of {}.", plan.title), 200), "", "//!");
    out.push(String::new());
    if imports.map {
        out.push("use std::collections::BTreeMap;".to_owned());
    }
    if number {
        out.push("use std::fmt;".to_owned());
    }
    if imports.map || number {
        out.push(String::new());
    }
    runtime.sort();
    runtime.dedup();
    out.extend(import("rolecall", &runtime));
    let has = |is: fn(&Def) -> bool| number || plan.written().any(is);
    let mut serde = Vec::new();
    serde.extend(has(|def| def.response && def.is_serde()).then(|| "Deserialize".to_owned()));
    serde.extend(has(|def| def.request && def.is_serde()).then(|| "Serialize".to_owned()));
    out.extend(import("serde", &serde));
    out.extend(imports.json(number));
    for def in plan.written() {
        out.push(String::new());
        out.extend(model(def, &plan.defs));
    }
    out
}

fn interface(plan: &Plan, of: &Trait) -> Vec<String> {
    let mut imports = Imports::default();
    let mut runtime: Vec<String> = vec!["api".to_owned()];
    let mut roles: Vec<&str> = Vec::new();
    let mut has_models = false;
    let mut add = |name: &str| {
        if !runtime.iter().any(|other| other == name) {
            runtime.push(name.to_owned());
        }
    };
    for method in &of.methods {
        add("Error");
        add("endpoint");
        for ty in method.arguments.iter().map(|argument| &argument.ty).chain([&method.returns]) {
            imports.of(ty);
            has_models |= ty.named().is_some();
            ty.runtime().into_iter().for_each(&mut add);
        }
        match &method.callers {
            Callers::Public | Callers::Unknown => add("Public"),
            Callers::Roles { roles: some, optional } => {
                if *optional {
                    add("Public");
                }
                for role in some {
                    if !roles.contains(&role.as_str()) {
                        roles.push(role);
                    }
                }
            }
        }
    }
    let title = prose::sentence(&of.doc, 160);
    let title = if title.is_empty() { format!("The trait `{}`.", of.name) } else { title };
    let mut out = prose::lines(&title, "", "//!");
    out.push(String::new());
    if imports.map {
        out.push("use std::collections::BTreeMap;".to_owned());
        out.push(String::new());
    }
    let (own, others): (Vec<&str>, Vec<&str>) =
        roles.into_iter().partition(|name| plan.roles.iter().any(|role| role.ident == *name && role.path.is_none()));
    let mut outside: Vec<String> = import("rolecall", &runtime);
    outside.extend(imports.json(false));
    for name in others {
        let path =
            plan.roles.iter().find(|role| role.ident == name).and_then(|role| role.path.clone()).unwrap_or_default();
        let last = path.rsplit("::").next().unwrap_or_default();
        outside.push(if last == name { format!("use {path};") } else { format!("use {path} as {name};") });
    }
    sort_imports(&mut outside);
    out.extend(outside);
    if has_models || !own.is_empty() {
        out.push(String::new());
    }
    if has_models {
        out.push("use super::models::*;".to_owned());
    }
    out.extend(import("super::roles", &own.into_iter().map(str::to_owned).collect::<Vec<_>>()));
    if let Some(base) = &of.base {
        out.push(String::new());
        out.push("/// The base URL of these operations.".to_owned());
        out.extend(constant("BASE_URL", base));
    }
    out.push(String::new());
    out.extend(traits::interface(of, &plan.defs));
    out
}

/// By path, as rustfmt sorts a block; one that takes several lines stays together.
fn sort_imports(lines: &mut Vec<String>) {
    let mut blocks: Vec<Vec<String>> = Vec::new();
    for line in lines.drain(..) {
        match blocks.last_mut() {
            Some(block) if !line.starts_with("use ") => block.push(line),
            _ => blocks.push(vec![line]),
        }
    }
    blocks.sort();
    lines.extend(blocks.into_iter().flatten());
}

/// The features of the runtime that the methods need.
pub(crate) fn features(plan: &Plan) -> Vec<&'static str> {
    let mut features: Vec<&'static str> = plan
        .methods()
        .flat_map(|method| &method.arguments)
        .filter_map(|argument| match &argument.location {
            Location::Body(body) if body.format == "multipart" => Some("multipart"),
            Location::Body(body) if body.nested => Some("nested"),
            Location::Nested(_) => Some("nested"),
            Location::Part { .. } => Some("parts"),
            _ => None,
        })
        .collect();
    features.sort_unstable();
    features.dedup();
    features
}
