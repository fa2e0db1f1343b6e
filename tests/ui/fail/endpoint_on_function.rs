//! `#[endpoint]` on a function.

use rolecall::{endpoint};

#[endpoint(method = GET, path = "/things", role = Partner)]
pub async fn things() {}

fn main() {}
