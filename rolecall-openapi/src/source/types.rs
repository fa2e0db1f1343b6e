//! Structs and enums with the names that serde gives their parts.

use std::ops::Range;
use std::path::Path;

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, GenericArgument, PathArguments, Type};

use crate::document::Place;
use crate::names::Case;
use crate::source::attributes::{arguments, docs, is};

/// A type of the source.
pub(crate) struct SourceType {
    pub(crate) name: String,
    pub(crate) file: usize,
    pub(crate) place: Place,
    /// The bytes of the whole item, documentation included.
    pub(crate) span: Range<usize>,
    /// Where another field or variant could be written: before the closing brace.
    pub(crate) end: usize,
    pub(crate) doc: String,
    pub(crate) kind: TypeKind,
}

/// What it is made of.
pub(crate) enum TypeKind {
    Struct(Box<Fields>),
    Words(Vec<Word>),
    Union(Vec<(String, Type)>),
    /// An enum with a variant for each status.
    Statuses(Vec<SourceCase>),
    /// A tuple, or an enum of other kinds of variants.
    Other,
}

/// The fields of a struct.
pub(crate) struct Fields {
    pub(crate) fields: Vec<SourceField>,
    /// The type that holds the keys of other names, too.
    pub(crate) rest: Option<Type>,
}

/// A field.
pub(crate) struct SourceField {
    pub(crate) wire: String,
    pub(crate) ty: Type,
    /// It may be absent.
    pub(crate) optional: bool,
    pub(crate) doc: String,
    pub(crate) line: u32,
}

/// A word of an enum.
pub(crate) struct Word {
    pub(crate) word: String,
    pub(crate) line: u32,
}

/// A variant for a response.
pub(crate) struct SourceCase {
    pub(crate) ident: String,
    pub(crate) statuses: Vec<u16>,
    pub(crate) ty: Option<Type>,
}

/// What the serde attributes of an item say.
#[derive(Debug, Default)]
struct Serde {
    rename: Option<String>,
    rename_all: Option<Case>,
    untagged: bool,
    flatten: bool,
    skip: bool,
    default: bool,
}

fn serde(attributes: &[Attribute]) -> Serde {
    let mut out = Serde::default();
    for argument in attributes.iter().filter(|attribute| is(attribute, "serde")).flat_map(arguments) {
        match argument.key.as_str() {
            "rename" => out.rename = Some(argument.text()),
            "rename_all" => out.rename_all = Case::named(&argument.text()),
            "untagged" => out.untagged = true,
            "flatten" => out.flatten = true,
            "skip" => out.skip = true,
            "default" => out.default = true,
            _ => {}
        }
    }
    out
}

pub(super) fn line_of(span: proc_macro2::Span) -> u32 {
    u32::try_from(span.start().line).unwrap_or(u32::MAX)
}

pub(super) fn structure(item: &syn::ItemStruct, file: usize, path: &Path) -> SourceType {
    let outer = serde(&item.attrs);
    let kind = match &item.fields {
        syn::Fields::Named(named) => {
            let mut fields = Fields { fields: Vec::new(), rest: None };
            for field in &named.named {
                let own = serde(&field.attrs);
                let ident = field.ident.as_ref().map(|ident| ident.unraw().to_string()).unwrap_or_default();
                if own.flatten {
                    fields.rest = Some(field.ty.clone());
                } else if !own.skip {
                    fields.fields.push(SourceField {
                        wire: own
                            .rename
                            .unwrap_or_else(|| outer.rename_all.map_or(ident.clone(), |case| case.field(&ident))),
                        optional: optional_inner(&field.ty).is_some() || own.default || outer.default,
                        ty: field.ty.clone(),
                        doc: docs(&field.attrs),
                        line: line_of(field.ident.span()),
                    });
                }
            }
            TypeKind::Struct(Box::new(fields))
        }
        _ => TypeKind::Other,
    };
    let end = match &item.fields {
        syn::Fields::Named(named) => named.brace_token.span.close().byte_range().start,
        _ => item.span().byte_range().end,
    };
    SourceType {
        name: item.ident.to_string(),
        file,
        place: Place { file: path.to_owned(), line: line_of(item.ident.span()) },
        span: item.span().byte_range(),
        end,
        doc: docs(&item.attrs),
        kind,
    }
}

pub(super) fn enumeration(item: &syn::ItemEnum, file: usize, path: &Path) -> SourceType {
    let outer = serde(&item.attrs);
    let mut words = Vec::new();
    let mut variants = Vec::new();
    let mut open = false;
    let mut end = item.brace_token.span.close().byte_range().start;
    for variant in &item.variants {
        let own = serde(&variant.attrs);
        let ident = variant.ident.unraw().to_string();
        match &variant.fields {
            syn::Fields::Unit => {
                let word =
                    own.rename.unwrap_or_else(|| outer.rename_all.map_or(ident.clone(), |case| case.variant(&ident)));
                words.push(Word { word, line: line_of(variant.ident.span()) });
            }
            syn::Fields::Unnamed(fields) => {
                if own.untagged && !open {
                    // serde requires these to be the last.
                    open = true;
                    end = variant.span().byte_range().start;
                }
                variants.extend(fields.unnamed.first().map(|field| (ident, field.ty.clone())));
            }
            syn::Fields::Named(_) => {}
        }
    }
    let derives = |name: &str| {
        let derives = item.attrs.iter().filter(|attribute| is(attribute, "derive")).flat_map(arguments);
        derives.flat_map(|argument| argument.path()).any(|word| word == name)
    };
    let kind = if derives("ByStatus") {
        TypeKind::Statuses(item.variants.iter().map(case).collect())
    } else if outer.untagged {
        TypeKind::Union(variants)
    } else if !words.is_empty() {
        TypeKind::Words(words)
    } else {
        TypeKind::Other
    };
    SourceType {
        name: item.ident.to_string(),
        file,
        place: Place { file: path.to_owned(), line: line_of(item.ident.span()) },
        span: item.span().byte_range(),
        end,
        doc: docs(&item.attrs),
        kind,
    }
}

fn case(variant: &syn::Variant) -> SourceCase {
    let attributes = variant.attrs.iter().filter(|attribute| is(attribute, "status"));
    SourceCase {
        ident: variant.ident.unraw().to_string(),
        statuses: attributes.flat_map(arguments).filter_map(|argument| argument.text().parse().ok()).collect(),
        ty: match &variant.fields {
            syn::Fields::Unnamed(fields) => fields.unnamed.first().map(|field| field.ty.clone()),
            _ => None,
        },
    }
}

/// A type without references, parentheses, and boxes.
fn bare(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Reference(reference) => &reference.elem,
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            _ => match wrapped(ty, "Box") {
                Some(inner) => inner,
                None => return ty,
            },
        };
    }
}

/// `T` of `Name<T>`.
fn wrapped<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last().filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().rev().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// `T` of `Option<T>`.
pub(crate) fn optional_inner(ty: &Type) -> Option<&Type> {
    wrapped(bare(into_target(ty).unwrap_or(ty)), "Option")
}

/// `T` of `impl Into<T>`.
fn into_target(ty: &Type) -> Option<&Type> {
    let Type::ImplTrait(of) = ty else { return None };
    of.bounds.iter().find_map(|bound| {
        let syn::TypeParamBound::Trait(bound) = bound else { return None };
        let segment = bound.path.segments.last().filter(|segment| segment.ident == "Into")?;
        let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
        arguments.args.iter().find_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
    })
}

/// The name of a type and, for a list or a map, the type of its values.
pub(crate) fn named(ty: &Type) -> (String, Option<&Type>) {
    let ty = bare(ty);
    match ty {
        Type::Slice(slice) => return ("Vec".to_owned(), Some(&slice.elem)),
        Type::Array(array) => return ("Vec".to_owned(), Some(&array.elem)),
        _ => {}
    }
    for (name, known) in [
        ("Vec", "Vec"),
        ("BTreeMap", "Map"),
        ("HashMap", "Map"),
        ("IndexMap", "Map"),
        ("Map", "Map"),
        ("Option", "Option"),
        ("Response", "Response"),
        ("Conditional", "Conditional"),
        ("Page", "Page"),
        ("Events", "Events"),
        ("JsonLines", "JsonLines"),
        ("Event", "Event"),
    ] {
        if let Some(inner) = wrapped(ty, name) {
            return (known.to_owned(), Some(inner));
        }
    }
    match ty {
        Type::Path(path) => {
            (path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default(), None)
        }
        Type::Tuple(tuple) if tuple.elems.is_empty() => ("()".to_owned(), None),
        other => (text_of(other), None),
    }
}

/// The type as text without spaces.
pub(crate) fn text_of(ty: &Type) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}
