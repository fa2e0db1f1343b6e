//! What the examples share: the server that they call, and the terminal that they write to.

// Each example uses a part of this.
#![allow(dead_code)]

#[path = "../../../ostrom-users/examples/server/mod.rs"]
pub(crate) mod server;
pub(crate) mod terminal;

use std::error::Error;

use ostrom::jiff::Timestamp;
use ostrom_sandbox::Sandbox;
use server::Server;

/// The time in the sandbox that an example starts: always the same afternoon.
const AFTERNOON: &str = "2025-07-01T13:20:00Z";

/// Chooses the server. Returns its time, too.
pub(crate) async fn choose_server() -> Result<(Server, Timestamp), Box<dyn Error>> {
    let afternoon = AFTERNOON.parse()?;
    let server = Server::choose(Sandbox::builder().now(afternoon)).await?;
    let now = if server.sandbox.is_some() { afternoon } else { Timestamp::now() };
    Ok((server, now))
}
