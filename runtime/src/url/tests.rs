use proptest::prelude::*;

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// The crate `url`, without what no client sends: credentials and a fragment.
fn reference(url: Result<::url::Url, ::url::ParseError>) -> Option<String> {
    let mut url = url.ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    (url.username().is_empty() && url.password().is_none()).then(|| url.to_string())
}

#[test]
fn a_url_is_normalized() {
    for (text, normalized) in [
        ("HTTPS://API.Example", "https://api.example/"),
        (" https://api.example/v1\n", "https://api.example/v1"),
        ("https://api.example:443/v1/", "https://api.example/v1/"),
        ("http://api.example:0080", "http://api.example/"),
        ("https://api.example:80", "https://api.example:80/"),
        ("https://api.example:", "https://api.example/"),
        ("https://api.example?a=1 2#b", "https://api.example/?a=1%202"),
        ("https://api.example/ü/{id}?q='\"ü|", "https://api.example/%C3%BC/%7Bid%7D?q=%27%22%C3%BC|"),
        ("https://api.example/a/./b/../c/%2E%2e/d/..", "https://api.example/a/"),
        ("https://api.example/../..", "https://api.example/"),
        (r"https://api.example\v1\..\v2", "https://api.example/v2"),
        ("http://[0:0::1]:8080", "http://[::1]:8080/"),
        ("http://[::ffff:1.2.3.4]", "http://[::ffff:102:304]/"),
        ("http://127.0.0.1.", "http://127.0.0.1/"),
        ("https://a_b.example./", "https://a_b.example./"),
    ] {
        assert_eq!(url(text).as_str(), normalized);
        assert_eq!(reference(::url::Url::parse(text)).as_deref(), Some(normalized));
    }
}

#[test]
fn parts_are_those_of_the_text() {
    let parts = |text| {
        let url = url(text);
        let parts = (url.scheme(), url.host(), url.port(), url.path(), url.query());
        format!("{parts:?} {} {}", url.origin(), url.target())
    };
    assert_eq!(parts("https://a.example"), r#"("https", "a.example", 443, "/", None) https://a.example /"#);
    assert_eq!(parts("http://[::1]:8/b/c?"), r#"("http", "[::1]", 8, "/b/c", Some("")) http://[::1]:8 /b/c?"#);
    assert_eq!(parts("https://a:80?b?c"), r#"("https", "a", 80, "/", Some("b?c")) https://a:80 /?b?c"#);
}

#[test]
fn what_is_not_a_url_is_told_why() {
    for (text, reason) in [
        ("", "its scheme is missing"),
        ("/v1", "its scheme is missing"),
        ("1https://a.example", "its scheme is missing"),
        ("https:a.example", "`//` is missing after its scheme"),
        ("https:/a.example", "`//` is missing after its scheme"),
        ("https:///a.example", "its host is missing"),
        ("https://:80", "its host is missing"),
        ("https://a.example:65536", "its port is greater than 65535"),
        ("https://a.example:+80", "its port is not a number"),
        ("https://a.example:80:80", "its port is not a number"),
        ("https://[::1", "its host is not an IPv6 address"),
        ("https://[::1]a", "its host is not an IPv6 address"),
        ("https://[fe80::1%25en0]", "its host is not an IPv6 address"),
        ("https://a b.example", "invalid character in its host"),
        ("https://a\tb.example", "invalid character in its host"),
        ("https://a%2eexample", "invalid character in its host"),
        ("https://0x7f.1", "its host is not an IPv4 address"),
        ("https://a]b", "invalid character in its host"),
        ("https://127.1", "its host is not an IPv4 address"),
        ("https://127.0.0.256", "its host is not an IPv4 address"),
        ("https://1.2.3.4.5", "its host is not an IPv4 address"),
        ("https://a.0x1", "its host is not an IPv4 address"),
    ] {
        assert_eq!(Url::parse(text), Err(UrlError::Invalid(reason)), "{text}");
    }
    for text in ["localhost:8080", "mailto:a@example.com", "ftp://u@a.example"] {
        assert_eq!(Url::parse(text), Err(UrlError::Scheme), "{text}");
    }
    for text in ["https://user@a.example", "https://:@a.example", "https://@a.example", "https://a@b@c.example"] {
        assert_eq!(Url::parse(text), Err(UrlError::Credentials), "{text}");
    }
}

#[cfg(feature = "idn")]
#[test]
fn a_host_of_another_script_is_written_in_ascii() {
    assert_eq!(url("https://BÜCHER.example/ü").as_str(), "https://xn--bcher-kva.example/%C3%BC");
    assert_eq!(url("https://１２７.0.0.1").host(), "127.0.0.1");
    assert_eq!(Url::parse("https://ａ／ｂ.example"), Err(UrlError::Invalid("invalid character in its host")));
}

#[cfg(not(feature = "idn"))]
#[test]
fn a_host_of_another_script_needs_a_feature() {
    let reason = "its host is not ASCII; write its `xn--` form, or enable feature `idn`";
    assert_eq!(Url::parse("https://bücher.example"), Err(UrlError::Invalid(reason)));
}

#[test]
fn a_reference_is_resolved_as_in_rfc_3986() {
    // Its section 5.4, without the schemes that are not ours.
    let base = url("http://a/b/c/d;p?q");
    for (reference, resolved) in [
        ("g", "http://a/b/c/g"),
        ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g/"),
        ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q"),
        ("g#s", "http://a/b/c/g"),
        (";x", "http://a/b/c/;x"),
        ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"),
        ("..", "http://a/b/"),
        ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"),
        ("/./g", "http://a/g"),
        ("g.", "http://a/b/c/g."),
        ("./../g", "http://a/b/g"),
        ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/../x", "http://a/b/c/g?y/../x"),
        (r"\g\h", "http://a/g/h"),
        (r"/\g/h", "http://g/h"),
        ("HTTPS://B/c", "https://b/c"),
    ] {
        assert_eq!(base.join(reference).unwrap().as_str(), resolved, "{reference}");
    }
    assert_eq!(base.join("ftp://a"), Err(UrlError::Scheme));
    assert_eq!(base.join("g:h"), Err(UrlError::Scheme));
    assert_eq!(base.join("//u@g"), Err(UrlError::Credentials));
    assert_eq!(base.join("///g"), Err(UrlError::Invalid("its host is missing")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Nobody reads what is accepted otherwise: not reqwest, and not `http::Uri`.
    #[test]
    fn what_is_accepted_is_read_by_all_as_it_is(
        base in "https?://[a-zA-Z0-9.:\\[\\]-]{1,12}[/?]?[ -~ü]{0,12}",
        text in "[ -~ü]{0,4}[./\\\\?#:@%2eE]{0,6}[ -~ü]{0,12}",
    ) {
        let Ok(base) = Url::parse(&base) else { return Ok(()) };
        let Ok(joined) = base.join(&text) else { return Ok(()) };
        for url in [base, joined] {
            prop_assert_eq!(&Url::parse(url.as_str()), &Ok(url.clone()));
            prop_assert_eq!(::url::Url::parse(url.as_str()).map(String::from), Ok(url.to_string()));
            let uri: http::Uri = url.as_str().parse().unwrap();
            prop_assert_eq!(uri.to_string(), url.as_str());
            prop_assert_eq!((uri.host(), uri.path(), uri.query()), (Some(url.host()), url.path(), url.query()));
        }
    }

    /// What both accept, both resolve to the same URL.
    #[test]
    fn a_reference_leads_where_a_browser_goes(
        path in "(/[a-z.%2]{0,3}){0,4}(\\?[a-z/.]{0,3})?",
        text in "(https?://|//|/|\\\\|\\?|)[a-z.:0-9-]{0,5}[./\\\\?#:@%2eE]{0,6}[!-~ü]{0,12}",
    ) {
        let base = ["https://a.example", &path].concat();
        let (ours, theirs) = (url(&base), ::url::Url::parse(&base).unwrap());
        prop_assert_eq!(ours.as_str(), theirs.as_str());
        if let (Ok(ours), Some(theirs)) = (ours.join(&text), reference(theirs.join(&text))) {
            prop_assert_eq!(ours.as_str(), theirs);
        }
    }

    /// No text is refused that a client is likely to meet.
    #[test]
    fn a_plain_reference_is_accepted(text in "(https://[a-z]{1,5}(\\.[a-z]{1,5}){0,2}(:[0-9]{1,4})?)?(/[ -9;-~ü]{0,6}){0,3}") {
        let theirs = ::url::Url::parse("https://a.example/b/c").unwrap();
        if let Some(theirs) = reference(theirs.join(&text)).filter(|_| !text.starts_with("//") && !text.starts_with("/\\")) {
            let ours = url("https://a.example/b/c").join(&text);
            prop_assert_eq!(ours.map(|ours| ours.to_string()), Ok(theirs));
        }
    }
}
