//! How a server speaks TLS: its certificate, its protocols, the clients that it lets in.

use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, crypto::ring};
use tokio_rustls::TlsAcceptor;

use super::certificates::{self, Certificate};
use super::http2_behavior::Http2;
use super::stream::{Socket, Stream};

/// A protocol that a server offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// `http/1.1`.
    Http1,
    /// `h2`.
    Http2,
}

impl Protocol {
    fn name(self) -> &'static [u8] {
        match self {
            Self::Http1 => b"http/1.1",
            Self::Http2 => b"h2",
        }
    }
}

/// How a server speaks TLS. It begun with a valid certificate and HTTP/2 as the only protocol.
#[derive(Clone)]
pub struct Tls {
    identity: Arc<certificates::Identity>,
    protocol: Arc<dyn Fn(usize) -> Protocol + Send + Sync>,
    asks_for_certificates: bool,
    pub(crate) http2: Http2,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

impl Tls {
    /// TLS with HTTP/2.
    #[must_use]
    pub fn http2() -> Self {
        Self::by_connection(|_| Protocol::Http2)
    }

    /// TLS with HTTP/1.1.
    #[must_use]
    pub fn http1() -> Self {
        Self::by_connection(|_| Protocol::Http1)
    }

    /// TLS with the protocol that the function returns for the connection of that number, counted from 0.
    pub fn by_connection(protocol: impl Fn(usize) -> Protocol + Send + Sync + 'static) -> Self {
        Self {
            identity: Arc::new(Certificate::Valid.identity()),
            protocol: Arc::new(protocol),
            asks_for_certificates: false,
            http2: Http2::default(),
        }
    }

    /// Shows this certificate.
    #[must_use]
    pub fn certificate(mut self, certificate: Certificate) -> Self {
        self.identity = Arc::new(certificate.identity());
        self
    }

    /// Lets in only clients with a certificate by the test authority.
    #[must_use]
    pub fn asking_for_certificates(mut self) -> Self {
        self.asks_for_certificates = true;
        self
    }

    /// Speaks HTTP/2 like this.
    #[must_use]
    pub fn like(mut self, http2: Http2) -> Self {
        self.http2 = http2;
        self
    }

    /// Shakes hands with the client of the connection of that number.
    pub(crate) async fn accept(&self, socket: Socket, connection: usize) -> io::Result<(Stream, Protocol)> {
        let protocol = (self.protocol)(connection);
        let acceptor = TlsAcceptor::from(Arc::new(self.config(protocol)));
        Ok((Stream::Tls(Box::new(acceptor.accept(socket).await?)), protocol))
    }

    fn config(&self, protocol: Protocol) -> ServerConfig {
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().expect("TLS versions");
        let builder = if self.asks_for_certificates {
            let mut roots = RootCertStore::empty();
            roots.add(certificates::authority()).expect("an authority");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
        } else {
            builder.with_no_client_auth()
        };
        let chain = vec![self.identity.certificate()];
        let mut config = builder.with_single_cert(chain, self.identity.key()).expect("a certificate and its key");
        config.alpn_protocols = vec![protocol.name().to_vec()];
        config
    }
}
