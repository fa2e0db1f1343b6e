//! `cargo rolecall update`.

use std::fs;

use clap::ArgMatches;

use crate::cli::Outcome;
use crate::cli::check::Setting;
use crate::cli::terminal::{self, count};
use crate::document::Document;
use crate::lock;
use crate::update::{applied, update};

pub(super) fn run(matches: &ArgMatches) -> Outcome {
    let setting = Setting::of(matches)?;
    let path = setting.document.clone().ok_or("no document is named")?;
    let bar = terminal::progress(format!("comparing {}", path.display()));
    let document = Document::open(&path).map_err(|error| error.to_string())?;
    let source = setting.read_source()?;
    let accepted = setting.accepted()?;
    let apply = matches.get_flag("apply");
    let update = update(&source, &setting.source, &document, accepted.as_ref(), &setting.options, &setting.skip, apply);
    bar.finish_and_clear();
    terminal::findings(&update.findings);
    let changed =
        source.files.iter().enumerate().filter(|(index, _)| update.edits.iter().any(|edit| edit.file == *index));
    let changed: Vec<_> =
        changed.map(|(index, file)| (&file.path, applied(&file.text, &update.edits, index))).collect();
    let verb = if matches.get_flag("dry-run") { "would change" } else { "changed" };
    let summary = format!("{verb} {}, and added {}", count(changed.len(), "file"), count(update.files.len(), "file"));
    if !matches.get_flag("dry-run") {
        let files = changed
            .iter()
            .map(|(path, text)| (*path, text))
            .chain(update.files.iter().map(|(path, text)| (path, text)));
        for (path, text) in files {
            fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        if let Some(project) = &setting.project {
            if project.name(&path).map_err(|error| format!("{}: {error}", project.path.display()))? {
                terminal::line(&format!("note: {} names {} now\n", project.path.display(), path.display()));
            }
            project.skip(&update.skip).map_err(|error| format!("{}: {error}", project.path.display()))?;
            let lock = project.lock();
            fs::write(&lock, lock::write(&document)).map_err(|error| format!("{}: {error}", lock.display()))?;
        }
    }
    terminal::line(&summary);
    Ok(true)
}
