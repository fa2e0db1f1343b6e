//! Clients of real APIs, each declared from the API's public documentation and run against a stand-in that was written from
//! the same documentation, not from the client.

// What the tests share is no test by itself, but fails one just the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod github;
mod kubernetes;
mod messages;
mod objects;
mod stripe;
