//! Runs commands, and prints them.

use std::env;
use std::fmt;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// How a successful step ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    Done,
    /// It needs a tool that is missing.
    Skipped(&'static str),
}

/// Why a step failed.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Changes to the root of the repository.
pub(crate) fn go_to_root() -> Result<(), Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or_else(|| Failure::new("there is no root"))?;
    Ok(env::set_current_dir(root)?)
}

/// Returns cargo's target directory.
pub(crate) fn target() -> String {
    env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned())
}

/// Parses a command line.
fn command(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command
}

/// Runs a command.
pub(crate) fn run(line: &str) -> Result<Outcome, Failure> {
    run_with(line, &[])
}

/// Runs a command with variables in its environment.
pub(crate) fn run_with(line: &str, variables: &[(&str, &str)]) -> Result<Outcome, Failure> {
    let shown: Vec<String> = variables.iter().map(|(name, value)| format!("{name}=\"{value}\" ")).collect();
    println!("\n== {}{line}", shown.concat());
    let status = command(line).envs(variables.iter().copied()).status();
    match status {
        Ok(status) if status.success() => Ok(Outcome::Done),
        Ok(status) => Err(Failure::new(format!("`{line}` failed: {status}"))),
        Err(error) => Err(Failure::new(format!("`{line}` could not be run: {error}"))),
    }
}

/// Runs a command, and returns its output.
pub(crate) fn output(line: &str, variables: &[(&str, &str)]) -> Result<String, Failure> {
    let shown: Vec<String> = variables.iter().map(|(name, value)| format!("{name}=\"{value}\" ")).collect();
    println!("\n== {}{line}", shown.concat());
    let output = command(line).envs(variables.iter().copied()).stderr(Stdio::inherit()).output();
    match output {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => Err(Failure::new(format!("`{line}` failed: {}", output.status))),
        Err(error) => Err(Failure::new(format!("`{line}` could not be run: {error}"))),
    }
}

/// Runs a command that must fail, and returns what it reports.
pub(crate) fn failing(line: &str) -> Result<String, Failure> {
    println!("\n== {line} (must fail)");
    match command(line).output() {
        Ok(output) if !output.status.success() => Ok(String::from_utf8_lossy(&output.stderr).into_owned()),
        Ok(_) => Err(Failure::new(format!("`{line}` did not fail"))),
        Err(error) => Err(Failure::new(format!("`{line}` could not be run: {error}"))),
    }
}

/// Returns `true` if a command exists and succeeds; prints nothing.
pub(crate) fn is_there(line: &str) -> bool {
    let status = command(line).stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
