//! New connections: TCP or a Unix socket, through a proxy if one applies, and TLS.

use std::net::{IpAddr, SocketAddr};
#[cfg(unix)]
use std::path::PathBuf;
use std::time::Duration;

use http::Uri;
use http::uri::InvalidUri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::Intercept;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower_service::Service;

use super::error::{Delivery, TransportError};
use super::kind::TransportErrorKind;
use super::resolve::{Resolver, resolve};
use super::settings::ConnectionSettings;
use super::stream::Stream;
#[cfg(feature = "rustls")]
use super::tls::{Tls, TlsToProxy};
use crate::error::Cause;

/// A new connection, and whether HTTP/2 was negotiated.
pub(super) struct Opened {
    pub(super) stream: Box<dyn Stream>,
    pub(super) is_http2: bool,
}

/// The route to one server.
pub(super) struct Route {
    pub(super) address: Uri,
    pub(super) via: Via,
    #[cfg(feature = "rustls")]
    pub(super) tls: Option<Tls>,
    pub(super) timeout: Duration,
}

pub(super) enum Via {
    Tcp(HttpConnector<Resolver>),
    Proxy(Intercept, HttpConnector<Resolver>),
    /// A proxy that is connected to by TLS.
    #[cfg(feature = "rustls")]
    SecureProxy(Intercept, TlsToProxy<HttpConnector<Resolver>>),
    /// A SOCKS proxy, and the resolver of host names, unless the proxy resolves them.
    Socks(Intercept, HttpConnector<Resolver>, Option<Resolver>),
    #[cfg(unix)]
    Unix(PathBuf),
    #[cfg(test)]
    Memory {
        connect: Box<dyn Fn() -> tokio::io::DuplexStream + Send + Sync>,
        is_http2: bool,
    },
}

impl Route {
    /// Opens a connection within the connect timeout.
    pub(super) async fn open(&self) -> Result<Opened, TransportError> {
        timeout(self.timeout, self.open_in_time()).await.unwrap_or_else(|_| {
            let cause = format!("no connection within {:?}", self.timeout);
            Err(TransportError::of_kind(TransportErrorKind::TimedOut, Delivery::None, cause))
        })
    }

    async fn open_in_time(&self) -> Result<Opened, TransportError> {
        let stream: Box<dyn Stream> = match &self.via {
            Via::Tcp(tcp) => Box::new(connect(tcp.clone(), self.address.clone(), TransportErrorKind::Other).await?),
            Via::Proxy(proxy, tcp) => Box::new(self.tunnel(proxy, tcp.clone()).await?),
            #[cfg(feature = "rustls")]
            Via::SecureProxy(proxy, tls) => Box::new(self.tunnel(proxy, tls.clone()).await?),
            Via::Socks(proxy, tcp, resolver) => Box::new(self.socks(proxy, tcp.clone(), resolver.as_ref()).await?),
            #[cfg(unix)]
            Via::Unix(path) => {
                let connected = tokio::net::UnixStream::connect(path).await;
                Box::new(connected.map_err(|error| TransportError::connecting(TransportErrorKind::Other, error))?)
            }
            #[cfg(test)]
            Via::Memory { connect, is_http2 } => {
                return Ok(Opened { stream: Box::new(connect()), is_http2: *is_http2 });
            }
        };
        #[cfg(feature = "rustls")]
        if let Some(tls) = &self.tls {
            let (stream, is_http2) = tls.start(stream).await?;
            return Ok(Opened { stream, is_http2 });
        }
        Ok(Opened { stream, is_http2: false })
    }

    async fn tunnel<C, S>(&self, proxy: &Intercept, to_proxy: C) -> Result<S, TransportError>
    where
        C: Service<Uri, Response = TokioIo<S>, Error: Into<Cause>, Future: Send + 'static>,
        S: Stream + 'static,
    {
        let tunnel = authorized(Tunnel::new(proxy.uri().clone(), to_proxy), proxy);
        connect(tunnel, self.address.clone(), TransportErrorKind::Proxy).await
    }

    /// The proxy resolves the host name, unless there is a resolver.
    async fn socks(
        &self,
        proxy: &Intercept,
        tcp: HttpConnector<Resolver>,
        resolver: Option<&Resolver>,
    ) -> Result<TcpStream, TransportError> {
        let address = match resolver {
            Some(resolver) => self.resolved(resolver).await?,
            None => self.address.clone(),
        };
        let socks = SocksV5::new(proxy.uri().clone(), tcp);
        let socks = match proxy.raw_auth() {
            Some((user, password)) => socks.with_auth(user.to_owned(), password.to_owned()),
            None => socks,
        };
        connect(socks, address, TransportErrorKind::Proxy).await
    }

    /// Returns the address with the first IP address of the host in its place.
    async fn resolved(&self, resolver: &Resolver) -> Result<Uri, TransportError> {
        let host = self.address.host().unwrap_or_default();
        if host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
            return Ok(self.address.clone());
        }
        let invalid = |error| TransportError::of_kind(TransportErrorKind::Dns, Delivery::None, error);
        let addresses = resolve(resolver.0.as_ref(), host).await.map_err(|error| invalid(Cause::from(error)))?;
        let first =
            addresses.first().map(|address| SocketAddr::new(address.ip(), self.address.port_u16().unwrap_or(443)));
        let first = first.ok_or_else(|| invalid("the host has no address".into()))?;
        format!("https://{first}/").parse().map_err(|error: InvalidUri| invalid(error.into()))
    }
}

fn authorized<C>(tunnel: Tunnel<C>, proxy: &Intercept) -> Tunnel<C> {
    match proxy.basic_auth() {
        Some(authorization) => tunnel.with_auth(authorization.clone()),
        None => tunnel,
    }
}

/// Connects. `otherwise` is the error kind to use if the causes do not determine one.
async fn connect<C, S>(mut connector: C, to: Uri, otherwise: TransportErrorKind) -> Result<S, TransportError>
where
    C: Service<Uri, Response = TokioIo<S>, Error: Into<Cause>>,
{
    let connected = async {
        std::future::poll_fn(|context| connector.poll_ready(context)).await?;
        connector.call(to).await
    };
    match connected.await {
        Ok(io) => Ok(io.into_inner()),
        Err(error) => Err(TransportError::connecting(otherwise, error)),
    }
}

/// Creates the TCP connector with these settings.
pub(super) fn tcp(settings: &ConnectionSettings) -> HttpConnector<Resolver> {
    let mut tcp = HttpConnector::new_with_resolver(Resolver(settings.resolve.clone()));
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    // If a host has several addresses, each gets a share of the time.
    tcp.set_connect_timeout(Some(settings.connect_timeout));
    tcp.set_local_address(settings.local_address);
    // A peer that is gone is detected after a minute, even if a call waits for a slow response.
    tcp.set_keepalive(Some(Duration::from_secs(15)));
    tcp.set_keepalive_interval(Some(Duration::from_secs(15)));
    tcp.set_keepalive_retries(Some(3));
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    tcp.set_tcp_user_timeout(Some(Duration::from_secs(30)));
    tcp
}
