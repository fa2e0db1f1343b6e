//! Credentials against an OAuth2 server that others wrote: oidc-provider, from npm.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::{fs, io};

use crate::run::{Failure, Outcome, is_there, run, target};

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
    let mut server = Server::start(&directory)?;
    let issuer = server.issuer()?;
    run(&format!("cargo run --quiet -p rolecall-tests --example oauth -- {issuer}"))
}

/// The server's process, which ends with it.
struct Server(Child);

impl Server {
    fn start(directory: &str) -> io::Result<Self> {
        Command::new("node").arg("server.mjs").current_dir(directory).stdout(Stdio::piped()).spawn().map(Self)
    }

    /// Returns the issuer, which is printed once the server listens.
    fn issuer(&mut self) -> Result<String, Failure> {
        let output = self.0.stdout.take().ok_or_else(|| Failure::new("the server has no output"))?;
        for line in BufReader::new(output).lines() {
            let line = line?;
            if line.starts_with("http") {
                return Ok(line);
            }
        }
        Err(Failure::new("the OAuth2 server did not start"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
