//! The cases of `tests/ui/fail` in an incremental build: there rustc does not merge two errors of one text at one
//! place, such as one in a trait and one in its implementation. Trybuild compiles without.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Failure, Outcome, output, target};

/// What the cases use.
const EXTERNS: [&str; 5] = ["rolecall", "rolecall_tests", "serde", "async_trait", "tracing"];

pub(crate) fn incremental() -> Result<Outcome, Failure> {
    let externs = externs()?;
    let scratch = PathBuf::from(target()).join("ui-incremental");
    let mut cases: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir("tests/ui/fail")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            cases.push(path);
        }
    }
    cases.sort();
    let mut wrong = Vec::new();
    for case in &cases {
        let expected = count(&fs::read_to_string(case.with_extension("stderr"))?);
        let found = count(&compile(case, &externs, &scratch)?);
        if found != expected {
            wrong.push(format!("{}: {found} errors, {expected} without", case.display()));
        }
    }
    if wrong.is_empty() {
        println!("{} cases", cases.len());
        return Ok(Outcome::Done);
    }
    Err(Failure::new(format!("an incremental build has other errors:\n{}", wrong.join("\n"))))
}

/// The artifacts of the crates that the cases use, as `cargo check` has them.
fn externs() -> Result<BTreeMap<String, String>, Failure> {
    let messages = output("cargo check --quiet --package rolecall-tests --lib --tests --message-format=json", &[])?;
    let mut found = BTreeMap::new();
    for message in messages.lines().filter(|line| line.contains(r#""reason":"compiler-artifact""#)) {
        let is_test = message.contains(r#""test":true}"#);
        let files = between(message, r#""filenames":["#, "]").unwrap_or_default();
        let file = files.split(',').map(|file| file.trim_matches('"')).find(|file| {
            let extension = Path::new(file).extension();
            extension.is_some_and(|extension| extension == "rmeta" || extension == std::env::consts::DLL_EXTENSION)
        });
        let name = between(message, r#""target":{"#, "}").and_then(|target| between(target, r#""name":""#, "\""));
        if let (Some(name), Some(file), false) = (name, file, is_test) {
            found.insert(name.replace('-', "_"), file.to_owned());
        }
    }
    match EXTERNS.iter().find(|name| !found.contains_key(**name)) {
        None => Ok(found),
        Some(name) => Err(Failure::new(format!("`cargo check` names no file of `{name}`"))),
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, after) = text.split_once(start)?;
    after.split_once(end).map(|(inside, _)| inside)
}

/// What rustc says of a case.
fn compile(case: &Path, externs: &BTreeMap<String, String>, scratch: &Path) -> Result<String, Failure> {
    let name = case.file_stem().unwrap_or_default();
    let out = scratch.join(name);
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition=2024", "--crate-type=bin", "--emit=metadata", "--color=never", "--out-dir"]).arg(&out);
    rustc.arg("-C").arg(format!("incremental={}", out.display()));
    rustc.arg("-L").arg(format!("dependency={}/debug/deps", target()));
    for name in EXTERNS {
        if let Some(file) = externs.get(name) {
            rustc.arg("--extern").arg(format!("{name}={file}"));
        }
    }
    Ok(String::from_utf8_lossy(&rustc.arg(case).output()?.stderr).into_owned())
}

/// The number of errors in what rustc says, without its summary.
fn count(stderr: &str) -> usize {
    let is_error = |line: &&str| line.starts_with("error: ") || line.starts_with("error[");
    let is_summary =
        |line: &&str| line.starts_with("error: aborting due to") || line.starts_with("error: could not compile");
    stderr.lines().filter(is_error).filter(|line| !is_summary(line)).count()
}
