//! Types as they are written in source.

use crate::plan::directions::parts;
use crate::plan::item::Def;
use crate::plan::ty::Ty;

impl Ty {
    /// As a value owns it.
    pub(crate) fn owned(&self, defs: &[Def]) -> String {
        match self {
            Self::Unit => "()".to_owned(),
            Self::Text => "String".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Integer(name) | Self::Float(name) | Self::Runtime(name) => (*name).to_owned(),
            Self::Value => "Value".to_owned(),
            Self::Object => "Map<String, Value>".to_owned(),
            Self::List(inner) => format!("Vec<{}>", inner.owned(defs)),
            Self::Map(inner) => format!("BTreeMap<String, {}>", inner.owned(defs)),
            Self::Optional(inner) => format!("Option<{}>", inner.owned(defs)),
            Self::Boxed(inner) => format!("Box<{}>", inner.owned(defs)),
            Self::Of(name, inner) => format!("{name}<{}>", inner.owned(defs)),
            Self::Named(index) => defs.get(*index).map_or_else(|| "Value".to_owned(), |def| def.name.clone()),
        }
    }

    /// As an argument borrows it.
    pub(crate) fn borrowed(&self, defs: &[Def]) -> String {
        match self {
            Self::Text => "&str".to_owned(),
            Self::Unit | Self::Bool | Self::Integer(_) | Self::Float(_) | Self::Runtime(_) => self.owned(defs),
            Self::List(inner) if **inner == Self::Text => "&[&str]".to_owned(),
            Self::List(inner) => format!("&[{}]", inner.owned(defs)),
            Self::Optional(inner) => format!("Option<{}>", inner.borrowed(defs)),
            other => format!("&{}", other.owned(defs)),
        }
    }

    /// Whether lists are part of its values.
    pub(crate) fn has_lists(&self, defs: &[Def]) -> bool {
        let mut seen = Vec::new();
        let mut queue = vec![self];
        while let Some(ty) = queue.pop() {
            match ty {
                Self::List(_) => return true,
                Self::Map(inner) | Self::Optional(inner) | Self::Boxed(inner) | Self::Of(_, inner) => queue.push(inner),
                Self::Named(index) if !seen.contains(index) => {
                    seen.push(*index);
                    queue.extend(defs.get(*index).map(|def| parts(&def.kind)).unwrap_or_default());
                }
                _ => {}
            }
        }
        false
    }
}
