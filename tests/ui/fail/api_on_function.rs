//! `#[api]` on a function.

use rolecall::{api};

#[api]
pub fn things() {}

fn main() {}
