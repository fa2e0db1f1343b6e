//! The steps.

use std::env;
use std::fs;

use crate::circles::circles;
use crate::coverage::coverage;
use crate::incremental::incremental;
use crate::manifest::manifest;
use crate::oauth::oauth;
use crate::published::{LIBRARIES, PUBLISHED};
use crate::run::{Failure, Outcome, failing, output, run, run_with, target};
use crate::tools::tool;

/// The versions of tools, pinned: a newer one may need a newer compiler.
const DENY: &str = "0.20.2";
const PUBLIC_API: &str = "0.52.0";
const SEMVER_CHECKS: &str = "0.51.0";

/// A step that must pass.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) run: fn() -> Result<Outcome, Failure>,
}

/// Not part of CI: it installs from npm.
pub(crate) const OAUTH: Step =
    Step { name: "oauth", what: "credentials against an OAuth2 server from npm (needs Node.js 20)", run: oauth };

/// The steps that must pass before a change lands.
pub(crate) const CI: &[Step] = &[
    Step { name: "test", what: "all tests", run: || run("cargo test --workspace") },
    Step {
        name: "incremental",
        what: "a mistake in a trait is as many errors in an incremental build as in others",
        run: incremental,
    },
    Step {
        name: "manifest",
        what: "a trait in a package without `rolecall`, or with it under another name, is one error",
        run: manifest,
    },
    Step { name: "fmt", what: "the source is formatted", run: || run("cargo fmt --check") },
    Step { name: "circles", what: "no two files use each other, directly or through others", run: circles },
    Step {
        name: "clippy",
        what: "no warnings, and nothing of the standard library that is newer than the `rust-version`",
        run: || run("cargo clippy --workspace --all-targets -- -D warnings"),
    },
    Step {
        name: "features",
        what: "`rolecall` and `ostrom` build with each of their features, and the features work",
        run: || run(".ci/features"),
    },
    Step {
        name: "json",
        what: "answers are read alike whatever features of `serde_json` the rest of a program turns on",
        run: json,
    },
    Step {
        name: "doc",
        what: "the documentation builds, without a dead link",
        run: || run_with("cargo doc --workspace --no-deps --all-features", &[("RUSTDOCFLAGS", "-D warnings")]),
    },
    Step { name: "coverage", what: "every public item is documented (needs a nightly toolchain)", run: coverage },
    Step {
        name: "quickstart",
        what: "the README's first command",
        run: || run("cargo run --quiet -p ostrom-users --example quickstart"),
    },
    Step { name: "outside", what: "a crate outside the workspace, with the versions of our lock file", run: outside },
    Step { name: "package", what: "every crate packages", run: || package("--no-verify") },
    Step { name: "deny", what: "licenses, bans, sources, duplicates", run: deny },
];

/// Steps that run only by name, since they take long.
pub(crate) const BY_NAME: &[Step] = &[Step {
    name: "bench",
    what: "the benchmarks build, and no call became slower (needs Python 3, and valgrind or apt-get)",
    run: bench,
}];

/// The additional steps of a release.
pub(crate) const RELEASE: &[Step] = &[
    Step {
        name: "advisories",
        what: "no dependency has a known vulnerability",
        run: || run(&format!("{} check advisories", tool("deny", DENY)?)),
    },
    Step { name: "verify", what: "every packaged crate builds from its package", run: || package("--locked") },
    Step {
        name: "semver",
        what: "no change since the last release, or since the commit `BASELINE_REV`, breaks users unnoticed",
        run: semver,
    },
    Step {
        name: "public-api",
        what: "writes each library's interface to docs/public-api (needs a nightly toolchain)",
        run: public_api,
    },
    Step { name: "picture", what: "rewrites docs/compile-error.svg", run: || run("python3 docs/compile-error.py") },
];

/// A feature that one crate turns on is on for all of a program.
fn json() -> Result<Outcome, Failure> {
    let features =
        ["arbitrary_precision", "preserve_order", "float_roundtrip"].map(|name| format!("serde_json/{name}"));
    run(&format!("cargo test --quiet -p rolecall -p ostrom -p ostrom-users --lib --features {}", features.join(",")))
}

fn outside() -> Result<Outcome, Failure> {
    fs::copy("Cargo.lock", "tests/outside/Cargo.lock")?;
    let of_crate = format!("--quiet --manifest-path tests/outside/Cargo.toml --target-dir {}", target());
    schema_missing(&of_crate)?;
    run(&format!("cargo run {of_crate} --bin outside"))
}

/// A feature that is off is named by one error for each argument that needs it.
fn schema_missing(of_crate: &str) -> Result<(), Failure> {
    let said = failing(&format!("cargo check {of_crate} --bin schema_missing --features schema-missing"))?;
    let errors = said.lines().filter(|line| line.starts_with("error[")).collect::<Vec<_>>();
    if errors != ["error[E0277]: the feature `schema` of `rolecall` is not enabled"; 2] {
        return Err(Failure::new(format!(
            "expected an error for each `schema` that names the feature, found:\n{said}"
        )));
    }
    Ok(())
}

/// Unpublished crates cannot be packaged.
fn package(how: &str) -> Result<Outcome, Failure> {
    let packages: Vec<String> = PUBLISHED.iter().map(|name| format!("-p {name}")).collect();
    run(&format!("cargo package {how} --allow-dirty {}", packages.join(" ")))
}

fn bench() -> Result<Outcome, Failure> {
    // Not all targets: a benchmark of the macros takes their modules, whose tests are run where they are.
    run("cargo check --quiet --manifest-path benches/Cargo.toml --workspace")?;
    run("cargo check --quiet --manifest-path benches/Cargo.toml -p latency --benches")?;
    run("python3 benches/check")
}

fn deny() -> Result<Outcome, Failure> {
    match tool("deny", DENY) {
        Ok(deny) => run(&format!("{deny} check bans licenses sources")),
        Err(failure) if env::var_os("CI").is_some() => Err(failure),
        Err(_) => Ok(Outcome::Skipped(
            "nothing of it was checked: there is no cargo-deny, and it can't be installed, see above (with `CI` set that \
             is a failure)",
        )),
    }
}

fn semver() -> Result<Outcome, Failure> {
    let tool = tool("semver-checks", SEMVER_CHECKS)?;
    let baseline = env::var("BASELINE_REV").map(|rev| format!(" --baseline-rev {rev}")).unwrap_or_default();
    for library in LIBRARIES {
        run(&format!("{tool} --package {library}{baseline}"))?;
    }
    Ok(Outcome::Done)
}

fn public_api() -> Result<Outcome, Failure> {
    let tool = tool("public-api", PUBLIC_API)?;
    fs::create_dir_all("docs/public-api")?;
    for library in LIBRARIES {
        let line = format!("{tool} --package {library} --all-features --omit blanket-impls,auto-trait-impls");
        fs::write(format!("docs/public-api/{library}.txt"), output(&line, &[])?)?;
    }
    Ok(Outcome::Done)
}
