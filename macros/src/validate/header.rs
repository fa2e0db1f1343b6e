//! Headers: valid names and values, and the names that are reserved for the client.

use syn::LitStr;

use crate::attr::Entry;
use crate::errors::Errors;
use crate::validate::pairs::List;

/// Names that the runtime sets, with what an author uses instead.
const OWNED: [(&str, &str); 13] = [
    ("accept", "use `accept = \"…\"` in `#[endpoint]`"),
    ("authorization", "remove it; credentials belong to `ClientBuilder`"),
    ("connection", "remove it; the client manages its connections"),
    ("content-length", "remove it; it depends on the body"),
    ("content-type", "use `#[body(content_type = \"…\")]`"),
    ("host", "remove it; the host is part of the client's base URL"),
    ("keep-alive", "remove it; the client manages its connections"),
    ("proxy-authorization", "remove it; credentials of a proxy belong to `ClientBuilder`"),
    ("te", "remove it; the client manages its connections"),
    ("trailer", "remove it; the client manages its connections"),
    ("transfer-encoding", "remove it; it depends on the body"),
    ("upgrade", "remove it; the client manages its connections"),
    ("user-agent", "use `ClientBuilder::user_agent`"),
];

/// Returns `true` for a character of a token, as in RFC 9110, section 5.6.2.
pub(crate) fn is_token(char: char) -> bool {
    char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char)
}

/// Returns the name in lower case.
pub(crate) fn name(literal: &LitStr, errors: &mut Errors) -> Option<String> {
    let name = literal.value();
    let lower = name.to_ascii_lowercase();
    if name.is_empty() {
        errors.help(literal, "missing header name", "use a name such as `\"x-name\"`");
    } else if let Some(char) = name.chars().find(|char| !is_token(*char)) {
        errors.add(literal, format_args!("invalid character {char:?} in header name"));
    } else if let Some((_, help)) = OWNED.iter().find(|(owned, _)| *owned == lower) {
        errors.help(literal, format_args!("header `{lower}` is set by the client"), help);
    } else {
        return Some(lower);
    }
    None
}

/// `headers("x-api-version" = "1")`.
pub(crate) fn fixed(entry: &Entry, errors: &mut Errors) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for (literal, value) in List::Headers.pairs(entry, errors) {
        let Some(name) = name(&literal, errors) else { continue };
        let Some(text) = value.and_then(|value| self::value(&value, errors)) else { continue };
        if headers.iter().any(|(other, _)| *other == name) {
            errors.help(&literal, format_args!("duplicate header `{name}`"), "remove one of them");
        } else {
            headers.push((name, text));
        }
    }
    headers
}

fn value(literal: &LitStr, errors: &mut Errors) -> Option<String> {
    let value = literal.value();
    if value.trim() != value {
        errors.help(
            literal,
            "header value must not start or end with whitespace",
            format_args!("use {:?}", value.trim()),
        );
        return None;
    }
    if let Some(char) = value.chars().find(|char| !matches!(char, ' '..='~' | '\t')) {
        errors.add(literal, format_args!("invalid character {char:?} in header value"));
        return None;
    }
    Some(value)
}

/// Returns a list of media types that are separated by commas.
pub(crate) fn media_type(entry: &Entry, example: &str, errors: &mut Errors) -> Option<String> {
    let literal = entry.string(example, errors)?;
    let value = value(&literal, errors)?;
    let is_media_type = |text: &str| {
        let essence = text.split(';').next().unwrap_or_default().trim();
        let is_name = |part: &str| {
            !part.is_empty() && part.chars().all(|char| char.is_ascii_alphanumeric() || "!#$&-^_.+*".contains(char))
        };
        essence.split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
    };
    if value.split(',').all(is_media_type) {
        return Some(value);
    }
    let message = format!("invalid media type `{value}`");
    errors.help(&literal, message, format_args!("use `{} = {example:?}`", entry.key));
    None
}
