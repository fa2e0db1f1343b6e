//! What a trait says about responses and about all of its endpoints, as it goes over the wire and comes back.

// What the cases share is no test by itself, but fails one just the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod api_errors;
mod by_status;
mod conditional;
mod fixed;
mod pages;
mod redirects;
mod retries;
mod streams;
mod terminal;
mod text;
mod time;

use rolecall::ErrorKind;
use rolecall_tests::faults::{Expect, Took};

/// The number of requests that the only server has seen, the last of which was answered at once.
fn fine(requests: &[usize]) -> Expect<'_> {
    Expect { requests, ends: Ok(()), attempts: 1, maybe_sent: true, took: Took::AtOnce }
}

/// The same, of a call that failed.
fn fails(requests: &[usize], kind: ErrorKind) -> Expect<'_> {
    Expect { requests, ends: Err(kind), attempts: 1, maybe_sent: true, took: Took::AtOnce }
}
