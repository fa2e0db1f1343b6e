//! Clients of servers that others wrote; `cargo xtask servers` installs them, starts them, and runs this.
//!
//! The arguments are the name of the server and its URL.

// It is a test, which ends by a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod httpbin;
mod registry;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["httpbin", url] => httpbin::run(url).await,
        ["registry", url] => registry::run(url).await,
        _ => panic!("expected `httpbin` or `registry`, and a URL"),
    }
}
