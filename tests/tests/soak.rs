//! The soak in short. `cargo run --release -p rolecall-tests --example soak` is the long one.

use std::time::Duration;

use rolecall_tests::soak::{self, Resends, Soak};

#[test]
fn no_call_is_lost_and_every_request_is_accounted_for() {
    let resends = Resends::default();
    tracing::subscriber::set_global_default(resends.clone()).unwrap();
    soak::run(Soak { callers: 100, time: Duration::from_secs(4) }, &resends).check();
}
