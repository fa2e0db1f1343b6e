//! The soak in short. `cargo run --release -p rolecall-tests --example soak` is the long one.

use std::time::Duration;

use rolecall_tests::soak::{self, Soak, Told};

#[test]
fn no_call_is_lost_and_every_request_is_accounted_for() {
    let told = Told::default();
    tracing::subscriber::set_global_default(told.clone()).unwrap();
    soak::run(Soak { callers: 100, time: Duration::from_secs(4) }, &told).check();
}
