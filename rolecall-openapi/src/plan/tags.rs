//! Unions: which variant a value is must be seen from the value.

use std::collections::BTreeMap;

use crate::names;
use crate::plan::item::{Def, Field, Kind, Open};
use crate::plan::ty::Ty;
use crate::plan::words::variants as words_of;

/// Gives each variant a name, gives the field that distinguishes it a type of that one word, and puts the variants in
/// an order in which the first that fits is the correct one.
pub(super) fn settle(defs: &mut Vec<Def>) {
    let tags = tags(defs);
    for ((index, property), words) in tags {
        tag(defs, index, &property, &words);
    }
    for index in 0..defs.len() {
        close(defs, index);
        name_and_order(defs, index);
    }
}

/// For each struct that a discriminator names: the property and the words.
fn tags(defs: &[Def]) -> BTreeMap<(usize, String), Vec<String>> {
    let mut tags: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
    for def in defs {
        let Kind::Union { tag: Some((property, words)), .. } = &def.kind else { continue };
        for (word, index) in words {
            let words = tags.entry((*index, property.clone())).or_default();
            if !words.contains(word) {
                words.push(word.clone());
            }
        }
    }
    tags
}

fn tag(defs: &mut Vec<Def>, index: usize, property: &str, words: &[String]) {
    let Some(def) = defs.get(index) else { return };
    let Kind::Struct { fields, .. } = &def.kind else { return };
    let field = fields.iter().find(|field| field.wire == property);
    let known = match field.map(|field| &field.ty) {
        Some(Ty::Named(words)) => defs.get(*words).map(|def| &def.kind),
        Some(Ty::Text) | None => None,
        // A type that is not a word does not distinguish variants.
        Some(_) => return,
    };
    if let Some(Kind::Words { words: known, .. }) = known {
        if known.iter().all(|(word, _)| words.contains(word)) {
            // Without it nobody knows which variant it is.
            if let Some(Kind::Struct { fields, .. }) = defs.get_mut(index).map(|def| &mut def.kind)
                && let Some(field) = fields.iter_mut().find(|field| field.wire == property)
            {
                field.required = true;
            }
            return;
        }
        // The names of schemas stand in for a mapping that the document lacks; the property knows its words itself.
        if known.iter().all(|(word, _)| !words.contains(word)) {
            if let (1, Some(Ty::Named(own))) = (known.len(), field.map(|field| field.ty.clone()))
                && let Some(Kind::Words { open, .. }) = defs.get_mut(own).map(|def| &mut def.kind)
            {
                *open = Open::Never;
            }
            return;
        }
    }
    let list: Vec<&str> = words.iter().map(String::as_str).collect();
    let wish = format!("{}{}", def.name, names::pascal(property));
    let name = names::unique(&wish, "", |name| defs.iter().any(|def| def.name.eq_ignore_ascii_case(name)));
    let kind = Kind::Words { words: words_of(&list), open: Open::Never };
    let doc = format!("The values of `{property}` of `{}`.", def.name);
    let place = def.place.clone();
    defs.push(Def { name, doc, kind, place, request: false, response: false, written: true });
    let ty = Ty::Named(defs.len() - 1);
    let Some(Kind::Struct { fields, .. }) = defs.get_mut(index).map(|def| &mut def.kind) else { return };
    match fields.iter_mut().find(|field| field.wire == property) {
        Some(field) => {
            field.ty = ty;
            field.required = true;
        }
        None => fields.push(Field {
            wire: property.to_owned(),
            ident: names::unique(&names::lower(property, "kind"), "_", |name| {
                fields.iter().any(|field| field.ident == name)
            }),
            doc: None,
            ty,
            required: true,
            read_only: false,
            write_only: false,
        }),
    }
}

/// A field of one word distinguishes variants only if it accepts no other.
fn close(defs: &mut [Def], index: usize) {
    let Some(Kind::Union { variants, .. }) = defs.get(index).map(|def| &def.kind) else { return };
    let structs: Vec<usize> = variants.iter().filter_map(|variant| variant.ty.named()).collect();
    let mut closed = Vec::new();
    for index in structs {
        if let Some(Kind::Struct { fields, .. }) = defs.get(index).map(|def| &def.kind) {
            closed.extend(fields.iter().filter(|field| field.required).filter_map(|field| match field.ty {
                Ty::Named(index) => Some(index),
                _ => None,
            }));
        }
    }
    for index in closed {
        if let Some(Kind::Words { words, open }) = defs.get_mut(index).map(|def| &mut def.kind)
            && words.len() == 1
            && *open == Open::InResponses
        {
            *open = Open::Never;
        }
    }
}

fn name_and_order(defs: &mut [Def], index: usize) {
    let Some(def) = defs.get(index) else { return };
    let Kind::Union { variants, tag } = &def.kind else { return };
    let (mut variants, tag) = (variants.clone(), tag.clone());
    let mut taken: Vec<String> = vec!["Other".to_owned()];
    for variant in &mut variants {
        let wish = match &variant.ty {
            Ty::Named(named) => {
                defs.get(*named).map_or_else(|| "Model".to_owned(), |other| short(&other.name, &def.name))
            }
            Ty::Text => "Text".to_owned(),
            Ty::Bool => "Bool".to_owned(),
            Ty::Integer(_) => "Integer".to_owned(),
            Ty::Float(_) => "Number".to_owned(),
            Ty::List(_) => "List".to_owned(),
            Ty::Map(_) | Ty::Object => "Map".to_owned(),
            _ => "Any".to_owned(),
        };
        variant.ident = names::unique(&wish, "", |name| taken.iter().any(|other| other == name));
        taken.push(variant.ident.clone());
    }
    variants.sort_by_key(|variant| rank(defs, &variant.ty));
    if let Some(def) = defs.get_mut(index) {
        def.kind = Kind::Union { variants, tag };
    }
}

/// A variant's name without the union's before it.
fn short(name: &str, union: &str) -> String {
    match name.strip_prefix(union) {
        Some(rest) if rest.starts_with(|char: char| char.is_ascii_uppercase()) && rest != "Other" && rest != "Self" => {
            rest.to_owned()
        }
        _ => name.to_owned(),
    }
}

/// What takes fewer values comes first.
fn rank(defs: &[Def], ty: &Ty) -> (u8, std::cmp::Reverse<usize>) {
    let (rank, required) = match ty {
        Ty::Bool => (0, 0),
        Ty::Integer(_) => (1, 0),
        Ty::Float(_) => (2, 0),
        Ty::Named(index) => match defs.get(*index).map(|def| &def.kind) {
            Some(Kind::Words { open: Open::Never, .. }) => (3, 0),
            Some(Kind::Words { .. }) => (4, 0),
            Some(Kind::Struct { fields, .. }) => {
                let fixed = fields.iter().filter(|field| field.required && is_fixed(defs, &field.ty)).count();
                (7, fixed * 1000 + fields.iter().filter(|field| field.required).count())
            }
            _ => (6, 0),
        },
        Ty::Text => (5, 0),
        Ty::List(_) => (6, 0),
        Ty::Map(_) => (8, 0),
        Ty::Object => (9, 0),
        _ => (10, 0),
    };
    (rank, std::cmp::Reverse(required))
}

fn is_fixed(defs: &[Def], ty: &Ty) -> bool {
    matches!(ty, Ty::Named(index) if matches!(defs.get(*index).map(|def| &def.kind), Some(Kind::Words { open: Open::Never, .. })))
}
