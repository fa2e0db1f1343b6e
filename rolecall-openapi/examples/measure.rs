//! What is written for a folder of documents, one line each:
//!
//! ```sh
//! ROLECALL_OPENAPI_DOCUMENTS=../documents cargo run --release -p rolecall-openapi --example measure -- target/openapi
//! ```
//!
//! With a folder as its argument it leaves a workspace there, with a crate for each document, to be compiled.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use rolecall_openapi::{Document, Options, scaffold};

fn main() -> Result<(), Box<dyn Error>> {
    let Some(folder) = env::var_os("ROLECALL_OPENAPI_DOCUMENTS") else {
        println!("skipped: ROLECALL_OPENAPI_DOCUMENTS names no folder of documents");
        return Ok(());
    };
    let out = env::args().nth(1).map(PathBuf::from);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json" || end == "yaml" || end == "yml"));
    paths.sort();
    println!("document\tms\toperations\tdeclared\tskipped\ttraits\ttypes\ttrait lines\tlines\tfields\tvalues\tobjects");
    let (mut members, mut all, mut declared) = (String::new(), 0, 0);
    let (mut trait_lines, mut lines) = (Vec::new(), Vec::new());
    let (mut fields, mut untyped) = (0, 0);
    for path in paths {
        // As a package may be called.
        let name = path.file_stem().unwrap_or_default().to_string_lossy().replace('.', "-");
        let start = Clock::start();
        let document = match Document::open(&path) {
            Ok(document) => document,
            Err(error) => {
                println!("{name}\tcannot be read: {error}");
                continue;
            }
        };
        let mut options = Options::default();
        options.source = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        options.default_role = Some("Member".to_owned());
        let scaffold = scaffold(&document, &options);
        let took = start.stop().as_millis();
        let f = scaffold.figures;
        assert_eq!(f.operations, f.declared + f.skipped + f.left_out, "{name}: operations that nobody accounts for");
        let per = |count: usize| if f.declared == 0 { 0.0 } else { count as f64 / f.declared as f64 };
        println!(
            "{name}\t{took}\t{}\t{}\t{}\t{}\t{}\t{:.1}\t{:.1}\t{}\t{}\t{}",
            f.operations,
            f.declared,
            f.skipped,
            f.traits,
            f.types,
            per(f.trait_lines),
            per(f.lines),
            f.fields,
            f.untyped,
            f.free_objects
        );
        if env::var_os("SHOW_SKIPPED").is_some() {
            for (operation, reason) in &scaffold.skipped {
                println!("    {operation}: {reason}");
            }
        }
        all += f.operations;
        declared += f.declared;
        fields += f.fields;
        untyped += f.untyped;
        trait_lines.push(per(f.trait_lines));
        lines.push(per(f.lines));
        if let Some(out) = &out {
            leave(out, &name, &scaffold.files)?;
            writeln!(members, "    \"{name}\",")?;
        }
    }
    println!(
        "all\t\t{all}\t{declared} ({:.1} %)\tmedian lines an operation: {:.1} of traits, {:.1} in all; {untyped} of {fields} fields are values ({:.2} %)",
        declared as f64 * 100.0 / all.max(1) as f64,
        median(trait_lines),
        median(lines),
        untyped as f64 * 100.0 / fields.max(1) as f64,
    );
    if let Some(out) = &out {
        fs::write(out.join("Cargo.toml"), workspace(&members))?;
        // Not this repository's: what is written is laid out by rustfmt's defaults.
        fs::write(out.join("rustfmt.toml"), "")?;
        fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"), out.join("Cargo.lock"))?;
    }
    Ok(())
}

/// The time that a document takes: of the processor where Linux reports it, as the machine may be busy otherwise.
struct Clock {
    start: Instant,
    used: Option<Duration>,
}

impl Clock {
    fn start() -> Self {
        Self { start: Instant::now(), used: used() }
    }

    fn stop(&self) -> Duration {
        self.used.zip(used()).map_or_else(|| self.start.elapsed(), |(before, after)| after.saturating_sub(before))
    }
}

/// The processor time of this thread so far.
fn used() -> Option<Duration> {
    let text = fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn leave(out: &Path, name: &str, files: &[(PathBuf, String)]) -> Result<(), Box<dyn Error>> {
    let src = out.join(name).join("src");
    if src.exists() {
        fs::remove_dir_all(&src)?;
    }
    fs::create_dir_all(&src)?;
    for (path, text) in files {
        let path = if path == Path::new("mod.rs") { Path::new("lib.rs") } else { path };
        fs::write(src.join(path), text)?;
    }
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
         rolecall.workspace = true\nserde.workspace = true\nserde_json.workspace = true\n"
    );
    fs::write(out.join(name).join("Cargo.toml"), manifest)?;
    Ok(())
}

fn workspace(members: &str) -> String {
    let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime");
    format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\n{members}]\n\n[workspace.dependencies]\n\
         rolecall = {{ path = {runtime:?}, default-features = false, features = [\"multipart\", \"nested\", \"parts\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\n[profile.dev]\ndebug = false\nincremental = false\n"
    )
}
