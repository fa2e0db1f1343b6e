//! Fleets of processes with one limit and one token, against a real Redis that fails in every way:
//! `cargo run --release -p rolecall-redis --example fleet -- all 20`.
//!
//! Each case starts a `redis-server`, a proxy before it, an API that counts, and eight processes with fifty callers
//! each. It reports the most requests that the API saw in any window, and what else was promised.
//! `fleet list` names the cases, `fleet long` runs 50 requests per minute for ten minutes, `fleet cost` measures what a
//! turn costs the server.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failed harness says so and ends")]

mod harness;

use std::process::ExitCode;

use harness::{cases, cost, member};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["member", ..] => member::main(&words[1..]),
        ["list"] => cases::ALL.iter().for_each(|case| println!("{}", case.name)),
        ["cost"] => cost::print(),
        ["long"] => return cases::run_long(),
        [name, ref runs @ ..] => {
            let runs = runs.first().and_then(|runs| runs.parse().ok()).unwrap_or(1);
            return cases::run(name, runs);
        }
        [] => {
            eprintln!("fleet all|long|cost|list|CASE [RUNS]");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
