//! Which addresses a client may call.

use url::{Host, Url};

use crate::error::Error;

/// Reads a base URL or a token URL, `what` of the two it is being said in the error.
///
/// `https` is required so that no token or secret crosses a network in the clear; a loopback host is no network.
/// User information would be a secret in a place that is printed, and a fragment never reaches a server.
pub(crate) fn parse(what: &str, text: &str) -> Result<Url, Error> {
    let url = Url::parse(text).map_err(|error| {
        Error::configuration(format!("the {what} is no URL ({error}); it should look like `https://api.example.com`"))
    })?;
    let refuse = |why: &str| Err(Error::configuration(format!("the {what} {why}")));
    if url.cannot_be_a_base() || !matches!(url.scheme(), "http" | "https") {
        return refuse("is no HTTP address; it should start with `https://`");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("has user information in it; give credentials to the builder instead");
    }
    if url.fragment().is_some() {
        return refuse("has a fragment; leave out `#` and what follows");
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return refuse("is not encrypted; use `https`, plain `http` is for loopback hosts alone");
    }
    Ok(url)
}

/// Reads a base URL, to which endpoints append their paths.
pub(crate) fn parse_base(text: &str) -> Result<Url, Error> {
    let url = parse("base URL", text)?;
    if url.query().is_some() {
        return Err(Error::configuration("the base URL has a query; leave out `?` and what follows"));
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encrypted_and_loopback_addresses_are_fine() {
        for text in [
            "https://api.example.com",
            "https://api.example.com:8443/v1/",
            "http://localhost:8080",
            "http://api.localhost",
            "http://127.0.0.1:1",
            "http://127.8.8.8",
            "http://[::1]:80",
        ] {
            assert!(parse_base(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_a_reason() {
        for (text, reason) in [
            ("", "no URL"),
            ("api.example.com", "no URL"),
            ("ftp://api.example.com", "no HTTP address"),
            ("mailto:a@example.com", "no HTTP address"),
            ("http://api.example.com", "not encrypted"),
            ("http://10.0.0.1", "not encrypted"),
            ("http://localhost.example.com", "not encrypted"),
            ("https://user@api.example.com", "user information"),
            ("https://user:geheim@api.example.com", "user information"),
            ("https://api.example.com?a=b", "query"),
            ("https://api.example.com#a", "fragment"),
        ] {
            let error = parse_base(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
            assert!(!error.contains("geheim"), "{error}");
        }
    }
}
