//! `#[query]`, `#[header("x-name")]`, `#[body]`, and `#[part]`: their arguments, and the types that they accept.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, LitStr, Meta, Type};

use crate::attr::{Arguments, Entry, Value};
use crate::errors::Errors;
use crate::model::{Format, Location, NestedLists, QueryStyle, Shape};
use crate::text;
use crate::types;
use crate::validate::options::Settings;
use crate::validate::{header, nested, part};

pub(crate) fn location(
    attribute: &Attribute,
    name: &str,
    ty: &Type,
    settings: &Settings,
    errors: &mut Errors,
) -> Option<Location> {
    let kind = attribute.path().segments.last()?.ident.to_string();
    let tokens = match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) => TokenStream::new(),
        Meta::NameValue(pair) => {
            let value = pair.value.to_token_stream();
            let message = format!("arguments of `#[{kind}]` must be in parentheses");
            errors.help(&attribute.meta, message, format_args!("use `#[{kind}({value})]`"));
            return None;
        }
    };
    let before = errors.len();
    let mut arguments = Arguments::parse(tokens, errors);
    if kind != "body" {
        named(&mut arguments, &kind, errors);
        unquoted(&mut arguments, &kind, errors);
    }
    if errors.len() > before {
        return None;
    }
    let location = match kind.as_str() {
        "query" => query(arguments, name, ty, settings, errors),
        "header" => self::header(attribute, arguments, ty, errors),
        "part" => part::part(arguments, name, ty, settings, errors),
        _ => body(arguments, ty, errors),
    };
    location.filter(|_| errors.len() == before)
}

/// Reports a name that is given as `name = "…"`, as other libraries have it.
fn named(arguments: &mut Arguments, kind: &str, errors: &mut Errors) {
    let is_name = |entry: &mut Entry| {
        let key = entry.key.to_string();
        matches!(entry.value, Value::Assigned(_)) && ["name", "rename", "key"].contains(&key.as_str())
    };
    for entry in arguments.entries.extract_if(.., is_name) {
        if let Value::Assigned(value) = &entry.value {
            let help = format!("use `#[{kind}({})]`", types::shown(value));
            errors.help(&entry.key, format_args!("unknown argument `{}` in `#[{kind}]`", entry.key), help);
        }
    }
}

/// Reports a name without quotes, such as `#[query(startDate)]`.
fn unquoted(arguments: &mut Arguments, kind: &str, errors: &mut Errors) {
    let known = ["flatten", "json", "list", "nested", "sensitive"];
    let is_unknown = |entry: &mut Entry| {
        matches!(entry.value, Value::Flag) && text::closest_match(&entry.key.to_string(), known).is_none()
    };
    for entry in arguments.entries.extract_if(.., is_unknown) {
        let help = format!("use `#[{kind}(\"{0}\")]` for the name `{0}`", entry.key);
        errors.help(&entry.key, format_args!("unknown argument `{}` in `#[{kind}]`", entry.key), help);
    }
}

/// The formats of a body: the key, the format, and its media type.
const FORMATS: [(&str, Format, &str); 6] = [
    ("json", Format::Json, "application/json"),
    ("form", Format::Form, "application/x-www-form-urlencoded"),
    ("text", Format::Text, "text/plain; charset=utf-8"),
    ("bytes", Format::Bytes, "application/octet-stream"),
    ("multipart", Format::Multipart, ""),
    ("stream", Format::Stream, "application/octet-stream"),
];

fn query(
    mut arguments: Arguments,
    name: &str,
    ty: &Type,
    settings: &Settings,
    errors: &mut Errors,
) -> Option<Location> {
    const OWNER: &str = "`#[query]`";
    let [flatten, nested, json, list] = arguments.take(OWNER, ["flatten", "nested", "json", "list"], errors);
    let given = arguments.name(OWNER, errors);
    if let (Some(json), Some(_)) = (&json, nested.as_ref().or(flatten.as_ref()).or(list.as_ref())) {
        errors.help(json, "`json` cannot be combined with `flatten`, `nested`, or `list`", "remove one of them");
        return None;
    }
    let is_value = flatten.is_none() && nested.is_none() && json.is_none();
    let shape = types::shape(ty, is_value);
    for flag in [&flatten, &nested, &json].into_iter().flatten() {
        flag.flag(errors);
    }
    let lists = match &nested {
        Some(_) => Some(nested::lists(list.as_ref(), errors)?),
        None => None,
    };
    if flatten.is_some() {
        if let Some(given) = &given {
            errors.help(given, "`flatten` cannot be combined with a name", "remove the name");
        }
        if let Some(list) = list.as_ref().filter(|_| nested.is_none()) {
            errors.help(list, "`flatten` cannot be combined with `list`", "remove `list`");
        }
        let pairs = nested.is_none() && types::list_item(&shape.item).is_some_and(types::is_pair);
        if types::is_scalar(&shape.item) || types::list_item(&shape.item).is_some() && !pairs {
            let attribute = if nested.is_some() { "#[query(flatten, nested)]" } else { "#[query(flatten)]" };
            errors.help(ty, format_args!("`{attribute}` argument must be a struct or a map"), "use `#[query]`");
        }
        return Some(Location::Flatten { shape, nested: lists });
    }
    let name = query_name(given, name, settings, errors)?;
    let style = match (lists, &json) {
        (Some(lists), _) => {
            if types::is_scalar(&shape.item) {
                errors.help(ty, "`nested` needs a struct, a map, or a list", "remove `nested`");
            }
            QueryStyle::Nested(lists)
        }
        (None, Some(_)) => QueryStyle::Json,
        (None, None) => value_style(&shape, list.as_ref(), ty, errors)?,
    };
    Some(Location::Query { name, shape, style })
}

/// Returns the name of a query parameter or a part: the given one, or that of the argument.
fn query_name(given: Option<LitStr>, name: &str, settings: &Settings, errors: &mut Errors) -> Option<String> {
    match given {
        Some(given) if given.value().is_empty() => {
            errors.help(given, "missing name of a query parameter", format_args!("use `#[query]` for `{name}`"));
            None
        }
        Some(given) => Some(given.value()),
        None => Some(settings.wire_name(name)),
    }
}

/// Returns how a value is written that is text, or a list of texts.
fn value_style(shape: &Shape, list: Option<&Entry>, ty: &Type, errors: &mut Errors) -> Option<QueryStyle> {
    if types::is_map(&shape.item) {
        errors.help(ty, "`#[query]` argument cannot be a map", "use `#[query(flatten)]`");
    } else if shape.list && types::is_pair(&shape.item) {
        errors.help(ty, "`#[query]` argument cannot be a list of pairs", "use `#[query(flatten)]`");
    } else if matches!(&shape.item, Type::Tuple(_)) {
        let help = "use an argument for each value, or `#[query(flatten)]` with a struct";
        errors.help(ty, "`#[query]` argument cannot be a tuple", help);
    }
    let Some(entry) = list else { return Some(QueryStyle::Plain) };
    if !shape.list {
        errors.help(entry, "`list` needs a list type", "remove `list`, or use a `Vec` or a slice");
        return None;
    }
    separator(&entry.string("comma", errors)?, errors)
}

fn separator(literal: &LitStr, errors: &mut Errors) -> Option<QueryStyle> {
    const STYLES: [(&str, QueryStyle); 4] = [
        ("repeat", QueryStyle::Plain),
        ("comma", QueryStyle::Separated(",")),
        ("space", QueryStyle::Separated("%20")),
        ("pipe", QueryStyle::Separated("%7C")),
    ];
    let style = literal.value();
    if let Some((_, style)) = STYLES.iter().find(|(name, _)| *name == style) {
        return Some(*style);
    }
    if nested::is_style(&style) {
        let help = "add `nested`; for a list alone, put the brackets into its name: `#[query(\"ids[]\")]`";
        errors.help(literal, format_args!("list style {style:?} needs `nested`"), help);
        return None;
    }
    let names = STYLES.map(|(name, _)| name);
    let meant = match style.as_str() {
        "," | "csv" => "comma",
        other => other,
    };
    let message = format!("unknown list style {style:?}");
    errors.unknown(literal, message, meant, &names, |closest| format!("use `list = {closest:?}`"));
    None
}

fn header(attribute: &Attribute, mut arguments: Arguments, ty: &Type, errors: &mut Errors) -> Option<Location> {
    const OWNER: &str = "`#[header]`";
    let before = errors.len();
    let [flatten, sensitive] = arguments.take(OWNER, ["flatten", "sensitive"], errors);
    for flag in [&flatten, &sensitive].into_iter().flatten() {
        flag.flag(errors);
    }
    let given = arguments.name(OWNER, errors);
    let sensitive = sensitive.is_some();
    if flatten.is_some() {
        if let Some(given) = &given {
            errors.help(given, "`flatten` cannot be combined with a name", "remove the name");
        }
        let shape = types::shape(ty, false);
        if types::is_scalar(&shape.item) {
            let help = "use a `HeaderMap` or `&[(&str, &str)]`, or `#[header(\"x-name\")]` for one header";
            errors.help(ty, "`#[header(flatten)]` argument must have names and values", help);
        }
        return Some(Location::Headers { shape, sensitive });
    }
    let Some(name) = given else {
        if errors.len() == before {
            errors.help(&attribute.meta, "missing header name in `#[header]`", "use `#[header(\"x-name\")]`");
        }
        return None;
    };
    let name = header::name(&name, errors)?;
    let shape = types::shape(ty, true);
    if let Some(what) = types::several_values(&shape.item) {
        let help = "use `#[header(flatten)]` with a `HeaderMap` or `&[(&str, &str)]`, or an argument for each header";
        errors.help(ty, format_args!("`#[header]` argument cannot be a {what}"), help);
    }
    Some(Location::Header { name, shape, sensitive })
}

fn body(mut arguments: Arguments, ty: &Type, errors: &mut Errors) -> Option<Location> {
    const OWNER: &str = "`#[body]`";
    arguments.no_values(errors);
    unknown_format(&mut arguments, errors);
    let known = ["json", "form", "text", "bytes", "multipart", "stream", "content_type", "nested", "list"];
    let [json, form, text, bytes, multipart, stream, content_type, nested, list] = arguments.take(OWNER, known, errors);
    let is_form = form.is_some();
    let given: Vec<_> = [json, form, text, bytes, multipart, stream].into_iter().zip(FORMATS).collect();
    let mut given = given.iter().filter_map(|(entry, format)| entry.as_ref().map(|entry| (entry, format)));
    let (name, format, media_type) = match given.next() {
        Some((entry, format)) => {
            entry.flag(errors);
            *format
        }
        None => ("json", Format::Json, "application/json"),
    };
    for (second, _) in given {
        let message = format!("conflicting body formats `{name}` and `{}`", second.key);
        errors.help(second, message, "remove one of them");
    }
    let media_type = match &content_type {
        Some(entry) if format == Format::Multipart => {
            errors.help(entry, "`multipart` cannot be combined with `content_type`", "remove `content_type`");
            return None;
        }
        Some(entry) => header::media_type(entry, "application/xml", errors)?,
        None => media_type.to_owned(),
    };
    let lists = nested_form(nested.as_ref(), list.as_ref(), is_form, errors)?;
    let shape = types::shape(ty, false);
    let pairs = lists.is_none() && types::list_item(&shape.item).is_some_and(types::is_pair);
    if format == Format::Form && (types::is_scalar(&shape.item) || types::list_item(&shape.item).is_some() && !pairs) {
        let (attribute, help) = match lists {
            Some(_) => ("#[body(form, nested)]", "use a struct or a map"),
            None => (
                "#[body(form)]",
                "use a struct, a map, or a list of pairs; for a body that is encoded already, \
                 `#[body(text, content_type = \"application/x-www-form-urlencoded\")]`",
            ),
        };
        errors.help(ty, format_args!("`{attribute}` cannot encode `{}`", types::shown(&shape.item)), help);
    }
    if matches!(format, Format::Multipart | Format::Stream) && (shape.reference || is_reference(ty)) {
        let help = format!("use `{}`", types::shown(&shape.item));
        errors.help(ty, format_args!("`#[body({name})]` argument must be passed by value"), help);
        return None;
    }
    let format = lists.map_or(format, Format::NestedForm);
    Some(Location::Body { format, media_type, shape })
}

/// Returns the style of lists if a form is `nested`.
fn nested_form(
    nested: Option<&Entry>,
    list: Option<&Entry>,
    is_form: bool,
    errors: &mut Errors,
) -> Option<Option<NestedLists>> {
    match (nested, list) {
        (Some(nested), _) if !is_form => {
            errors.help(nested, "`nested` needs a form", "use `#[body(form, nested)]`");
            None
        }
        (Some(nested), list) => {
            nested.flag(errors);
            nested::lists(list, errors).map(Some)
        }
        (None, Some(list)) => {
            errors.help(list, "`list` needs `nested`", "use `#[body(form, nested, list = \"indices\")]`");
            None
        }
        (None, None) => Some(None),
    }
}

/// Reports a body format that does not exist, such as `#[body(xml)]`.
fn unknown_format(arguments: &mut Arguments, errors: &mut Errors) {
    let known = |entry: &mut Entry| {
        FORMATS.iter().any(|(name, ..)| entry.key == name) || entry.key == "nested" || entry.key == "list"
    };
    for entry in arguments.entries.extract_if(.., |entry| matches!(entry.value, Value::Flag) && !known(entry)) {
        let name = entry.key.to_string();
        if name == "content_type" {
            let help = "use `content_type = \"application/xml\"`";
            errors.help(&entry.key, "`content_type` needs a value", help);
            continue;
        }
        let names = FORMATS.map(|(name, ..)| name);
        let message = format!("unknown body format `{name}`");
        match text::closest_match(&name, names) {
            Some(closest) => errors.help(&entry.key, message, format_args!("use `{closest}`")),
            None => {
                let names = text::join_quoted(&names, "and");
                let other = "for another media type use `#[body(text, content_type = \"…\")]`";
                errors.help(&entry.key, message, format_args!("expected one of {names}; {other}"));
            }
        }
    }
}

fn is_reference(ty: &Type) -> bool {
    matches!(types::strip_groups(ty), Type::Reference(_))
}
