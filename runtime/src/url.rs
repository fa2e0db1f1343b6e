//! `http` and `https` URLs, read as browsers read them (WHATWG URL Standard).
//!
//! The crate `url` reads all schemes and all scripts, and is a ninth of a client's build with its Unicode tables. Tests
//! compare the two.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

#[cfg(test)]
mod tests;

const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'\'').add(b'<').add(b'>');
const PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}');

/// An `http` or `https` URL without credentials and fragment.
///
/// It is normalized: the scheme and the host are lowercase, a default port and the path segments `.` and `..` are
/// removed, and all characters are ASCII. Its text is the same URL to the crates `url` and `http`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Url {
    text: String,
    /// Where the host ends.
    host: usize,
    /// Where the path begins.
    path: usize,
    /// Where the query begins, with its `?`.
    query: Option<usize>,
    port: u16,
}

/// The reason why a text is not a [`Url`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UrlError {
    Invalid(&'static str),
    /// It has another scheme than `http` and `https`.
    Scheme,
    /// It contains a user name or a password.
    Credentials,
}

impl Url {
    /// Parses an absolute URL. A fragment is dropped.
    pub(crate) fn parse(text: &str) -> Result<Self, UrlError> {
        let text = without_fragment(text);
        let (scheme, rest) = split_scheme(text).ok_or(UrlError::Invalid("its scheme is missing"))?;
        Self::absolute(scheme, rest)
    }

    /// Resolves a reference relative to this URL (RFC 3986, section 5.2). A fragment is dropped.
    pub(crate) fn join(&self, reference: &str) -> Result<Self, UrlError> {
        let reference = without_fragment(reference);
        if let Some((scheme, rest)) = split_scheme(reference) {
            return Self::absolute(scheme, rest);
        }
        let (path, query) = split_query(reference);
        let path = path.replace('\\', "/");
        if path.starts_with("//") {
            return Self::absolute(self.scheme(), &[&path, &reference[path.len()..]].concat());
        }
        let query = query.map(encoded_query);
        Ok(match path.as_str() {
            "" => self.with(self.path(), query.as_deref().or(self.query())),
            absolute if absolute.starts_with('/') => self.with(&encoded_path(absolute), query.as_deref()),
            relative => {
                let folder = self.path().rsplit_once('/').map_or("", |(folder, _)| folder);
                self.with(&encoded_path(&[folder, "/", relative].concat()), query.as_deref())
            }
        })
    }

    /// Parses what follows a scheme and its colon.
    fn absolute(scheme: &str, rest: &str) -> Result<Self, UrlError> {
        let (scheme, default_port) = match scheme {
            _ if scheme.eq_ignore_ascii_case("https") => ("https", 443),
            _ if scheme.eq_ignore_ascii_case("http") => ("http", 80),
            _ => return Err(UrlError::Scheme),
        };
        let rest = rest.strip_prefix("//").ok_or(UrlError::Invalid("`//` is missing after its scheme"))?;
        let (authority, target) = rest.split_at(rest.find(['/', '\\', '?']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(UrlError::Credentials);
        }
        let (host, port) = split_port(authority);
        let port = match port {
            "" => default_port,
            port if port.bytes().all(|byte| byte.is_ascii_digit()) => {
                port.parse().map_err(|_| UrlError::Invalid("its port is greater than 65535"))?
            }
            _ => return Err(UrlError::Invalid("its port is not a number")),
        };
        let mut text = [scheme, "://", &normalized_host(host)?].concat();
        let host = text.len();
        if port != default_port {
            text.extend([":", &port.to_string()]);
        }
        let (path, query) = split_query(target);
        let origin = Self { path: text.len(), text, host, query: None, port };
        Ok(origin.with(&encoded_path(&path.replace('\\', "/")), query.map(encoded_query).as_deref()))
    }

    /// Returns the URL with another path and query, which are encoded.
    pub(crate) fn with(&self, path: &str, query: Option<&str>) -> Self {
        let mut text = String::with_capacity(self.path + path.len() + query.map_or(0, |query| 1 + query.len()));
        text.extend([self.origin(), path]);
        let start = text.len();
        if let Some(query) = query {
            text.extend(["?", query]);
        }
        Self { text, query: query.map(|_| start), ..*self }
    }

    /// Returns the URL with another path and query as one encoded text.
    pub(crate) fn with_target(&self, target: &str) -> Self {
        let (path, query) = split_query(target);
        self.with(path, query)
    }

    /// Returns the scheme, host, and port. Two URLs have the same origin if this is the same text.
    pub(crate) fn origin(&self) -> &str {
        &self.text[..self.path]
    }

    /// Returns the path and query.
    pub(crate) fn target(&self) -> &str {
        &self.text[self.path..]
    }

    /// Returns the URL as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the scheme: `https` or `http`.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        if self.text.starts_with("https:") { "https" } else { "http" }
    }

    /// Returns the host: a name, or an IP address. An IPv6 address is in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.text[self.scheme().len() + "://".len()..self.host]
    }

    /// Returns the port, that of the scheme if the URL does not contain one.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the path, percent-encoded. It begins with a slash.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.text[self.path..self.query.unwrap_or(self.text.len())]
    }

    /// Returns the query without its question mark, percent-encoded, or `None` if there is no question mark.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.query.map(|start| &self.text[start + 1..])
    }
}

impl AsRef<str> for Url {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// Removes white space at both ends, and a fragment.
fn without_fragment(text: &str) -> &str {
    let text = text.trim_matches(|character| character <= ' ');
    text.split_once('#').map_or(text, |(text, _)| text)
}

/// Splits a text after the scheme that it begins with (RFC 3986, section 3.1).
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    (scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(is_allowed))
        .then_some((scheme, rest))
}

fn split_query(target: &str) -> (&str, Option<&str>) {
    match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    }
}

/// Splits an authority into the host and the port, which may be empty.
fn split_port(authority: &str) -> (&str, &str) {
    // An IPv6 address contains colons itself.
    let host = authority.strip_prefix('[').map_or(0, |address| 1 + address.find(']').unwrap_or(address.len()));
    match authority[host..].find(':') {
        Some(colon) => (&authority[..host + colon], &authority[host + colon + 1..]),
        None => (authority, ""),
    }
}

fn normalized_host(host: &str) -> Result<String, UrlError> {
    if let Some(address) = host.strip_prefix('[') {
        let address = address.strip_suffix(']').and_then(|address| address.parse::<Ipv6Addr>().ok());
        let address = address.ok_or(UrlError::Invalid("its host is not an IPv6 address"))?;
        return Ok(match (address.to_ipv4_mapped(), address.segments()) {
            (Some(_), [.., high, low]) => format!("[::ffff:{high:x}:{low:x}]"),
            _ => format!("[{address}]"),
        });
    }
    let host = if host.is_ascii() { host.to_ascii_lowercase() } else { ascii_name(host)? };
    // The delimiters of the other parts, and characters that no name has.
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte);
    if host.is_empty() {
        return Err(UrlError::Invalid("its host is missing"));
    }
    if !host.bytes().all(is_allowed) {
        return Err(UrlError::Invalid("invalid character in its host"));
    }
    // Other notations of such addresses, such as `127.1`, are not read the same way everywhere.
    let dotted = host.strip_suffix('.').unwrap_or(&host);
    let last = dotted.rsplit('.').next().unwrap_or_default();
    let is_number = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    if is_number || last.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        let address: Ipv4Addr = dotted.parse().map_err(|_| UrlError::Invalid("its host is not an IPv4 address"))?;
        return Ok(address.to_string());
    }
    Ok(host)
}

/// Returns an internationalized name in its ASCII form (RFC 5891).
#[cfg(feature = "idn")]
fn ascii_name(host: &str) -> Result<String, UrlError> {
    idna::domain_to_ascii(host).map_err(|_| UrlError::Invalid("its host is not an internationalized name"))
}

#[cfg(not(feature = "idn"))]
fn ascii_name(_: &str) -> Result<String, UrlError> {
    Err(UrlError::Invalid("its host is not ASCII; write its `xn--` form, or enable feature `idn`"))
}

fn encoded_query(query: &str) -> String {
    utf8_percent_encode(query, QUERY).to_string()
}

/// Encodes a path, and removes `.` and `..`.
fn encoded_path(path: &str) -> String {
    let mut segments = Vec::new();
    let mut rest = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = rest.next() {
        let is_dots = |dots: &str| segment.len() <= 6 && segment.to_ascii_lowercase().replace("%2e", ".") == dots;
        let is_parent = is_dots("..");
        if is_parent {
            segments.pop();
        }
        if !is_parent && !is_dots(".") {
            segments.push(segment);
        } else if rest.peek().is_none() {
            segments.push("");
        }
    }
    format!("/{}", utf8_percent_encode(&segments.join("/"), PATH))
}
