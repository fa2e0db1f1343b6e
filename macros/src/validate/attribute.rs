//! The arguments of `#[endpoint]`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, LitStr, Meta};

use crate::attr::{Arguments, Entry, Value};
use crate::errors::Errors;
use crate::model::{QueryEncoding, Roles, Verb};
use crate::syntax::Method;
use crate::validate::options::DefaultRole;
use crate::validate::{header, query, role, signature, value, verb};
use crate::{text, types};

const OWNER: &str = "`#[endpoint]`";
const KEYS: [&str; 16] = [
    "method",
    "path",
    "role",
    "headers",
    "query",
    "query_encoding",
    "timeout",
    "deadline",
    "idempotent",
    "idempotency_key",
    "accept",
    "none",
    "end",
    "reconnect",
    "redirects",
    "base",
];

/// The arguments of `#[endpoint]`. An invalid one is missing.
#[derive(Default)]
pub(crate) struct EndpointAttribute {
    pub(crate) attribute: Option<syn::Path>,
    pub(crate) method: Option<Verb>,
    pub(crate) path: Option<LitStr>,
    pub(crate) role: Option<Roles>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) query: Vec<(String, Option<String>)>,
    pub(crate) query_encoding: Option<(Entry, QueryEncoding)>,
    pub(crate) timeout: Option<u64>,
    pub(crate) deadline: Option<u64>,
    pub(crate) idempotent: bool,
    pub(crate) idempotency_key: Option<(LitStr, String)>,
    pub(crate) accept: Option<String>,
    pub(crate) none: Option<(Entry, Vec<u16>)>,
    pub(crate) end: Option<(Entry, String)>,
    pub(crate) reconnect: Option<Entry>,
    pub(crate) redirects: Option<u8>,
    pub(crate) base: Option<String>,
}

/// Validates the attribute. `default` is the role of the trait's endpoints, unless they have one of their own.
pub(crate) fn attribute(method: &Method, default: &DefaultRole, errors: &mut Errors) -> EndpointAttribute {
    let mut attributes = method.endpoints.iter();
    let Some(attribute) = attributes.next() else {
        no_attribute(method, errors);
        return EndpointAttribute::default();
    };
    for second in attributes {
        errors.help(second.meta.path(), "duplicate `#[endpoint]` attribute", "remove one of them");
    }
    let tokens = match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) => TokenStream::new(),
        Meta::NameValue(_) => {
            let help = "use `#[endpoint(method = GET, path = \"/…\", role = …)]`";
            errors.help(&attribute.meta, "arguments of `#[endpoint]` must be in parentheses", help);
            return EndpointAttribute::default();
        }
    };
    let mut arguments = Arguments::parse(tokens, errors);
    positional(&mut arguments, errors);
    let [
        verb,
        path,
        role,
        headers,
        query,
        query_encoding,
        timeout,
        deadline,
        idempotent,
        idempotency_key,
        accept,
        none,
        end,
        reconnect,
        redirects,
        base,
    ] = arguments.take(OWNER, KEYS, errors);
    let has_role = role.is_some() || !matches!(default, DefaultRole::None);
    let present = [("method", verb.is_some()), ("path", path.is_some()), ("role", has_role)];
    let missing: Vec<&str> =
        present.iter().filter(|(key, there)| !there && !arguments.is_reported(key)).map(|(key, _)| *key).collect();
    if !missing.is_empty() && !arguments.is_incomplete() {
        self::missing(attribute, &missing, errors);
    }
    for entry in [&idempotent, &reconnect].into_iter().flatten() {
        entry.flag(errors);
    }
    let (timeout, deadline) = value::limits(timeout, deadline, errors);
    EndpointAttribute {
        attribute: Some(attribute.path().clone()),
        method: verb.and_then(|entry| verb::verb(&entry, errors)),
        path: path.and_then(|entry| entry.string("/users/{id}", errors)),
        role: match &role {
            Some(entry) => role::roles(entry, errors),
            None => default.roles(),
        },
        headers: headers.map(|entry| header::fixed(&entry, errors)).unwrap_or_default(),
        query: query.map(|entry| query::fixed(&entry, errors)).unwrap_or_default(),
        query_encoding: query_encoding
            .and_then(|entry| value::query_encoding(&entry, errors).map(|encoding| (entry, encoding))),
        timeout,
        deadline,
        idempotent: idempotent.is_some(),
        idempotency_key: idempotency_key.and_then(|entry| {
            let literal = entry.string("idempotency-key", errors)?;
            let name = header::name(&literal, errors)?;
            Some((literal, name))
        }),
        accept: accept.and_then(|entry| header::media_type(&entry, "text/csv", errors)),
        none: none.and_then(|entry| value::statuses(&entry, errors).map(|statuses| (entry, statuses))),
        end: end.and_then(|entry| entry.string("[DONE]", errors).map(|end| (entry, end.value()))),
        reconnect,
        redirects: redirects.and_then(|entry| value::redirects(&entry, errors)),
        base: base.and_then(|entry| value::base(&entry, errors)),
    }
}

/// Reports a method without `#[endpoint]`.
pub(crate) fn no_attribute(method: &Method, errors: &mut Errors) {
    if let Some(misspelt) = &method.misspelt {
        let name = types::shown(misspelt.path());
        errors.help(misspelt.path(), format_args!("unknown attribute `#[{name}]`"), "use `#[endpoint(…)]`");
    } else if let Some((attribute, verb)) = method.attrs.iter().find_map(|attr| Some((attr, method_of(attr)?))) {
        let name = types::shown(attribute.path());
        let list = attribute.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default();
        let path = list.into_iter().find_map(|token| syn::parse2::<LitStr>(token.into()).ok());
        let path = path.map_or_else(|| "/…".to_owned(), |path| path.value());
        let help = format!("use `#[endpoint(method = {verb}, path = \"{path}\", role = …)]`");
        errors.help(attribute.path(), format_args!("unknown attribute `#[{name}]`"), help);
    } else if let Some(conditional) = method.attrs.iter().find(|attr| is_conditional_endpoint(attr)) {
        errors.help(
            conditional.path(),
            "`#[endpoint]` cannot be in a `#[cfg_attr]`",
            "use `#[endpoint(…)]`, and `#[cfg(…)]` on the method",
        );
    } else {
        let message = format!("method `{}` has no `#[endpoint]` attribute", method.name());
        let help = "add `#[endpoint(method = GET, path = \"/…\", role = …)]`";
        let help =
            if signature::is_endpoint(method) { help } else { "make it an endpoint, or move it out of the trait" };
        errors.help(method.name(), message, help);
    }
}

/// Returns the HTTP method of this name, in any case. `query` is also a key.
fn method_name(name: &Ident) -> Option<&'static str> {
    verb::any_case(name).filter(|_| !KEYS.iter().any(|key| name == key))
}

/// Returns the method of `#[get("/me")]`, as the attributes of other libraries are called.
fn method_of(attribute: &Attribute) -> Option<&'static str> {
    method_name(&attribute.path().segments.last()?.ident)
}

/// Returns `true` for `#[cfg_attr(…, endpoint(…))]`, which the compiler resolves only after `#[api]`.
fn is_conditional_endpoint(attribute: &Attribute) -> bool {
    let is_endpoint = |token: TokenTree| matches!(token, TokenTree::Ident(name) if name == "endpoint");
    attribute.path().is_ident("cfg_attr")
        && attribute.meta.require_list().is_ok_and(|list| list.tokens.clone().into_iter().any(is_endpoint))
}

fn missing(attribute: &Attribute, keys: &[&str], errors: &mut Errors) {
    let example = |key: &&str| match *key {
        "method" => "`method = GET`",
        "path" => "`path = \"/…\"`",
        _ => "`role = …`, `role = any(…, …)`, or `role = Public`",
    };
    let examples: Vec<&str> = keys.iter().map(example).collect();
    let plural = if keys.len() == 1 { "" } else { "s" };
    errors.help(
        attribute.meta.path(),
        format_args!("missing argument{plural} {} in `#[endpoint]`", text::join_quoted(keys, "and")),
        format_args!("add {}", examples.join(", ")),
    );
}

/// Reports the method as the key of the path: `get = "/me"`, `GET("/me")`.
fn method_as_key(arguments: &mut Arguments, errors: &mut Errors) {
    let path = |entry: &Entry| match &entry.value {
        Value::Assigned(value) => syn::parse2::<LitStr>(value.clone()).ok(),
        Value::List(list) => syn::parse2::<LitStr>(list.stream()).ok(),
        Value::Flag => None,
    };
    let is_method = |entry: &mut Entry| method_name(&entry.key).is_some() && path(entry).is_some();
    for entry in arguments.entries.extract_if(.., is_method).collect::<Vec<_>>() {
        let (key, verb) = (&entry.key, method_name(&entry.key).unwrap_or_default());
        let path = path(&entry).map(|path| path.value()).unwrap_or_default();
        let help = format!("use `method = {verb}, path = {path:?}`");
        errors.help(key, format_args!("unknown argument `{key}` in `#[endpoint]`"), help);
        arguments.mark_reported("method");
        arguments.mark_reported("path");
    }
}

/// Reports positional arguments, such as `#[endpoint(GET, "/me", User)]`, as one error.
fn positional(arguments: &mut Arguments, errors: &mut Errors) {
    method_as_key(arguments, errors);
    let mut found: Vec<(&str, TokenStream)> = Vec::new();
    for value in std::mem::take(&mut arguments.values) {
        let key = if syn::parse2::<LitStr>(value.clone()).is_ok() { "path" } else { "role" };
        found.push((key, value));
    }
    let key_of = |entry: &Entry| {
        let name = entry.key.to_string();
        match &entry.value {
            Value::Flag if method_name(&entry.key).is_some() => Some("method"),
            Value::Flag if name == "public" => Some("role"),
            Value::Flag if name.starts_with(char::is_uppercase) && text::closest_match(&name, KEYS).is_none() => {
                Some("role")
            }
            Value::List(_) if name == "any" => Some("role"),
            _ => None,
        }
    };
    for entry in arguments.entries.extract_if(.., |entry| key_of(entry).is_some()) {
        found.push((key_of(&entry).unwrap_or_default(), entry.to_token_stream()));
    }
    found.sort_by_key(|(key, _)| KEYS.iter().position(|known| known == key));
    let Some((_, first)) = found.first() else { return };
    let suggested = |(key, value): &(&str, TokenStream)| match *key {
        "method" => format!("method = {}", types::shown(value).to_uppercase()),
        "role" if types::shown(value) == "public" => "role = Public".to_owned(),
        key => format!("{key} = {}", types::shown(value)),
    };
    let values: Vec<String> = found.iter().map(suggested).collect();
    let message = format!("expected `key = value`, found `{}`", types::shown(first));
    errors.help(first, message, format_args!("use `{}`", values.join(", ")));
    for (key, _) in found {
        arguments.mark_reported(key);
    }
}
