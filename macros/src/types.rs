//! Questions about types that are answered by their tokens alone.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, PathSegment, Type, TypeParamBound};

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

/// Returns the type of the items of a `Vec`, a slice, or an array.
pub(crate) fn list_item(ty: &Type) -> Option<&Type> {
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

/// Returns the `Option` of `impl Into<Option<T>>`.
pub(crate) fn into_option(ty: &Type) -> Option<&Type> {
    let Type::ImplTrait(of) = strip_groups(ty) else { return None };
    let mut option = None;
    for bound in &of.bounds {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let segment = bound.path.segments.last()?;
        match (arguments(segment).as_slice(), option) {
            ([target], None) if segment.ident == "Into" => option = Some(*target),
            ([], _) if segment.ident == "Send" => {}
            _ => return None,
        }
    }
    option.filter(|option| generic_argument(option, "Option").is_some_and(|inner| !has_impl(inner)))
}

/// Returns `true` if the type contains `impl Trait`.
pub(crate) fn has_impl(ty: &Type) -> bool {
    has_word(ty.to_token_stream(), &|word| word == "impl")
}

/// Returns `true` for `impl Iterator<…>` and `impl IntoIterator<…>`.
pub(crate) fn is_iterator(ty: &Type) -> bool {
    has_word(ty.to_token_stream(), &|word| word == "Iterator" || word == "IntoIterator")
}

/// Returns `T` of a type that is a future of `T`: `impl Future<Output = T>`, `BoxFuture<'_, T>`,
/// `Pin<Box<dyn Future<Output = T>>>`.
pub(crate) fn future_output(ty: &Type) -> Option<&Type> {
    associated(ty, ["BoxFuture", "LocalBoxFuture"], "Future", "Output")
}

/// Returns `T` of a type that is a stream of `T`: `impl Stream<Item = T>`, `BoxStream<'_, T>`.
pub(crate) fn stream_item(ty: &Type) -> Option<&Type> {
    associated(ty, ["BoxStream", "LocalBoxStream"], "Stream", "Item")
}

/// Returns the associated type `name` of a type that implements `of`: one of these aliases, or a trait object or
/// `impl Trait`, boxed or not.
fn associated<'a>(ty: &'a Type, aliases: [&str; 2], of: &str, name: &str) -> Option<&'a Type> {
    let bounds = match strip_groups(ty) {
        Type::ImplTrait(ty) => &ty.bounds,
        Type::TraitObject(ty) => &ty.bounds,
        ty => {
            let segment = last_segment(ty)?;
            return match (segment.ident.to_string().as_str(), arguments(segment).as_slice()) {
                (alias, [ty]) if aliases.contains(&alias) => Some(ty),
                ("Pin" | "Box", [inner]) => associated(inner, aliases, of, name),
                _ => None,
            };
        }
    };
    bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let segment = bound.path.segments.last().filter(|segment| segment.ident == of)?;
            let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::AssocType(assoc) if assoc.ident == name => Some(&assoc.ty),
                _ => None,
            })
        }
        _ => None,
    })
}

/// Returns `true` for an error of the standard library, by its path.
pub(crate) fn is_std_error(error: &Type) -> bool {
    let Type::Path(path) = strip_groups(error) else { return false };
    let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    match names.as_slice() {
        [first, .., _] if ["std", "core", "alloc"].contains(&first.as_str()) => true,
        [module, _] => ["io", "fmt"].contains(&module.as_str()),
        _ => false,
    }
}

/// Returns `true` if values of the type have no size, so that it cannot be passed by value.
pub(crate) fn is_unsized(ty: &Type) -> bool {
    match strip_groups(ty) {
        Type::Slice(_) | Type::TraitObject(_) => true,
        Type::Path(path) => path.path.is_ident("str"),
        _ => false,
    }
}

/// Returns `true` for a number, a string, a `bool`, or a `char`.
pub(crate) fn is_scalar(ty: &Type) -> bool {
    is_plain(ty) || ["f32", "f64", "i128", "u128"].iter().any(|name| is_named(ty, name))
}

/// Returns what a type of several values is called: a map, by its name, or a tuple.
pub(crate) fn several_values(ty: &Type) -> Option<&'static str> {
    match peel_refs(ty) {
        Type::Tuple(tuple) if !tuple.elems.is_empty() => Some("tuple"),
        ty => is_map(ty).then_some("map"),
    }
}

/// Returns `true` for a map, by its name.
pub(crate) fn is_map(ty: &Type) -> bool {
    ["HashMap", "BTreeMap", "IndexMap"].iter().any(|name| is_named(ty, name))
}

/// Returns `true` for a tuple of two, the item of a list of pairs.
pub(crate) fn is_pair(ty: &Type) -> bool {
    matches!(peel_refs(ty), Type::Tuple(tuple) if tuple.elems.len() == 2)
}

/// Returns `true` for a type that contains others, such as `Vec<User>`.
pub(crate) fn is_composite(ty: &Type) -> bool {
    match strip_groups(ty) {
        Type::Slice(_) | Type::Array(_) => true,
        Type::Tuple(tuple) => !tuple.elems.is_empty(),
        ty => last_segment(ty).is_some_and(|segment| !arguments(segment).is_empty()),
    }
}

/// Returns `true` if one of the words among the tokens is what is looked for.
pub(crate) fn has_word(tokens: TokenStream, is_found: &dyn Fn(&Ident) -> bool) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => is_found(&ident),
        TokenTree::Group(group) => has_word(group.stream(), is_found),
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
    for (from, to) in [
        (" :: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        ("< ", "<"),
        (" <", "<"),
        (" ::", "::"),
        ("! ", "!"),
    ] {
        text = text.replace(from, to);
    }
    text
}
