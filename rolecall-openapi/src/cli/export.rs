//! `cargo rolecall export`.

use std::fs;

use clap::ArgMatches;

use crate::cli::Outcome;
use crate::cli::arguments::{path_of, text_of};
use crate::cli::check::Setting;
use crate::cli::terminal::{self, count};
use crate::export::{export, yaml};

pub(super) fn run(matches: &ArgMatches) -> Outcome {
    let setting = Setting::of(matches)?;
    let source = setting.read_source()?;
    let title = text_of(matches, "title");
    let document = export(&source, title.as_deref().unwrap_or("API"), "1", Vec::new());
    let Some(path) = path_of(matches, "out") else {
        terminal::line(yaml(&document).trim_end());
        return Ok(true);
    };
    let is_json = path.extension().is_some_and(|end| end == "json");
    let text = if is_json { document.to_json() + "\n" } else { yaml(&document) };
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    terminal::line(&format!("wrote {} to {}", count(source.methods().count(), "operation"), path.display()));
    Ok(true)
}
