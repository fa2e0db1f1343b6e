//! Sends requests and receives responses, over the client's own connections or a transport that the caller provides.
//!
//! ```text
//! setup ─► send ─┬─► origin ─┬─► pool
//!                │           ├─► connection ─► connect
//!                │           └─► response_body ─► decompress
//!                └─► by_reqwest
//! ```
//!
//! State that all calls share is created once: for each server that a client calls, an `Origin` holds the address, the
//! `Host` header, TLS, and the open connections.

#[cfg(feature = "reqwest")]
mod by_reqwest;
mod connect;
mod connection;
mod decompress;
mod error;
mod kind;
mod loopback;
#[cfg(feature = "multipart")]
mod multipart;
#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
mod native;
mod origin;
mod outgoing;
mod pool;
mod proxy;
mod request_body;
#[cfg(feature = "reqwest")]
mod reqwest_error;
mod resolve;
mod response_body;
mod send;
mod settings;
mod setup;
mod stream;
#[cfg(test)]
mod tests;
#[cfg(feature = "rustls")]
mod tls;

pub use error::TransportError;
pub use kind::TransportErrorKind;
pub use request_body::Body;
pub use settings::ConnectionSettings;
#[cfg(feature = "reqwest")]
pub use setup::HttpClient;

pub(crate) use error::{Delivery, Fault};
pub(crate) use loopback::is_loopback;
#[cfg(feature = "multipart")]
pub(crate) use multipart::multipart_body;
pub(crate) use outgoing::{MAX_URL, OutgoingRequest, Target};
pub(crate) use response_body::{BodyError, IncomingResponse, ResponseBody};
pub(crate) use send::{Carrier, Transport};
pub(crate) use setup::{Network, Setup};
