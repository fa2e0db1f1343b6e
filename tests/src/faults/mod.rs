//! The harness of the tests that cross the crates: a server whose every step is scripted, a clock that stands still
//! unless the wire is quiet, and one capture of all that could show a secret.
//!
//! A case is a closure given to [`case`]. It makes its servers, its client and its calls through the [`World`] that
//! it gets, and has to end with what [`Seen::is`] returns, for which it has to say what is true of the call: how many
//! requests each server saw, how the call ended, after how many attempts, whether the request may have arrived, and
//! how long it took. What holds of every call (the deadline, no secret anywhere) is asserted without being said.
//!
//! ```
//! use rolecall::ErrorKind;
//! use rolecall_tests::faults::{Expect, FaultsApi, ScriptedResponse, Took, case};
//!
//! case(async |world| {
//!     let server = world.server(ScriptedResponse::status(500));
//!     let client = world.client(&server).build().unwrap();
//!     let seen = world.call(client.get_item("1")).await;
//!     seen.is(Expect {
//!         requests: &[1],
//!         ends: Err(ErrorKind::Status),
//!         attempts: 1,
//!         maybe_sent: true,
//!         took: Took::AtOnce,
//!     })
//! });
//! ```
mod api;
mod capture;
mod case;
mod certificates;
pub(crate) mod clock;
mod connection;
mod expect;
mod gate;
mod http2;
mod http2_behavior;
mod response;
mod script;
mod secrets;
mod server;
mod shared;
mod stream;
mod tls;
mod way;
mod world;

pub use api::{FaultsApi, Item, NewItem, faults_api, item, new_item};
pub use capture::{Capture, EventRecord, SpanRecord};
pub use case::{case, case_by, case_in_real_time};
pub use certificates::{Certificate, HOST, Identity, authority, authority_pem, client_identity};
pub use connection::Received;
pub use expect::{Expect, Proven, Seen, Took};
pub use gate::Gate;
pub use http2_behavior::{Http2, Recycling};
pub use response::ScriptedResponse;
pub use script::Script;
pub use secrets::{Secret, forms};
pub use server::Server;
pub use tls::{Protocol, Tls};
pub use way::{Setup, Way};
pub use world::{CLIENT_ID, CLIENT_SECRET, DEADLINE, TIMEOUT, TOKEN, World};
