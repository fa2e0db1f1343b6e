//! The program `cargo rolecall`.

mod arguments;
mod check;
mod export;
mod new;
mod terminal;
mod update;

use std::ffi::OsString;
use std::process::ExitCode;

use arguments::command;

/// What a command comes to: whether all is well, or why it could not be done.
type Outcome = Result<bool, String>;

/// Runs the program. The exit code is 0 if all is well, 1 if the traits and the document do not agree, 2 if a command
/// could not be carried out.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    // Cargo names the subcommand again.
    if arguments.get(1).is_some_and(|argument| argument == "rolecall") {
        arguments.remove(1);
    }
    let matches = match command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // Nothing can be done about a closed terminal.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let outcome = match matches.subcommand() {
        Some(("new", matches)) => new::run(matches),
        Some(("roles", matches)) => new::roles(matches),
        Some(("check", matches)) => check::run(matches),
        Some(("update", matches)) => update::run(matches),
        Some(("export", matches)) => export::run(matches),
        _ => Err("no such command".to_owned()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            terminal::error(&message);
            ExitCode::from(2)
        }
    }
}
