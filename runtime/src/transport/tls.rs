//! TLS for the client's own connections: rustls with ring and the operating system's certificates, or the operating
//! system's own, or none.

use reqwest::ClientBuilder;
use url::Url;

use crate::error::Error;

/// Gives the connections the kind of TLS that this build has.
pub(crate) fn set_up(builder: ClientBuilder) -> Result<ClientBuilder, Error> {
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_preconfigured(by_rustls()?);
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    let builder = builder.tls_backend_native();
    Ok(builder)
}

/// Refuses an address, `what` of the client's being said in the error, that this build can't call for want of TLS.
pub(crate) fn check(what: &str, url: &Url) -> Result<(), Error> {
    if cfg!(any(feature = "rustls", feature = "native-tls")) || url.scheme() != "https" {
        return Ok(());
    }
    Err(Error::configuration(format!(
        "{what} is `https`, but `rolecall` is built without TLS; enable feature `rustls` or `native-tls`, or set \
         `http_client`"
    )))
}

/// TLS 1.2 and 1.3, HTTP/2 preferred. A provider that the program has installed for itself is used instead of ring.
#[cfg(feature = "rustls")]
fn by_rustls() -> Result<rustls::ClientConfig, Error> {
    use std::sync::Arc;

    use rustls::crypto::{CryptoProvider, ring};
    use rustls_platform_verifier::BuilderVerifierExt;

    let provider = CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(ring::default_provider()));
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| Error::configuration(format!("could not set up TLS: {error}")).with_cause(Some(error.into())))?
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
