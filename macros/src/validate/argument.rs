//! The arguments of a method: each has one location.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Pat, Type};

use crate::errors::Errors;
use crate::model::{self, Location, Verb};
use crate::path::Template;
use crate::syntax::{self, LINT_LEVELS, LOCATIONS, Method, is_named};
use crate::text;
use crate::types;
use crate::validate::known_types;
use crate::validate::location;
use crate::validate::options::Settings;

/// An argument, as far as it could be parsed.
pub(crate) struct ParsedArgument<'a> {
    pub(crate) syntax: &'a syntax::Argument,
    pub(crate) name: Option<String>,
    /// The attribute with its location; `None` for a path argument.
    pub(crate) attribute: Option<&'a Attribute>,
    /// Has no location attribute and matches no placeholder.
    pub(crate) unlocated: bool,
    pub(crate) argument: Option<model::Argument>,
}

impl ParsedArgument<'_> {
    /// Returns the tokens to change: the attribute, or the name.
    pub(crate) fn tokens(&self) -> TokenStream {
        match self.attribute {
            Some(attribute) => attribute.meta.to_token_stream(),
            None => self.syntax.pat.to_token_stream(),
        }
    }
}

/// Validates all arguments of a method.
pub(crate) fn arguments<'a>(
    method: &'a Method,
    settings: &Settings,
    template: Option<&Template>,
    errors: &mut Errors,
) -> Vec<ParsedArgument<'a>> {
    let mut found: Vec<ParsedArgument<'a>> = Vec::new();
    for syntax in &method.arguments {
        let next = argument(syntax, settings, template, errors);
        if let Some(name) = &next.name
            && found.iter().any(|other| other.name.as_ref() == Some(name))
        {
            errors.help(&syntax.pat, format_args!("duplicate argument name `{name}`"), "rename one of them");
        } else if let Some(wire) = doubled(&next, &found) {
            errors.help(next.tokens(), format_args!("duplicate {wire}"), "rename or remove one of them");
        }
        found.push(next);
    }
    found
}

/// Returns the parameter that both the new argument and an earlier one set.
fn doubled(next: &ParsedArgument<'_>, found: &[ParsedArgument<'_>]) -> Option<String> {
    let location = &next.argument.as_ref()?.location;
    let same = |other: &ParsedArgument<'_>| match (location, other.argument.as_ref().map(|argument| &argument.location))
    {
        (Location::Query { name, .. }, Some(Location::Query { name: other, .. }))
        | (Location::Header { name, .. }, Some(Location::Header { name: other, .. }))
        | (Location::Part { name, .. }, Some(Location::Part { name: other, .. })) => name == other,
        _ => false,
    };
    if !found.iter().any(same) {
        return None;
    }
    match location {
        Location::Query { name, .. } => Some(format!("query parameter `{name}`")),
        Location::Header { name, .. } => Some(format!("header `{name}`")),
        Location::Part { name, .. } => Some(format!("part `{name}`")),
        _ => None,
    }
}

fn argument<'a>(
    syntax: &'a syntax::Argument,
    settings: &Settings,
    template: Option<&Template>,
    errors: &mut Errors,
) -> ParsedArgument<'a> {
    let before = errors.len();
    let ident = ident(syntax, errors);
    let into = types::into_option(&syntax.ty);
    let ty = into.unwrap_or(&syntax.ty);
    let is_body = syntax.attrs.iter().any(|attribute| is_named(attribute, "body"));
    match into {
        Some(option) if !is_body => {
            let message = "only a `#[body]` argument can be `impl Into<Option<…>>`";
            errors.help(&syntax.ty, message, format_args!("use `{}`", types::shown(option)));
        }
        None if types::has_impl(ty) => {
            let help = match is_body {
                true => "use `impl Into<Option<&T>>` for an optional body, or a type parameter",
                false if types::is_iterator(ty) => "use a slice, such as `&[T]`",
                false => "use a type parameter: `async fn name<T: Trait>(&self, argument: T)`",
            };
            errors.help(ty, "argument type cannot be `impl Trait`", help);
        }
        _ => {}
    }
    if types::is_unsized(ty) {
        let help = format!("use `&{}`", types::shown(ty));
        errors.help(ty, "argument cannot be passed by value", help);
    } else if errors.len() == before {
        known_types::check(ty, errors);
    }
    let name = ident.as_ref().map(|ident| ident.unraw().to_string());
    let fills = |template| name.as_ref().is_none_or(|name| placeholder(template, name).is_some());
    let (attribute, lints) = attributes(syntax, template.is_none_or(fills), errors);
    let mut found = ParsedArgument { syntax, name, attribute, unlocated: false, argument: None };
    let (Some(ident), Some(name)) = (ident, &found.name) else { return found };
    let location = match attribute {
        Some(attribute) => location::location(attribute, name, ty, settings, errors),
        None => {
            let placeholder = template.and_then(|template| placeholder(template, name));
            found.unlocated = placeholder.is_none() && template.is_some() && errors.len() == before;

            placeholder.map(|placeholder| {
                in_path(ty, &placeholder, errors);
                Location::Path(placeholder)
            })
        }
    };
    if errors.len() == before {
        let (ty, by_into) = (ty.clone(), into.is_some());
        found.argument = location.map(|location| model::Argument { name: ident, ty, by_into, lints, location });
    }
    found
}

/// Returns the placeholder of an argument: the one of this name, or whose name is this in snake case.
pub(crate) fn placeholder(template: &Template, name: &str) -> Option<String> {
    let same = template.names().find(|placeholder| *placeholder == name);
    same.or_else(|| template.names().find(|placeholder| text::snake(placeholder) == name)).map(str::to_owned)
}

fn ident(syntax: &syntax::Argument, errors: &mut Errors) -> Option<Ident> {
    if let Some(ident) = syntax.ident() {
        return Some(ident.clone());
    }
    match &syntax.pat {
        Pat::Ident(pat) if pat.subpat.is_none() => {
            let help = format!("use `{}`", pat.ident);
            errors.help(&syntax.pat, "argument cannot be `mut` or `ref`", help);
        }
        pat => {
            let help = match pat {
                Pat::TupleStruct(tuple) if tuple.elems.len() == 1 => format!("use `{}`", types::shown(&tuple.elems)),
                _ => "use a name".to_owned(),
            };
            errors.help(pat, "expected the name of an argument, found a pattern", help);
        }
    }
    None
}

/// Returns the location attribute and the lint attributes. `#[path]` on an argument that fills no placeholder is not
/// reported here: that it fills none is the error.
fn attributes<'a>(
    syntax: &'a syntax::Argument,
    fills: bool,
    errors: &mut Errors,
) -> (Option<&'a Attribute>, Vec<Attribute>) {
    let (mut location, mut lints) = (None, Vec::new());
    for attribute in &syntax.attrs {
        let path = attribute.path();
        let name = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if LOCATIONS.contains(&name.as_str()) {
            if location.is_none() {
                location = Some(attribute);
            } else {
                second_location(syntax, &name, attribute, errors);
            }
        } else if LINT_LEVELS.contains(&name.as_str()) {
            lints.push(attribute.clone());
        } else if name != "path" || fills {
            other_attribute(attribute, &name, errors);
        }
    }
    (location, lints)
}

/// Reports a second location attribute: of the same kind, or of another.
fn second_location(syntax: &syntax::Argument, name: &str, second: &Attribute, errors: &mut Errors) {
    let kinds = LOCATIONS.into_iter().filter(|kind| syntax.attrs.iter().any(|attribute| is_named(attribute, kind)));
    let kinds: Vec<String> = kinds.map(|kind| format!("#[{kind}]")).collect();
    if kinds.len() < 2 {
        return errors.help(&second.meta, format_args!("duplicate attribute `#[{name}]`"), "remove one of them");
    }
    let message = match syntax.ident() {
        Some(argument) => format!("conflicting locations for argument `{argument}`"),
        None => "conflicting locations for an argument".to_owned(),
    };
    errors.help(&second.meta, message, format_args!("keep one of {}", text::join_quoted(&kinds, "and")));
}

fn other_attribute(attribute: &Attribute, name: &str, errors: &mut Errors) {
    let path = attribute.path();
    match name {
        "doc" => errors.help(
            attribute,
            "unexpected documentation on an argument",
            "move it to the documentation of the method",
        ),
        "cfg" | "cfg_attr" => errors.help(
            path,
            format_args!("`#[{name}]` cannot be used on an argument"),
            "add it to the method, and add another method for the other configuration",
        ),
        "serde" => errors.help(
            path,
            "unknown argument attribute `#[serde]`",
            "use `#[query(\"name\")]` to rename a query parameter",
        ),
        "path" | "Path" => errors.help(
            path,
            format_args!("unexpected attribute `#[{name}]`"),
            "remove it; path arguments are matched by name",
        ),
        "json" | "form" => {
            errors.help(
                path,
                format_args!("unknown argument attribute `#[{name}]`"),
                format_args!("use `#[body({name})]`"),
            );
        }
        "param" | "Param" | "params" | "field" | "Field" => {
            errors.help(path, format_args!("unknown argument attribute `#[{name}]`"), "use `#[query]`");
        }
        _ => {
            let message = format!("unknown argument attribute `#[{name}]`");
            errors.unknown(path, message, name, &LOCATIONS, |closest| format!("use `#[{closest}]`"));
        }
    }
}

fn in_path(ty: &Type, placeholder: &str, errors: &mut Errors) {
    let shape = types::shape(ty, true);
    if let Some(what) = types::several_values(&shape.item) {
        let help = "use a type of one value, such as `&str`";
        errors.help(ty, format_args!("path argument `{placeholder}` cannot be a {what}"), help);
    } else if shape.optional {
        let message = format!("path argument `{placeholder}` cannot be optional");
        errors.help(ty, message, format_args!("use `{}`", types::shown(&shape.item)));
    } else if shape.list {
        let help = format!("use `{}`, or a catch-all parameter `{{*{placeholder}}}`", types::shown(&shape.item));
        errors.help(ty, format_args!("path argument `{placeholder}` cannot be a list"), help);
    }
}

/// Reports a second body, and a body of a method that has none.
pub(crate) fn body_fits(method: &Method, verb: Option<&Verb>, errors: &mut Errors) {
    let mut bodies = method
        .arguments
        .iter()
        // An argument with two locations has an error already.
        .filter(|argument| {
            argument.attrs.iter().filter(|attr| LOCATIONS.iter().any(|kind| is_named(attr, kind))).count() == 1
        })
        .filter_map(|argument| argument.attrs.iter().find(|attr| is_named(attr, "body")).map(|attr| &attr.meta));
    let Some(first) = bodies.next() else { return };
    if let Some(verb) = verb.filter(|verb| verb.is_any(&["GET", "HEAD"])) {
        let help = "use `#[query]`, `#[query(flatten)]`, or `method = POST`";
        errors.help(first, format_args!("`{verb}` requests cannot have a `#[body]`"), help);
        return;
    }
    for second in bodies {
        let help = "move both into one type, or use `#[query]` or `#[header(\"…\")]`";
        errors.help(second, "duplicate `#[body]`", help);
    }
}

/// Returns the attribute's path as text.
pub(crate) fn shown_attribute(attribute: &Attribute) -> String {
    let path = attribute.path();
    quote!(#path).to_string().replace(' ', "")
}
