//! Credentials against an OAuth2 server that others wrote: oidc-provider, from npm.

use std::fs;
use std::process::Command;

use crate::run::{Failure, Outcome, is_there, run, target};
use crate::server::{Output, Server};

/// Installs the server below the target directory, starts it, and runs `tests/examples/oauth.rs` against it.
pub(crate) fn oauth() -> Result<Outcome, Failure> {
    if !is_there("node --version") || !is_there("npm --version") {
        return Ok(Outcome::Skipped("there is no Node.js with npm"));
    }
    let directory = format!("{}/oauth", target());
    fs::create_dir_all(&directory)?;
    for file in ["package.json", "server.mjs"] {
        fs::copy(format!("tests/oauth/{file}"), format!("{directory}/{file}"))?;
    }
    if run(&format!("npm install --silent --no-audit --no-fund --prefix {directory}")).is_err() {
        return Ok(Outcome::Skipped("oidc-provider cannot be installed from npm"));
    }
    run("cargo build --quiet -p rolecall-tests --example oauth")?;
    let mut command = Command::new("node");
    let (_server, issuer) = Server::start(command.arg("server.mjs").current_dir(&directory), Output::Stdout)?;
    run(&format!("cargo run --quiet -p rolecall-tests --example oauth -- {issuer}"))
}
