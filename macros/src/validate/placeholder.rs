//! Placeholders and arguments: each has the other.

use syn::LitStr;

use crate::errors::Errors;
use crate::path::Template;
use crate::syntax::Method;
use crate::validate::argument::{self, Found};
use crate::validate::options::Settings;
use crate::words;

/// Complains about placeholders without an argument and arguments without a place. A name that is nearly
/// right is one mistake, and told at the argument.
pub(crate) fn agree(
    method: &Method,
    path: Option<&LitStr>,
    settings: &Settings,
    template: Option<&Template>,
    found: &[Found<'_>],
    errors: &mut Errors,
) {
    let Some(template) = template else { return };
    if settings.prefix.is_some()
        && let Some(path) = path
        && let Err(wrong) = template.check_names()
    {
        return errors.add(path, format_args!("{}, its trait's prefix included", wrong.message));
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
    for found in found.iter().filter(|found| found.homeless) {
        homeless(found, &mut empty, errors);
    }
    // A pattern has no name: it may well be the argument that is missing.
    let nameless = found.iter().filter(|found| found.name.is_none() && found.attribute.is_none()).count();
    for name in empty.iter().skip(nameless) {
        let argument = words::snake(name);
        let message = format!("the placeholder `{{{name}}}` has no argument `{argument}`");
        let help = format!("add the argument `{argument}: &str`");
        match path {
            Some(path) if path.value().contains(&format!("{name}}}")) => errors.help(path, message, help),
            _ => errors.help(method.name(), message + ", which the trait's prefix asks for", help),
        }
    }
}

fn homeless(found: &Found<'_>, empty: &mut Vec<&str>, errors: &mut Errors) {
    let Some(name) = &found.name else { return };
    let snakes: Vec<String> = empty.iter().map(|name| words::snake(name)).collect();
    if let Some(near) = words::nearest(name, snakes.iter().map(String::as_str)) {
        let placeholder = empty.iter().find(|placeholder| words::snake(placeholder) == near).copied();
        let placeholder = placeholder.unwrap_or_default();
        errors.help(
            &found.syntax.pat,
            format_args!("`{name}` is no placeholder of the path; `{{{placeholder}}}` has no argument"),
            format_args!("write `{near}` for `{{{placeholder}}}`"),
        );
        empty.retain(|other| *other != placeholder);
    } else {
        errors.help(
            &found.syntax.pat,
            format_args!("`{name}` is no placeholder of the path, and nothing says where else it goes"),
            format_args!("write `#[query] {name}`, `#[header(\"…\")] {name}` or `#[body] {name}`"),
        );
    }
}
