//! How a response is decoded, by the name of its type.

use syn::Type;

use crate::errors::Errors;
use crate::model::{Content, ResponseType, Wrapper};
use crate::types;
use crate::validate::attribute::EndpointAttribute;
use crate::validate::known_types;

pub(crate) fn of_type(ty: &Type, errors: &mut Errors) -> Option<ResponseType> {
    let before = errors.len();
    let ty = types::strip_groups(ty);
    if known_types::check(ty, errors) {
        return None;
    }
    let (wrapper, content) = if let Some(inner) = one_inside(ty, "Option") {
        match one_inside(inner, "Response") {
            Some(inner) => (Wrapper::OptionalWhole, inner),
            None => (Wrapper::Optional, inner),
        }
    } else if let Some(inner) = one_inside(ty, "Response") {
        match one_inside(inner, "Option") {
            Some(inner) => (Wrapper::WholeOptional, inner),
            None => (Wrapper::Whole, inner),
        }
    } else {
        (Wrapper::None, ty)
    };
    if wrapper != Wrapper::None && wrapper != Wrapper::Optional && types::is_named(content, "Response") {
        errors.help(content, "`Response` cannot contain another `Response`", "remove one of them");
    }
    if let Some(segment) = types::last_segment(content).filter(|segment| segment.ident == "Result")
        && let [inner, error] = types::arguments(segment).as_slice()
        && types::is_named(error, "Error")
    {
        let help = format!("use `{}`", types::shown(inner));
        errors.help(content, "response type cannot be another `Result`", help);
    }
    let inner = types::generic_argument(content, "Conditional").map(types::strip_groups);
    let conditional = inner.is_some();
    let ty = inner.unwrap_or(content);
    let content = self::content(ty, errors);
    if conditional {
        fits_condition(ty, &content, errors);
    }
    (errors.len() == before).then_some(ResponseType { wrapper, conditional, content })
}

/// Reports content that a `Conditional` cannot have.
fn fits_condition(ty: &Type, content: &Content, errors: &mut Errors) {
    let outer = ["Option", "Response", "Conditional"].into_iter().find(|name| types::is_named(ty, name));
    if let Some(name) = outer {
        let help = match name {
            "Conditional" => "remove one of them".to_owned(),
            name => format!("use `{name}<Conditional<…>>`"),
        };
        errors.help(ty, format_args!("`Conditional` cannot contain `{name}`"), help);
    } else if !matches!(content, Content::Empty | Content::Json(_) | Content::Text(_) | Content::Bytes(_)) {
        errors.help(ty, "`Conditional` cannot contain a stream", "use `Bytes`, `Text`, or a type of JSON");
    }
}

/// Reports arguments of `#[endpoint]` that have no effect on this response.
pub(crate) fn fits(attribute: &EndpointAttribute, response: &ResponseType, errors: &mut Errors) {
    if let Some((entry, _)) = &attribute.none
        && !response.wrapper.is_optional()
    {
        errors.help(entry, "`none` has no effect without an `Option`", "use a response type such as `Option<User>`");
    }
    let is_events = matches!(response.content, Content::Events(_));
    if let Some((entry, _)) = attribute.end.as_ref().filter(|_| !is_events) {
        errors.help(entry, "`end` has no effect without `Events`", "use the response type `Events<T>`, or remove it");
    }
    let Some(entry) = &attribute.reconnect else { return };
    if !is_events {
        errors.help(
            entry,
            "`reconnect` has no effect without `Events`",
            "use the response type `Events<T>`, or remove it",
        );
    } else if let Some(verb) = attribute.method.as_ref().filter(|verb| !verb.is_idempotent() && !attribute.idempotent) {
        let help = "add `idempotent` if the request can be sent again, or remove `reconnect`";
        errors.help(entry, format_args!("`reconnect` would send a `{verb}` request again"), help);
    }
}

/// Reports a fixed `accept-encoding` that asks for a body which this response cannot be read from: it is not decompressed.
pub(crate) fn fits_encoding(headers: &[(String, String)], response: &ResponseType, ty: &Type, errors: &mut Errors) {
    let is_plain =
        |element: &str| element.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("identity");
    let is_refused = |element: &str| element.trim_end().ends_with("q=0");
    let fits = |value: &str| value.split(',').all(|element| is_plain(element) || is_refused(element));
    let is_raw = matches!(response.content, Content::Empty | Content::Bytes(_) | Content::Stream(_));
    let coding = headers.iter().find(|(name, value)| name == "accept-encoding" && !fits(value));
    if let Some((_, value)) = coding.filter(|_| !is_raw) {
        let message = format!("response cannot be read with the header `accept-encoding: {value}`");
        errors.help(ty, message, "use `identity`, or the response type `Bytes` or `ByteStream`");
    }
}

/// Returns `T` of `Name<T>`.
fn one_inside<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    types::generic_argument(ty, name).map(types::strip_groups)
}

fn content(ty: &Type, errors: &mut Errors) -> Content {
    match ty {
        Type::Tuple(tuple) if tuple.elems.is_empty() => return Content::Empty,
        Type::Reference(_) => {
            let owned = match types::shown(types::peel_refs(ty)).as_str() {
                "str" => "String".to_owned(),
                other => other.to_owned(),
            };
            errors.help(ty, "response type must be owned", format_args!("use `{owned}`"));
        }
        Type::Tuple(tuple) => {
            let is_of_response = |ty: &&Type| types::is_named(ty, "StatusCode") || types::is_named(ty, "HeaderMap");
            if tuple.elems.iter().any(|ty| is_of_response(&ty)) {
                let body =
                    tuple.elems.iter().find(|ty| !is_of_response(ty)).map_or_else(|| "()".to_owned(), types::shown);
                let help = format!("use `Response<{body}>`, which has the status and the headers");
                errors.help(ty, "status and headers cannot be in a tuple", help);
            }
        }
        Type::ImplTrait(_) => errors.help(ty, "response type cannot be `impl Trait`", "use a named type"),
        Type::TraitObject(_) => errors.help(ty, "response type cannot be a trait object", "use a named type"),
        ty if types::is_unsized(ty) => {
            errors.help(ty, "response type must be sized", format_args!("use `{}`", known_types::sized(ty)));
        }
        _ => {}
    }
    let boxed = Box::new(ty.clone());
    let plain = types::last_segment(ty).filter(|segment| segment.arguments.is_none());
    match plain.map(|segment| segment.ident.to_string()).as_deref() {
        Some("Text") => return Content::Text(boxed),
        Some("Bytes") => return Content::Bytes(boxed),
        Some("ByteStream") => return Content::Stream(boxed),
        _ => {}
    }
    let named = |name: &str| types::generic_argument(ty, name).is_some();
    match () {
        () if named("Page") => Content::Page(boxed),
        () if named("Events") => Content::Events(boxed),
        () if named("JsonLines") => Content::JsonLines(boxed),
        () => Content::Json(boxed),
    }
}
