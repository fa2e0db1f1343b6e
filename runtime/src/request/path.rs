//! Path arguments: how a value is encoded, and which values are invalid.
//!
//! A value becomes part of exactly one segment, so that no value changes which endpoint is called. Everything except
//! RFC 3986's unreserved characters is percent-encoded. Empty values and the segments `.` and `..` are rejected, since
//! servers and URL parsers remove them (RFC 3986, section 5.2.4), and so are control characters.

use std::fmt::{self, Display, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const EMPTY: &str = "path segment is empty";

const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Appends the encoded value.
pub(crate) fn push(target: &mut String, value: &dyn Display) -> Result<(), &'static str> {
    let start = target.len();
    let mut encoder = Encoder { target, control: false };
    if write!(encoder, "{value}").is_err() {
        return Err("its `Display` implementation returned an error");
    }
    if encoder.control {
        return Err("contains a control character");
    }
    if target.len() == start {
        return Err(EMPTY);
    }
    Ok(())
}

/// Appends a value that may be empty or contain slashes, which are kept. Its last segment is not checked, since text
/// can follow.
pub(crate) fn push_rest(target: &mut String, value: &dyn Display) -> Result<(), &'static str> {
    let text = value.to_string();
    for (index, segment) in text.split('/').enumerate() {
        if index > 0 {
            check_last_segment(target)?;
            target.push('/');
        }
        if !segment.is_empty() {
            push(target, &segment)?;
        }
    }
    Ok(())
}

/// Rejects a path whose last segment would be removed.
pub(crate) fn check_last_segment(target: &str) -> Result<(), &'static str> {
    if target.ends_with("/.") {
        return Err("path segment is `.`");
    }
    if target.ends_with("/..") {
        return Err("path segment is `..`");
    }
    Ok(())
}

/// Encodes the text written to it, so that a value needs no intermediate string.
struct Encoder<'a> {
    target: &'a mut String,
    control: bool,
}

impl Write for Encoder<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Fast path: most values need no encoding.
        if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)) {
            self.target.push_str(text);
            return Ok(());
        }
        self.control |= text.chars().any(char::is_control);
        self.target.extend(utf8_percent_encode(text, &RESERVED));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(value: &str) -> Result<String, &'static str> {
        let mut target = "/a/".to_owned();
        push(&mut target, &value)?;
        check_last_segment(&target)?;
        Ok(target.split_off(3))
    }

    #[test]
    fn unreserved_characters_stay() {
        assert_eq!(encoded("aZ09-._~").unwrap(), "aZ09-._~");
    }

    #[test]
    fn everything_else_is_encoded() {
        assert_eq!(encoded("a/b?c#d e%2F+&=").unwrap(), "a%2Fb%3Fc%23d%20e%252F%2B%26%3D");
        assert_eq!(encoded("\u{e4}").unwrap(), "%C3%A4");
        assert_eq!(encoded("%2e%2e").unwrap(), "%252e%252e");
    }

    #[test]
    fn values_that_are_no_segment_are_refused() {
        for value in ["", ".", "..", "a\nb", "\0", "\u{7f}", "\u{85}"] {
            assert!(encoded(value).is_err(), "{value:?}");
        }
        assert_eq!(encoded("...").unwrap(), "...");
        assert_eq!(encoded(".a").unwrap(), ".a");
    }

    #[test]
    fn a_catch_all_keeps_its_slashes_and_nothing_else() {
        let rest = |value: &str| {
            let mut target = "/".to_owned();
            push_rest(&mut target, &value)?;
            check_last_segment(&target).map(|()| target)
        };
        for (value, target) in [
            ("a/b c/d", "/a/b%20c/d"),
            ("", "/"),
            ("/a", "//a"),
            ("a/", "/a/"),
            ("a//b", "/a//b"),
            ("a?b#c", "/a%3Fb%23c"),
            ("...", "/..."),
        ] {
            assert_eq!(rest(value).unwrap(), target);
        }
        for value in ["a/../b", "./a", "a/..", "..", "a/./", "a\n/b"] {
            assert!(rest(value).is_err(), "{value:?}");
        }
    }
}
