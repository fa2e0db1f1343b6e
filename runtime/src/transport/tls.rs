//! TLS for the client's own connections: rustls with ring and the operating system's certificates.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls_platform_verifier::Verifier;
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower_service::Service;

use super::error::TransportError;
use super::kind::TransportErrorKind;
use super::settings::{ConnectionSettings, Identity};
use super::stream::Stream;
use crate::error::{Cause, Error};
use crate::role::BoxFuture;

/// The TLS configuration for one server.
pub(super) struct Tls {
    pub(super) config: Arc<ClientConfig>,
    pub(super) server: ServerName<'static>,
}

impl Tls {
    /// Performs the handshake. Returns `true` if HTTP/2 was negotiated.
    pub(super) async fn start(&self, stream: Box<dyn Stream>) -> Result<(Box<dyn Stream>, bool), TransportError> {
        let stream = TlsConnector::from(Arc::clone(&self.config)).connect(self.server.clone(), stream).await;
        let stream = stream.map_err(|error| TransportError::connecting(TransportErrorKind::Tls, error))?;
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        Ok((Box::new(stream), is_http2))
    }
}

/// Returns a connector for TLS with a proxy, through which the connection with the server is established.
pub(super) fn to_proxy<C>(tcp: C, config: Arc<ClientConfig>) -> TlsToProxy<C> {
    let mut config = ClientConfig::clone(&config);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    TlsToProxy { tcp, config: Arc::new(config) }
}

/// Connects to a proxy over TLS.
#[derive(Clone)]
pub(super) struct TlsToProxy<C> {
    tcp: C,
    config: Arc<ClientConfig>,
}

impl<C> Service<Uri> for TlsToProxy<C>
where
    C: Service<Uri, Response = TokioIo<TcpStream>, Error: Into<Cause>, Future: Send + 'static>,
{
    type Response = TokioIo<TlsStream<TcpStream>>;
    type Error = Cause;
    type Future = BoxFuture<'static, Result<Self::Response, Cause>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Cause>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, proxy: Uri) -> Self::Future {
        let host = proxy.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let tls = TlsConnector::from(Arc::clone(&self.config));
        let connecting = self.tcp.call(proxy);
        Box::pin(async move {
            let server = ServerName::try_from(host)?;
            let stream = connecting.await.map_err(Into::into)?.into_inner();
            Ok(TokioIo::new(tls.connect(server, stream).await?))
        })
    }
}

/// Configures TLS 1.2 and 1.3, with HTTP/2 preferred. A provider that the program has installed is used instead of
/// ring.
pub(super) fn config(settings: &ConnectionSettings) -> Result<ClientConfig, Error> {
    let failed = |error: rustls::Error| {
        Error::configuration(format!("could not set up TLS: {error}")).with_cause(Some(error.into()))
    };
    let mut roots = Vec::new();
    for pem in &settings.root_certificates {
        roots.extend(certificates("root certificate", pem)?);
    }
    let provider = CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(ring::default_provider()));
    let verifier = verifier(roots, Arc::clone(&provider)).map_err(failed)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        // The verifier is the platform's own; only the method's name suggests a danger.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match &settings.identity {
        None => builder.with_no_client_auth(),
        Some(Identity { certificates: pem, key }) => {
            let chain = certificates("certificate of the identity", pem)?;
            let key = PrivateKeyDer::from_pem_slice(key.expose_secret().as_bytes())
                .map_err(|_| Error::configuration("key of the identity is not a PEM private key"))?;
            builder.with_client_auth_cert(chain, key).map_err(failed)?
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(not(target_os = "android"))]
fn verifier(roots: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Verifier, rustls::Error> {
    Verifier::new_with_extra_roots(roots, provider)
}

#[cfg(target_os = "android")]
fn verifier(roots: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Verifier, rustls::Error> {
    if roots.is_empty() {
        return Verifier::new(provider);
    }
    Err(rustls::Error::General("Android takes root certificates from its network security configuration alone".into()))
}

/// Returns all certificates of a PEM text, which must contain at least one.
fn certificates(what: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        _ => Err(Error::configuration(format!("{what} is not a PEM certificate"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_pem_is_refused_by_its_name() {
        let refused = |settings: ConnectionSettings| config(&settings).unwrap_err().to_string();
        let settings = ConnectionSettings::new;
        assert!(refused(settings().root_certificate("geheim")).contains("root certificate is not"));
        let error = refused(settings().identity("geheim", "geheim"));
        assert!(error.contains("certificate of the identity is not") && !error.contains("geheim"), "{error}");
    }
}
