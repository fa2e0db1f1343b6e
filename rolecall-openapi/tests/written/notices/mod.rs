//! Notices, version 1.0.0.
//!
//! Written by `cargo rolecall new` from `notices.json`; `cargo rolecall check` compares the two.

/// The base URL of the API.
pub const BASE_URL: &str = "https://notices.example.com";
