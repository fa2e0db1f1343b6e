//! What is printed, and progress while there is nothing to print. Output to a pipe is plain.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::report::{Finding, Level};

/// Returns a progress line, which is shown only on a terminal.
pub(super) fn progress(what: impl Into<String>) -> ProgressBar {
    let bar = if io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    bar.set_message(what.into());
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// Prints findings, the gravest first.
pub(super) fn findings(findings: &[Finding]) {
    let color = io::stdout().is_terminal();
    let mut out = io::stdout().lock();
    for finding in findings {
        let text = finding.to_string();
        let text = match (color, text.split_once(':')) {
            (true, Some((word, rest))) => format!("{}{word}\u{1b}[0m:{rest}", code(finding.level)),
            _ => text,
        };
        // The reader has closed the output.
        if writeln!(out, "{text}\n").is_err() {
            return;
        }
    }
}

fn code(level: Level) -> &'static str {
    match level {
        Level::Error => "\u{1b}[1;31m",
        Level::Warning => "\u{1b}[1;33m",
        Level::Note => "\u{1b}[1;36m",
    }
}

/// Prints a line.
pub(super) fn line(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Prints why a command could not be carried out.
pub(super) fn error(message: &str) {
    let _ = writeln!(io::stderr().lock(), "error: {message}");
}

/// `1 trait`, `2 traits`.
pub(super) fn count(number: usize, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => match one.strip_suffix('y') {
            Some(stem) => format!("{number} {stem}ies"),
            None => format!("{number} {one}s"),
        },
    }
}
