//! Compiles a case of `tests/ui` with `rustc` alone, where trybuild cannot say how.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Failure, output, target};

/// The files of the crates that the tests are built with, by name.
pub(crate) struct Externs(BTreeMap<String, String>);

impl Externs {
    /// Builds the tests, as `cargo test` does, so that after it there is nothing to build.
    pub(crate) fn build(names: &[&str]) -> Result<Self, Failure> {
        let messages = output("cargo test --quiet --workspace --no-run --message-format=json", &[])?;
        let mut found = BTreeMap::new();
        for message in messages.lines().filter(|line| line.contains(r#""reason":"compiler-artifact""#)) {
            let is_test = message.contains(r#""test":true}"#);
            let files = between(message, r#""filenames":["#, "]").unwrap_or_default();
            let is_metadata = |file: &&str| Path::new(file).extension().is_some_and(|extension| extension == "rmeta");
            let file = files.split(',').map(|file| file.trim_matches('"')).find(is_metadata);
            let name = between(message, r#""target":{"#, "}").and_then(|target| between(target, r#""name":""#, "\""));
            if let (Some(name), Some(file), false) = (name, file, is_test) {
                found.insert(name.replace('-', "_"), file.to_owned());
            }
        }
        match names.iter().find(|name| !found.contains_key(**name)) {
            None => Ok(Self(found)),
            Some(name) => Err(Failure::new(format!("`cargo test` names no file of `{name}`"))),
        }
    }

    /// Returns the argument of `--extern` that makes a crate known as `name`.
    pub(crate) fn named(&self, name: &str, package: &str) -> String {
        format!("{name}={}", self.0.get(package).map_or("", String::as_str))
    }
}

/// A command that compiles a case below `tests/ui`, to an empty folder.
pub(crate) fn rustc(case: &Path, externs: &[String]) -> Result<(Command, PathBuf), Failure> {
    let out = PathBuf::from(target()).join("ui-rustc").join(case.file_stem().unwrap_or_default());
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition=2024", "--crate-type=bin", "--emit=metadata", "--color=never", "--out-dir"]).arg(&out);
    rustc.arg("-L").arg(format!("dependency={}/debug/deps", target()));
    for argument in externs {
        rustc.arg("--extern").arg(argument);
    }
    rustc.arg(case);
    Ok((rustc, out))
}

/// What a command prints to its standard error.
pub(crate) fn stderr(mut command: Command) -> Result<String, Failure> {
    Ok(String::from_utf8_lossy(&command.output()?.stderr).into_owned())
}

/// The errors in what rustc prints, without its summary: their first lines.
pub(crate) fn errors(stderr: &str) -> Vec<&str> {
    let is_error = |line: &&str| line.starts_with("error: ") || line.starts_with("error[");
    let is_summary =
        |line: &&str| line.starts_with("error: aborting due to") || line.starts_with("error: could not compile");
    stderr.lines().filter(is_error).filter(|line| !is_summary(line)).collect()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, after) = text.split_once(start)?;
    after.split_once(end).map(|(inside, _)| inside)
}
