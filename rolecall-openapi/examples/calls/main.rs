//! Calls every method that is written for some documents, against [Prism](https://stoplight.io/open-source/prism), with
//! values made from the schemas: `cargo xtask interop documents`.
//!
//! Usage: `calls FOLDER PRISM [NAME]…`, the folder for the programs, the path of Prism's program, and the names of
//! documents of the folder that `ROLECALL_OPENAPI_DOCUMENTS` names (all by default).

mod argument;
mod document;
mod fits;
mod outcomes;
mod pattern;
mod prism;
mod program;
mod refusal;
mod scalars;
mod values;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use document::{operations, served};
use outcomes::Outcomes;
use prism::Prism;
use rolecall_openapi::{Document, Options, scaffold};
use values::Values;

/// The code with which a program ends if a call has ended Prism.
const PRISM_ENDED: i32 = 3;
/// What Prism serves, beside the program that calls it.
const SERVED: &str = "prism.json";
/// The share of calls that must succeed.
const TO_REACH: f64 = 0.99;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("calls: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, Box<dyn Error>> {
    let Some(folder) = env::var_os("ROLECALL_OPENAPI_DOCUMENTS") else {
        println!("skipped: ROLECALL_OPENAPI_DOCUMENTS names no folder of documents");
        return Ok(true);
    };
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [out, prism, names @ ..] = arguments.as_slice() else {
        return Err("usage: calls FOLDER PRISM [NAME]…".into());
    };
    let (out, prism) = (PathBuf::from(out), PathBuf::from(prism));
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    let name_of = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json" || end == "yaml" || end == "yml"));
    paths.retain(|path| names.is_empty() || names.contains(&name_of(path)));
    // What is small is there soon.
    paths.sort_by_key(|path| fs::metadata(path).map_or(0, |data| data.len()));
    let mut unserved = Vec::new();
    for path in &paths {
        let name = name_of(path);
        let (not_served, ignored) = write(&out.join(&name), &name, path)?;
        unserved.push((name, not_served, ignored));
    }
    write_workspace(&out, unserved.iter().map(|(name, ..)| name))?;
    let (mut all, mut is_whole) = (Outcomes::default(), true);
    println!("document\t{}\tnot served by Prism\twith headers to ignore", Outcomes::HEADER);
    for (name, unserved, ignored) in &unserved {
        match build(&out, name).and_then(|()| call(&out, &prism, name)) {
            Ok(outcomes) => {
                println!("{name}\t{}\t{unserved}\t{ignored}", outcomes.row());
                fs::write(out.join(name).join("failures.txt"), outcomes.failures.join("\n"))?;
                all.add(outcomes);
            }
            Err(error) => {
                println!("{name}\tnot called: {error}");
                is_whole = false;
            }
        }
    }
    let sum = |of: fn(&(String, usize, usize)) -> usize| unserved.iter().map(of).sum::<usize>();
    println!("all\t{}\t{}\t{}", all.row(), sum(|(_, unserved, _)| *unserved), sum(|(.., ignored)| *ignored));
    println!(
        "{:.2} % of all calls succeed, {:.2} % of those to which Prism has a response that fits its schema",
        all.share() * 100.0,
        all.share_of_served() * 100.0
    );
    for (reason, count) in all.reasons() {
        println!("not counted: {count} × {reason}");
    }
    println!("Why calls failed is in `failures.txt` of each document in {}.", out.display());
    Ok(is_whole && all.share_of_served() >= TO_REACH)
}

/// Leaves a program for a document. Returns how many operations Prism cannot serve, and of how many parameters were taken
/// away that OpenAPI says are ignored.
fn write(folder: &Path, name: &str, path: &Path) -> Result<(usize, usize), Box<dyn Error>> {
    let served = served(serde_json::from_str(&Document::open(path)?.to_json())?);
    let (src, own) = (folder.join("src"), folder.join("document.json"));
    fs::create_dir_all(src.join("api"))?;
    put(&own, &served.document.to_string())?;
    put(&folder.join(SERVED), &served.by_prism.to_string())?;
    let mut options = Options::default();
    options.default_role = Some("Public".to_owned());
    let scaffold = scaffold(&Document::open(&own)?, &options);
    for (path, text) in &scaffold.files {
        put(&src.join("api").join(path), &readable(text))?;
    }
    let values = Values { document: &served.document };
    let (program, _) = program::program(&scaffold.files, &operations(&served.document), &values)?;
    put(&src.join("main.rs"), &program)?;
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
         rolecall.workspace = true\nserde.workspace = true\nserde_json.workspace = true\ntokio.workspace = true\n"
    );
    put(&folder.join("Cargo.toml"), &manifest)?;
    Ok((served.unserved, served.ignored))
}

/// Writes a file, unless it is there already: a program that has not changed is not built again.
fn put(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    if fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    Ok(fs::write(path, text)?)
}

/// Values of all types are read from JSON, also those that are only sent.
fn readable(text: &str) -> String {
    let line = |line: &str| match line.strip_suffix("Serialize)]") {
        Some(before) if line.trim_start().starts_with("#[derive(") => {
            format!("{before}Serialize, serde::Deserialize)]\n")
        }
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

fn write_workspace<'n>(out: &Path, names: impl Iterator<Item = &'n String>) -> Result<(), Box<dyn Error>> {
    let mut members = String::new();
    for name in names {
        writeln!(members, "    \"{name}\",")?;
    }
    let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime");
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\n{members}]\n\n[workspace.dependencies]\n\
         rolecall = {{ path = {runtime:?}, default-features = false, features = [\"multipart\", \"nested\", \"parts\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
         tokio = {{ version = \"1\", features = [\"rt\"] }}\n\n\
         [profile.dev]\ndebug = false\nincremental = false\n"
    );
    fs::write(out.join("Cargo.toml"), manifest)?;
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"), out.join("Cargo.lock"))?;
    Ok(())
}

/// Builds the program of a document.
fn build(out: &Path, name: &str) -> Result<(), Box<dyn Error>> {
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--package", name, "--manifest-path"])
        .arg(out.join("Cargo.toml"))
        .status()?;
    if status.success() { Ok(()) } else { Err("the program does not compile".into()) }
}

/// Runs the program of a document.
fn call(out: &Path, prism: &Path, name: &str) -> Result<Outcomes, Box<dyn Error>> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| out.join("target"), PathBuf::from);
    let (mut text, mut lines) = (String::new(), 0);
    let output = loop {
        let server = Prism::start(prism, &out.join(name).join(SERVED))?;
        let mut program = Command::new(target.join("debug").join(name));
        let output = program.arg(&server.url).arg(lines.to_string()).output()?;
        text.push_str(&String::from_utf8_lossy(&output.stdout));
        let before = std::mem::replace(&mut lines, text.lines().count());
        if output.status.code() != Some(PRISM_ENDED) || lines == before {
            break output;
        }
    };
    let document = serde_json::from_slice(&fs::read(out.join(name).join("document.json"))?)?;
    let values = Values { document: &document };
    let mut outcomes = Outcomes::of(&text, &operations(&document), &values);
    if !output.status.success() && output.status.code() != Some(PRISM_ENDED) {
        let message = format!("the program ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
        outcomes.other(message);
    }
    Ok(outcomes)
}
