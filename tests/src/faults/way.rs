//! The ways by which a client's requests can go: its own connections, or a `reqwest::Client` that it is given.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rolecall::{ClientBuilder, ConnectionSettings, Role};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use super::certificates::{self, HOST};
use super::server::Server;

/// By what a client's requests go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By the client's own connections.
    Own,
    /// By a `reqwest::Client`.
    Reqwest,
}

/// What the connections of a client need besides the trust in the test authority.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setup {
    identified: bool,
    proxied: bool,
    host: Option<SocketAddr>,
}

impl Setup {
    /// Shows [`client_identity`](super::client_identity) to a server that asks for a certificate.
    #[must_use]
    pub fn identified(self) -> Self {
        Self { identified: true, ..self }
    }

    /// Goes by the proxies that the environment names.
    #[must_use]
    pub fn proxied(self) -> Self {
        Self { proxied: true, ..self }
    }

    /// Finds the host of the certificates, [`HOST`], at the address of this server.
    #[must_use]
    pub fn finding(self, server: &Server) -> Self {
        Self { host: Some(server.address()), ..self }
    }
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Own, Self::Reqwest];

    /// Sends the client's requests this way; servers with a certificate by the test authority are trusted.
    #[must_use]
    pub fn of<R: Role>(self, builder: ClientBuilder<R>) -> ClientBuilder<R> {
        self.with(Setup::default(), builder)
    }

    /// The same, with connections that are set up like this.
    #[must_use]
    pub fn with<R: Role>(self, setup: Setup, builder: ClientBuilder<R>) -> ClientBuilder<R> {
        match self {
            Self::Own => builder.connection(connection(setup)),
            Self::Reqwest => builder.http_client(http(setup)),
        }
    }
}

/// The settings of the client's own connections.
fn connection(setup: Setup) -> ConnectionSettings {
    let settings = ConnectionSettings::new().root_certificate(certificates::authority_pem());
    let settings = if setup.identified {
        let identity = certificates::client_identity();
        settings.identity(identity.certificate_pem(), identity.key_pem())
    } else {
        settings
    };
    match setup.host {
        Some(address) => settings.resolver(move |host: String| async move {
            if host == HOST { Ok(vec![address.ip()]) } else { Err("there is no such host") }
        }),
        None => settings,
    }
}

/// A client of reqwest's, as rolecall's documentation asks for it.
fn http(setup: Setup) -> reqwest::ClientBuilder {
    let mut roots = RootCertStore::empty();
    roots.add(certificates::authority()).expect("an authority");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().expect("TLS versions").with_root_certificates(roots);
    let mut config = if setup.identified {
        let identity = certificates::client_identity();
        config.with_client_auth_cert(vec![identity.certificate()], identity.key()).expect("a certificate and its key")
    } else {
        config.with_no_client_auth()
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let builder = reqwest::Client::builder().tls_backend_preconfigured(config);
    let builder = builder.connect_timeout(Duration::from_secs(10));
    let builder = if setup.proxied { builder } else { builder.no_proxy() };
    match setup.host {
        Some(address) => builder.resolve(HOST, address),
        None => builder,
    }
}
