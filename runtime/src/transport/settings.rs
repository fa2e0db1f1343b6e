//! How a client's own connections are made and kept.

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

/// How a client makes its connections, and how long it keeps them.
///
/// The defaults are those that most clients need:
///
/// | setting | default | why |
/// |---|---|---|
/// | [`connect_timeout`](Self::connect_timeout) | 10 s | a connection that took longer is a lost packet's retry late; a call's attempt has 30 s in all |
/// | [`idle_timeout`](Self::idle_timeout) | 90 s | many load balancers close after 60 s to 350 s; a close that is noticed costs nothing |
/// | [`max_idle`](Self::max_idle) | no limit | there are never more than calls at one time, and a closed one has to be made again |
/// | `root_certificate` | none more | the operating system knows whom its user trusts |
/// | `identity` | none | servers that ask for one are rare |
/// | [`local_address`](Self::local_address) | any | the routing table knows which leads to the server |
/// | [`resolver`](Self::resolver) | the operating system's | it sees `/etc/hosts` and the network's own names |
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

/// A client's certificate and its key, as PEM.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) certificates: Vec<u8>,
    pub(super) key: SecretString,
}

impl ConnectionSettings {
    /// Creates settings that are all defaults.
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

    /// Sets the time in which a connection must be made: name, TCP, a proxy's tunnel, TLS. The default is 10 s.
    ///
    /// The attempt that waits for the connection has its own timeout, which may end first.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long a connection that no call uses is kept open. The default is 90 s; zero keeps none.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Sets how many connections that no call uses are kept open for each host. There is no limit by default.
    ///
    /// This is of HTTP/1.1: one connection of HTTP/2 carries all calls.
    #[must_use]
    pub fn max_idle(mut self, connections: usize) -> Self {
        self.max_idle = connections;
        self
    }

    /// Trusts one or more certificate authorities more, as PEM, in addition to those of the operating system.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[must_use]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Authenticates the client by its certificate (mutual TLS): the chain, its own certificate first, and the private
    /// key, both as PEM.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[must_use]
    pub fn identity(mut self, certificates: impl Into<Vec<u8>>, key: impl Into<SecretString>) -> Self {
        self.identity = Some(Identity { certificates: certificates.into(), key: key.into() });
        self
    }

    /// Connects from this address of the machine.
    #[must_use]
    pub fn local_address(mut self, address: IpAddr) -> Self {
        self.local_address = Some(address);
        self
    }

    /// Resolves the names of hosts by this function in place of the operating system.
    ///
    /// It is not asked for `localhost` and names below it, which are always loopback addresses (RFC 6761,
    /// section 6.3). It is asked for the name of a proxy.
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

    /// Connects to this Unix socket in place of the base URL's host, which is still what the request names.
    ///
    /// Tokens are fetched through it as well if the token URL has the same host and port.
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
