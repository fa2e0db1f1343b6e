//! Some of the cases of `cargo run --release -p rolecall-redis --example fleet`, in short.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failed harness says so and ends")]

#[allow(dead_code)]
#[path = "../examples/fleet/harness/mod.rs"]
mod harness;

use std::process::Command;

use harness::{cases, member, server};

/// Runs the cases, each in a process of this program that is told to be one of a fleet where it starts itself.
fn holds(names: &[&str]) {
    if !server::is_installed() {
        return;
    }
    let runs: Vec<_> = names
        .iter()
        .map(|name| {
            let mut command = Command::new(std::env::current_exe().expect("this program"));
            command.args(["--exact", "a_case", "--ignored", "--nocapture", "--test-threads=1"]);
            (name, command.env("FLEET_TEST", "1").env("FLEET_CASE", name).spawn().expect("a process"))
        })
        .collect();
    for (name, mut run) in runs {
        assert!(run.wait().expect("an end").success(), "{name}");
    }
}

#[test]
fn a_fleet_keeps_to_one_limit_while_redis_is_cut_off_and_while_it_loses_its_state() {
    holds(&["none-short", "refuse-short", "flushall-short"]);
}

#[test]
#[ignore = "what a test above starts"]
fn a_case() {
    let name = std::env::var("FLEET_CASE").expect("a case");
    let case = cases::SHORT.iter().find(|case| case.name == name).expect("a case of that name");
    if let Some(seen) = cases::run_case(case) {
        println!("{name}: {:?}, back after {:?}", seen.outcome, seen.back);
        assert!(seen.broken.is_empty(), "{:?}", seen.broken);
        assert!(seen.outcome.requests > 100, "{:?}", seen.outcome);
    }
}

#[test]
#[ignore = "what a case starts"]
fn a_member() {
    let plan = std::env::var("FLEET_MEMBER").expect("a plan");
    member::main(&plan.split(' ').collect::<Vec<_>>());
}
