//! Discovery of an issuer's token endpoint (OpenID Connect Discovery 1.0; RFC 8414).

use std::borrow::Cow;

use serde::Deserialize;

use crate::client::base_url;
use crate::url::Url;

/// Returns the URLs of the metadata, in the order in which they are requested.
pub(super) fn metadata_urls(issuer: &Url) -> [Url; 2] {
    let path = issuer.path().trim_end_matches('/');
    let at = |path: &str| issuer.with(path, None);
    [
        at(&format!("{path}/.well-known/openid-configuration")),
        // RFC 8414, section 3.1: inserted between the host and the path.
        at(&format!("/.well-known/oauth-authorization-server{path}")),
    ]
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow, default)]
    issuer: Cow<'a, str>,
    #[serde(borrow, default)]
    token_endpoint: Option<Cow<'a, str>>,
}

/// Reads the URL of the token endpoint from an issuer's metadata. `token_host` is accepted in addition to the issuer's
/// host.
pub(super) fn token_endpoint(
    body: &[u8],
    issuer: &Url,
    token_host: Option<&str>,
    allow_plain_http: bool,
) -> Result<Url, Cow<'static, str>> {
    let metadata: Metadata<'_> = serde_json::from_slice(body)
        .map_err(|_| "metadata of the issuer is not valid JSON, or has no text where one is due")?;
    let trimmed = |url: &str| url.trim_end_matches('/').to_owned();
    let named = Url::parse(&metadata.issuer).map(|url| trimmed(url.as_str()));
    if named.as_ref() != Ok(&trimmed(issuer.as_str())) {
        return Err("metadata is of another issuer (RFC 8414, section 3.3)".into());
    }
    let text = metadata.token_endpoint.ok_or("metadata of the issuer has no `token_endpoint`")?;
    let url = base_url::parse("`token_endpoint` of the issuer", &text, allow_plain_http)
        .map_err(|error| Cow::from(error.to_string()))?;
    if url.scheme() == "http" && issuer.scheme() == "https" {
        return Err("`token_endpoint` of the issuer is not encrypted, though the issuer is".into());
    }
    let host = url.host();
    if host != issuer.host() && !token_host.is_some_and(|accepted| accepted.eq_ignore_ascii_case(host)) {
        let host: String = host.chars().take(100).collect();
        return Err(format!(
            "`token_endpoint` is on `{host}`, not on the host of the issuer; accept it with `token_host({host:?})`"
        )
        .into());
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn metadata_is_below_the_issuer_and_below_its_host() {
        let urls = |issuer| metadata_urls(&url(issuer)).map(|url| url.to_string());
        assert_eq!(
            urls("https://a.example/realms/b/"),
            [
                "https://a.example/realms/b/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server/realms/b",
            ]
        );
        assert_eq!(
            urls("https://a.example"),
            [
                "https://a.example/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server",
            ]
        );
    }

    #[test]
    fn only_a_token_endpoint_of_the_issuer_is_accepted() {
        let read = |issuer: &str, named: &str, endpoint: &str, host: Option<&str>| {
            let body = format!(r#"{{"issuer":"{named}","token_endpoint":"{endpoint}","x":[1]}}"#);
            token_endpoint(body.as_bytes(), &url(issuer), host, false).map(|url| url.to_string())
        };
        let (issuer, endpoint) = ("https://a.example/b", "https://a.example/token");
        assert_eq!(read(issuer, issuer, endpoint, None), Ok(endpoint.to_owned()));
        assert_eq!(read(issuer, "https://a.example/b/", endpoint, None), Ok(endpoint.to_owned()));
        let other = "https://b.example/token";
        assert_eq!(read(issuer, issuer, other, Some("b.example")), Ok(other.to_owned()));
        for (named, endpoint, host, what) in [
            ("https://a.example/c", endpoint, None, "another issuer"),
            ("https://b.example/b", endpoint, None, "another issuer"),
            ("", endpoint, None, "another issuer"),
            (issuer, other, None, "accept it with `token_host(\"b.example\")`"),
            (issuer, other, Some("c.example"), "not on the host"),
            (issuer, "https://a.example.evil.example/token", None, "not on the host"),
            (issuer, "http://a.example/token", None, "http"),
            (issuer, "http://127.0.0.1/token", Some("127.0.0.1"), "not encrypted"),
            (issuer, "https://u:p@a.example/token", None, "credentials"),
            (issuer, "", None, "invalid"),
        ] {
            let error = read(issuer, named, endpoint, host).unwrap_err();
            assert!(error.contains(what), "{named} {endpoint}: {error}");
        }
        for body in ["", "[]", "{}", r#"{"issuer":1}"#, r#"{"issuer":"https://a.example/b"}"#] {
            assert!(token_endpoint(body.as_bytes(), &url(issuer), None, false).is_err(), "{body}");
        }
    }
}
