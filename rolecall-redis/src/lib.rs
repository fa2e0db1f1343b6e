#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod clock;
mod connection;
mod error;
mod pool;
mod server;
#[cfg(test)]
mod tests;
mod token_store;

use std::fmt;
use std::sync::Arc;

pub use error::Error;
pub use pool::{Counters, RedisPool};
pub use token_store::RedisTokenStore;

use connection::Connection;
use server::Server;

/// Connects to the Redis or Valkey server at the URL: `redis://user:password@host:6379/0`, `rediss://…` with TLS, or
/// `redis+unix:///path`.
///
/// The connection is shared by all values created from the result, and replaced when it breaks.
///
/// # Errors
///
/// Returns [`Error`] if the URL is invalid, if it needs TLS that is not compiled in, or if there is no connection within
/// 2 seconds. For a program that starts without Redis, use [`connect_lazily`].
pub async fn connect(url: &str) -> Result<Redis, Error> {
    let redis = connect_lazily(url)?;
    redis.connection.ready().await?;
    Ok(redis)
}

/// Connects like [`connect`], but only when the connection is first needed.
///
/// # Errors
///
/// Returns [`Error`] if the URL is invalid, or needs TLS that is not compiled in.
pub fn connect_lazily(url: &str) -> Result<Redis, Error> {
    Ok(Redis::new(Server::single(url)?))
}

/// Connects to the primary that Redis Sentinel names `service`, when the connection is first needed. The URLs are those
/// of the Sentinels; user, password, and database of the first are used for the primary, too.
///
/// # Errors
///
/// Returns [`Error`] if a URL is invalid, or needs TLS that is not compiled in.
#[cfg(feature = "sentinel")]
#[cfg_attr(docsrs, doc(cfg(feature = "sentinel")))]
pub fn sentinel(service: &str, nodes: &[&str]) -> Result<Redis, Error> {
    Ok(Redis::new(Server::sentinel(service, nodes)?))
}

/// Connects to the Redis Cluster of which the URLs name some nodes, when the connection is first needed.
///
/// A failover that loses writes is detected from what clients remember rather than, as with a single server, from the
/// server's identity.
///
/// # Errors
///
/// Returns [`Error`] if a URL is invalid, or needs TLS that is not compiled in.
#[cfg(feature = "cluster")]
#[cfg_attr(docsrs, doc(cfg(feature = "cluster")))]
pub fn cluster(nodes: &[&str]) -> Result<Redis, Error> {
    Ok(Redis::new(Server::cluster(nodes)?))
}

/// A connection to Redis. Clones share it.
#[derive(Clone)]
pub struct Redis {
    connection: Arc<Connection>,
}

impl Redis {
    fn new(server: Server) -> Self {
        Self { connection: Connection::new(server) }
    }

    /// Returns a store of tokens that all clients share.
    #[must_use]
    pub fn token_store(&self) -> RedisTokenStore {
        RedisTokenStore::new(Arc::clone(&self.connection))
    }

    /// Returns a rate limit that is shared by all clients that use this name.
    ///
    /// The name identifies what the server counts: an API and a client ID, for example `ostrom:partner`.
    #[must_use]
    pub fn rate_limit(&self, name: &str) -> RedisPool {
        RedisPool::new(Arc::clone(&self.connection), name)
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}
