//! Clients against servers that others wrote: httpbin, from PyPI, and Debian's docker-registry.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::run::{Failure, Outcome, is_there, run, target};
use crate::server::{Output, Server};
use crate::steps::Step;

const HTTPBIN: &str = "httpbin==0.10.2";

/// The password is `s3cret of max`.
const PASSWORDS: &str = "max:$2b$04$oqHOlfzOU2CwMdo.QVIz/.qOt9fyiLSX04Pw6JJY4LQdnszsVpKzy\n";

/// The steps of `cargo xtask servers`.
pub(crate) const SERVERS: &[Step] = &[
    Step { name: "httpbin", what: "a client of httpbin, from PyPI (needs Python 3)", run: httpbin },
    Step { name: "registry", what: "a client of docker-registry (needs it, or apt-get)", run: registry },
];

fn httpbin() -> Result<Outcome, Failure> {
    if !is_there("python3 --version") {
        return Ok(Outcome::Skipped("there is no Python 3"));
    }
    let tools = format!("{}/servers", target());
    let python = format!("{tools}/venv/bin/python");
    if !is_there(&format!("{python} -m flask --app httpbin:app --version")) {
        let installed = run(&format!("python3 -m venv {tools}/venv"))
            .and_then(|_| run(&format!("{python} -m pip install --quiet --disable-pip-version-check {HTTPBIN}")));
        if installed.is_err() {
            return Ok(Outcome::Skipped("httpbin cannot be installed from PyPI"));
        }
    }
    let mut command = Command::new(&python);
    command.args(["-m", "flask", "--app", "httpbin:app", "run", "--port", "0"]);
    let (_server, url) = Server::start(&mut command, Output::Stderr)?;
    check("httpbin", &url)
}

fn registry() -> Result<Outcome, Failure> {
    let tools = format!("{}/servers", target());
    let Some(program) = registry_program(&tools)? else {
        return Ok(Outcome::Skipped("there is no docker-registry, and apt-get cannot download it"));
    };
    let data = format!("{tools}/registry-data");
    if Path::new(&data).exists() {
        fs::remove_dir_all(&data)?;
    }
    fs::create_dir_all(&data)?;
    fs::write(format!("{data}/passwords"), PASSWORDS)?;
    let settings = format!(
        "version: 0.1\n\
         storage: {{filesystem: {{rootdirectory: {data}/images}}, delete: {{enabled: true}}}}\n\
         http: {{addr: '127.0.0.1:0'}}\n\
         auth: {{htpasswd: {{realm: tests, path: {data}/passwords}}}}\n"
    );
    fs::write(format!("{data}/settings.yml"), settings)?;
    let mut command = Command::new(program);
    command.args(["serve", &format!("{data}/settings.yml")]);
    let (_server, url) = Server::start(&mut command, Output::Stderr)?;
    check("registry", &url)
}

/// Returns the program that is installed, or one from Debian's package, which is unpacked below the target directory.
fn registry_program(tools: &str) -> Result<Option<String>, Failure> {
    let unpacked = format!("{tools}/docker-registry/usr/bin/docker-registry");
    for program in ["docker-registry".to_owned(), unpacked.clone()] {
        if is_there(&format!("{program} --version")) {
            return Ok(Some(program));
        }
    }
    if !is_there("apt-get --version") || !is_there("dpkg-deb --version") {
        return Ok(None);
    }
    fs::create_dir_all(tools)?;
    println!("\n== apt-get download docker-registry");
    let downloaded = Command::new("apt-get").args(["download", "docker-registry"]).current_dir(tools).status()?;
    if !downloaded.success() {
        return Ok(None);
    }
    let is_package = |name: &str| name.starts_with("docker-registry_") && name.ends_with(".deb");
    let names = fs::read_dir(tools)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let Some(package) = names.filter(|name| is_package(name)).max() else { return Ok(None) };
    run(&format!("dpkg-deb -x {tools}/{package} {tools}/docker-registry"))?;
    Ok(Some(unpacked))
}

fn check(server: &str, url: &str) -> Result<Outcome, Failure> {
    run(&format!("cargo run --quiet -p rolecall-tests --example servers -- {server} {url}"))
}
