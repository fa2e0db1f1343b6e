//! Matches paths with endpoints, and extracts their values.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The characters of a template's text that are encoded on the wire: all except those that RFC 3986, section 3.3,
/// allows in a path.
const LITERAL: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

/// A path template: `/users/{id}/files/{*path}`.
#[derive(Debug)]
pub(super) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Encoded text.
    Literal(String),
    /// `{name}`: a segment, or a part of one.
    One(&'static str),
    /// `{*name}`: segments and their slashes.
    Rest(&'static str),
}

impl Template {
    /// Parses a template that `#[api]` has validated.
    pub(super) fn parse(path: &'static str) -> Self {
        let mut parts = Vec::new();
        let mut rest = if path.is_empty() { "/" } else { path };
        while let Some((text, tail)) = rest.split_once('{') {
            parts.extend(literal(text));
            let (name, tail) = tail.split_once('}').unwrap_or((tail, ""));
            parts.push(name.strip_prefix('*').map_or(Part::One(name), Part::Rest));
            rest = tail;
        }
        parts.extend(literal(rest));
        Self { parts }
    }

    /// Returns the decoded values of an encoded path, or `None` if the path does not match this template.
    pub(super) fn values(&self, path: &str) -> Option<Vec<(&'static str, String)>> {
        let mut values = values(&self.parts, path)?;
        values.reverse();
        Some(values)
    }

    /// Returns the rank of a template. Of two templates that match a path, the more specific one has the greater rank:
    /// text ranks before a value of one segment, and that before a value of several segments.
    pub(super) fn rank(&self) -> Vec<usize> {
        let rank = |part: &Part| match part {
            Part::Literal(text) => 2 + text.len(),
            Part::One(_) => 1,
            Part::Rest(_) => 0,
        };
        self.parts.iter().map(rank).collect()
    }
}

fn literal(text: &str) -> Option<Part> {
    (!text.is_empty()).then(|| Part::Literal(utf8_percent_encode(text, &LITERAL).to_string()))
}

/// Returns the values from the last to the first. Each is as short as the rest of the template allows.
fn values(parts: &[Part], path: &str) -> Option<Vec<(&'static str, String)>> {
    let Some((part, parts)) = parts.split_first() else { return path.is_empty().then(Vec::new) };
    let (name, many) = match part {
        Part::Literal(text) => return values(parts, path.strip_prefix(text)?),
        Part::One(name) => (name, false),
        Part::Rest(name) => (name, true),
    };
    let end = if many { path.len() } else { path.find('/').unwrap_or(path.len()) };
    (usize::from(!many)..=end).find_map(|end| {
        let (value, rest) = path.split_at_checked(end)?;
        let mut values = values(parts, rest)?;
        values.push((name, percent_decode_str(value).decode_utf8_lossy().into_owned()));
        Some(values)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(template: &'static str, path: &str) -> Option<String> {
        let values = Template::parse(template).values(path)?;
        Some(values.iter().map(|(name, value)| format!("{name}={value};")).collect())
    }

    #[test]
    fn a_path_is_its_template_with_values() {
        for (template, path, expected) in [
            ("/me", "/me", Some("")),
            ("", "/", Some("")),
            ("/a/", "/a/", Some("")),
            ("/a/", "/a", None),
            ("/me", "/me/x", None),
            ("/users/{id}", "/users/a%20b%2Fc", Some("id=a b/c;")),
            ("/users/{id}", "/users/", None),
            ("/users/{id}", "/users/a/b", None),
            ("/users/{id}/x", "/users/%C3%A4/x", Some("id=\u{e4};")),
            ("/at/{lat},{lon}.json", "/at/1.5,-2%2C.5.json", Some("lat=1.5;lon=-2,.5;")),
            ("/at/{lat},{lon}.json", "/at/1.5,.json", None),
            ("/{a}.{b}", "/1.2.3", Some("a=1;b=2.3;")),
            ("/files/{*path}", "/files/a/b%20c/d", Some("path=a/b c/d;")),
            ("/files/{*path}/raw", "/files/raw/raw/raw", Some("path=raw/raw;")),
            ("/files/{*path}", "/files/", Some("path=;")),
            ("/files/{*path}", "/files/a//b/", Some("path=a//b/;")),
            ("/{*name}:verb", "/a/b:verb", Some("name=a/b;")),
            ("/a file/{id}:run", "/a%20file/1:run", Some("id=1;")),
        ] {
            assert_eq!(read(template, path).as_deref(), expected, "{template} {path}");
        }
    }

    #[test]
    fn text_outranks_values_and_one_segment_many() {
        for (more, less) in
            [("/users/me", "/users/{id}"), ("/x/{b}", "/{a}/b"), ("/f/{id}", "/f/{*all}"), ("/{a}.json", "/{a}")]
        {
            assert!(Template::parse(more).rank() > Template::parse(less).rank(), "{more} {less}");
        }
    }
}
