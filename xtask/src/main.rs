//! Tasks of this repository; `cargo xtask` lists them.

mod circles;
mod coverage;
mod incremental;
mod interop;
mod manifest;
mod oauth;
mod published;
mod run;
mod rustc;
mod server;
mod servers;
mod steps;
mod tools;
mod written;

use std::process::ExitCode;
use std::time::Instant;

use crate::interop::INTEROP;
use crate::run::{Failure, Outcome};
use crate::servers::SERVERS;
use crate::steps::{BY_NAME, CI, OAUTH, RELEASE, Step};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let steps: Vec<&Step> = match arguments.as_slice() {
        ["ci"] => CI.iter().collect(),
        ["oauth"] => vec![&OAUTH],
        ["interop"] => INTEROP.iter().collect(),
        ["servers"] => SERVERS.iter().collect(),
        ["ci" | "release" | "interop" | "servers", names @ ..] if !names.is_empty() => {
            match names.iter().map(|name| find(name)).collect() {
                Ok(steps) => steps,
                Err(name) => return usage(&format!("unknown step `{name}`")),
            }
        }
        [] | ["help" | "-h" | "--help"] => return usage(""),
        _ => return usage("unknown command"),
    };
    match run_all(&steps) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run_all(steps: &[&Step]) -> Result<(), Failure> {
    run::go_to_root()?;
    let mut skipped = Vec::new();
    for step in steps {
        let start = Instant::now();
        let outcome = (step.run)()?;
        let seconds = start.elapsed().as_secs();
        match outcome {
            Outcome::Done => println!("== {}: done in {seconds} s", step.name),
            Outcome::Skipped(why) => skipped.push(format!("\n== {}: SKIPPED, {why}", step.name)),
        }
    }
    // Last, where it is seen.
    for line in skipped {
        eprintln!("{line}");
    }
    Ok(())
}

fn find(name: &str) -> Result<&'static Step, &str> {
    CI.iter().chain(BY_NAME).chain(RELEASE).chain(INTEROP).chain(SERVERS).find(|step| step.name == name).ok_or(name)
}

fn usage(mistake: &str) -> ExitCode {
    if !mistake.is_empty() {
        eprintln!("xtask: {mistake}\n");
    }
    println!("cargo xtask ci              everything that must pass before a change lands, in this order:");
    list(CI);
    println!("cargo xtask ci NAME …       some of them alone");
    println!("                            and these, which take long:");
    list(BY_NAME);
    println!("cargo xtask interop NAME …  checks with tools that others wrote, all of them without a name:");
    list(INTEROP);
    println!("cargo xtask servers NAME …  clients against servers that others wrote, all of them without a name:");
    list(SERVERS);
    println!("cargo xtask oauth           {}\n", OAUTH.what);
    println!("cargo xtask release NAME …  what docs/RELEASING.md requires:");
    list(RELEASE);
    if mistake.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

fn list(steps: &[Step]) {
    for step in steps {
        println!("    {:12} {}", step.name, step.what);
    }
    println!();
}
