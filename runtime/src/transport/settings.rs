//! The settings of a client's own connections.

use std::fmt;
use std::net::IpAddr;
#[cfg(unix)]
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

#[cfg(any(feature = "rustls", feature = "native-tls"))]
use secrecy::SecretString;

use crate::error::Cause;
use crate::role::BoxFuture;

pub(super) type Resolve = Arc<dyn Fn(&str) -> BoxFuture<'static, Result<Vec<IpAddr>, Cause>> + Send + Sync>;

/// The settings for making and keeping connections.
///
/// The defaults suit most clients:
///
/// | setting | default | why |
/// |---|---|---|
/// | [`connect_timeout`](Self::connect_timeout) | 10 s | enough for the retransmission of lost packets; an attempt of a
/// call has 30 s in all |
/// | [`idle_timeout`](Self::idle_timeout) | 90 s | many load balancers close connections after 60 s to 350 s; a
/// detected close costs nothing |
/// | [`max_idle`](Self::max_idle) | no limit | connections never outnumber concurrent calls, and a closed one has to be
/// made again |
/// | `root_certificate` | no additional ones | the operating system knows which authorities its user trusts |
/// | `identity` | none | few servers require one |
/// | [`local_address`](Self::local_address) | any | the routing table determines the address that reaches the server |
/// | [`resolver`](Self::resolver) | the operating system's | it uses `/etc/hosts` and the network's own names |
/// | `unix_socket` | none | |
///
/// ```
/// use std::time::Duration;
/// use rolecall::{Client, ConnectionSettings, Public};
///
/// # fn main() -> Result<(), rolecall::Error> {
/// let client = Client::<Public>::builder("https://api.example.com")
///     .connection(ConnectionSettings::new().connect_timeout(Duration::from_secs(3)))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ConnectionSettings {
    pub(super) connect_timeout: Duration,
    pub(super) idle_timeout: Duration,
    pub(super) max_idle: usize,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(super) root_certificates: Vec<Vec<u8>>,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(super) identity: Option<Identity>,
    pub(super) local_address: Option<IpAddr>,
    pub(super) resolve: Option<Resolve>,
    #[cfg(unix)]
    pub(super) unix_socket: Option<PathBuf>,
}

/// A client certificate and its key, in PEM format.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) certificates: Vec<u8>,
    pub(super) key: SecretString,
}

impl ConnectionSettings {
    /// Creates settings with all defaults.
    #[must_use]
    pub fn new() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(90),
            max_idle: usize::MAX,
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            root_certificates: Vec::new(),
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            identity: None,
            local_address: None,
            resolve: None,
            #[cfg(unix)]
            unix_socket: None,
        }
    }

    /// Sets the timeout for establishing a connection: name resolution, TCP, a proxy's tunnel, and TLS. The default is
    /// 10 s.
    ///
    /// The attempt that waits for the connection has its own timeout, which may end first.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long an unused connection is kept open. The default is 90 s; zero keeps none.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Sets how many unused connections are kept open per host. By default, there is no limit.
    ///
    /// This applies to HTTP/1.1 only: one HTTP/2 connection carries all calls.
    #[must_use]
    pub fn max_idle(mut self, connections: usize) -> Self {
        self.max_idle = connections;
        self
    }

    /// Trusts one or more additional certificate authorities, in PEM format, besides those of the operating system.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[must_use]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Authenticates the client with its certificate (mutual TLS): the chain, starting with the client's own
    /// certificate, and the private key, both in PEM format.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[must_use]
    pub fn identity(mut self, certificates: impl Into<Vec<u8>>, key: impl Into<SecretString>) -> Self {
        self.identity = Some(Identity { certificates: certificates.into(), key: key.into() });
        self
    }

    /// Connects from this local address.
    #[must_use]
    pub fn local_address(mut self, address: IpAddr) -> Self {
        self.local_address = Some(address);
        self
    }

    /// Resolves host names with this function instead of the operating system.
    ///
    /// The function is not called for `localhost` and the names below it, which are always loopback addresses (RFC
    /// 6761, section 6.3). It is called for the name of a proxy.
    ///
    /// ```
    /// use std::net::{IpAddr, Ipv4Addr};
    /// use rolecall::ConnectionSettings;
    ///
    /// let pinned = ConnectionSettings::new().resolver(|_host: String| async {
    ///     Ok::<_, std::io::Error>(vec![IpAddr::from(Ipv4Addr::new(203, 0, 113, 7))])
    /// });
    /// ```
    #[must_use]
    pub fn resolver<F, Resolved, E>(mut self, resolve: F) -> Self
    where
        F: Fn(String) -> Resolved + Send + Sync + 'static,
        Resolved: Future<Output = Result<Vec<IpAddr>, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.resolve = Some(Arc::new(move |host| {
            let resolved = resolve(host.to_owned());
            Box::pin(async move { resolved.await.map_err(Into::into) })
        }));
        self
    }

    /// Connects to this Unix socket instead of the base URL's host. The request still names that host.
    ///
    /// Tokens are also fetched through the socket if the token URL has the same host and port.
    #[cfg(unix)]
    #[must_use]
    pub fn unix_socket(mut self, path: impl Into<PathBuf>) -> Self {
        self.unix_socket = Some(path.into());
        self
    }
}

impl Default for ConnectionSettings {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ConnectionSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all = f.debug_struct("ConnectionSettings");
        all.field("connect_timeout", &self.connect_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("max_idle", &self.max_idle)
            .field("local_address", &self.local_address)
            .field("resolver", &self.resolve.is_some());
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        all.field("root_certificates", &self.root_certificates.len()).field("identity", &self.identity.is_some());
        #[cfg(unix)]
        all.field("unix_socket", &self.unix_socket);
        all.finish()
    }
}
