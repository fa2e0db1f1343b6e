//! Paths: what `#[endpoint]` takes for one.

use crate::names;
use crate::plan::limit::Limit;

/// The path without the names of its placeholders: what a server sees.
pub(crate) fn shape(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut inside = false;
    for char in path.chars() {
        match char {
            '{' => {
                inside = true;
                out.push('{');
            }
            '}' => {
                inside = false;
                out.push('}');
            }
            // Two placeholders that look the same to a server may differ in this.
            '*' if inside && out.ends_with('{') => out.push('*'),
            _ if inside => {}
            char => out.push(char),
        }
    }
    out
}

/// The query that is part of a path: `/a?beta=true`.
pub(crate) fn fixed_query(path: &str) -> Vec<(String, String)> {
    let query =
        path.split('#').next().and_then(|path| path.split_once('?')).map(|(_, query)| query).unwrap_or_default();
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.to_owned(), value.to_owned())
    };
    query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect()
}

/// Placeholders of a path, as the document has them.
pub(crate) fn placeholders(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

/// The path as it is written in a trait, and for each placeholder the document's name, the trait's, and the argument.
pub(crate) fn written(path: &str) -> (String, Vec<(String, String, String)>) {
    let path = path.split(['#', '?']).next().unwrap_or_default();
    let path = decoded(path).unwrap_or_else(|| path.to_owned());
    let mut out = String::with_capacity(path.len() + 1);
    if !path.starts_with('/') {
        out.push('/');
    }
    let mut found: Vec<(String, String, String)> = Vec::new();
    let mut rest = path.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            rest = after;
            continue;
        };
        let (written, argument) = placeholder(name, &found);
        out.push('{');
        out.push_str(&written);
        out.push('}');
        found.push((name.to_owned(), written, argument));
        rest = tail;
    }
    out.push_str(rest);
    (out, found)
}

/// A placeholder's name as the trait writes it, and its argument's.
fn placeholder(name: &str, found: &[(String, String, String)]) -> (String, String) {
    let is_name = name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
        && name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.'));
    let argument = names::snake(name);
    let is_argument = !argument.is_empty()
        && !argument.starts_with(|char: char| char.is_ascii_digit())
        && !["self", "super", "crate"].contains(&argument.as_str());
    let is_free = |argument: &str| found.iter().all(|(_, _, other)| other != argument);
    if is_name && is_argument && is_free(&argument) {
        return (name.to_owned(), argument);
    }
    // Another name: what is sent is the same.
    let wish = if is_argument { argument } else { format!("{}_id", names::snake(name)) };
    let wish = wish.trim_start_matches(|char: char| char == '_' || char.is_ascii_digit());
    let wish = if wish.is_empty() { "id" } else { wish };
    let unique = names::unique(wish, "_", |name| !is_free(name));
    (unique.clone(), unique)
}

/// The path with its escapes undone, if every one of them can be.
fn decoded(path: &str) -> Option<String> {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let hex = after.get(..2).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match hex {
            None => {
                out.push('%');
                rest = after;
            }
            Some(hex) => {
                let byte = u8::from_str_radix(hex, 16).ok()?;
                let is_plain = byte.is_ascii_graphic() || byte == b' ';
                if !is_plain || b"/?#%{}<>".contains(&byte) {
                    return None;
                }
                out.push(char::from(byte));
                rest = after.get(2..)?;
            }
        }
    }
    out.push_str(rest);
    Some(out)
}

/// What of a path `#[endpoint]` would refuse.
pub(crate) fn limits(path: &str) -> Vec<Limit> {
    let mut limits = Vec::new();
    let path = path.split(['#', '?']).next().unwrap_or_default();
    if path.contains("//") {
        limits.push(Limit::EmptySegment);
    }
    if path.contains("}{") {
        limits.push(Limit::AdjacentPlaceholders);
    }
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        limits.push(Limit::DotSegment);
    }
    if decoded(path).is_none() {
        limits.push(Limit::Escape);
    }
    let mut open = false;
    for char in path.chars() {
        match char {
            '{' if open => limits.push(Limit::InvalidPath("a `{` inside a placeholder".to_owned())),
            '{' => open = true,
            '}' if !open => limits.push(Limit::InvalidPath("a `}` without its `{`".to_owned())),
            '}' => open = false,
            '<' | '>' if !open => limits.push(Limit::InvalidPath(format!("a `{char}`"))),
            char if char.is_control() => limits.push(Limit::InvalidPath("a control character".to_owned())),
            _ => {}
        }
    }
    if open {
        limits.push(Limit::InvalidPath("a `{` without its `}`".to_owned()));
    }
    // `:name` as a whole segment looks like another language's placeholder.
    let looks_like = |segment: &str| {
        segment.strip_prefix(':').is_some_and(|name| {
            name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
                && name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.'))
        })
    };
    if path.split('/').any(looks_like) {
        limits.push(Limit::InvalidPath("a segment that starts with `:`".to_owned()));
    }
    limits.dedup();
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_the_document_has_it_where_that_is_possible() {
        for (path, expected, arguments) in [
            ("/users/{externalUserId}/orders", "/users/{externalUserId}/orders", vec!["external_user_id"]),
            ("users", "/users", vec![]),
            ("/a/{self}", "/a/{self_id}", vec!["self_id"]),
            ("/a/{id}/b/{Id}", "/a/{id}/b/{id_2}", vec!["id", "id_2"]),
            ("/a/{+path}", "/a/{path}", vec!["path"]),
            ("/a/{id}#fragment", "/a/{id}", vec!["id"]),
            ("/a/{type}.json", "/a/{type}.json", vec!["type"]),
            ("/a/{}", "/a/{id}", vec!["id"]),
            ("/a%20b", "/a b", vec![]),
        ] {
            let (written, found) = written(path);
            assert_eq!(written, expected);
            assert_eq!(found.iter().map(|(_, _, argument)| argument.as_str()).collect::<Vec<_>>(), arguments, "{path}");
        }
    }

    #[test]
    fn paths_that_no_trait_can_have_are_found() {
        for path in ["/a//b", "/a/../b", "/a/{b}{c}", "/a/{b", "/a/b}", "/a%2Fb", "/a/:b", "/a/<b>"] {
            assert!(!limits(path).is_empty(), "{path}");
        }
        for path in ["/", "/a", "/a/", "/a/{b}", "/a/{b}:c", "/a/{b},{c}", "/a#b", "/$metadata"] {
            assert_eq!(limits(path), [], "{path}");
        }
    }
}
