//! Resolves host names to addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower_service::Service;

use super::kind::ResolveError;
use super::loopback::is_localhost;
use super::settings::Resolve;

/// Resolves host names: loopback names internally, others with the caller's function or the operating system.
#[derive(Clone)]
pub(super) struct Resolver(pub(super) Option<Resolve>);

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = ResolveError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ResolveError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ResolveError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let resolving = resolve(self.0.as_ref(), name.as_str());
        Box::pin(async move { Ok(resolving.await?.into_iter()) })
    }
}

/// Returns the addresses of a host, without a port. `localhost` and the names below it always resolve to loopback
/// addresses.
pub(super) fn resolve(
    by: Option<&Resolve>,
    name: &str,
) -> impl Future<Output = Result<Vec<SocketAddr>, ResolveError>> + Send + use<> {
    let loopback = is_localhost(name).then(|| vec![IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()]);
    let by_caller = by.filter(|_| loopback.is_none()).map(|resolve| resolve(name));
    let name = Name::from_str(name);
    async move {
        let found = match (loopback, by_caller, name) {
            (Some(loopback), ..) => loopback,
            (None, Some(by_caller), _) => by_caller.await.map_err(ResolveError)?,
            (None, None, Err(error)) => return Err(ResolveError(error.into())),
            (None, None, Ok(name)) => {
                let found = GaiResolver::new().call(name).await.map_err(|error| ResolveError(error.into()))?;
                found.map(|address| address.ip()).collect()
            }
        };
        if found.is_empty() {
            return Err(ResolveError("the host has no address".into()));
        }
        Ok(found.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::super::settings::ConnectionSettings;
    use super::*;

    #[tokio::test]
    async fn localhost_is_loopback_and_other_names_are_the_callers_to_resolve() {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let settings = ConnectionSettings::new().resolver(move |name: String| {
            log.lock().unwrap().push(name.clone());
            async move { if name == "down.example" { Err("no such host") } else { Ok(vec![]) } }
        });
        for name in ["localhost", "api.LocalHost", "api.localhost."] {
            let found = resolve(settings.resolve.as_ref(), name).await.unwrap();
            assert!(!found.is_empty() && found.iter().all(|address| address.ip().is_loopback()), "{name}");
        }
        assert!(resolve(settings.resolve.as_ref(), "down.example").await.is_err());
        assert!(resolve(settings.resolve.as_ref(), "empty.example").await.is_err());
        assert_eq!(*asked.lock().unwrap(), ["down.example", "empty.example"]);
    }
}
