//! Compiles a case of `tests/ui` with `rustc` alone, where trybuild cannot say how.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Failure, output, target};

/// What the cases use.
pub(crate) const EXTERNS: [&str; 4] = ["rolecall", "rolecall_tests", "serde", "mockall"];

/// A program that compiles if the files of the crates belong together.
const PROBE: &str = "
    use rolecall::{api, endpoint};
    use rolecall_tests::roles::User;
    #[derive(serde::Serialize)]
    pub struct Thing;
    #[api]
    pub trait ThingsApi {
        #[endpoint(method = POST, path = \"/things\", role = User)]
        async fn add(&self, #[body] thing: &Thing) -> Result<(), rolecall::Error>;
    }
    fn main() {}
";

/// The files of the crates that the tests are built with, in the order of [`EXTERNS`].
pub(crate) struct Externs(Vec<String>);

impl Externs {
    /// Builds the tests, as `cargo test` does, so that after it there is nothing to build.
    pub(crate) fn build() -> Result<Self, Failure> {
        let messages = output("cargo test --quiet --workspace --no-run --message-format=json", &[])?;
        let mut found = [const { Vec::new() }; EXTERNS.len()];
        for message in messages.lines().filter(|line| line.contains(r#""reason":"compiler-artifact""#)) {
            let files = between(message, r#""filenames":["#, "]").unwrap_or_default();
            let is_metadata = |file: &&str| Path::new(file).extension().is_some_and(|extension| extension == "rmeta");
            let file = files.split(',').map(|file| file.trim_matches('"')).find(is_metadata);
            let name = between(message, r#""target":{"#, "}").and_then(|target| between(target, r#""name":""#, "\""));
            let at = name.and_then(|name| EXTERNS.iter().position(|wanted| *wanted == name.replace('-', "_")));
            if let (Some(at), Some(file)) = (at, file) {
                found[at].push(file.to_owned());
            }
        }
        // A crate that is also built for macros is there twice.
        let probe = PathBuf::from(target()).join("externs.rs");
        fs::write(&probe, PROBE)?;
        let [rolecall, tests, serde, mockall] = &found;
        let mockall = mockall.first().cloned().unwrap_or_default();
        for files in rolecall.iter().flat_map(|a| tests.iter().flat_map(move |b| serde.iter().map(move |c| [a, b, c])))
        {
            let externs = Self(files.into_iter().chain([&mockall]).cloned().collect());
            let (rustc, _) = rustc(&probe, &EXTERNS.map(|name| externs.named(name, name)))?;
            if errors(&stderr(rustc)?).is_empty() {
                return Ok(externs);
            }
        }
        Err(Failure::new(format!("`cargo test` names no files of {} that belong together", EXTERNS.join(", "))))
    }

    /// Returns the argument of `--extern` that makes a crate known as `name`.
    pub(crate) fn named(&self, name: &str, package: &str) -> String {
        let found = EXTERNS.iter().zip(&self.0).find(|(known, _)| **known == package);
        format!("{name}={}", found.map_or("", |(_, file)| file))
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
    // `#[api]` looks for `rolecall` in the package's manifest, which is not that of this program.
    rustc.env("CARGO_MANIFEST_DIR", fs::canonicalize("tests")?);
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
