//! What a trait says about the requests of an endpoint, as they go over the wire: by the client's own connections, and by
//! reqwest's.

// What the cases share is no test by itself, but fails one just the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accept_encoding;
mod lengths;
mod metadata;
mod methods;
mod optional_body;
mod paths;
mod query_encoding;
mod same_path;

use rolecall::ErrorKind;
use rolecall_tests::faults::{Expect, Received, Server, Took};

/// The number of requests that the only server has seen, the last of which was answered at once.
fn fine(requests: &[usize]) -> Expect<'_> {
    Expect { requests, ends: Ok(()), attempts: 1, maybe_sent: true, took: Took::AtOnce }
}

/// The same, of a call that failed.
fn fails(requests: &[usize], kind: ErrorKind) -> Expect<'_> {
    Expect { ends: Err(kind), ..fine(requests) }
}

/// The whole request: its line, its headers by name, an empty line, and its body. Of what each client says of itself,
/// `host`, `authorization`, and `user-agent`, the values are left out.
fn whole(server: &Server, at: usize) -> String {
    let Received { method, target, headers, body, .. } = server.request(at);
    let mut headers: Vec<(String, String)> =
        headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    headers.sort();
    let line = |(name, value): (String, String)| match name.as_str() {
        "host" | "authorization" | "user-agent" => name,
        _ => format!("{name}: {value}"),
    };
    let lines: Vec<String> = headers.into_iter().map(line).collect();
    format!("{method} {target}\n{}\n\n{}", lines.join("\n"), String::from_utf8_lossy(&body))
}
