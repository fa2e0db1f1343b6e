//! Types that cannot compile, as far as their tokens show.
//!
//! The compiler reports such a type in the trait and again in the client's implementation. It merges the two errors in a
//! build from scratch, but not in an incremental one.

use syn::{Path, PathArguments, Type, TypeParamBound, TypeTraitObject};

use crate::errors::Errors;
use crate::types;

/// Well-known types that need type arguments.
const GENERIC: [&str; 9] =
    ["Result", "Response", "Option", "Vec", "VecDeque", "HashMap", "BTreeMap", "HashSet", "BTreeSet"];
/// Those of them with a greatest number of type arguments. Others have variants in other libraries, with more.
const AT_MOST: [(&str, usize); 4] = [("Result", 2), ("Response", 1), ("Option", 1), ("Vec", 2)];
const TRAITS: [&str; 8] =
    ["Display", "Debug", "ToString", "Serialize", "DeserializeOwned", "Iterator", "IntoIterator", "AsRef"];
const AUTO_TRAITS: [&str; 5] = ["Send", "Sync", "Unpin", "UnwindSafe", "RefUnwindSafe"];
const NOT_DYN: [&str; 8] = ["Clone", "Copy", "Default", "Sized", "Eq", "PartialEq", "Ord", "PartialOrd"];

/// A part of a type, what is wrong with it, and the fix.
struct TypeError<'a> {
    at: &'a Type,
    message: String,
    help: String,
}

/// Reports a type that cannot compile. Returns `true` if it did.
pub(super) fn check(ty: &Type, errors: &mut Errors) -> bool {
    let error = find(ty);
    if let Some(TypeError { at, message, help }) = &error {
        errors.help(at, message, help);
    }
    error.is_some()
}

/// Returns `true` if the type cannot compile.
pub(crate) fn is_invalid(ty: &Type) -> bool {
    find(ty).is_some()
}

/// Returns the paths of the traits in an invalid type, without arguments, so that their imports count as used.
pub(crate) fn traits(ty: &Type) -> Vec<Path> {
    let bare = |path: &Path| {
        let mut path = path.clone();
        if let Some(last) = path.segments.last_mut() {
            last.arguments = PathArguments::None;
        }
        path
    };
    match types::strip_groups(ty) {
        Type::Reference(reference) => traits(&reference.elem),
        Type::Slice(slice) => traits(&slice.elem),
        Type::Array(array) => traits(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().flat_map(traits).collect(),
        Type::TraitObject(object) => bounds(object).map(bare).collect(),
        Type::Path(path) if is_trait(&path.path) => vec![bare(&path.path)],
        ty => types::last_segment(ty).map(types::arguments).unwrap_or_default().into_iter().flat_map(traits).collect(),
    }
}

fn is_trait(path: &Path) -> bool {
    path.segments.last().is_some_and(|segment| TRAITS.iter().any(|name| segment.ident == name))
}

fn bounds(object: &TypeTraitObject) -> impl Iterator<Item = &Path> {
    object.bounds.iter().filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => Some(&bound.path),
        _ => None,
    })
}

/// The sized type to use in place of an unsized one.
pub(super) fn sized(ty: &Type) -> String {
    match types::strip_groups(ty) {
        Type::Slice(slice) => format!("Vec<{}>", types::shown(&slice.elem)),
        Type::TraitObject(object) => format!("Box<{}>", types::shown(object)),
        _ => "String".to_owned(),
    }
}

/// Finds the first error.
fn find(ty: &Type) -> Option<TypeError<'_>> {
    let ty = types::strip_groups(ty);
    let error = |message: String, help: &str| Some(TypeError { at: ty, message, help: help.to_owned() });
    match ty {
        Type::Infer(_) => error("type cannot be `_` in a signature".to_owned(), "use a named type"),
        Type::Never(_) => error("type cannot be `!`".to_owned(), "use `()`"),
        Type::Reference(reference) => find(&reference.elem),
        Type::Slice(slice) => find(&slice.elem),
        Type::Array(array) => find(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(find),
        Type::TraitObject(object) => trait_object(ty, object),
        Type::Path(path) if path.qself.is_none() => self::path(ty, &path.path),
        _ => None,
    }
}

fn path<'a>(ty: &'a Type, path: &'a Path) -> Option<TypeError<'a>> {
    let segment = path.segments.last()?;
    let name = segment.ident.to_string();
    let error = |message: String, help: String| Some(TypeError { at: ty, message, help });
    if path.is_ident("Self") {
        return error("type cannot be `Self`".to_owned(), "use a named type".to_owned());
    }
    if is_trait(path) {
        let shown = types::shown(ty);
        return error(format!("expected a type, found the trait `{shown}`"), format!("use `dyn {shown}`"));
    }
    let inner = types::arguments(segment);
    let help = || match name.as_str() {
        // Of another library, or in need of one.
        "Response" if path.segments.len() > 1 => "use a type such as `rolecall::Response<User>`".to_owned(),
        "Option" | "Response" => format!("use a type such as `{name}<User>`"),
        _ => format!("use `{name}<…>`"),
    };
    let is_generic = GENERIC.contains(&name.as_str());
    if is_generic && inner.is_empty() {
        return error(format!("missing type argument of `{name}`"), help());
    }
    if AT_MOST.iter().any(|(known, most)| *known == name && inner.len() > *most) {
        return error(format!("too many type arguments of `{name}`"), help());
    }
    inner.into_iter().find_map(|inner| match is_generic && types::is_unsized(inner) {
        true => Some(TypeError {
            at: inner,
            message: format!("type argument of `{name}` must be sized"),
            help: format!("use `{}`", sized(inner)),
        }),
        false => find(inner),
    })
}

fn trait_object<'a>(ty: &'a Type, object: &'a TypeTraitObject) -> Option<TypeError<'a>> {
    let traits: Vec<&Path> = bounds(object).collect();
    let is_one_of = |path: &Path, names: &[&str]| {
        path.segments.last().is_some_and(|segment| names.iter().any(|name| segment.ident == name))
    };
    // `erased_serde` has a `Serialize` that is dyn compatible.
    let is_serde = |path: &Path| path.segments.first().is_some_and(|first| first.ident == "serde");
    let incompatible =
        traits.iter().find(|path| is_one_of(path, &NOT_DYN) || is_one_of(path, &["Serialize"]) && is_serde(path));
    if let Some(path) = incompatible {
        let name = types::shown(path);
        let message = format!("trait `{name}` is not dyn compatible");
        return Some(TypeError { at: ty, message, help: format!("use a type parameter `T: {name}`") });
    }
    (traits.iter().filter(|path| !is_one_of(path, &AUTO_TRAITS)).count() > 1).then(|| TypeError {
        at: ty,
        message: "trait object can have only one trait besides auto traits".to_owned(),
        help: "declare a trait that has them as supertraits".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(ty: &str) -> Option<String> {
        let ty: Type = syn::parse_str(ty).unwrap();
        find(&ty).map(|error| format!("{}; {}", error.message, error.help))
    }

    #[test]
    fn a_type_that_cannot_compile_is_found_at_any_depth() {
        for (ty, expected) in [
            ("Vec", "missing type argument of `Vec`; use `Vec<…>`"),
            ("&[Option]", "missing type argument of `Option`; use a type such as `Option<User>`"),
            ("std::collections::HashMap", "missing type argument of `HashMap`; use `HashMap<…>`"),
            ("(u8, Option<u8, u8>)", "too many type arguments of `Option`; use a type such as `Option<User>`"),
            ("Vec<str>", "type argument of `Vec` must be sized; use `String`"),
            ("Result<[u8], Error>", "type argument of `Result` must be sized; use `Vec<u8>`"),
            ("Option<_>", "type cannot be `_` in a signature; use a named type"),
            ("!", "type cannot be `!`; use `()`"),
            ("Vec<Self>", "type cannot be `Self`; use a named type"),
            ("&Display", "expected a type, found the trait `Display`; use `dyn Display`"),
            ("&dyn Clone", "trait `Clone` is not dyn compatible; use a type parameter `T: Clone`"),
            (
                "&(dyn Display + Debug)",
                "trait object can have only one trait besides auto traits; declare a trait that has them as supertraits",
            ),
        ] {
            assert_eq!(message(ty).as_deref(), Some(expected), "{ty}");
        }
    }

    #[test]
    fn other_types_are_the_compilers_to_judge() {
        for ty in [
            "Box",
            "Own",
            "Own<u8, u8, u8>",
            "Vec<u8, N>",
            "Box<str>",
            "Arc<[u8]>",
            "&str",
            "&[&str]",
            "Cow<'_, str>",
            "HashMap<String, u8, State>",
            "Result<u8>",
            "&(dyn Display + Send + Sync + 'static)",
            "&dyn erased_serde::Serialize",
            "&dyn Fn(u8) -> u8",
            "fn(u8)",
            "<T as Own>::Display",
            "T::Item",
        ] {
            assert_eq!(message(ty), None, "{ty}");
        }
    }
}
