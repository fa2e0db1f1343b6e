//! The proxies that the environment or the system names.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

/// Whether one stands before any of the addresses.
///
/// A client's addresses never change, so it is enough to ask when it is built. reqwest, left to itself, asks twice
/// a request.
pub(crate) fn applies_to<'a>(addresses: impl IntoIterator<Item = &'a Url>) -> bool {
    intercepts(&Matcher::from_system(), addresses)
}

fn intercepts<'a>(proxies: &Matcher, addresses: impl IntoIterator<Item = &'a Url>) -> bool {
    let intercepted = |url: &Url| url.as_str().parse::<Uri>().map_or(true, |uri| proxies.intercept(&uri).is_some());
    addresses.into_iter().any(intercepted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_behind_a_proxy_is_enough() {
        let url = |text| Url::parse(text).unwrap();
        let (api, auth) = (url("https://api.example/v1"), url("http://localhost:8080/token"));
        let proxies = |https: &str, no: &str| Matcher::builder().https(https).no(no).build();
        assert!(!intercepts(&proxies("", ""), [&api, &auth]));
        assert!(intercepts(&proxies("http://proxy:3128", ""), [&auth, &api]));
        assert!(!intercepts(&proxies("http://proxy:3128", ""), [&auth]));
        assert!(!intercepts(&proxies("http://proxy:3128", "api.example"), [&api, &auth]));
    }
}
