//! Selects and creates the transports of a client.

#[cfg(feature = "rustls")]
use std::sync::OnceLock;
use std::sync::{Arc, Mutex, PoisonError};

use http::uri::Parts;
use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;

#[cfg(feature = "reqwest")]
use super::by_reqwest::{ReqwestClient, SendFn};
use super::connect::{Route, Via, tcp};
#[cfg(feature = "reqwest")]
use super::loopback::is_localhost;
use super::origin::Origin;
use super::pool::Pool;
use super::proxy;
use super::resolve::Resolver;
use super::send::Transport;
use super::settings::ConnectionSettings;
#[cfg(feature = "rustls")]
use super::tls::{self, Tls, to_proxy};
use crate::error::Error;
use crate::url::Url;

/// The transport options of a client's builder.
#[derive(Default)]
pub(crate) struct Setup {
    pub(crate) connection: Option<ConnectionSettings>,
    #[cfg(feature = "reqwest")]
    pub(crate) http_client: Option<HttpClient>,
    #[cfg(feature = "reqwest")]
    pub(crate) function: Option<SendFn>,
}

/// A `reqwest::Client` that the caller provides, or the builder of one; see
/// [`ClientBuilder::http_client`](crate::ClientBuilder::http_client).
#[cfg(feature = "reqwest")]
#[derive(Debug)]
pub struct HttpClient(Given);

#[cfg(feature = "reqwest")]
#[derive(Debug)]
enum Given {
    Client(reqwest::Client),
    Builder(Box<reqwest::ClientBuilder>),
}

#[cfg(feature = "reqwest")]
impl From<reqwest::Client> for HttpClient {
    fn from(client: reqwest::Client) -> Self {
        Self(Given::Client(client))
    }
}

#[cfg(feature = "reqwest")]
impl From<reqwest::ClientBuilder> for HttpClient {
    fn from(builder: reqwest::ClientBuilder) -> Self {
        Self(Given::Builder(Box::new(builder)))
    }
}

/// The maximum number of servers whose transports a [`Network`] keeps for further calls.
const MAX_KEPT: usize = 32;

/// Creates the transports to the servers of a client.
pub(crate) struct Network {
    kind: Kind,
    /// The transports used last, so that each server has one connection pool. The most recently used one is last: the
    /// addresses of redirects come from servers, so their number has no other bound.
    made: Mutex<Vec<(Box<str>, Transport)>>,
}

#[allow(clippy::large_enum_variant, reason = "there is one per client")]
enum Kind {
    Own(Connector),
    #[cfg(feature = "reqwest")]
    Reqwest(ReqwestClient),
}

impl Setup {
    /// Creates the transport to the API, and the [`Network`] that creates those to authorization servers. No connection
    /// is established yet.
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the settings contradict each other, are invalid,
    /// or need a feature that is not compiled in.
    pub(crate) fn build(self, base: &Url, token_urls: &[Url]) -> Result<(Transport, Network), Error> {
        #[cfg(feature = "reqwest")]
        if let Some(http_client) = self.http_client {
            if self.connection.is_some() {
                return Err(Error::configuration("both `http_client` and `connection` are set; remove one"));
            }
            let client = http_client.build(std::iter::once(base).chain(token_urls))?;
            let api = self.function.map_or_else(|| Transport::Reqwest(client.clone()), Transport::Function);
            return Ok((api, Network { kind: Kind::Reqwest(client), made: Mutex::default() }));
        }
        #[cfg(not(feature = "reqwest"))]
        let _ = token_urls;
        let connector = Connector::new(self.connection.unwrap_or_default());
        #[cfg(feature = "reqwest")]
        if let Some(function) = self.function {
            // The function handles the base URL.
            return Ok((Transport::Function(function), Network { kind: Kind::Own(connector), made: Mutex::default() }));
        }
        check_tls("base URL", base)?;
        let api = connector.transport(base, true)?;
        let made = Mutex::new(vec![(base.origin().into(), api.clone())]);
        Ok((api, Network { kind: Kind::Own(connector), made }))
    }
}

impl Network {
    /// Returns the transport to a server other than that of the base URL. `what` names the address in the message.
    pub(crate) fn to(&self, what: &str, url: &Url) -> Result<Transport, Error> {
        #[allow(clippy::infallible_destructuring_match, reason = "the feature `reqwest` adds another kind")]
        let connector = match &self.kind {
            Kind::Own(connector) => connector,
            #[cfg(feature = "reqwest")]
            Kind::Reqwest(client) => return Ok(Transport::Reqwest(client.clone())),
        };
        check_tls(what, url)?;
        let origin = url.origin();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made.iter().position(|(other, _)| **other == *origin).map(|index| made.remove(index).1);
        let transport = known.map_or_else(|| connector.transport(url, false), Ok)?;
        if made.len() == MAX_KEPT {
            made.remove(0);
        }
        made.push((origin.into(), transport.clone()));
        Ok(transport)
    }
}

/// Returns an error if `url` is `https` and TLS is not compiled in. `what` names the URL in the message.
fn check_tls(what: &str, url: &Url) -> Result<(), Error> {
    if cfg!(any(feature = "rustls", feature = "native-tls")) || url.scheme() != "https" {
        return Ok(());
    }
    Err(Error::configuration(format!(
        "{what} is `https`, but `rolecall` is built without TLS; enable feature `rustls` or `native-tls`, or set \
         `http_client`"
    )))
}

/// Creates the [`Origin`]s of a client.
struct Connector {
    settings: ConnectionSettings,
    proxies: Matcher,
    #[cfg(feature = "rustls")]
    tls: OnceLock<Arc<rustls::ClientConfig>>,
}

impl Connector {
    fn new(settings: ConnectionSettings) -> Self {
        Self {
            settings,
            proxies: Matcher::from_system(),
            #[cfg(feature = "rustls")]
            tls: OnceLock::new(),
        }
    }

    /// Creates a transport with hyper, or with reqwest if TLS is the operating system's.
    fn transport(&self, url: &Url, is_base: bool) -> Result<Transport, Error> {
        #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
        if url.scheme() == "https" {
            return super::native::client(&self.settings, url, is_base).map(Transport::Reqwest);
        }
        self.origin(url, is_base).map(Transport::Own)
    }

    fn origin(&self, url: &Url, is_base: bool) -> Result<Arc<Origin>, Error> {
        let Parts { scheme: Some(scheme), authority: Some(authority), .. } = address(url)?.into_parts() else {
            return Err(Error::configuration("address has no host"));
        };
        // The authority omits a default port.
        let host = HeaderValue::try_from(authority.as_str()).map_err(invalid)?;
        let via = self.via(url, is_base)?;
        let route = Route {
            via,
            #[cfg(feature = "rustls")]
            tls: self.tls(url)?,
            timeout: self.settings.connect_timeout,
            address: with_port(url)?,
        };
        let may_multiplex = url.scheme() == "https";
        let pool = Pool::new(may_multiplex, self.settings.idle_timeout, self.settings.max_idle);
        Ok(Arc::new(Origin::new(scheme, authority, host, route, pool)))
    }

    fn via(&self, url: &Url, is_base: bool) -> Result<Via, Error> {
        #[cfg(unix)]
        if let Some(path) = self.settings.unix_socket.as_ref().filter(|_| is_base) {
            return Ok(Via::Unix(path.clone()));
        }
        #[cfg(not(unix))]
        let _ = is_base;
        let tcp = tcp(&self.settings);
        let Some(proxy) = proxy::before(&self.proxies, url) else { return Ok(Via::Tcp(tcp)) };
        match proxy.uri().scheme_str().unwrap_or_default() {
            "http" => Ok(Via::Proxy(proxy, tcp)),
            #[cfg(feature = "rustls")]
            "https" => Ok(Via::SecureProxy(proxy, to_proxy(tcp, self.config()?))),
            "socks5" => Ok(Via::Socks(proxy, tcp, Some(Resolver(self.settings.resolve.clone())))),
            "socks5h" => Ok(Via::Socks(proxy, tcp, None)),
            scheme => Err(Error::configuration(format!(
                "unsupported proxy scheme `{scheme}`; use `http`, `https` with the feature `rustls`, `socks5`, or `socks5h`, \
                 or exempt the host with `NO_PROXY`"
            ))),
        }
    }

    /// Returns the TLS configuration for the address, of which there is one, created on first use.
    #[cfg(feature = "rustls")]
    fn tls(&self, url: &Url) -> Result<Option<Tls>, Error> {
        if url.scheme() != "https" {
            return Ok(None);
        }
        let host = url.host().trim_matches(['[', ']']).to_owned();
        let server = rustls::pki_types::ServerName::try_from(host).map_err(invalid)?;
        Ok(Some(Tls { config: self.config()?, server }))
    }

    #[cfg(feature = "rustls")]
    fn config(&self) -> Result<Arc<rustls::ClientConfig>, Error> {
        if let Some(config) = self.tls.get() {
            return Ok(Arc::clone(config));
        }
        let config = Arc::new(tls::config(&self.settings)?);
        Ok(Arc::clone(self.tls.get_or_init(|| config)))
    }
}

/// Returns the scheme and host of a URL.
fn address(url: &Url) -> Result<Uri, Error> {
    url.origin().parse().map_err(invalid)
}

/// Returns the address with its port, which the tunnel of a proxy does not derive from the scheme.
fn with_port(url: &Url) -> Result<Uri, Error> {
    format!("{}://{}:{}/", url.scheme(), url.host(), url.port()).parse().map_err(invalid)
}

fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::configuration("invalid address").with_cause(Some(error.into()))
}

#[cfg(feature = "reqwest")]
impl HttpClient {
    /// Builds the client for calls to these addresses.
    fn build<'a>(self, addresses: impl Iterator<Item = &'a Url> + Clone) -> Result<ReqwestClient, Error> {
        match self.0 {
            Given::Client(client) => {
                // Other resolvers may resolve such a name to a non-loopback address.
                let mut names = addresses.filter(|url| url.scheme() == "http").map(Url::host);
                if let Some(name) = names.find(|name| is_localhost(name) && !is_itself_localhost(name)) {
                    return Err(Error::configuration(format!(
                        "`{name}` may be resolved to another machine by the given `reqwest::Client`; \
                         use `localhost`, or give `http_client` a `reqwest::ClientBuilder`"
                    )));
                }
                Ok(ReqwestClient { client, is_own: false })
            }
            Given::Builder(builder) => {
                let mut builder = *builder;
                for name in addresses.map(Url::host).filter(|name| is_localhost(name)) {
                    let loopback = [
                        std::net::SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 0)),
                        std::net::SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, 0)),
                    ];
                    builder = builder.resolve_to_addrs(name, &loopback);
                }
                ReqwestClient::build(builder)
            }
        }
    }
}

#[cfg(feature = "reqwest")]
fn is_itself_localhost(name: &str) -> bool {
    name.trim_end_matches('.').eq_ignore_ascii_case("localhost")
}

#[cfg(feature = "reqwest")]
impl ReqwestClient {
    /// Builds a client that sends each request exactly once and follows no redirects.
    pub(super) fn build(builder: reqwest::ClientBuilder) -> Result<Self, Error> {
        let client = builder
            .redirect(reqwest::redirect::Policy::none())
            // Without this maximum, reqwest would keep a copy of each request for a retry that never happens.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .referer(false)
            .build()
            .map_err(|error| Error::configuration("could not build the HTTP client").with_cause(Some(error.into())))?;
        Ok(Self { client, is_own: true })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn the_servers_that_redirects_lead_to_are_kept_in_a_bounded_number_the_last_used_ones() {
        let (_, network) = Setup::default().build(&url("http://127.0.0.1:1"), &[]).unwrap();
        let to = |port: u16| match network.to("address", &url(&format!("http://127.0.0.1:{port}/a"))).unwrap() {
            Transport::Own(origin) => origin,
            #[cfg(feature = "reqwest")]
            _ => panic!("another transport"),
        };
        let (used, unused) = (to(2), to(3));
        for port in 100..1000 {
            assert!(Arc::ptr_eq(&to(2), &used), "it has one pool as long as it is used");
            to(port);
        }
        assert_eq!(network.made.lock().unwrap().len(), MAX_KEPT);
        assert!(!Arc::ptr_eq(&to(3), &unused));
    }

    #[test]
    fn a_server_is_named_as_its_url_names_it() {
        for (text, host) in [
            ("https://api.example/v1?a", "https://api.example/"),
            ("https://api.example:443", "https://api.example/"),
            ("http://[::1]:8080", "http://[::1]:8080/"),
        ] {
            assert_eq!(address(&url(text)).unwrap().to_string(), host);
        }
        for (text, address) in [
            ("http://api.example/v1", "http://api.example:80/"),
            ("https://api.example/v1", "https://api.example:443/"),
            ("https://[::1]:8443", "https://[::1]:8443/"),
        ] {
            assert_eq!(with_port(&url(text)).unwrap().to_string(), address);
        }
    }
}
