//! The cases of `tests/ui/fail` in an incremental build: there rustc does not merge two errors of one text at one
//! place, such as one in a trait and one in its implementation. Trybuild compiles without.
//!
//! Only cases with an error of the compiler itself are compiled. It merges errors of a macro, whose spans belong to no
//! item, in every build.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::run::{Failure, Outcome};
use crate::rustc::{EXTERNS, Externs, errors, rustc, stderr};

/// The line of a case that has more errors than without: the compiler leaves no way to merge them.
const EXPECTED: &str = "// In an incremental build, errors: ";

struct Case {
    path: PathBuf,
    /// The number of errors.
    expected: usize,
}

pub(crate) fn incremental() -> Result<Outcome, Failure> {
    let externs = Externs::build()?;
    let externs = EXTERNS.map(|name| externs.named(name, name));
    let cases = cases()?;
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<String>, Failure> {
        let mut wrong = Vec::new();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let found = compile(&case.path, &externs)?;
            if found != case.expected {
                wrong.push(format!("{}: {found} errors, expected {}", case.path.display(), case.expected));
            }
        }
        Ok(wrong)
    };
    let workers = thread::available_parallelism()?.get();
    let wrong: Result<Vec<Vec<String>>, Failure> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, Result<Vec<String>, Failure>>| {
            worker.join().unwrap_or_else(|_| Err(Failure::new("a worker panicked")))
        };
        workers.into_iter().map(join).collect()
    });
    let mut wrong = wrong?.concat();
    if wrong.is_empty() {
        println!("{} cases", cases.len());
        return Ok(Outcome::Done);
    }
    wrong.sort();
    Err(Failure::new(format!("an incremental build has other errors:\n{}", wrong.join("\n"))))
}

/// The cases with an error of the compiler.
fn cases() -> Result<Vec<Case>, Failure> {
    let mut cases: Vec<Case> = Vec::new();
    for entry in fs::read_dir("tests/ui/fail")? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let stderr = fs::read_to_string(path.with_extension("stderr"))?;
        let is_compilers = |line: &str| line.starts_with("error[") || line.starts_with("note: the lint level");
        if !stderr.lines().any(is_compilers) {
            continue;
        }
        let source = fs::read_to_string(&path)?;
        let expected = source.lines().find_map(|line| line.strip_prefix(EXPECTED)?.parse().ok());
        cases.push(Case { path, expected: expected.unwrap_or_else(|| errors(&stderr).len()) });
    }
    if cases.is_empty() {
        return Err(Failure::new("no case has an error of the compiler"));
    }
    Ok(cases)
}

/// The number of errors of a case in an incremental build.
fn compile(case: &Path, externs: &[String]) -> Result<usize, Failure> {
    let (mut rustc, out) = rustc(case, externs)?;
    rustc.arg("-C").arg(format!("incremental={}", out.display()));
    Ok(errors(&stderr(rustc)?).len())
}
