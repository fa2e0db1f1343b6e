//! Checks with tools that others wrote, against Ostrom's OpenAPI document, which is not in this repository.

use std::env;
use std::path::{Path, absolute};

use crate::run::{Failure, Outcome, is_there, run, target};
use crate::steps::Step;
use crate::written::written;

const PRISM: &str = "@stoplight/prism-cli@5.14.2";
const PYTHON_CLIENT: &str = "openapi-python-client==0.29.1";

/// The steps of `cargo xtask interop`.
pub(crate) const INTEROP: &[Step] = &[
    Step {
        name: "prism",
        what: "Prism validates every request and response between the client and the sandbox (needs npm)",
        run: prism,
    },
    Step {
        name: "documents",
        what: "Prism answers every method that is written for real OpenAPI documents (needs npm, and half an hour)",
        run: documents,
    },
    Step {
        name: "written",
        what: "what is written for real OpenAPI documents passes the compiler, clippy, rustdoc, and rustfmt (half an hour)",
        run: written,
    },
    Step {
        name: "python",
        what: "a client that openapi-python-client generates drives the sandbox (needs Python 3)",
        run: python,
    },
];

/// Returns the path of the document.
fn document() -> Result<Option<String>, Failure> {
    let Some(path) = env::var_os("OSTROM_OPENAPI").filter(|path| !path.is_empty()) else { return Ok(None) };
    let path = absolute(Path::new(&path))?;
    if !path.is_file() {
        return Err(Failure::new(format!("OSTROM_OPENAPI: there is no file {}", path.display())));
    }
    Ok(Some(path.display().to_string()))
}

const NO_DOCUMENT: Outcome =
    Outcome::Skipped("set OSTROM_OPENAPI to the path of Ostrom's OpenAPI document (openapi.json)");

fn prism() -> Result<Outcome, Failure> {
    let Some(document) = document()? else { return Ok(NO_DOCUMENT) };
    let Some(program) = installed_prism()? else { return Ok(Outcome::Skipped("there is no npm")) };
    run(&format!("cargo run --quiet -p rolecall-tests --example prism -- {document} {program}"))
}

/// Returns the path of Prism's program, which is installed if it is missing; `None` without npm.
fn installed_prism() -> Result<Option<String>, Failure> {
    if !is_there("npm --version") {
        return Ok(None);
    }
    let tools = format!("{}/interop", target());
    let program = format!("{tools}/node_modules/.bin/prism");
    if !is_there(&format!("{program} --version")) {
        run(&format!("npm install --prefix {tools} --no-fund --no-audit {PRISM}"))?;
    }
    Ok(Some(program))
}

fn documents() -> Result<Outcome, Failure> {
    if env::var_os("ROLECALL_OPENAPI_DOCUMENTS").is_none() {
        return Ok(Outcome::Skipped("set ROLECALL_OPENAPI_DOCUMENTS to a folder of OpenAPI documents"));
    }
    let Some(program) = installed_prism()? else { return Ok(Outcome::Skipped("there is no npm")) };
    let folder = format!("{}/interop/documents", target());
    run(&format!("cargo run --quiet -p rolecall-openapi --example calls -- {folder} {program}"))
}

fn python() -> Result<Outcome, Failure> {
    let Some(document) = document()? else { return Ok(NO_DOCUMENT) };
    if !is_there("python3 --version") {
        return Ok(Outcome::Skipped("there is no Python 3"));
    }
    let tools = format!("{}/interop", target());
    let python = format!("{tools}/venv/bin/python");
    if !is_there(&format!("{python} -m openapi_python_client --version")) {
        run(&format!("python3 -m venv {tools}/venv"))?;
        run(&format!("{python} -m pip install --quiet {PYTHON_CLIENT}"))?;
    }
    run("cargo build --quiet -p ostrom-sandbox")?;
    let sandbox = format!("{}/debug/ostrom-sandbox", target());
    run(&format!("{python} tests/interop/python_client.py {document} {sandbox} {tools}/python"))
}
