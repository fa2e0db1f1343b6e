//! The soak: `cargo run --release -p rolecall-tests --example soak -- 120 1000`, for two minutes and a thousand callers.

use std::time::Duration;

use rolecall_tests::soak::{self, Soak, Told};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse().expect("a number"));
    let seconds = arguments.next().unwrap_or(120);
    let callers = arguments.next().unwrap_or(1000);
    let told = Told::default();
    tracing::subscriber::set_global_default(told.clone()).expect("the only subscriber");
    let soak = Soak { callers: usize::try_from(callers).expect("a number"), time: Duration::from_secs(seconds) };
    let report = soak::run(soak, &told);
    println!("{report:#?}");
    report.check();
}
