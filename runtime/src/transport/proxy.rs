//! Proxies from the environment or the system settings.

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use super::loopback::is_loopback;
use crate::url::Url;

/// Returns the proxy for an address. The result never changes, so it is computed once. Loopback addresses use no proxy.
pub(super) fn before(proxies: &Matcher, url: &Url) -> Option<Intercept> {
    if is_loopback(url) {
        return None;
    }
    let uri: Uri = url.as_str().parse().ok()?;
    proxies.intercept(&uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_goes_around_every_proxy() {
        let proxies = Matcher::builder().all("http://proxy:3128").no("direct.example").build();
        for (text, proxied) in [
            ("https://api.example/v1", true),
            ("https://localhost.example", true),
            ("https://direct.example", false),
            ("http://localhost:8080", false),
            ("https://api.localhost", false),
            ("http://127.8.8.8", false),
            ("http://[::1]:80", false),
        ] {
            assert_eq!(before(&proxies, &Url::parse(text).unwrap()).is_some(), proxied, "{text}");
        }
    }
}
