//! Types that read what examples have, where these do not match their schema.

use crate::document::Site;
use crate::document::node::Value;
use crate::model::{Schema, Used};
use crate::plan::item::Kind;
use crate::plan::ty::Ty;
use crate::plan::types::Types;

impl<'d> Types<'d> {
    /// Returns a type that reads the examples, if they do not match the schema.
    pub(super) fn lenient(&mut self, schema: Schema<'d>, used: &Used<'d>, ty: Ty) -> Ty {
        let Some(example) = schema.example().or_else(|| used.schema.example()) else { return ty };
        let is_number = matches!(ty, Ty::Integer(_) | Ty::Float(_));
        let (is, has) = match &example.value {
            Value::String(_) if is_number => ("a number", "a string"),
            // In YAML a string that looks like a number is easily written without its quotes.
            Value::Number(_) if ty == Ty::Text && self.document.is_json(schema.site) => ("a string", "a number"),
            Value::Number(number) if matches!(ty, Ty::Integer(_)) && number.contains('.') => {
                self.note(
                    schema.site,
                    "the schema is an integer, but its example has a fraction".to_owned(),
                    "the type is `f64`",
                );
                return Ty::Float("f64");
            }
            _ => return ty,
        };
        let index = self.number_or_text(schema.site);
        let help = format!(
            "the type is `{}`, which reads either",
            self.defs.get(index).map(|def| def.name.as_str()).unwrap_or_default()
        );
        self.note(schema.site, format!("the schema is {is}, but its example is {has}"), &help);
        Ty::Named(index)
    }

    fn number_or_text(&mut self, site: Site<'d>) -> usize {
        if let Some(index) = self.number_or_text {
            return index;
        }
        let doc = "A number that may come as a string, or a string that may come as a number.".to_owned();
        let index = self.add("NumberOrText", false, doc, site, Kind::NumberOrText);
        self.number_or_text = Some(index);
        index
    }
}
