//! The names that source needs in scope, with the module of each.

use crate::plan::{Def, Kind, Ty};

/// The names that a type needs in scope.
pub(super) fn needed(ty: &Ty) -> Vec<(&'static str, String)> {
    match ty {
        Ty::Value => vec![("serde_json", "Value".to_owned())],
        Ty::Object => vec![("serde_json", "Map".to_owned()), ("serde_json", "Value".to_owned())],
        Ty::Map(inner) => {
            let mut all = needed(inner);
            all.push(("std::collections", "BTreeMap".to_owned()));
            all
        }
        Ty::List(inner) | Ty::Optional(inner) | Ty::Boxed(inner) => needed(inner),
        Ty::Named(_) => vec![("super::models", "*".to_owned())],
        Ty::Runtime(name) if name.contains("::") => Vec::new(),
        Ty::Runtime(name) => vec![("rolecall", (*name).to_owned())],
        Ty::Of(name, inner) => {
            let mut all = needed(inner);
            all.push(("rolecall", (*name).to_owned()));
            all
        }
        _ => Vec::new(),
    }
}

/// The names that the text of a type needs in scope, where all types are in one file.
pub(super) fn needed_by(def: &Def) -> Vec<(&'static str, String)> {
    let name = |module, name: &str| (module, name.to_owned());
    let mut out = match &def.kind {
        Kind::Struct { fields, rest } => {
            let mut out: Vec<_> = fields.iter().flat_map(|field| needed(&field.ty)).collect();
            if let Some(rest) = rest {
                out.extend(needed(&Ty::Map(Box::new(rest.clone()))));
            }
            out
        }
        Kind::Union { variants, .. } => {
            let mut out: Vec<_> = variants.iter().flat_map(|variant| needed(&variant.ty)).collect();
            out.extend(def.is_open().then(|| name("serde_json", "Value")));
            out
        }
        Kind::Statuses(cases) => {
            let mut out: Vec<_> = cases.iter().filter_map(|case| case.ty.as_ref()).flat_map(needed).collect();
            out.push(name("rolecall", "ByStatus"));
            out
        }
        Kind::Words { .. } => Vec::new(),
        Kind::NumberOrText => {
            vec![
                name("std", "fmt"),
                name("serde_json", "Number"),
                name("serde", "Deserialize"),
                name("serde", "Serialize"),
            ]
        }
    };
    out.extend((def.request && def.is_serde()).then(|| name("serde", "Serialize")));
    out.extend((def.response && def.is_serde()).then(|| name("serde", "Deserialize")));
    out.retain(|(module, _)| *module != "super::models");
    out.sort();
    out.dedup();
    out
}
