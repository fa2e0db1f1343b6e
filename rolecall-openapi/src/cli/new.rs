//! `cargo rolecall new` and `cargo rolecall roles`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::ArgMatches;

use crate::cli::Outcome;
use crate::cli::arguments::{all_of, path_of, text_of};
use crate::cli::terminal::{self, count};
use crate::document::Document;
use crate::lock;
use crate::project::{self, Config, Project};
use crate::roles::Mapping;
use crate::scaffold::{Options, Scaffold, scaffold};
use crate::survey::survey;

pub(super) fn roles(matches: &ArgMatches) -> Outcome {
    let path = path_of(matches, "document").unwrap_or_default();
    let document = Document::open(&path).map_err(|error| error.to_string())?;
    terminal::line(survey(&document).trim_end());
    Ok(true)
}

pub(super) fn run(matches: &ArgMatches) -> Outcome {
    let path = path_of(matches, "document").unwrap_or_default();
    let is_dry = matches.get_flag("dry-run");
    let bar = terminal::progress(format!("reading {}", path.display()));
    let document = Document::open(&path).map_err(|error| error.to_string())?;
    let mapping = path_of(matches, "roles");
    let options = Options {
        only: all_of(matches, "only"),
        mapping: mapping
            .as_ref()
            .map(Mapping::open)
            .transpose()
            .map_err(|error| error.to_string())?
            .unwrap_or_default(),
        default_role: text_of(matches, "default-role"),
        source: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
    };
    bar.set_message("writing traits");
    let scaffold = scaffold(&document, &options);
    bar.finish_and_clear();
    terminal::findings(&scaffold.findings);
    if !scaffold.unknown.is_empty() {
        return Err(unknown(&scaffold));
    }
    if scaffold.figures.operations == 0 {
        return Err("the document has no operations".to_owned());
    }
    ask_for_roles(&scaffold, &path, is_dry)?;
    if is_dry {
        summary(&scaffold, "would write", None);
        return Ok(true);
    }
    let out = path_of(matches, "out").unwrap_or_default();
    write(&scaffold, &out, matches.get_flag("force"))?;
    let configured = configure(&document, &path, &out, &options, mapping.as_deref(), &scaffold)?;
    summary(&scaffold, "wrote", Some(&out));
    next_steps(&scaffold, &out, &configured);
    Ok(true)
}

fn unknown(scaffold: &Scaffold) -> String {
    let quoted = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let tags = match scaffold.tags.as_slice() {
        [] => "it has no tags".to_owned(),
        tags => format!("its tags are {}", quoted(tags)),
    };
    format!("no tag, `operationId`, or operation of the document is {}; {tags}", quoted(&scaffold.unknown))
}

fn ask_for_roles(scaffold: &Scaffold, path: &Path, is_dry: bool) -> Result<(), String> {
    let [first, ..] = scaffold.undecided.as_slice() else { return Ok(()) };
    let message = format!(
        "the role of {} (the first is `{first}`) is unknown: the document does not say who may call them; \
         add `--default-role Public` if anybody may, `--default-role Member` or another name if not, \
         or start a mapping with `cargo rolecall roles {}`",
        count(scaffold.undecided.len(), "operation"),
        path.display()
    );
    if is_dry {
        terminal::line(&format!("note: {message}\n"));
        return Ok(());
    }
    Err(message)
}

fn write(scaffold: &Scaffold, out: &Path, force: bool) -> Result<(), String> {
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let paths: Vec<PathBuf> = scaffold.files.iter().map(|(path, _)| out.join(path)).collect();
    if let Some(path) = paths.iter().find(|path| path.exists()).filter(|_| !force) {
        return Err(format!(
            "{} exists, and belongs to its author; use `cargo rolecall update`, another folder, or `--force`",
            path.display()
        ));
    }
    fs::create_dir_all(out).map_err(|error| failed(out, error))?;
    for (path, (_, text)) in paths.iter().zip(&scaffold.files) {
        fs::write(path, text).map_err(|error| failed(path, error))?;
    }
    format(&paths);
    Ok(())
}

/// Lays the files out as the author's rustfmt has it. Without a rustfmt they are as its defaults would have them.
fn format(paths: &[PathBuf]) {
    let rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--config", "skip_children=true"])
        .args(paths)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !rustfmt.is_ok_and(|status| status.success()) {
        // `skip_children` is unstable; without it each file is found from the first.
        let front = paths.iter().find(|path| path.ends_with("mod.rs"));
        let _ = Command::new("rustfmt")
            .args(["--edition", "2024"])
            .args(front)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

/// Writes `rolecall.toml` and the lock file next to the manifest of the crate.
fn configure(
    document: &Document,
    path: &Path,
    out: &Path,
    options: &Options,
    mapping: Option<&Path>,
    scaffold: &Scaffold,
) -> Result<PathBuf, String> {
    let absolute = fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
    let here = Path::new(".");
    let root = absolute.ancestors().find(|folder| folder.join("Cargo.toml").is_file()).unwrap_or(here).to_owned();
    let file = root.join(project::NAME);
    if file.exists() {
        terminal::line(&format!("note: {} exists, and was left as it is\n", file.display()));
        let project = Project::open(&file)?;
        // What was written over is of this document now.
        if project.is_of(path, out) {
            accept(document, &project)?;
        }
        return Ok(file);
    }
    let lock = PathBuf::from("rolecall.lock");
    let config = Config {
        document: project::relative(&root, path),
        source: project::relative(&root, out),
        lock: Some(lock.clone()),
        roles: mapping.map(|path| project::relative(&root, path)),
        default_role: options.default_role.clone(),
        only: options.only.clone(),
        skip: scaffold.skipped.iter().cloned().collect::<BTreeMap<_, _>>(),
    };
    fs::write(&file, project::text(&config)).map_err(|error| format!("{}: {error}", file.display()))?;
    let project = Project { path: file.clone(), config };
    accept(document, &project)?;
    Ok(file)
}

fn accept(document: &Document, project: &Project) -> Result<(), String> {
    let lock = project.lock();
    fs::write(&lock, lock::write(document)).map_err(|error| format!("{}: {error}", lock.display()))
}

fn summary(scaffold: &Scaffold, verb: &str, out: Option<&Path>) {
    let f = scaffold.figures;
    let to = out.map_or_else(String::new, |out| format!(" to {}", out.display()));
    terminal::line(&format!(
        "{verb} {} and {} in {} and {}{to}: {} of {} declared, {} skipped, {} not asked for",
        count(f.traits, "trait"),
        count(f.types, "type"),
        count(scaffold.files.len(), "file"),
        count(f.lines, "line"),
        f.declared,
        count(f.operations, "operation"),
        f.skipped,
        f.left_out
    ));
}

fn next_steps(scaffold: &Scaffold, out: &Path, config: &Path) {
    let module = out.file_name().unwrap_or_default().to_string_lossy();
    let features = match scaffold.features.as_slice() {
        [] => String::new(),
        features => format!(" --features {}", features.join(",")),
    };
    terminal::line(&format!(
        "\nTo use it:\n  cargo add rolecall{features}\n  cargo add serde --features derive\n  cargo add serde_json\n  \
         add `pub mod {module};` to the crate\n\n`cargo rolecall check` compares the traits with the document ({}).",
        config.display()
    ));
}
