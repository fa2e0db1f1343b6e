//! The address of Redis, and how connections to it are established.

use std::fmt;
use std::time::Duration;

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::{AsyncConnectionConfig, Cmd, ConnectionAddr, IntoConnectionInfo, RedisResult, Value};

use crate::Error;

/// The timeout of one attempt to connect, including the handshake.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// The timeout of a command. Callers have shorter ones, so it only ends commands that no caller waits for.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);

#[allow(clippy::large_enum_variant, reason = "there is one per pool")]
pub(crate) enum Server {
    Single(redis::Client),
    #[cfg(feature = "sentinel")]
    Sentinel(tokio::sync::Mutex<redis::sentinel::SentinelClient>, String),
    #[cfg(feature = "cluster")]
    Cluster(redis::cluster::ClusterClient, String),
}

#[derive(Clone)]
pub(crate) enum Wire {
    Single(MultiplexedConnection),
    #[cfg(feature = "cluster")]
    Cluster(redis::cluster_async::ClusterConnection),
}

impl Server {
    /// # Errors
    ///
    /// Returns an error if the URL is invalid, or needs TLS that is not compiled in.
    pub(crate) fn single(url: &str) -> Result<Self, Error> {
        let info = url.into_connection_info().map_err(|error| {
            Error::new(format!(
                "invalid Redis URL: {error}; expected a URL such as `redis://user:password@host:6379/0`"
            ))
        })?;
        prepare_tls(info.addr())?;
        Ok(Self::Single(redis::Client::open(info)?))
    }

    #[cfg(feature = "sentinel")]
    pub(crate) fn sentinel(service: &str, nodes: &[&str]) -> Result<Self, Error> {
        use redis::sentinel::{SentinelClient, SentinelNodeConnectionInfo, SentinelServerType};
        let (mut addresses, mut redis) = (Vec::new(), None);
        for url in nodes {
            let info = url
                .into_connection_info()
                .map_err(|error| Error::new(format!("invalid URL of a Redis Sentinel: {error}")))?;
            prepare_tls(info.addr())?;
            redis.get_or_insert_with(|| info.redis_settings().clone());
            addresses.push(info);
        }
        let mut node = SentinelNodeConnectionInfo::default();
        if let Some(redis) = redis {
            node = node.set_redis_connection_info(redis);
        }
        let name = String::from(service);
        let client = SentinelClient::build(addresses, name.clone(), Some(node), SentinelServerType::Master)?;
        Ok(Self::Sentinel(tokio::sync::Mutex::new(client), name))
    }

    #[cfg(feature = "cluster")]
    pub(crate) fn cluster(nodes: &[&str]) -> Result<Self, Error> {
        let mut infos = Vec::new();
        for url in nodes {
            let info = url
                .into_connection_info()
                .map_err(|error| Error::new(format!("invalid URL of a Redis Cluster's node: {error}")))?;
            prepare_tls(info.addr())?;
            infos.push(info);
        }
        let name = infos.first().map(|info| info.addr().to_string()).unwrap_or_default();
        let client = redis::cluster::ClusterClientBuilder::new(infos)
            .connection_timeout(CONNECT_TIMEOUT)
            .response_timeout(RESPONSE_TIMEOUT)
            .retries(1)
            .build()?;
        Ok(Self::Cluster(client, name))
    }

    pub(crate) async fn connect(&self) -> RedisResult<Wire> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(RESPONSE_TIMEOUT));
        match self {
            Self::Single(client) => {
                Ok(Wire::Single(client.get_multiplexed_async_connection_with_config(&config).await?))
            }
            #[cfg(feature = "sentinel")]
            Self::Sentinel(client, _) => {
                Ok(Wire::Single(client.lock().await.get_async_connection_with_config(&config).await?))
            }
            #[cfg(feature = "cluster")]
            Self::Cluster(client, _) => Ok(Wire::Cluster(client.get_async_connection().await?)),
        }
    }
}

/// Writes the address, without user and password.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single(client) => write!(f, "{}", client.get_connection_info().addr()),
            #[cfg(feature = "sentinel")]
            Self::Sentinel(_, service) => write!(f, "the primary of `{service}`"),
            #[cfg(feature = "cluster")]
            Self::Cluster(_, node) => write!(f, "the cluster of {node}"),
        }
    }
}

impl Wire {
    pub(crate) async fn send(&mut self, command: &Cmd) -> RedisResult<Value> {
        match self {
            Self::Single(wire) => wire.req_packed_command(command).await,
            #[cfg(feature = "cluster")]
            Self::Cluster(wire) => wire.req_packed_command(command).await,
        }
    }

    /// Whether all commands go to one server, whose identity and clock can be compared.
    pub(crate) fn is_single(&self) -> bool {
        matches!(self, Self::Single(_))
    }
}

/// rustls has a default provider if exactly one is compiled in, and panics otherwise.
fn prepare_tls(address: &ConnectionAddr) -> Result<(), Error> {
    if !address.is_supported() {
        return Err(Error::new(format!(
            "TLS to {address} is not compiled in; enable the feature `rustls` or `native-tls` of rolecall-redis"
        )));
    }
    #[cfg(feature = "rustls")]
    if matches!(address, ConnectionAddr::TcpTls { .. }) && rustls::crypto::CryptoProvider::get_default().is_none() {
        // An error means that another thread has installed it first.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    Ok(())
}
