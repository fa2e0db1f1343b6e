//! A trait in a package without `rolecall`, or with it under another name. Trybuild's packages have it.
//!
//! A folder of `tests/ui/manifest` has the `Cargo.toml` that `#[api]` reads, the case, and the error that it must have,
//! the only one: a caller has none.

use std::fs;
use std::path::Path;

use crate::run::{Failure, Outcome};
use crate::rustc::{Externs, errors, rustc, stderr};

/// The cases, and the name under which they know the crate.
const CASES: [(&str, &str); 2] = [("missing", "library_api"), ("renamed", "calls")];

pub(crate) fn manifest() -> Result<Outcome, Failure> {
    let externs = Externs::build()?;
    for (case, name) in CASES {
        let folder = fs::canonicalize(Path::new("tests/ui/manifest").join(case))?;
        let (mut rustc, _) = rustc(&folder.join(format!("{case}.rs")), &[externs.named(name, "rolecall")])?;
        rustc.env("CARGO_MANIFEST_DIR", &folder);
        let printed = stderr(rustc)?;
        let expected = fs::read_to_string(folder.join("error.txt"))?;
        if errors(&printed).len() != 1 || !printed.contains(expected.trim()) {
            return Err(Failure::new(format!("expected one error:\n{expected}\nfound:\n{printed}")));
        }
    }
    println!("{} cases", CASES.len());
    Ok(Outcome::Done)
}
