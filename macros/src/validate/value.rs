//! Values of the arguments of `#[endpoint]`: durations, status codes, numbers, and names.

use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{LitInt, LitStr, Token, bracketed};

use crate::attr::Entry;
use crate::errors::Errors;
use crate::model::QueryEncoding;

/// Returns `timeout` and `deadline` in milliseconds. An attempt is a part of its call.
pub(crate) fn limits(
    timeout: Option<Entry>,
    deadline: Option<Entry>,
    errors: &mut Errors,
) -> (Option<u64>, Option<u64>) {
    let timeout = timeout.and_then(|entry| duration(&entry, "5s", errors));
    let deadline = deadline.and_then(|entry| duration(&entry, "30s", errors));
    if let (Some((literal, attempt)), Some((whole, call))) = (&timeout, &deadline)
        && attempt > call
    {
        let help = format!("use a `deadline` of at least `{:?}`, or a shorter `timeout`", literal.value());
        errors.help(whole, "deadline must not be shorter than the timeout of an attempt", help);
    }
    (timeout.map(|(_, millis)| millis), deadline.map(|(_, millis)| millis))
}

/// Returns `5s` in milliseconds.
fn duration(entry: &Entry, example: &str, errors: &mut Errors) -> Option<(LitStr, u64)> {
    let key = &entry.key;
    let literal = entry.string(example, errors)?;
    let text = literal.value();
    let (number, unit) = text.split_at(text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len()));
    let factor = match unit {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" | "min" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let millis = number.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
    match millis {
        Some(0) => errors.add(&literal, format_args!("{key} must be greater than zero")),
        None => {
            let help = format!("use an integer and a unit (`ms`, `s`, `m`, or `h`), such as `{example:?}`");
            errors.help(&literal, format_args!("invalid {key} `{text:?}`"), help);
        }
        Some(millis) => return Some((literal, millis)),
    }
    None
}

/// Returns a status code that a response can have.
pub(crate) fn status(code: &LitInt, errors: &mut Errors) -> Option<u16> {
    match code.base10_parse::<u16>() {
        Ok(status @ 200..=599) => Some(status),
        _ => {
            errors.help(code, format_args!("invalid status code `{code}`"), "use a status code from 200 to 599");
            None
        }
    }
}

/// Returns the status codes of `none = [304, 410]`.
pub(crate) fn statuses(entry: &Entry, errors: &mut Errors) -> Option<Vec<u16>> {
    let list = |input: ParseStream<'_>| {
        let content;
        bracketed!(content in input);
        Punctuated::<LitInt, Token![,]>::parse_terminated(&content)
    };
    let codes = entry.parsed(list, "a list of status codes", "[304, 410]", errors)?;
    let mut statuses = Vec::new();
    for code in &codes {
        let status = status(code, errors)?;
        if statuses.contains(&status) {
            errors.help(code, format_args!("duplicate status code `{status}`"), "remove one of them");
            return None;
        }
        statuses.push(status);
    }
    if statuses.is_empty() {
        errors.help(entry, "`none` must contain a status code", "remove it; an `Option` is `None` for status 404");
        return None;
    }
    Some(statuses)
}

/// Returns `form` or `percent`.
pub(crate) fn query_encoding(entry: &Entry, errors: &mut Errors) -> Option<QueryEncoding> {
    const NAMES: [&str; 2] = ["form", "percent"];
    let literal = entry.string("percent", errors)?;
    match literal.value().as_str() {
        "form" => return Some(QueryEncoding::Form),
        "percent" => return Some(QueryEncoding::Percent),
        other => {
            let message = format!("unknown query encoding {other:?}");
            let fix = |closest: &str| format!("use `query_encoding = {closest:?}`");
            errors.unknown(&literal, message, other, &NAMES, fix);
        }
    }
    None
}

/// Returns the maximum number of redirects.
pub(crate) fn redirects(entry: &Entry, errors: &mut Errors) -> Option<u8> {
    let number = |input: ParseStream<'_>| input.parse::<LitInt>();
    let literal = entry.parsed(number, "a number", "3", errors)?;
    match literal.base10_parse::<u8>() {
        Ok(most @ 1..=20) => Some(most),
        Ok(0) => {
            errors.help(&literal, "`redirects = 0` has no effect", "remove it; redirects are not followed by default");
            None
        }
        _ => {
            errors.help(&literal, "too many redirects", "use a number from 1 to 20");
            None
        }
    }
}

/// Returns the name of a base URL.
pub(crate) fn base(entry: &Entry, errors: &mut Errors) -> Option<String> {
    let literal = entry.string("uploads", errors)?;
    let name = literal.value();
    if name.is_empty() {
        errors.help(&literal, "missing name of a base URL", "use a name such as `\"uploads\"`");
        return None;
    }
    if name.contains("//") {
        let help = "use a name such as `\"uploads\"`, and set its URL by `ClientBuilder::base`";
        errors.help(&literal, "base must be the name of a base URL, not a URL", help);
        return None;
    }
    Some(name)
}
