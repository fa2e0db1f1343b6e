//! Matches placeholders and arguments.

use syn::{Ident, LitStr};

use crate::errors::Errors;
use crate::path::Template;
use crate::syntax::{Method, is_named};
use crate::text;
use crate::validate::argument::{self, ParsedArgument};
use crate::validate::options::Settings;

/// Reports placeholders without an argument and arguments without a location. A pair of similar names is one
/// error, reported at the argument.
pub(crate) fn match_arguments(
    method: &Method,
    path: Option<&LitStr>,
    settings: &Settings,
    template: Option<&Template>,
    found: &[ParsedArgument<'_>],
    errors: &mut Errors,
) {
    let Some(template) = template else { return };
    if settings.prefix.is_some()
        && let Some(path) = path
        && let Err(error) = template.check_names()
    {
        return errors.add(path, format_args!("{} in the path with its prefix", error.message));
    }
    let mut empty: Vec<&str> = template.names().collect();
    for found in found {
        let Some(name) = &found.name else { continue };
        let Some(placeholder) = argument::placeholder(template, name) else { continue };
        empty.retain(|other| *other != placeholder);
        if let Some(attribute) = found.attribute {
            let shown = argument::shown_attribute(attribute);
            errors.help(
                &attribute.meta,
                format_args!("unexpected `#[{shown}]` on path argument `{name}`"),
                format_args!("remove it, or rename the argument or the placeholder `{{{placeholder}}}`"),
            );
        }
    }
    for found in found.iter().filter(|found| found.unlocated) {
        unlocated(found, &mut empty, errors);
    }
    // A pattern has no name, and may be the missing argument.
    let nameless = found.iter().filter(|found| found.name.is_none() && found.attribute.is_none()).count();
    for name in empty.iter().skip(nameless) {
        let (message, help) = match argument_of(name) {
            Some(argument) => (format!("no argument for placeholder `{{{name}}}`"), format!("add `{argument}: &str`")),
            None => (
                format!("no argument can be named like placeholder `{{{name}}}`"),
                format!("use another name such as `{{{}}}`; it is not sent", renamed(name)),
            ),
        };
        match path {
            Some(path) if path.value().contains(&format!("{name}}}")) => errors.help(path, message, help),
            _ => errors.help(method.name(), message + " of the trait's prefix", help),
        }
    }
}

/// Reports an argument without a location. If a placeholder lacks its argument, too, this is one error: a wrong name.
fn unlocated(found: &ParsedArgument<'_>, empty: &mut Vec<&str>, errors: &mut Errors) {
    let Some(name) = &found.name else { return };
    let snakes: Vec<String> = empty.iter().map(|name| text::snake(name)).collect();
    let closest = text::closest_match(name, snakes.iter().map(String::as_str));
    let closest = closest.and_then(|closest| empty.iter().find(|placeholder| text::snake(placeholder) == closest));
    let pat = &found.syntax.pat;
    let is_path = found.syntax.attrs.iter().any(|attribute| is_named(attribute, "path"));
    let Some(placeholder) = closest.or(empty.first()).copied() else {
        if is_path {
            let help = format!("add `{{{name}}}` to the path, and remove `#[path]`");
            return errors.help(pat, format_args!("argument `{name}` matches no placeholder"), help);
        }
        let help = "add `#[query]`, `#[header(\"…\")]`, or `#[body]`";
        return errors.help(pat, format_args!("argument `{name}` has no location"), help);
    };
    let help = match (argument_of(placeholder), closest) {
        (Some(argument), Some(_)) => format!("rename it to `{argument}` to match `{{{placeholder}}}`"),
        (Some(argument), None) => format!("rename it to `{argument}`, or rename `{{{placeholder}}}` to `{{{name}}}`"),
        (None, _) => format!("rename `{{{placeholder}}}` to `{{{name}}}`"),
    };
    let help = if is_path { help + ", and remove `#[path]`" } else { help };
    errors.help(pat, format_args!("argument `{name}` matches no placeholder"), help);
    empty.retain(|other| *other != placeholder);
}

/// Returns the name of a placeholder's argument in Rust; `None` if no argument can have this name.
fn argument_of(placeholder: &str) -> Option<String> {
    written(&text::snake(placeholder)).or_else(|| written(placeholder))
}

fn written(name: &str) -> Option<String> {
    let word = name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
        && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    match name {
        // These cannot be raw identifiers.
        "_" | "crate" | "self" | "Self" | "super" => None,
        _ if !word => None,
        // A keyword since edition 2024, unknown to syn.
        "gen" => Some("r#gen".to_owned()),
        _ if syn::parse_str::<Ident>(name).is_err() => Some(format!("r#{name}")),
        _ => Some(name.to_owned()),
    }
}

/// Returns another name for a placeholder whose name no argument can have.
fn renamed(placeholder: &str) -> String {
    written(&format!("{}_id", text::snake(placeholder))).filter(|name| name != "_id").unwrap_or_else(|| "id".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_is_shown_as_it_is_written() {
        for (placeholder, expected) in [
            ("externalUserId", Some("external_user_id")),
            ("type", Some("r#type")),
            ("Type", Some("r#type")),
            ("async", Some("r#async")),
            ("gen", Some("r#gen")),
            ("true", Some("r#true")),
            ("union", Some("union")),
            ("self_", Some("self_")),
            ("_1e", Some("_1e")),
            ("__", Some("__")),
            ("_", None),
            ("_-1", None),
            ("self", None),
            ("Self", None),
            ("super", None),
            ("crate", None),
        ] {
            assert_eq!(argument_of(placeholder).as_deref(), expected, "{placeholder}");
        }
    }

    #[test]
    fn another_name_is_one_that_an_argument_can_have() {
        for (placeholder, expected) in [("self", "self_id"), ("Self", "self_id"), ("_", "id"), ("_-1", "id")] {
            assert_eq!(renamed(placeholder), expected);
        }
    }
}
