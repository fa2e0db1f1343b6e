//! Types that read what examples have, where these do not match their schema.

use crate::document::Site;
use crate::model::{Schema, Used};
use crate::plan::examples::Contradiction;
use crate::plan::item::Kind;
use crate::plan::ty::Ty;
use crate::plan::types::Types;

impl<'d> Types<'d> {
    /// Returns a type that reads the examples, if they do not match the schema.
    pub(super) fn lenient(&mut self, schema: Schema<'d>, used: &Used<'d>, ty: Ty) -> Ty {
        let ty = self.lenient_scalar(schema, used, ty);
        if let Some(mismatch) = self.examples.mismatches.get(&used.schema.site.id()).copied() {
            let message = format!("the schema is {}, but its example is {}", mismatch.is, mismatch.has);
            self.note(mismatch.site, message, "a response like the example is not decoded");
        }
        if !used.nullable && self.examples.is_null(schema) && !matches!(ty, Ty::Value | Ty::Optional(_)) {
            let message = "the schema does not allow `null`, but its example is `null`".to_owned();
            self.note(schema.site, message, "the type is an `Option`");
            return ty.optional();
        }
        ty
    }

    fn lenient_scalar(&mut self, schema: Schema<'d>, used: &Used<'d>, ty: Ty) -> Ty {
        let is_number = matches!(ty, Ty::Integer(_) | Ty::Float(_));
        match self.examples.scalar(used.schema) {
            Some(Contradiction::Text) if is_number => {
                self.number_or_text(schema.site, "the schema is a number, but its example is a string")
            }
            Some(Contradiction::Number) if ty == Ty::Text => {
                self.number_or_text(schema.site, "the schema is a string, but its example is a number")
            }
            Some(Contradiction::Fraction) if matches!(ty, Ty::Integer(_)) => {
                let message = "the schema is an integer, but its example has a fraction".to_owned();
                self.note(schema.site, message, "the type is `f64`");
                Ty::Float("f64")
            }
            Some(Contradiction::Large) if matches!(ty, Ty::Integer("i32" | "i16" | "i8" | "u32" | "u16" | "u8")) => {
                let message = "the example is larger than the schema's format allows".to_owned();
                self.note(schema.site, message, "the type is `i64`");
                Ty::Integer("i64")
            }
            _ => ty,
        }
    }

    /// The type of a number that may come as a string, or the other way round. The message says why.
    pub(super) fn number_or_text(&mut self, site: Site<'d>, why: &str) -> Ty {
        let index = match self.number_or_text {
            Some(index) => index,
            None => {
                let doc = "A number that may come as a string, or a string that may come as a number.".to_owned();
                let index = self.add("NumberOrText", false, doc, site, Kind::NumberOrText);
                self.number_or_text = Some(index);
                index
            }
        };
        let name = self.defs.get(index).map(|def| def.name.as_str()).unwrap_or_default();
        let help = format!("the type is `{name}`, which reads either");
        self.note(site, why.to_owned(), &help);
        Ty::Named(index)
    }
}
