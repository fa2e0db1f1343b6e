//! One method: its `#[endpoint]`, and all that hangs together with it.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{Attribute, LitStr, Meta};

use crate::attr::{Arguments, Entry, Value};
use crate::errors::Errors;
use crate::model::{self, Content, MethodAttrs, Wrapper};
use crate::path::Template;
use crate::syntax::{Method, is_named};
use crate::validate::options::{Settings, template};
use crate::validate::{answer, argument, header, placeholder, role, signature};
use crate::words;

const OWNER: &str = "`#[endpoint]`";
const KEYS: [&str; 7] = ["method", "path", "role", "headers", "timeout", "idempotent", "accept"];
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"];

/// What `#[endpoint]` says; what it says wrong is missing.
#[derive(Default)]
struct Said {
    attribute: Option<syn::Path>,
    method: Option<Ident>,
    path: Option<LitStr>,
    role: Option<model::Roles>,
    headers: Vec<(String, String)>,
    timeout: Option<u64>,
    idempotent: bool,
    accept: Option<String>,
}

/// Looks at one method. Siblings are all looked at, so that no mistake hides another.
pub(crate) fn endpoint(method: &Method, settings: &Settings, errors: &mut Errors) -> Option<model::Endpoint> {
    let before = errors.len();
    let said = attribute(method, errors);
    let attrs = attrs(method, errors);
    let output = signature::signature(method, errors);
    let answer = output.as_ref().and_then(|output| answer::answer(output, errors));
    let own = said.path.as_ref().map(|path| (path, own_template(path, settings, errors)));
    let whole = own.as_ref().and_then(|(_, own)| with_prefix(own.as_ref()?, settings));
    let mut arguments = argument::arguments(method, settings, whole.as_ref(), errors);
    placeholder::agree(method, own.as_ref().map(|(path, _)| *path), settings, whole.as_ref(), &arguments, errors);
    argument::body_fits(method, said.method.as_ref(), errors);
    if let (Some(verb), Some(answer), Some(output)) = (&said.method, &answer, &output) {
        head_has_no_body(verb, answer, output, errors);
    }
    let headers = header::all(&settings.headers, &said.headers, &arguments, errors);
    let (own, whole) = (own?, whole?);
    if errors.len() > before {
        return None;
    }
    let prefix = settings.prefix.as_ref().map(|(path, _)| path.value()).unwrap_or_default();
    let arguments = arguments.drain(..).map(|found| found.argument).collect::<Option<Vec<_>>>()?;
    let output = output?;
    Some(model::Endpoint {
        attribute: said.attribute?,
        attrs,
        name: method.name().clone(),
        generics: method.generics().clone(),
        receiver: method.receiver.as_ref().and_then(crate::syntax::receiver_lifetime).cloned(),
        method: said.method?,
        template: whole,
        path: LitStr::new(&(prefix + &own.0.value()), own.0.span()),
        roles: said.role?,
        arguments,
        headers,
        timeout: said.timeout,
        idempotent: said.idempotent,
        accept: said.accept,
        answer: answer?,
        output: output.whole,
        error: output.error,
    })
}

fn own_template(path: &LitStr, settings: &Settings, errors: &mut Errors) -> Option<Template> {
    if path.value().is_empty() && settings.prefix.is_some() {
        return Some(Template::default());
    }
    template(path, errors)
}

fn with_prefix(own: &Template, settings: &Settings) -> Option<Template> {
    match &settings.prefix {
        None => Some(own.clone()),
        Some((_, prefix)) => Some(own.with_prefix(prefix.as_ref()?)),
    }
}

fn attribute(method: &Method, errors: &mut Errors) -> Said {
    let mut attributes = method.endpoints.iter();
    let Some(attribute) = attributes.next() else {
        no_attribute(method, errors);
        return Said::default();
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
            return Said::default();
        }
    };
    let mut arguments = Arguments::parse(tokens, errors);
    positional(&mut arguments, errors);
    let [verb, path, role, headers, timeout, idempotent, accept] = arguments.take(OWNER, KEYS, errors);
    let present = [("method", verb.is_some()), ("path", path.is_some()), ("role", role.is_some())];
    let missing: Vec<&str> =
        present.iter().filter(|(key, there)| !there && !arguments.is_settled(key)).map(|(key, _)| *key).collect();
    if !missing.is_empty() {
        lacking(attribute, &missing, errors);
    }
    if let Some(entry) = &idempotent {
        entry.flag(errors);
    }
    Said {
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
        format_args!("`#[endpoint]` lacks {}", words::list(missing, "and")),
        format_args!("add {}", examples.join(", ")),
    );
}

/// `#[endpoint(GET, "/me")]`, the way of other libraries.
fn positional(arguments: &mut Arguments, errors: &mut Errors) {
    for literal in std::mem::take(&mut arguments.literals) {
        arguments.settle("path");
        errors.help(&literal, "`#[endpoint]` takes no value without a key", format_args!("write `path = {literal}`"));
    }
    let is_method = |entry: &Entry| matches!(entry.value, Value::Flag) && METHODS.iter().any(|name| entry.key == name);
    for entry in arguments.entries.extract_if(.., |entry| is_method(entry)).collect::<Vec<_>>() {
        arguments.settle("method");
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
    let message = format!("`{word}` is no method; there are {}", words::list(&METHODS, "and"));
    if METHODS.contains(&upper.as_str()) {
        errors.help(
            value,
            format_args!("a method is a word in capitals without quotes"),
            format_args!("write `method = {upper}`"),
        );
    } else if let Some(near) = words::nearest(&upper, METHODS) {
        errors.help(value, message, format_args!("write `method = {near}`"));
    } else {
        errors.add(value, message);
    }
    None
}

/// `5s` as milliseconds.
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

fn head_has_no_body(verb: &Ident, answer: &model::Answer, output: &signature::Output, errors: &mut Errors) {
    if verb == "HEAD" && !matches!(answer.content, Content::Empty) {
        let mended = match answer.wrapper {
            Wrapper::None => "()",
            Wrapper::Optional => "Option<()>",
            _ => "Response<()>",
        };
        errors.help(
            &output.content,
            "the answer to `HEAD` has no body",
            format_args!("write `{mended}`, or `method = GET`"),
        );
    }
}

fn attrs(method: &Method, errors: &mut Errors) -> MethodAttrs {
    let mut attrs = MethodAttrs::default();
    for attr in &method.attrs {
        let path = attr.path();
        if path.is_ident("doc") {
            attrs.docs.push(attr.clone());
        } else if path.is_ident("cfg") {
            attrs.cfgs.push(attr.clone());
        } else if path.is_ident("deprecated") {
            attrs.deprecated = Some(attr.clone());
        } else if ["allow", "expect", "warn", "deny", "forbid"].iter().any(|lint| path.is_ident(lint)) {
            attrs.lints.push(attr.clone());
        } else if ["query", "header", "body"].iter().any(|name| is_named(attr, name)) {
            let name = path.to_token_stream();
            errors.help(
                path,
                format_args!("`#[{name}]` stands on an argument, not on the method"),
                format_args!("write it before the argument: `#[{name}] argument: Type`"),
            );
        } else {
            attrs.others.push(attr.clone());
        }
    }
    // The author's own code has as many arguments as the endpoint; clippy would speak of what is generated.
    if method.arguments.len() >= 7 {
        attrs.lints.push(syn::parse_quote!(#[allow(clippy::too_many_arguments)]));
    }
    attrs
}
