//! The arguments of a method: each has one location.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Pat, Type};

use crate::errors::Errors;
use crate::model::{self, Location};
use crate::path::Template;
use crate::syntax::{self, Method};
use crate::text;
use crate::types;
use crate::validate::location;
use crate::validate::options::Settings;

const LOCATIONS: [&str; 3] = ["query", "header", "body"];
const LINTS: [&str; 5] = ["allow", "expect", "warn", "deny", "forbid"];

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
            errors.help(&syntax.pat, format_args!("the argument `{name}` is there twice"), "give it another name");
        } else if let Some(wire) = doubled(&next, &found) {
            errors.help(next.tokens(), format_args!("{wire} is given twice"), "keep one of them, or rename one");
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
        | (Location::Header { name, .. }, Some(Location::Header { name: other, .. })) => name == other,
        _ => false,
    };
    if !found.iter().any(same) {
        return None;
    }
    match location {
        Location::Query { name, .. } => Some(format!("the value `{name}` of the query")),
        Location::Header { name, .. } => Some(format!("the header `{name}`")),
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
    if types::has_impl(&syntax.ty) {
        let help = "name it in a parameter of the method: `async fn name<T: Trait>(&self, argument: T)`";
        errors.help(&syntax.ty, "an argument is no `impl Trait`", help);
    }
    let (attribute, lints) = attributes(syntax, errors);
    let name = ident.as_ref().map(|ident| ident.unraw().to_string());
    let mut found = ParsedArgument { syntax, name, attribute, unlocated: false, argument: None };
    let (Some(ident), Some(name)) = (ident, &found.name) else { return found };
    let location = match attribute {
        Some(attribute) => location::location(attribute, name, syntax, settings, errors),
        None => {
            let placeholder = template.and_then(|template| placeholder(template, name));
            found.unlocated = placeholder.is_none() && template.is_some() && errors.len() == before;
            placeholder.map(|placeholder| {
                in_path(&syntax.ty, &placeholder, errors);
                Location::Path(placeholder)
            })
        }
    };
    if errors.len() == before {
        found.argument =
            location.map(|location| model::Argument { name: ident, ty: syntax.ty.clone(), lints, location });
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
            let help = format!("write `{}`", pat.ident);
            errors.help(&syntax.pat, "an argument is a name, without `mut` or `ref`", help);
        }
        pat => errors.help(pat, "an argument is a name, not a pattern", "give it a name"),
    }
    None
}

/// Returns the location attribute and the lint attributes.
fn attributes<'a>(syntax: &'a syntax::Argument, errors: &mut Errors) -> (Option<&'a Attribute>, Vec<Attribute>) {
    let (mut location, mut lints) = (None, Vec::new());
    for attribute in &syntax.attrs {
        let path = attribute.path();
        let name = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if LOCATIONS.contains(&name.as_str()) {
            if location.is_none() {
                location = Some(attribute);
            } else {
                errors.help(&attribute.meta, "an argument has one place, and this is its second", "keep one of them");
            }
        } else if LINTS.contains(&name.as_str()) {
            lints.push(attribute.clone());
        } else {
            other_attribute(attribute, &name, errors);
        }
    }
    (location, lints)
}

fn other_attribute(attribute: &Attribute, name: &str, errors: &mut Errors) {
    let path = attribute.path();
    match name {
        "doc" => errors.help(
            attribute,
            "an argument has no documentation of its own",
            "write of it in the method's documentation",
        ),
        "cfg" | "cfg_attr" => errors.help(
            path,
            "an endpoint has the same arguments in every build",
            "put the `cfg` on the method, and write another for the other build",
        ),
        "path" => errors.help(
            path,
            "an argument of the path needs no attribute: it finds its placeholder by its name",
            "take it away",
        ),
        _ => {
            let message =
                format!("`#[{name}]` says nothing of an argument; `#[query]`, `#[header(\"…\")]` and `#[body]` do");
            match text::closest_match(name, LOCATIONS) {
                Some(near) => errors.help(path, message, format_args!("write `#[{near}]`")),
                None => errors.add(path, message),
            }
        }
    }
}

fn in_path(ty: &Type, placeholder: &str, errors: &mut Errors) {
    let shape = types::shape(ty, true);
    if shape.optional {
        let message = format!("the placeholder `{{{placeholder}}}` always needs a value");
        errors.help(ty, message, format_args!("write `{}`", types::shown(&shape.item)));
    } else if shape.list {
        let help = format!("write `{{*{placeholder}}}` and give it a value with slashes in it");
        errors.help(ty, format_args!("the placeholder `{{{placeholder}}}` has one value"), help);
    }
}

/// Reports a second body, and a body of a method that has none.
pub(crate) fn body_fits(method: &Method, verb: Option<&Ident>, errors: &mut Errors) {
    let mut bodies = method
        .arguments
        .iter()
        .filter_map(|argument| argument.attrs.iter().find(|attr| attr.path().is_ident("body")).map(|attr| &attr.meta));
    let Some(first) = bodies.next() else { return };
    if let Some(verb) = verb.filter(|verb| *verb == "GET" || *verb == "HEAD") {
        let help = "write `#[query]`, or `#[query(flatten)]` for each of its fields, or `method = POST`";
        errors.help(first, format_args!("a `{verb}` has no body"), help);
        return;
    }
    for second in bodies {
        let help = "put both into one type, or send one in another place";
        errors.help(second, "an endpoint has one body, and this is its second", help);
    }
}

/// Returns the attribute's path as text.
pub(crate) fn shown_attribute(attribute: &Attribute) -> String {
    let path = attribute.path();
    quote!(#path).to_string().replace(' ', "")
}
