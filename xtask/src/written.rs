//! What `cargo rolecall new` writes for a folder of documents, held against the compiler, clippy, rustdoc, and rustfmt.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::run::{Failure, Outcome, run, run_with, target};

/// A crate that was written for a document.
struct Written {
    name: String,
    folder: PathBuf,
    operations: u32,
    bytes: usize,
}

pub(crate) fn written() -> Result<Outcome, Failure> {
    if std::env::var_os("ROLECALL_OPENAPI_DOCUMENTS").is_none() {
        return Ok(Outcome::Skipped("set ROLECALL_OPENAPI_DOCUMENTS to a folder of OpenAPI documents"));
    }
    let folder = format!("{}/interop/written", target());
    run(&format!("cargo run --quiet --release -p rolecall-openapi --example measure -- {folder}"))?;
    let manifest = format!("--manifest-path {folder}/Cargo.toml");
    let mut crates = crates(Path::new(&folder))?;
    crates.sort_by_key(|one| one.bytes);
    // Dependencies are there when the first is timed.
    if let Some(first) = crates.first() {
        run(&format!("cargo check --quiet {manifest} -p {}", first.name))?;
    }
    let (mut wrong, mut time, mut operations) = (Vec::new(), Duration::ZERO, 0);
    let milliseconds = |took: Duration, operations: u32| took.as_secs_f64() * 1000.0 / f64::from(operations.max(1));
    for one in &crates {
        let name = &one.name;
        let front = one.folder.join("src/lib.rs");
        fs::write(&front, fs::read(&front)?)?;
        let start = Clock::start();
        let checked = run(&format!("cargo check --quiet {manifest} -p {name}"));
        let (took, clock) = start.stop();
        let linted = run(&format!("cargo clippy --quiet {manifest} -p {name} --no-deps -- -D warnings"));
        let documented =
            run_with(&format!("cargo doc --quiet {manifest} -p {name} --no-deps"), &[("RUSTDOCFLAGS", "-D warnings")]);
        let config = format!("--edition 2024 --config-path {folder}");
        let formatted = run(&format!("rustfmt --check {config} {}", front.display()));
        let each = milliseconds(took, one.operations);
        println!("{name}: {} operations, checked in {took:.2?} of {clock}, {each:.1} ms each", one.operations);
        time += took;
        operations += one.operations;
        for result in [checked, linted, documented, formatted] {
            wrong.extend(result.err().map(|failure| failure.to_string()));
        }
    }
    // Not a bound: it depends on the machine.
    println!("all: {operations} operations, checked in {time:.2?}, {:.1} ms each", milliseconds(time, operations));
    if wrong.is_empty() { Ok(Outcome::Done) } else { Err(Failure::new(wrong.join("\n"))) }
}

fn crates(folder: &Path) -> Result<Vec<Written>, Failure> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder)? {
        let folder = entry?.path();
        let Ok(files) = fs::read_dir(folder.join("src")) else { continue };
        let (mut operations, mut bytes) = (0, 0);
        for file in files {
            let text = fs::read_to_string(file?.path())?;
            operations += u32::try_from(text.matches("#[endpoint(").count()).unwrap_or(u32::MAX);
            bytes += text.len();
        }
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        out.push(Written { name, folder, operations, bytes });
    }
    Ok(out)
}

/// The time that commands take.
struct Clock {
    start: Instant,
    used: Option<u64>,
}

impl Clock {
    fn start() -> Self {
        Self { start: Instant::now(), used: used() }
    }

    /// The time since the start, and of which clock: what other programs do is not the commands' fault.
    fn stop(&self) -> (Duration, &'static str) {
        match self.used.zip(used()) {
            Some((before, after)) => (Duration::from_millis((after - before) * 10), "the processor"),
            None => (self.start.elapsed(), "the clock"),
        }
    }
}

/// The processor time of all commands so far, in hundredths of a second, where Linux reports it.
fn used() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, after) = text.rsplit_once(')')?;
    let mut times = after.split_whitespace().skip(13).take(2).map(str::parse::<u64>);
    Some(times.next()?.ok()? + times.next()?.ok()?)
}
