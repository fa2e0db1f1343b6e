//! `#[part("name")]`: its arguments, and the types that it accepts.

use syn::Type;

use crate::attr::Arguments;
use crate::errors::Errors;
use crate::model::{Location, PartKind, Verb};
use crate::syntax::{Method, is_named};
use crate::types;
use crate::validate::options::Settings;

pub(crate) fn part(
    mut arguments: Arguments,
    name: &str,
    ty: &Type,
    settings: &Settings,
    errors: &mut Errors,
) -> Option<Location> {
    const OWNER: &str = "`#[part]`";
    let [json] = arguments.take(OWNER, ["json"], errors);
    let given = arguments.name(OWNER, errors);
    if let Some(json) = &json {
        json.flag(errors);
    }
    let name = match given {
        Some(given) if given.value().is_empty() => {
            errors.help(given, "missing name of a part", format_args!("use `#[part]` for `{name}`"));
            return None;
        }
        Some(given) => given.value(),
        None => settings.wire_name(name),
    };
    let shape = types::shape(ty, json.is_none());
    let is_file = types::is_named(&shape.item, "FilePart");
    let kind = match (&json, is_file) {
        (Some(json), true) => {
            let help = "remove `json`, or use `FilePart::media_type`";
            errors.help(json, "a `FilePart` cannot be `json`", help);
            return None;
        }
        (Some(_), false) => PartKind::Json,
        (None, true) => {
            if shape.reference || matches!(types::strip_groups(ty), Type::Reference(_)) {
                let item = types::shown(&shape.item);
                let list = if shape.list { format!("Vec<{item}>") } else { item };
                let owned = if shape.optional { format!("Option<{list}>") } else { list };
                errors.help(ty, "`FilePart` must be passed by value", format_args!("use `{owned}`"));
            }
            PartKind::File
        }
        (None, false) => {
            if types::is_map(&shape.item) || matches!(&shape.item, Type::Tuple(_)) {
                errors.help(ty, "`#[part]` argument must be one value, a list, or a `FilePart`", "use `#[part(json)]`");
            } else if types::is_named(&shape.item, "Bytes") || shape.list && types::is_named(&shape.item, "u8") {
                let help = "use `FilePart`, and `FilePart::bytes` in the caller";
                errors.help(ty, "`#[part]` argument cannot be bytes", help);
            }
            PartKind::Value
        }
    };
    Some(Location::Part { name, shape, kind })
}

/// Reports parts of a method without a body, and parts beside a `#[body]`.
pub(crate) fn parts_fit(method: &Method, verb: Option<&Verb>, errors: &mut Errors) {
    let attributes =
        |kind| method.arguments.iter().flat_map(|argument| &argument.attrs).filter(move |attr| is_named(attr, kind));
    let Some(first) = attributes("part").next() else { return };
    if let Some(verb) = verb.filter(|verb| verb.is_any(&["GET", "HEAD"])) {
        let help = "use `#[query]`, or `method = POST`";
        errors.help(&first.meta, format_args!("`{verb}` requests cannot have a `#[part]`"), help);
    } else if let Some(body) = attributes("body").next() {
        errors.help(&body.meta, "`#[body]` cannot be combined with `#[part]`", "make it a part, too: `#[part(json)]`");
    }
}
