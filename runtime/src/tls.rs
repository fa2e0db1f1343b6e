//! TLS for the client's own connections: rustls with ring, and the operating system's certificates.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::error::Error;

/// TLS 1.2 and 1.3, HTTP/2 preferred. A provider that the program has installed for itself is used instead of ring.
pub(crate) fn config() -> Result<ClientConfig, Error> {
    let provider = CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(ring::default_provider()));
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| Error::configuration(format!("TLS can't be set up: {error}")).with_cause(Some(error.into())))?
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
