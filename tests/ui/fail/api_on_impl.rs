//! `#[api]` on an implementation.

use rolecall::{api};

pub struct Things;

#[api]
impl Things {}

fn main() {}
