//! Traits, models, and roles from a document.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::document::Document;
use crate::model::{self, Operation};
use crate::plan::{self, Kind, Plan};
use crate::report::{Finding, Level};
use crate::roles::{Mapping, Roles};
use crate::write;

/// How a document is written as traits.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// The tags, `operationId`s, or operations (`GET /users`) to write. The default is all.
    pub only: Vec<String>,
    /// Which role an operation has. By default this follows from descriptions and security schemes.
    pub mapping: Mapping,
    /// The role of operations of which the document does not say who may call them. The default is the mapping's.
    pub default_role: Option<String>,
    /// How the document is called in the documentation of what is written.
    pub source: String,
}

/// What is written for a document.
#[derive(Debug)]
#[non_exhaustive]
pub struct Scaffold {
    /// The files, relative to the folder of the API, with their text.
    pub files: Vec<(PathBuf, String)>,
    /// The parts of the document that are not declared, or are declared less precisely.
    pub findings: Vec<Finding>,
    /// The operations that are not declared, with the reason.
    pub skipped: Vec<(String, String)>,
    /// The operations whose roles are unknown.
    pub undecided: Vec<String>,
    /// Those of [`Options::only`] that are no tag, `operationId`, or operation of the document.
    pub unknown: Vec<String>,
    /// The tags of the document's operations, in the order of their names.
    pub tags: Vec<String>,
    /// What it comes to.
    pub figures: Figures,
    /// The features of `rolecall` that the traits need.
    pub features: Vec<&'static str>,
}

/// What a scaffold comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Figures {
    /// The operations of the document.
    pub operations: usize,
    /// Those that are declared.
    pub declared: usize,
    /// Those that are declared twice: their response can be a stream as well.
    pub streamed: usize,
    /// Those that cannot be declared.
    pub skipped: usize,
    /// Those that were not asked for.
    pub left_out: usize,
    /// The traits.
    pub traits: usize,
    /// The types.
    pub types: usize,
    /// The lines of the traits' files.
    pub trait_lines: usize,
    /// All lines.
    pub lines: usize,
    /// The fields and arguments.
    pub fields: usize,
    /// Those that hold any JSON.
    pub untyped: usize,
    /// Those that hold an object of any content.
    pub free_objects: usize,
}

/// Writes a document as traits.
#[must_use]
pub fn scaffold(document: &Document, options: &Options) -> Scaffold {
    let api = model::read(document);
    let mut roles = Roles::new(&options.mapping, options.default_role.as_deref());
    let plan = plan::plan(&api, &mut roles, |operation| is_wanted(operation, &options.only));
    let files = write::files(&plan, &options.source);
    let mut findings: Vec<Finding> = api
        .faults
        .iter()
        .map(|fault| Finding::new(Level::Warning, fault.message.clone()).at(document.place(fault.site)))
        .collect();
    findings.extend(plan.findings.iter().cloned());
    if plan.webhooks > 0 {
        let message = match plan.webhooks {
            1 => "a webhook or callback is a call that the API makes, and is not written".to_owned(),
            number => format!("{number} webhooks and callbacks are calls that the API makes, and are not written"),
        };
        findings.push(Finding::new(Level::Note, message));
    }
    let is_operation =
        |name: &str| api.operations.iter().any(|operation| operation.id == Some(name) || operation.title() == name);
    for name in options.mapping.operations.keys().filter(|name| !is_operation(name)) {
        let message = format!("the mapping has a role for `{name}`, which is no operation of the document");
        let help = "use an `operationId`, or method and path, such as `GET /users`";
        findings.push(Finding::new(Level::Warning, message).help(help));
    }
    findings.sort_by_key(|finding| finding.level);
    let is_known =
        |one: &String| api.operations.iter().any(|operation| is_wanted(operation, std::slice::from_ref(one)));
    let tags: BTreeSet<&str> = api.operations.iter().flat_map(|operation| operation.tags.iter().copied()).collect();
    Scaffold {
        unknown: options.only.iter().filter(|one| !is_known(one)).cloned().collect(),
        tags: tags.into_iter().map(str::to_owned).collect(),
        figures: figures(&plan, &files, api.operations.len()),
        findings,
        skipped: plan.skipped().map(|skipped| (skipped.operation.clone(), skipped.reason.clone())).collect(),
        undecided: plan.undecided.clone(),
        features: write::features(&plan),
        files: files.into_iter().map(|file| (file.path, file.text)).collect(),
    }
}

/// Whether the author asked for an operation, by one of its tags, its id, or itself.
pub(crate) fn is_wanted(operation: &Operation<'_>, only: &[String]) -> bool {
    let is = |wanted: &String| {
        operation.tags.iter().any(|tag| tag.eq_ignore_ascii_case(wanted))
            || operation.id == Some(wanted.as_str())
            || operation.title() == *wanted
    };
    only.is_empty() || only.iter().any(is)
}

fn figures(plan: &Plan, files: &[write::File], operations: usize) -> Figures {
    let mut figures = Figures {
        operations,
        declared: plan.methods().filter(|method| !method.also).count(),
        streamed: plan.methods().filter(|method| method.also).count(),
        skipped: plan.skipped().count(),
        left_out: plan.left_out,
        traits: plan.traits.len(),
        types: plan.written().count(),
        ..Figures::default()
    };
    for file in files {
        let lines = file.text.lines().count();
        figures.lines += lines;
        let name = file.path.to_string_lossy();
        if !["mod.rs", "models.rs", "roles.rs"].contains(&name.as_ref()) {
            figures.trait_lines += lines;
        }
    }
    let arguments =
        plan.methods().flat_map(|method| method.arguments.iter().map(|argument| &argument.ty).chain([&method.returns]));
    let fields = plan.written().flat_map(|def| match &def.kind {
        Kind::Struct { fields, rest } => fields.iter().map(|field| &field.ty).chain(rest).collect::<Vec<_>>(),
        Kind::Union { variants, .. } => variants.iter().map(|variant| &variant.ty).collect(),
        Kind::Statuses(cases) => cases.iter().filter_map(|case| case.ty.as_ref()).collect(),
        _ => Vec::new(),
    });
    for ty in arguments.chain(fields) {
        figures.fields += 1;
        figures.untyped += usize::from(ty.is_untyped());
        figures.free_objects += usize::from(ty.is_free_object());
    }
    figures
}
