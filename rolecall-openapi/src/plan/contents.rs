//! What types are made of.

use crate::model::{Schema, Shape};
use crate::names;
use crate::plan::directions::Lacking;
use crate::plan::item::{Field, Kind, Open, Variant};
use crate::plan::types::Types;
use crate::plan::words::variants;

impl<'d> Types<'d> {
    /// Reads the content of all types that were named.
    pub(super) fn finish(&mut self) {
        while let Some((index, schema, shape)) = self.queue.pop_front() {
            let name = self.defs.get(index).map(|def| def.name.clone()).unwrap_or_default();
            let kind = match shape {
                Shape::Words(words, open) => {
                    let open = if open { Open::Always } else { Open::InResponses };
                    Kind::Words { words: variants(&words), open }
                }
                Shape::Union(parts) => self.union(schema, &name, parts),
                _ => self.record(index, schema, &name),
            };
            if let Some(def) = self.defs.get_mut(index) {
                def.kind = kind;
            }
        }
    }

    fn record(&mut self, index: usize, schema: Schema<'d>, name: &str) -> Kind {
        let mut fields: Vec<Field> = Vec::new();
        for property in schema.properties() {
            let hint = format!("{name}{}", names::pascal(property.name));
            let used = property.schema.used();
            let ty = self.ty(property.schema, &hint);
            let place = self.place(if property.described { property.schema.site } else { schema.site });
            let wire = property.name.to_owned();
            if !property.described {
                let message = format!("the field `{wire}` of `{name}` is required, but nothing describes it");
                self.note(schema.site, message, "the type is `Value`, which holds any JSON");
                self.lacking.push(Lacking { index, wire, why: "nothing describes it", place });
            } else if self.examples.lacks(&property) {
                self.lacking.push(Lacking { index, wire, why: "an example lacks it", place });
            }
            let ident = names::unique(&names::lower(property.name, "value"), "_", |ident| {
                fields.iter().any(|field| field.ident == ident)
            });
            fields.push(Field {
                wire: property.name.to_owned(),
                ident,
                doc: used.description.map(str::to_owned),
                ty,
                required: property.required,
                read_only: used.read_only,
                write_only: used.write_only,
            });
        }
        let rest = schema.additional().map(|values| self.ty(values, &format!("{name}Value")));
        Kind::Struct { fields, rest }
    }

    fn union(&mut self, schema: Schema<'d>, name: &str, parts: Vec<Schema<'d>>) -> Kind {
        let discriminator = schema.discriminator();
        let mut variants: Vec<Variant> = Vec::new();
        for (i, part) in parts.into_iter().enumerate() {
            let word = discriminator.as_ref().and_then(|(_, words)| {
                let id = part.used().schema.id();
                words.iter().find(|(_, schema)| schema.used().schema.id() == id).map(|(word, _)| word.clone())
            });
            let suffix =
                word.or_else(|| constant(part)).map(|word| names::pascal(&word)).filter(|word| !word.is_empty());
            let title =
                part.node().text("title").map(names::pascal).filter(|title| !title.is_empty() && title.len() <= 40);
            let hint = match (suffix, title) {
                (Some(suffix), _) => format!("{name}{suffix}"),
                (None, Some(title)) => title,
                (None, None) => format!("{name}Variant{}", i + 1),
            };
            let ty = self.ty(part, &hint).required();
            if variants.iter().all(|other| other.ty != ty) {
                variants.push(Variant { ident: String::new(), ty });
            }
        }
        let tag = discriminator.map(|(property, words)| {
            let index = |(word, schema): (String, Schema<'d>)| {
                Some((word.clone(), self.ty(schema, &names::pascal(&word)).named()?))
            };
            (property.to_owned(), words.into_iter().filter_map(index).collect())
        });
        Kind::Union { variants, tag }
    }
}

/// The word that a variant always has somewhere.
fn constant(part: Schema<'_>) -> Option<String> {
    let schema = part.used().schema;
    let properties = schema.node().get("properties")?;
    properties.entries().iter().take(8).find_map(|(_, node)| {
        let constant = node.get("const").or_else(|| match node.get("enum")?.items() {
            [one] => Some(one),
            _ => None,
        })?;
        constant.as_str().map(str::to_owned)
    })
}
