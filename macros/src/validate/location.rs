//! `#[query]`, `#[header("x-name")]`, and `#[body]`: their arguments, and the types that they accept.

use proc_macro2::{Literal, TokenStream};
use quote::ToTokens;
use syn::{Attribute, LitStr, Meta, Type};

use crate::attr::Arguments;
use crate::errors::Errors;
use crate::model::{Format, Location};
use crate::syntax::Argument;
use crate::text;
use crate::types;
use crate::validate::header;
use crate::validate::options::Settings;

pub(crate) fn location(
    attribute: &Attribute,
    name: &str,
    argument: &Argument,
    settings: &Settings,
    errors: &mut Errors,
) -> Option<Location> {
    let kind = attribute.path().segments.last()?.ident.to_string();
    let tokens = match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) => TokenStream::new(),
        Meta::NameValue(pair) => {
            let value = pair.value.to_token_stream();
            let message = format!("`#[{kind}]` takes its arguments in parentheses");
            errors.help(&attribute.meta, message, format_args!("write `#[{kind}({value})]`"));
            return None;
        }
    };
    let before = errors.len();
    let arguments = Arguments::parse(tokens, errors);
    let location = match kind.as_str() {
        "query" => query(arguments, name, &argument.ty, settings, errors),
        "header" => self::header(attribute, arguments, &argument.ty, errors),
        _ => body(arguments, &argument.ty, errors),
    };
    location.filter(|_| errors.len() == before)
}

/// Returns the only literal without a key, as a string.
fn literal(literals: &[Literal], owner: &str, errors: &mut Errors) -> Option<LitStr> {
    let mut literals = literals.iter();
    let first = literals.next()?;
    for second in literals {
        errors.add(second, format_args!("{owner} takes one name, and this is its second"));
    }
    let string = syn::parse2::<LitStr>(first.to_token_stream()).ok();
    if string.is_none() {
        errors.help(first, format_args!("{owner} takes a name, a string"), format_args!("write `\"{first}\"`"));
    }
    string
}

fn query(
    mut arguments: Arguments,
    name: &str,
    ty: &Type,
    settings: &Settings,
    errors: &mut Errors,
) -> Option<Location> {
    const OWNER: &str = "`#[query]`";
    let [flatten, list] = arguments.take(OWNER, ["flatten", "list"], errors);
    let given = literal(&arguments.literals, OWNER, errors);
    let shape = types::shape(ty, flatten.is_none());
    if let Some(flatten) = flatten {
        flatten.flag(errors);
        if let Some(given) = &given {
            errors.help(given, "a flattened query has its fields' names, none of its own", "take it away");
        }
        if let Some(list) = &list {
            errors.help(list, "a flattened query is no list", "take it away");
        }
        return Some(Location::Flatten(shape));
    }
    let separator = match &list {
        Some(entry) if !shape.list => {
            errors.help(entry, "only a list can be joined", "take it away, or make the type a `Vec` or a slice");
            None
        }
        Some(entry) => separator(&entry.string("comma", errors)?, errors)?,
        None => None,
    };
    let name = match &given {
        Some(given) if given.value().is_empty() => {
            errors.help(given, "a value of the query needs a name", format_args!("write `#[query]` for `{name}`"));
            return None;
        }
        Some(given) => given.value(),
        None => settings.rename_all.map_or_else(|| name.to_owned(), |case| case.apply(name)),
    };
    Some(Location::Query { name, shape, separator })
}

fn separator(literal: &LitStr, errors: &mut Errors) -> Option<Option<&'static str>> {
    const STYLES: [(&str, Option<&str>); 4] =
        [("repeat", None), ("comma", Some(",")), ("space", Some("%20")), ("pipe", Some("%7C"))];
    let style = literal.value();
    if let Some((_, separator)) = STYLES.iter().find(|(name, _)| *name == style) {
        return Some(*separator);
    }
    let names = STYLES.map(|(name, _)| name);
    let message = format!("a list is written in one of the styles {}, not {style:?}", text::join_quoted(&names, "and"));
    let near = match style.as_str() {
        "," | "csv" => Some("comma"),
        _ => text::closest_match(&style, names),
    };
    match near {
        Some(near) => errors.help(literal, message, format_args!("write `list = {near:?}`")),
        None => errors.add(literal, message),
    }
    None
}

fn header(attribute: &Attribute, mut arguments: Arguments, ty: &Type, errors: &mut Errors) -> Option<Location> {
    const OWNER: &str = "`#[header]`";
    let before = errors.len();
    let [sensitive] = arguments.take(OWNER, ["sensitive"], errors);
    if let Some(sensitive) = &sensitive {
        sensitive.flag(errors);
    }
    let Some(name) = literal(&arguments.literals, OWNER, errors) else {
        if errors.len() == before {
            errors.help(&attribute.meta, "`#[header]` lacks the header's name", "write `#[header(\"x-name\")]`");
        }
        return None;
    };
    let name = header::name(&name, errors)?;
    let shape = types::shape(ty, true);
    if shape.list {
        let help = "join the values where the call is made, and take a `&str` here";
        errors.help(ty, format_args!("the header `{name}` has one value"), help);
        return None;
    }
    Some(Location::Header { name, shape, sensitive: sensitive.is_some() })
}

fn body(mut arguments: Arguments, ty: &Type, errors: &mut Errors) -> Option<Location> {
    const OWNER: &str = "`#[body]`";
    const FORMATS: [(&str, Format, &str); 6] = [
        ("json", Format::Json, "application/json"),
        ("form", Format::Form, "application/x-www-form-urlencoded"),
        ("text", Format::Text, "text/plain; charset=utf-8"),
        ("bytes", Format::Bytes, "application/octet-stream"),
        ("multipart", Format::Multipart, ""),
        ("stream", Format::Stream, "application/octet-stream"),
    ];
    arguments.no_literals(OWNER, errors);
    let known = ["json", "form", "text", "bytes", "multipart", "stream", "content_type"];
    let [json, form, text, bytes, multipart, stream, content_type] = arguments.take(OWNER, known, errors);
    let given: Vec<_> = [json, form, text, bytes, multipart, stream].into_iter().zip(FORMATS).collect();
    let mut given = given.iter().filter_map(|(entry, format)| entry.as_ref().map(|entry| (entry, format)));
    let (_, format, media_type) = match given.next() {
        Some((entry, format)) => {
            entry.flag(errors);
            *format
        }
        None => ("json", Format::Json, "application/json"),
    };
    for (second, _) in given {
        errors.help(second, "a body has one format, and this is its second", "keep one of them");
    }
    let media_type = match &content_type {
        Some(entry) if format == Format::Multipart => {
            errors.help(entry, "a multipart body has a content type with a boundary of its own", "take it away");
            return None;
        }
        Some(entry) => header::media_type(entry, "application/xml", errors)?,
        None => media_type.to_owned(),
    };
    let shape = types::shape(ty, false);
    if matches!(format, Format::Multipart | Format::Stream) && (shape.reference || is_reference(ty)) {
        let help = format!("write `{}`", types::shown(&shape.item));
        errors.help(ty, "a body that can be sent only once is passed by value", help);
        return None;
    }
    Some(Location::Body { format, media_type, shape })
}

fn is_reference(ty: &Type) -> bool {
    matches!(types::strip_groups(ty), Type::Reference(_))
}
