//! TLS as `localhost`, by an authority that is made at the start.

use std::fs;
use std::io::{Error, Result};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// Writes the authority's certificate to the file, and offers the protocol of that name alone.
pub fn acceptor(file: &str, alpn: &str) -> Result<TlsAcceptor> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.distinguished_name.push(DnType::CommonName, "benchmark authority");
    let key = KeyPair::generate().map_err(Error::other)?;
    let authority = params.self_signed(&key).map_err(Error::other)?;
    fs::write(file, authority.pem())?;
    let issuer = Issuer::new(params, key);

    let params = CertificateParams::new(vec!["localhost".to_owned()]).map_err(Error::other)?;
    let key = KeyPair::generate().map_err(Error::other)?;
    let certificate = params.signed_by(&key, &issuer).map_err(Error::other)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
        .map_err(Error::other)?;
    config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
