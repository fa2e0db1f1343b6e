//! Questions about types that are answered by their tokens alone.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, PathSegment, Type};

use crate::model::Shape;

/// Returns the type without parentheses and invisible groups.
pub(crate) fn strip_groups(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            _ => return ty,
        };
    }
}

/// Returns the type without references.
pub(crate) fn peel_refs(mut ty: &Type) -> &Type {
    loop {
        ty = match strip_groups(ty) {
            Type::Reference(reference) => &reference.elem,
            ty => return ty,
        };
    }
}

/// Returns the last segment of a path: `Option<T>` of `std::option::Option<T>`.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match strip_groups(ty) {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    }
}

/// Returns `true` if the last segment of the type's path is `name`.
pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == name)
}

/// Returns the types in the angle brackets of a segment.
pub(crate) fn arguments(segment: &PathSegment) -> Vec<&Type> {
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Returns `T` of `Name<T>`.
pub(crate) fn generic_argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == name)?;
    match arguments(segment).as_slice() {
        [inner] => Some(inner),
        _ => None,
    }
}

fn list_item(ty: &Type) -> Option<&Type> {
    match strip_groups(ty) {
        Type::Slice(slice) => Some(&slice.elem),
        Type::Array(array) => Some(&array.elem),
        ty => generic_argument(ty, "Vec"),
    }
}

/// Returns the shape of an argument's type.
pub(crate) fn shape(ty: &Type, lists: bool) -> Shape {
    let option = generic_argument(peel_refs(ty), "Option");
    let content = option.unwrap_or(ty);
    let item = if lists { list_item(peel_refs(content)) } else { None };
    Shape {
        optional: option.is_some(),
        list: item.is_some(),
        reference: matches!(strip_groups(content), Type::Reference(_)),
        item: peel_refs(item.unwrap_or(content)).clone(),
    }
}

/// Returns `true` if the type contains `impl Trait`.
pub(crate) fn has_impl(ty: &Type) -> bool {
    has_word(ty.to_token_stream(), "impl")
}

/// Returns `true` if the type contains a `Result`, `Response`, or `Option` without its type argument.
pub(crate) fn is_missing_type_argument(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|segment| {
        let arguments = arguments(segment);
        let hollow = ["Result", "Response", "Option"].iter().any(|name| segment.ident == name) && arguments.is_empty();
        hollow || arguments.into_iter().any(is_missing_type_argument)
    })
}

fn has_word(tokens: proc_macro2::TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(ident) => ident == word,
        proc_macro2::TokenTree::Group(group) => has_word(group.stream(), word),
        _ => false,
    })
}

/// Returns `true` if serde and `Display` write values of this type alike, so that `Display` suffices.
pub(crate) fn is_plain(ty: &Type) -> bool {
    const PLAIN: [&str; 14] =
        ["str", "String", "bool", "i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64", "usize", "char"];
    matches!(ty, Type::Path(path) if path.qself.is_none()
        && path.path.get_ident().is_some_and(|ident| PLAIN.iter().any(|plain| ident == plain)))
}

/// Returns a type formatted as in source code.
pub(crate) fn shown(ty: impl ToTokens) -> String {
    let mut text = ty.to_token_stream().to_string();
    for (from, to) in [(" :: ", "::"), (" < ", "<"), (" >", ">"), (" ,", ","), ("& ", "&"), ("< ", "<"), (" <", "<")] {
        text = text.replace(from, to);
    }
    text
}
