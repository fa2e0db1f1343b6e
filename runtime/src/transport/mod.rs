//! What carries a request: the client's own connections, or what its caller brings.

mod custom;
pub(crate) mod http_client;
mod proxy;
pub(crate) mod tls;

pub use custom::TransportError;

pub(crate) use custom::Transport;
