//! The arguments of `#[endpoint]`.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{Attribute, LitStr, Meta};

use crate::attr::{Arguments, Entry, Value};
use crate::errors::Errors;
use crate::model::Roles;
use crate::syntax::Method;
use crate::text;
use crate::validate::{header, role};

const OWNER: &str = "`#[endpoint]`";
const KEYS: [&str; 7] = ["method", "path", "role", "headers", "timeout", "idempotent", "accept"];
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"];

/// The arguments of `#[endpoint]`. An invalid one is missing.
#[derive(Default)]
pub(crate) struct EndpointAttribute {
    pub(crate) attribute: Option<syn::Path>,
    pub(crate) method: Option<Ident>,
    pub(crate) path: Option<LitStr>,
    pub(crate) role: Option<Roles>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) timeout: Option<u64>,
    pub(crate) idempotent: bool,
    pub(crate) accept: Option<String>,
}

pub(crate) fn attribute(method: &Method, errors: &mut Errors) -> EndpointAttribute {
    let mut attributes = method.endpoints.iter();
    let Some(attribute) = attributes.next() else {
        no_attribute(method, errors);
        return EndpointAttribute::default();
    };
    for second in attributes {
        errors.help(second.meta.path(), "a method is one endpoint, and this is its second `#[endpoint]`", "keep one");
    }
    let tokens = match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) => proc_macro2::TokenStream::new(),
        Meta::NameValue(_) => {
            let help = "write `#[endpoint(method = GET, path = \"/…\", role = …)]`";
            errors.help(&attribute.meta, "`#[endpoint]` takes its arguments in parentheses", help);
            return EndpointAttribute::default();
        }
    };
    let mut arguments = Arguments::parse(tokens, errors);
    positional(&mut arguments, errors);
    let [verb, path, role, headers, timeout, idempotent, accept] = arguments.take(OWNER, KEYS, errors);
    let present = [("method", verb.is_some()), ("path", path.is_some()), ("role", role.is_some())];
    let missing: Vec<&str> =
        present.iter().filter(|(key, there)| !there && !arguments.is_reported(key)).map(|(key, _)| *key).collect();
    if !missing.is_empty() {
        lacking(attribute, &missing, errors);
    }
    if let Some(entry) = &idempotent {
        entry.flag(errors);
    }
    EndpointAttribute {
        attribute: Some(attribute.path().clone()),
        method: verb.and_then(|entry| self::verb(&entry, errors)),
        path: path.and_then(|entry| entry.string("/users/{id}", errors)),
        role: role.and_then(|entry| role::roles(&entry, errors)),
        headers: headers.map(|entry| header::fixed(&entry, errors)).unwrap_or_default(),
        timeout: timeout.and_then(|entry| self::timeout(&entry, errors)),
        idempotent: idempotent.is_some(),
        accept: accept.and_then(|entry| header::media_type(&entry, "text/csv", errors)),
    }
}

fn no_attribute(method: &Method, errors: &mut Errors) {
    let help = "write `#[endpoint(method = GET, path = \"/…\", role = …)]` above it";
    if let Some(misspelt) = &method.misspelt {
        errors.help(misspelt.meta.path(), "this is no attribute of an API's method", "write `#[endpoint(…)]`");
    } else {
        errors.help(method.name(), format_args!("`{}` has no `#[endpoint]`", method.name()), help);
    }
}

fn lacking(attribute: &Attribute, missing: &[&str], errors: &mut Errors) {
    let example = |key: &&str| match *key {
        "method" => "`method = GET`",
        "path" => "`path = \"/…\"`",
        _ => "`role = …`, `role = any(…, …)` or `role = Public`",
    };
    let examples: Vec<&str> = missing.iter().map(example).collect();
    errors.help(
        attribute.meta.path(),
        format_args!("`#[endpoint]` lacks {}", text::join_quoted(missing, "and")),
        format_args!("add {}", examples.join(", ")),
    );
}

/// Reports positional arguments, such as `#[endpoint(GET, "/me")]`.
fn positional(arguments: &mut Arguments, errors: &mut Errors) {
    for literal in std::mem::take(&mut arguments.literals) {
        arguments.mark_reported("path");
        errors.help(&literal, "`#[endpoint]` takes no value without a key", format_args!("write `path = {literal}`"));
    }
    let is_method = |entry: &Entry| matches!(entry.value, Value::Flag) && METHODS.iter().any(|name| entry.key == name);
    for entry in arguments.entries.extract_if(.., |entry| is_method(entry)).collect::<Vec<_>>() {
        arguments.mark_reported("method");
        let help = format!("write `method = {}`", entry.key);
        errors.help(&entry.key, "`#[endpoint]` takes no value without a key", help);
    }
}

fn verb(entry: &Entry, errors: &mut Errors) -> Option<Ident> {
    let value = entry.assigned("GET", errors)?;
    let word = match syn::parse2::<LitStr>(value.clone()) {
        Ok(string) => string.value(),
        Err(_) => value.to_string(),
    };
    if let Ok(ident) = Ident::parse_any.parse2(value.clone())
        && METHODS.iter().any(|name| ident == name)
    {
        return Some(ident);
    }
    let upper = word.to_uppercase();
    let reason = match upper.as_str() {
        "CONNECT" => Some("`CONNECT` opens a tunnel, it calls no endpoint"),
        "TRACE" => Some("`TRACE` has the server send the request back, credentials and all"),
        _ => None,
    };
    if let Some(reason) = reason {
        errors.add(value, reason);
        return None;
    }
    let message = format!("`{word}` is no method; there are {}", text::join_quoted(&METHODS, "and"));
    if METHODS.contains(&upper.as_str()) {
        errors.help(
            value,
            format_args!("a method is a word in capitals without quotes"),
            format_args!("write `method = {upper}`"),
        );
    } else if let Some(near) = text::closest_match(&upper, METHODS) {
        errors.help(value, message, format_args!("write `method = {near}`"));
    } else {
        errors.add(value, message);
    }
    None
}

/// Returns `5s` in milliseconds.
fn timeout(entry: &Entry, errors: &mut Errors) -> Option<u64> {
    let literal = entry.string("5s", errors)?;
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
        Some(0) => errors.add(&literal, "a timeout of nothing lets no attempt succeed"),
        None => {
            let message = format!("`timeout` is a whole number and a unit, `ms`, `s`, `m` or `h`, not {text:?}");
            errors.help(&literal, message, "write `timeout = \"5s\"`");
        }
        Some(_) => return millis,
    }
    None
}
