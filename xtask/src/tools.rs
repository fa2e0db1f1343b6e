//! Tools outside the Rust distribution: subcommands of cargo.

use crate::run::{Failure, is_there, run_with, target};

/// The command of a tool: of the one that is installed, or of one that is built now, below the target directory.
pub(crate) fn tool(name: &str, version: &str) -> Result<String, Failure> {
    let root = format!("{}/tools", target());
    let own = format!("{root}/bin/cargo-{name} {name}");
    for command in [&format!("cargo {name}"), &own] {
        if is_there(&format!("{command} --version")) {
            return Ok(command.clone());
        }
    }
    // It runs for seconds: an optimized build would cost more than it saves.
    let install = format!("cargo install cargo-{name}@{version} --locked --debug --root {root}");
    run_with(&install, &[("CARGO_PROFILE_DEV_DEBUG", "0")])?;
    Ok(own)
}
