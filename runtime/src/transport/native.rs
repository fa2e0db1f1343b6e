//! Connections through reqwest, with the operating system's TLS.

use std::sync::Arc;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::dns::{Addrs, Name, Resolving};
use secrecy::ExposeSecret;

use super::by_reqwest::ReqwestClient;
use super::proxy;
use super::resolve::resolve;
use super::settings::{ConnectionSettings, Identity, Resolve};
use crate::error::Error;
use crate::url::Url;

/// Creates a client for calls to this address. `is_base` is `true` for the address of the API.
pub(super) fn client(settings: &ConnectionSettings, url: &Url, is_base: bool) -> Result<ReqwestClient, Error> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_native()
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(settings.idle_timeout)
        .pool_max_idle_per_host(settings.max_idle)
        .local_address(settings.local_address)
        .dns_resolver(Arc::new(Resolver(settings.resolve.clone())));
    for pem in &settings.root_certificates {
        for certificate in reqwest::Certificate::from_pem_bundle(pem).map_err(|_| no_pem("root certificate"))? {
            builder = builder.add_root_certificate(certificate);
        }
    }
    if let Some(Identity { certificates, key }) = &settings.identity {
        let identity = reqwest::Identity::from_pkcs8_pem(certificates, key.expose_secret().as_bytes());
        builder = builder.identity(identity.map_err(|_| no_pem("identity"))?);
    }
    #[cfg(unix)]
    if let Some(path) = settings.unix_socket.as_ref().filter(|_| is_base) {
        builder = builder.unix_socket(path.clone());
    }
    #[cfg(not(unix))]
    let _ = is_base;
    // By default, reqwest looks for a proxy with every request.
    if proxy::before(&Matcher::from_system(), url).is_none() {
        builder = builder.no_proxy();
    }
    ReqwestClient::build(builder)
}

fn no_pem(what: &str) -> Error {
    Error::configuration(format!("{what} is not valid PEM"))
}

struct Resolver(Option<Resolve>);

impl reqwest::dns::Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolving = resolve(self.0.as_ref(), name.as_str());
        Box::pin(async move {
            let addresses = resolving.await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
