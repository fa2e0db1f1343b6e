//! What arguments make of a request, as it goes over the wire.

// What the cases share is no test by itself, but fails one just the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod nested;
mod parts;
mod values;

use rolecall::ErrorKind;
use rolecall_tests::faults::{Expect, Server, Took};

/// The number of requests that the only server has seen, the last of which was answered at once.
fn fine(requests: &[usize]) -> Expect<'_> {
    Expect { requests, ends: Ok(()), attempts: 1, maybe_sent: true, took: Took::AtOnce }
}

/// The same, of a call with an argument for which nothing is sent.
fn refused(requests: &[usize]) -> Expect<'_> {
    Expect { requests, ends: Err(ErrorKind::Argument), attempts: 0, maybe_sent: false, took: Took::AtOnce }
}

/// A whole request: its line, its headers in order of their names, an empty line, and its body. What is the same for all
/// requests is left out: the headers `authorization`, `host`, `user-agent`, and those that ask for a compressed
/// response.
fn whole(server: &Server, at: usize) -> String {
    let request = server.request(at);
    let mut headers: Vec<_> =
        request.headers.iter().map(|(name, value)| format!("{}: {value}\n", name.to_ascii_lowercase())).collect();
    let same = ["accept-encoding: gzip\n", "authorization: ", "host: ", "user-agent: "];
    headers.retain(|header| same.iter().all(|same| !header.starts_with(same)));
    headers.sort();
    format!("{} {}\n{}\n{}", request.method, request.target, headers.concat(), request.text())
}
