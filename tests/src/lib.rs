//! What the tests share.

pub mod everything;
pub mod faults;
pub mod roles;
pub mod soak;
pub mod stand_in;
pub mod wire;

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The examples of the page on adding an API, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../docs/adding-an-api.md")]
pub struct AddingAnApi;

/// The examples of the page about testing, compiled and run: here, for they are about several crates.
#[cfg(doctest)]
#[doc = include_str!("../../runtime/docs/testing.md")]
pub struct Testing;
