//! The fault suite: what the runtime promises, tried on servers that break in every way.
//!
//! One program rather than one a file: each would be linked by itself.

// What the cases share is no test by itself, but fails one just the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod arguments;
mod connections;
mod credentials;
mod deadline;
mod errors;
mod harness;
mod http2;
mod life;
mod limits;
mod middleware;
mod per_call;
mod properties;
mod proxies;
mod queue;
mod rate_limit;
mod refresh_token;
mod responses;
mod retry;
mod security;
mod settings;
mod shapes;
mod spans;
mod supplier;
mod tls;
mod token;
mod token_responses;
mod transport;
mod unauthorized;
mod uploads;

use std::time::Duration;

use rolecall::ErrorKind;
use rolecall_tests::faults::{Expect, NewItem, Took};

/// What cases send that send a body.
const BODY: NewItem = NewItem { count: 1, note: String::new() };

/// The waits after the first and the second attempt at their longest, 0.2 s and 0.4 s, and a little.
const TWO_WAITS: Took = Took::UpTo(Duration::from_millis(700));

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// One request, answered well and at once.
fn fine(requests: &[usize]) -> Expect<'_> {
    Expect { requests, ends: Ok(()), attempts: 1, maybe_sent: true, took: Took::AtOnce }
}

/// One request, which fails at once.
fn fails(requests: &[usize], kind: ErrorKind) -> Expect<'_> {
    Expect { requests, ends: Err(kind), attempts: 1, maybe_sent: true, took: Took::AtOnce }
}

/// No request.
fn refused(requests: &[usize], kind: ErrorKind) -> Expect<'_> {
    Expect { requests, ends: Err(kind), attempts: 0, maybe_sent: false, took: Took::AtOnce }
}
