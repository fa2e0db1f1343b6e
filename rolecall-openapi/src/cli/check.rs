//! `cargo rolecall check`.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use crate::check::{Declares, check};
use crate::cli::Outcome;
use crate::cli::arguments::{all_of, path_of, text_of};
use crate::cli::terminal::{self, count};
use crate::document::Document;
use crate::lock;
use crate::project::Project;
use crate::report::Level;
use crate::roles::Mapping;
use crate::scaffold::Options;
use crate::source;

/// What a command works with: by its arguments, or by the configuration.
pub(super) struct Setting {
    pub(super) project: Option<Project>,
    pub(super) document: Option<PathBuf>,
    pub(super) source: PathBuf,
    pub(super) options: Options,
    pub(super) skip: BTreeMap<String, String>,
}

impl Setting {
    pub(super) fn of(matches: &ArgMatches) -> Result<Self, String> {
        let has = |name: &str| matches.try_contains_id(name).unwrap_or(false);
        let path = |name: &str| if has(name) { path_of(matches, name) } else { None };
        let text = |name: &str| if has(name) { text_of(matches, name) } else { None };
        let here = env::current_dir().map_err(|error| error.to_string())?;
        let own_source = path("source");
        let file = path("config").or_else(|| Project::find(&here).filter(|_| own_source.is_none()));
        let project = file.as_deref().map(Project::open).transpose()?;
        let config = project.as_ref().map(|project| &project.config);
        let of_project =
            |path: &Path| project.as_ref().map_or_else(|| path.to_owned(), |project| project.path_of(path));
        let Some(source) = own_source.or_else(|| config.map(|config| of_project(&config.source))) else {
            return Err("there is no `rolecall.toml` here or above; name the traits with `--source`".to_owned());
        };
        let mapping = path("roles").or_else(|| config.and_then(|config| config.roles.as_deref()).map(of_project));
        let mut only = if has("only") { all_of(matches, "only") } else { Vec::new() };
        if only.is_empty() {
            only = config.map(|config| config.only.clone()).unwrap_or_default();
        }
        Ok(Self {
            document: path("document").or_else(|| config.map(|config| of_project(&config.document))),
            source,
            options: Options {
                only,
                mapping: mapping.map(Mapping::open).transpose().map_err(|error| error.to_string())?.unwrap_or_default(),
                default_role: text("default-role").or_else(|| config.and_then(|config| config.default_role.clone())),
                source: String::new(),
            },
            skip: config.map(|config| config.skip.clone()).unwrap_or_default(),
            project,
        })
    }

    /// The document that was accepted last.
    pub(super) fn accepted(&self) -> Result<Option<Document>, String> {
        let Some(path) = self.project.as_ref().map(Project::lock).filter(|path| path.is_file()) else {
            return Ok(None);
        };
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        lock::read(&text, &path).map(Some).map_err(|error| error.to_string())
    }

    pub(super) fn read_source(&self) -> Result<source::Source, String> {
        source::read(&self.source).map_err(|error| format!("{}: {error}", self.source.display()))
    }
}

pub(super) fn run(matches: &ArgMatches) -> Outcome {
    let setting = Setting::of(matches)?;
    let path = setting.document.clone().ok_or("no document is named")?;
    let bar = terminal::progress(format!("comparing {}", path.display()));
    let document = Document::open(&path).map_err(|error| error.to_string())?;
    let source = setting.read_source()?;
    let accepted = setting.accepted()?;
    let mut findings = check(&Declares::Source(&source), &document, accepted.as_ref(), &setting.options, &setting.skip);
    bar.finish_and_clear();
    findings.sort_by_key(|finding| finding.level);
    let errors = findings.iter().filter(|finding| finding.level == Level::Error).count();
    if matches.get_flag("json") {
        let json = serde_json::json!({ "agree": errors == 0, "findings": findings });
        terminal::line(&serde_json::to_string_pretty(&json).map_err(|error| error.to_string())?);
    } else {
        terminal::findings(&findings);
        let methods = source.methods().count();
        let of = format!("{} of {}", count(methods, "endpoint"), path.display());
        terminal::line(&if errors == 0 {
            format!("{of}: the traits and the document agree")
        } else {
            format!("{of}: {} between the traits and the document", count(errors, "disagreement"))
        });
    }
    Ok(errors == 0)
}
