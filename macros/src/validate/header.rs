//! Headers: valid names and values, and the names that are reserved for the client.

use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token};

use crate::attr::{Entry, Value};
use crate::errors::Errors;

/// Names that the runtime sets, with what an author uses instead.
const OWNED: [(&str, &str); 14] = [
    ("accept", "the endpoint's `accept = \"…\"` sets it"),
    ("accept-encoding", "the client sets it"),
    ("authorization", "the client sets it for the role of the call"),
    ("connection", "it is the connection's business"),
    ("content-length", "it follows from the body"),
    ("content-type", "it follows from the body: see `#[body(content_type = \"…\")]`"),
    ("host", "it follows from the client's base URL"),
    ("keep-alive", "it is the connection's business"),
    ("proxy-authorization", "it is the proxy's business"),
    ("te", "it is the connection's business"),
    ("trailer", "it is the connection's business"),
    ("transfer-encoding", "it follows from the body"),
    ("upgrade", "it is the connection's business"),
    ("user-agent", "the client's builder sets it"),
];

/// Returns the name in lower case.
pub(crate) fn name(literal: &LitStr, errors: &mut Errors) -> Option<String> {
    let name = literal.value();
    let lower = name.to_ascii_lowercase();
    let is_token = |char: char| char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char);
    if name.is_empty() {
        errors.help(literal, "a header needs a name", "write `\"x-name\"`");
    } else if let Some(char) = name.chars().find(|char| !is_token(*char)) {
        errors.add(literal, format_args!("a header's name has no {char:?}"));
    } else if let Some((_, reason)) = OWNED.iter().find(|(owned, _)| *owned == lower) {
        errors.add(literal, format_args!("the header `{lower}` is not an endpoint's to set: {reason}"));
    } else {
        return Some(lower);
    }
    None
}

/// `headers("x-api-version" = "1")`.
pub(crate) fn fixed(entry: &Entry, errors: &mut Errors) -> Vec<(String, String)> {
    let Value::List(list) = &entry.value else {
        let help = "write `headers(\"x-name\" = \"value\")`";
        errors.help(entry, "`headers` is a list of names and values", help);
        return Vec::new();
    };
    let pair = |input: ParseStream<'_>| {
        let name: LitStr = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok((name, input.parse::<LitStr>()?))
    };
    let pairs = |input: ParseStream<'_>| Punctuated::<(LitStr, LitStr), Token![,]>::parse_terminated_with(input, pair);
    let Ok(pairs) = pairs.parse2(list.stream()) else {
        let help = "write `headers(\"x-name\" = \"value\", \"x-other\" = \"value\")`";
        errors.help(list.stream(), "`headers` is a list of names and values", help);
        return Vec::new();
    };
    if pairs.is_empty() {
        errors.help(entry, "`headers()` without a header", "take it away");
    }
    let mut headers: Vec<(String, String)> = Vec::new();
    for (literal, value) in pairs {
        let Some(name) = name(&literal, errors) else { continue };
        let Some(text) = self::value(&value, errors) else { continue };
        if headers.iter().any(|(other, _)| *other == name) {
            errors.help(&literal, format_args!("the header `{name}` is given twice"), "keep one of them");
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
            "white space around a header's value is not sent",
            format_args!("write {:?}", value.trim()),
        );
        return None;
    }
    if let Some(char) = value.chars().find(|char| !matches!(char, ' '..='~' | '\t')) {
        errors.add(literal, format_args!("a header's value has no {char:?}"));
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
    let message = format!("{value:?} is no media type");
    errors.help(&literal, message, format_args!("write `{} = {example:?}`", entry.key));
    None
}
