//! `#[api]` on a struct.

use rolecall::{api};

#[api]
pub struct Things;

fn main() {}
