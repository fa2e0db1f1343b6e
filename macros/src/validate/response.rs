//! How a response is decoded, by the name of its type.

use syn::Type;

use crate::errors::Errors;
use crate::model::{Content, ResponseType, Wrapper};
use crate::types;
use crate::validate::signature::Output;

pub(crate) fn response_type(output: &Output, errors: &mut Errors) -> Option<ResponseType> {
    let before = errors.len();
    let ty = types::strip_groups(&output.content);
    let (wrapper, content) = if let Some(inner) = option(ty, errors) {
        match response(inner, errors) {
            Some(inner) => (Wrapper::OptionalWhole, inner),
            None => (Wrapper::Optional, inner),
        }
    } else if let Some(inner) = response(ty, errors) {
        match option(inner, errors) {
            Some(inner) => (Wrapper::WholeOptional, inner),
            None => (Wrapper::Whole, inner),
        }
    } else {
        (Wrapper::None, ty)
    };
    if wrapper != Wrapper::None && wrapper != Wrapper::Optional && types::is_named(content, "Response") {
        errors.help(content, "`Response` cannot contain another `Response`", "remove one of them");
    }
    let content = self::content(content, errors);
    (errors.len() == before).then_some(ResponseType { wrapper, content })
}

fn option<'a>(ty: &'a Type, errors: &mut Errors) -> Option<&'a Type> {
    one_inside(ty, "Option", "Option<User>", errors)
}

fn response<'a>(ty: &'a Type, errors: &mut Errors) -> Option<&'a Type> {
    one_inside(ty, "Response", "Response<User>", errors)
}

/// Returns `T` of `Name<T>`. Reports `Name` without its type argument.
fn one_inside<'a>(ty: &'a Type, name: &str, example: &str, errors: &mut Errors) -> Option<&'a Type> {
    let segment = types::last_segment(ty).filter(|segment| segment.ident == name)?;
    if let [inner] = types::arguments(segment).as_slice() {
        return Some(types::strip_groups(inner));
    }
    errors.help(ty, format_args!("missing type argument of `{name}`"), format_args!("use a type such as `{example}`"));
    None
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
        Type::ImplTrait(_) => errors.help(ty, "response type cannot be `impl Trait`", "use a named type"),
        Type::TraitObject(_) => errors.help(ty, "response type cannot be a trait object", "use a named type"),
        _ => {}
    }
    let boxed = Box::new(ty.clone());
    let plain = types::last_segment(ty).filter(|segment| segment.arguments.is_none());
    match plain.map(|segment| segment.ident.to_string()).as_deref() {
        Some("Text") => Content::Text(boxed),
        Some("Bytes") => Content::Bytes(boxed),
        Some("ByteStream") => Content::Stream(boxed),
        _ => Content::Json(boxed),
    }
}
