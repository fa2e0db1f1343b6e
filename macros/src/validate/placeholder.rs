//! Matches placeholders and arguments.

use syn::{Ident, LitStr};

use crate::errors::Errors;
use crate::path::Template;
use crate::syntax::Method;
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
        return errors.add(path, format_args!("{}, its trait's prefix included", error.message));
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
                format_args!("`{name}` fills the placeholder `{{{placeholder}}}` of the path"),
                format_args!("take `#[{shown}]` away, or give one of them another name"),
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
            Some(argument) => (
                format!("the placeholder `{{{name}}}` has no argument `{argument}`"),
                format!("add the argument `{argument}: &str`"),
            ),
            None => (
                format!("no argument can have the name of the placeholder `{{{name}}}`"),
                format!("give it another, for example `{{{}}}`: it is not sent", renamed(name)),
            ),
        };
        match path {
            Some(path) if path.value().contains(&format!("{name}}}")) => errors.help(path, message, help),
            _ => errors.help(method.name(), message + ", which the trait's prefix asks for", help),
        }
    }
}

fn unlocated(found: &ParsedArgument<'_>, empty: &mut Vec<&str>, errors: &mut Errors) {
    let Some(name) = &found.name else { return };
    let snakes: Vec<String> = empty.iter().map(|name| text::snake(name)).collect();
    if let Some(near) = text::closest_match(name, snakes.iter().map(String::as_str)) {
        let placeholder = empty.iter().find(|placeholder| text::snake(placeholder) == near).copied();
        let placeholder = placeholder.unwrap_or_default();
        let message = format!("`{name}` is no placeholder of the path; `{{{placeholder}}}` has no argument");
        let help = match argument_of(placeholder) {
            Some(argument) => format!("write `{argument}` for `{{{placeholder}}}`"),
            None => format!("write `{{{name}}}` in the path: no argument can be named `{placeholder}`"),
        };
        errors.help(&found.syntax.pat, message, help);
        empty.retain(|other| *other != placeholder);
    } else {
        errors.help(
            &found.syntax.pat,
            format_args!("`{name}` is no placeholder of the path, and nothing says where else it goes"),
            format_args!("write `#[query] {name}`, `#[header(\"…\")] {name}` or `#[body] {name}`"),
        );
    }
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
    fn an_argument_is_told_as_it_is_written() {
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
