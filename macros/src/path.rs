//! Path templates: `/users/{externalUserId}/disconnect`. Works on text, not on tokens.

use std::fmt::Write;

use crate::text;

/// A parsed path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Template {
    pub(crate) parts: Vec<Part>,
}

/// A part of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Text, percent-encoded.
    Literal(String),
    /// `{name}`.
    Param(String),
    /// `{*name}`, whose value may contain slashes and may be empty.
    CatchAll(String),
}

/// An invalid path: the message, and the help where a fix is likely.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PathError {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl PathError {
    fn new<T>(message: impl Into<String>) -> Result<T, Self> {
        Err(Self { message: message.into(), help: None })
    }

    fn help<T>(message: impl Into<String>, help: impl Into<String>) -> Result<T, Self> {
        Err(Self { message: message.into(), help: Some(help.into()) })
    }
}

impl Template {
    /// Parses a path.
    pub(crate) fn parse(path: &str) -> Result<Self, PathError> {
        let Some(segments) = path.strip_prefix('/') else {
            return invalid_start(path);
        };
        if let Some(at) = path.find(['?', '#']) {
            let (before, after) = path.split_at(at);
            return if after.starts_with('?') {
                let help =
                    format!("use `{}` and add a `#[query]` argument for each query parameter", in_braces(before));
                PathError::help("path must not contain a query", help)
            } else {
                PathError::help("path must not contain a fragment", format!("use `{before}`; fragments are never sent"))
            };
        }
        no_escapes(path)?;
        let mut template = Self::default();
        let count = segments.split('/').count();
        for (i, segment) in segments.split('/').enumerate() {
            if segment.is_empty() && i + 1 < count {
                return PathError::help("path contains an empty segment", format!("use `{}`", squeezed(path)));
            }
            template.literal("/");
            template.segment(segment)?;
        }
        template.check_names()?;
        Ok(template)
    }

    /// Returns this path after the prefix of its trait.
    pub(crate) fn with_prefix(&self, prefix: &Self) -> Self {
        let mut whole = prefix.clone();
        for part in &self.parts {
            match part {
                Part::Literal(text) => whole.literal(text),
                other => whole.parts.push(other.clone()),
            }
        }
        whole
    }

    /// Returns the names of the placeholders, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(_) => None,
            Part::Param(name) | Part::CatchAll(name) => Some(name.as_str()),
        })
    }

    /// Returns the path without placeholder names. A server cannot distinguish two endpoints of one shape.
    pub(crate) fn shape(&self) -> String {
        let shapes = self.parts.iter().map(|part| match part {
            Part::Literal(text) => text,
            Part::Param(_) => "{}",
            Part::CatchAll(_) => "{*}",
        });
        shapes.collect()
    }

    fn literal(&mut self, text: &str) {
        match self.parts.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Literal(last)) => last.push_str(text),
            _ => self.parts.push(Part::Literal(text.to_owned())),
        }
    }

    fn segment(&mut self, segment: &str) -> Result<(), PathError> {
        if matches!(segment, "." | "..") {
            let message = format!("path must not contain the segment `{segment}`");
            return PathError::help(message, "remove it; clients and servers resolve such segments");
        }
        if let Some(name) = segment.strip_prefix(':')
            && is_name(name)
        {
            let message = format!("unsupported placeholder syntax `:{name}`");
            return PathError::help(message, format!("use `{{{name}}}`"));
        }
        if let Some(name) = segment.strip_prefix('*')
            && is_name(name)
        {
            let message = format!("unsupported placeholder syntax `*{name}`");
            return PathError::help(message, format!("use `{{*{name}}}`"));
        }
        let (mut rest, mut after_placeholder) = (segment, false);
        while let Some(at) = rest.find(['{', '}']) {
            let (text, tail) = rest.split_at(at);
            if tail.starts_with('}') {
                return PathError::new("unmatched `}` in path");
            }
            if text.is_empty() && after_placeholder {
                let before = segment.len() - tail.len();
                let before = segment.get(..before).and_then(|before| before.rfind('{').and_then(|at| before.get(at..)));
                let after = tail.split_inclusive('}').next().unwrap_or(tail);
                let help = format!("add text between `{}` and `{after}`", before.unwrap_or_default());
                return PathError::help("adjacent placeholders are ambiguous", help);
            }
            if let Some(sign @ ('$' | '#' | '%')) = text.chars().last() {
                let placeholder = tail.split_inclusive('}').next().unwrap_or(tail);
                let message = format!("unsupported placeholder syntax `{sign}{placeholder}`");
                return PathError::help(message, format!("use `{placeholder}`"));
            }
            self.literal(&encode(text)?);
            rest = self.placeholder(segment, tail)?;
            after_placeholder = true;
        }
        self.literal(&encode(rest)?);
        Ok(())
    }

    /// Parses the placeholder at the start of `tail`, and returns the text after it.
    fn placeholder<'a>(&mut self, segment: &str, tail: &'a str) -> Result<&'a str, PathError> {
        let inner = tail.get(1..).unwrap_or_default();
        let Some(end) = inner.find(['{', '}']) else {
            return PathError::help("unclosed `{` in path", format!("use `{tail}}}`"));
        };
        let (inside, after) = inner.split_at(end);
        if after.starts_with('{') {
            return PathError::new("unexpected `{` inside a placeholder");
        }
        let after = after.get(1..).unwrap_or_default();
        let (name, whole) = match inside.strip_prefix('*') {
            Some(name) => (name, true),
            None => (inside, false),
        };
        check_name(inside, name)?;
        if whole && !segment.starts_with(&format!("{{*{name}}}")) {
            let message = format!("catch-all parameter `{{*{name}}}` must start its segment");
            return PathError::help(message, format!("use `/{{*{name}}}`"));
        }
        self.parts.push(if whole { Part::CatchAll(name.to_owned()) } else { Part::Param(name.to_owned()) });
        Ok(after)
    }

    /// Returns an error for a duplicate name or a second catch-all parameter.
    pub(crate) fn check_names(&self) -> Result<(), PathError> {
        let mut seen: Vec<&str> = Vec::new();
        for name in self.names() {
            if seen.contains(&name) {
                return PathError::help(format!("duplicate placeholder `{{{name}}}`"), "rename one of them");
            }
            if let Some(other) = seen.iter().find(|other| text::snake(other) == text::snake(name)) {
                let message = format!("placeholders `{{{other}}}` and `{{{name}}}` match the same argument");
                return PathError::help(message, "rename one of them");
            }
            seen.push(name);
        }
        if self.parts.iter().filter(|part| matches!(part, Part::CatchAll(_))).count() > 1 {
            return PathError::new("path must not contain more than one catch-all parameter");
        }
        Ok(())
    }
}

fn invalid_start<T>(path: &str) -> Result<T, PathError> {
    if path.is_empty() {
        return PathError::help("the path is empty", "use `path = \"/\"`");
    }
    if let Some((_, rest)) = path.split_once("://") {
        let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
        return PathError::help(
            "path must not contain a host",
            format!("use `{path}`; the host is part of the client's base URL"),
        );
    }
    PathError::help("path must start with `/`", format!("use `/{}`", in_braces(path)))
}

/// Returns the path with `{name}` for each `<name>` and `:name`.
fn in_braces(path: &str) -> String {
    let in_braces = |segment: &str| {
        let name = segment.strip_prefix(':').or_else(|| segment.strip_prefix('<')?.strip_suffix('>'));
        name.filter(|name| is_name(name)).map_or_else(|| segment.to_owned(), |name| format!("{{{name}}}"))
    };
    path.split('/').map(in_braces).collect::<Vec<_>>().join("/")
}

/// Returns the path with each run of slashes replaced by one.
fn squeezed(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for char in path.chars() {
        if char != '/' || !out.ends_with('/') {
            out.push(char);
        }
    }
    out
}

fn is_name(name: &str) -> bool {
    name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
        && name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.'))
}

fn check_name(inside: &str, name: &str) -> Result<(), PathError> {
    if inside.is_empty() || inside == "*" {
        return PathError::help("missing name of a placeholder", "use `{name}`, where `name` is an argument");
    }
    if is_name(name) {
        return Ok(());
    }
    let message = format!("invalid placeholder `{{{inside}}}`");
    let clean: String = name.trim().chars().take_while(|char| char.is_ascii_alphanumeric() || *char == '_').collect();
    if is_name(&clean) {
        let star = if inside.starts_with(['*', '+']) || inside.ends_with(['*', '+']) && !inside.contains(':') {
            "*"
        } else {
            ""
        };
        PathError::help(message, format!("use `{{{star}{clean}}}`"))
    } else {
        PathError::help(message, "a name consists of letters, digits, `_`, `-`, and `.`")
    }
}

/// Rejects `%20`: decoding it would leave no way to write these three characters.
fn no_escapes(path: &str) -> Result<(), PathError> {
    for (at, _) in path.match_indices('%') {
        let Some(hex) = path.get(at + 1..at + 3).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())) else {
            continue;
        };
        let message = format!("path must not contain the percent-encoded `%{hex}`");
        let byte = u8::from_str_radix(hex, 16).unwrap_or_default();
        return if byte.is_ascii_graphic() || byte == b' ' {
            let suggestion = path.replacen(&format!("%{hex}"), &char::from(byte).to_string(), 1);
            PathError::help(message, format!("use `{suggestion}`; paths are encoded automatically"))
        } else {
            PathError::help(message, "use the character itself; paths are encoded automatically")
        };
    }
    Ok(())
}

/// Percent-encodes literal text of a segment, except for the characters of RFC 3986, section 3.3.
pub(crate) fn encode(text: &str) -> Result<String, PathError> {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() {
            return PathError::new("path must not contain control characters");
        }
        if matches!(char, '<' | '>') {
            return PathError::help(format!("path must not contain `{char}`"), "use `{name}` for a placeholder");
        }
        if char.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@".contains(char) {
            out.push(char);
        } else {
            for byte in char.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests;
