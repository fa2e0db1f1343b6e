//! Schemas of types.

use std::collections::BTreeSet;

use syn::Type;

use crate::document::node::Node;
use crate::export::build::{list, map, named as entries_of, text, truth};
use crate::source::{Source, SourceCase, SourceType, TypeKind, named, optional_inner};

/// The schemas of a document, those that are used.
pub(super) struct Schemas<'s> {
    source: &'s Source,
    seen: BTreeSet<String>,
    queue: Vec<String>,
}

impl<'s> Schemas<'s> {
    pub(super) fn new(source: &'s Source) -> Self {
        Self { source, seen: BTreeSet::new(), queue: Vec::new() }
    }

    /// The schema of a type; that it may be absent is not part of it.
    pub(super) fn of(&mut self, ty: &Type) -> Node {
        let ty = optional_inner(ty).unwrap_or(ty);
        let (name, inner) = named(ty);
        let simple = |name: &str, format: Option<&str>| {
            let mut out = vec![("type", text(name))];
            out.extend(format.map(|format| ("format", text(format))));
            map(out)
        };
        match (name.as_str(), inner) {
            ("Vec", Some(inner)) => {
                let items = self.of(inner);
                map(vec![("type", text("array")), ("items", items)])
            }
            ("Map", Some(inner)) if named(inner).0 == "Value" => {
                map(vec![("type", text("object")), ("additionalProperties", truth(true))])
            }
            ("Map", Some(inner)) => {
                let values = self.of(inner);
                map(vec![("type", text("object")), ("additionalProperties", values)])
            }
            (_, Some(inner)) => self.of(inner),
            ("Text", _) if !self.source.types.contains_key("Text") => simple("string", None),
            ("FilePart", _) if !self.source.types.contains_key("FilePart") => simple("string", Some("binary")),
            ("String" | "str", _) => simple("string", None),
            ("bool", _) => simple("boolean", None),
            ("i8", _) => simple("integer", Some("int8")),
            ("i16", _) => simple("integer", Some("int16")),
            ("i32", _) => simple("integer", Some("int32")),
            ("i64" | "isize", _) => simple("integer", Some("int64")),
            ("u8", _) => simple("integer", Some("uint8")),
            ("u16", _) => simple("integer", Some("uint16")),
            ("u32", _) => simple("integer", Some("uint32")),
            ("u64" | "usize", _) => simple("integer", Some("uint64")),
            ("f32", _) => simple("number", Some("float")),
            ("f64", _) => simple("number", Some("double")),
            ("Number", _) if !self.source.types.contains_key("Number") => simple("number", None),
            ("Value", _) if !self.source.types.contains_key("Value") => map(Vec::new()),
            _ if self.source.types.contains_key(&name) => {
                if self.seen.insert(name.clone()) {
                    self.queue.push(name.clone());
                }
                map(vec![("$ref", text(&format!("#/components/schemas/{name}")))])
            }
            // A type of another crate: its content is not known here.
            _ => map(vec![("description", text(&format!("The Rust type `{name}`.")))]),
        }
    }

    /// The variants of a type that has one for each status.
    pub(super) fn cases(&self, ty: &Type) -> Option<&'s [SourceCase]> {
        match &self.source.types.get(&named(ty).0)?.kind {
            TypeKind::Statuses(cases) => Some(cases),
            _ => None,
        }
    }

    /// All schemas that were used, and those that they use.
    pub(super) fn finish(mut self) -> Vec<(String, Node)> {
        let mut out: Vec<(String, Node)> = Vec::new();
        let source = self.source;
        while let Some(name) = self.queue.pop() {
            if let Some(ty) = source.types.get(&name) {
                let schema = self.definition(ty);
                out.push((name, schema));
            }
        }
        out.sort_by(|(a, _), (b, _)| a.cmp(b));
        out
    }

    fn definition(&mut self, ty: &SourceType) -> Node {
        let mut out: Vec<(&str, Node)> = Vec::new();
        out.extend((!ty.doc.is_empty()).then(|| ("description", text(&ty.doc.replace('\n', " ")))));
        match &ty.kind {
            TypeKind::Struct(own) => {
                out.push(("type", text("object")));
                let mut properties = Vec::new();
                let mut required = Vec::new();
                for field in &own.fields {
                    let mut schema = self.of(&field.ty);
                    let is_reference = schema.get("$ref").is_some();
                    if !field.doc.is_empty() && !is_reference {
                        crate::export::build::push(
                            &mut schema,
                            "description".to_owned(),
                            text(&field.doc.replace('\n', " ")),
                        );
                    }
                    properties.push((field.wire.clone(), schema));
                    if !field.optional {
                        required.push(text(&field.wire));
                    }
                }
                out.push(("properties", entries_of(properties)));
                out.extend((!required.is_empty()).then(|| ("required", list(required))));
                out.extend(own.rest.as_ref().map(|rest| {
                    let values = named(rest).1.map_or_else(|| truth(true), |values| self.of(values));
                    ("additionalProperties", values)
                }));
            }
            TypeKind::Words(words) => {
                out.push(("type", text("string")));
                out.push(("enum", list(words.iter().map(|word| text(&word.word)).collect())));
            }
            TypeKind::Union(variants) => {
                let known = variants.iter().filter(|(ident, ty)| ident != "Other" || named(ty).0 != "Value");
                let parts: Vec<Node> = known.map(|(_, ty)| self.of(ty)).collect();
                out.push(("anyOf", list(parts)));
            }
            TypeKind::Other | TypeKind::Statuses(_) => {}
        }
        map(out)
    }
}
