//! Validates the URLs that a client may call.

use crate::error::Error;
use crate::transport::is_loopback;
use crate::url::{Url, UrlError};

/// Parses and validates a base URL or a token URL. `what` names it in the error.
///
/// `https` is required for hosts other than loopback, so that no token or secret is sent unencrypted over a network,
/// unless the program allows plain `http`. User information is rejected because URLs are printed, and a fragment
/// because it never reaches a server.
pub(crate) fn parse(what: &str, text: &str, allow_plain_http: bool) -> Result<Url, Error> {
    let url = Url::parse(text).map_err(|error| {
        Error::configuration(match error {
            UrlError::Invalid(reason) => {
                format!("invalid {what}: {reason}; expected a URL such as `https://api.example.com`")
            }
            UrlError::Scheme => format!("unsupported scheme in {what}; use `https`"),
            UrlError::Credentials => format!("{what} must not contain credentials; set them on the builder"),
        })
    })?;
    if text.contains('#') {
        return Err(Error::configuration(format!("{what} must not contain a fragment; remove `#` and what follows")));
    }
    if url.scheme() == "http" && !allow_plain_http && !is_loopback(&url) {
        return Err(Error::configuration(format!(
            "insecure {what}: `http` is allowed only for loopback hosts; use `https`, or `allow_plain_http` on the builder"
        )));
    }
    Ok(url)
}

/// Parses a base URL, to which endpoints append their paths.
pub(crate) fn parse_base(what: &str, text: &str, allow_plain_http: bool) -> Result<Url, Error> {
    let url = parse(what, text, allow_plain_http)?;
    if url.query().is_some() {
        return Err(Error::configuration(format!("{what} must not contain a query; remove `?` and what follows")));
    }
    Ok(url)
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
            assert!(parse_base("base URL", text, false).is_ok(), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_a_reason() {
        for (text, reason) in [
            ("", "invalid base URL"),
            ("api.example.com", "invalid base URL"),
            ("ftp://api.example.com", "unsupported scheme"),
            ("mailto:a@example.com", "unsupported scheme"),
            ("http://api.example.com", "insecure base URL"),
            ("http://10.0.0.1", "insecure base URL"),
            ("http://localhost.example.com", "insecure base URL"),
            ("https://user@api.example.com", "credentials"),
            ("https://user:geheim@api.example.com", "credentials"),
            ("https://api.example.com?a=b", "query"),
            ("https://api.example.com#a", "fragment"),
        ] {
            let error = parse_base("base URL", text, false).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
            assert!(!error.contains("geheim"), "{error}");
        }
    }

    #[test]
    fn plain_http_is_allowed_on_request_and_nothing_else_is() {
        assert!(parse_base("base URL", "http://10.0.0.1:8080/v1", true).is_ok());
        assert!(parse_base("base URL", "http://billing.internal", true).is_ok());
        for text in ["ftp://10.0.0.1", "http://user@10.0.0.1", "http://10.0.0.1?a=b"] {
            assert!(parse_base("base URL", text, true).is_err(), "{text}");
        }
    }
}
