//! Loopback hosts.

use std::net::IpAddr;

use crate::url::Url;

/// Returns `true` if the host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let address = url.host().trim_matches(['[', ']']).parse::<IpAddr>();
    address.map_or_else(|_| is_localhost(url.host()), |address| address.is_loopback())
}

/// Returns `true` for `localhost` and the names below it, which refer to this machine (RFC 6761, section 6.3).
pub(super) fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or_default();
    last.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_below_localhost_are_of_this_machine_and_names_above_are_not() {
        for (text, loopback) in [
            ("http://localhost", true),
            ("http://LOCALHOST.:8080", true),
            ("http://api.localhost", true),
            ("http://127.8.8.8", true),
            ("http://[::1]", true),
            ("http://localhost.example", false),
            ("http://notlocalhost", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(text).unwrap()), loopback, "{text}");
        }
    }
}
