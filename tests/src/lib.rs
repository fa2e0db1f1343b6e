//! What the tests share.

// A test that can't get at what it needs has failed.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

pub mod everything;
pub mod faults;
pub mod roles;
pub mod wire;

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
