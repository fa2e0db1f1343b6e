//! The types of schemas. Each schema has one type; schemas without a name that describe the same values share one.

use std::collections::{BTreeSet, HashMap, VecDeque};

use crate::document::node::Value;
use crate::document::{Document, Place, Site};
use crate::model::{Schema, Shape, Used};
use crate::names;
use crate::plan::item::{Def, Field, Kind, Open, Variant};
use crate::plan::ty::Ty;
use crate::report::{Finding, Level};

/// Names that types of the models cannot have, because the traits and the models use other items of these names.
const RESERVED: [&str; 37] = [
    "Any",
    "BTreeMap",
    "Body",
    "Box",
    "ByStatus",
    "ByteStream",
    "Bytes",
    "Clone",
    "Conditional",
    "Debug",
    "Default",
    "Deserialize",
    "Err",
    "Error",
    "Events",
    "JsonLines",
    "Map",
    "Multipart",
    "None",
    "NotModified",
    "Number",
    "Ok",
    "Option",
    "Page",
    "PartialEq",
    "Part",
    "Public",
    "Response",
    "Result",
    "Role",
    "Self",
    "Serialize",
    "Some",
    "String",
    "Text",
    "Value",
    "Vec",
];
/// How long the name of a type may be that the document does not name.
const MAX_NAME: usize = 48;
/// How deep lists and maps may be nested in one another.
const MAX_NESTING: usize = 64;

/// The types that were found so far.
#[derive(Debug)]
pub(super) struct Types<'d> {
    document: &'d Document,
    pub(super) defs: Vec<Def>,
    pub(super) findings: Vec<Finding>,
    by_id: HashMap<(usize, Option<&'d str>), Ty>,
    by_text: HashMap<String, Ty>,
    taken: BTreeSet<String>,
    /// Names of the document's own schemas, which others leave to them.
    components: BTreeSet<String>,
    /// Types that are named, and whose content is still to be read.
    queue: VecDeque<(usize, Schema<'d>, Shape<'d>)>,
    /// The schemas that are being looked at.
    open: Vec<(usize, Option<&'d str>)>,
    number_or_text: Option<usize>,
}

impl<'d> Types<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        let schemas =
            document.root().and_then(|root| root.get("components")).and_then(|components| components.get("schemas"));
        let names = schemas.map(|schemas| schemas.node.entries()).unwrap_or_default().iter();
        Self {
            document,
            defs: Vec::new(),
            findings: Vec::new(),
            by_id: HashMap::new(),
            by_text: HashMap::new(),
            taken: RESERVED.iter().map(|name| name.to_ascii_lowercase()).collect(),
            components: names.map(|(name, _)| names::pascal(name).to_ascii_lowercase()).collect(),
            queue: VecDeque::new(),
            open: Vec::new(),
            number_or_text: None,
        }
    }

    pub(super) fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(&name.to_ascii_lowercase())
    }

    pub(super) fn take(&mut self, name: &str) {
        self.taken.insert(name.to_ascii_lowercase());
    }

    pub(super) fn place(&self, site: Site<'_>) -> Place {
        self.document.place(site)
    }

    pub(super) fn note(&mut self, site: Site<'d>, message: String, help: &str) {
        let finding = Finding::new(Level::Note, message).at(self.document.place(site)).help(help);
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// Returns the type of a schema. `hint` names it if the document does not.
    pub(super) fn ty(&mut self, schema: Schema<'d>, hint: &str) -> Ty {
        let used = schema.used();
        let ty = self.plain(&used, hint);
        let ty = self.lenient(schema, &used, ty);
        if used.nullable && ty != Ty::Value { ty.optional() } else { ty }
    }

    fn plain(&mut self, used: &Used<'d>, hint: &str) -> Ty {
        let schema = used.schema;
        if let Some(ty) = self.by_id.get(&schema.id()) {
            return ty.clone();
        }
        if self.open.contains(&schema.id()) || self.open.len() > MAX_NESTING {
            let message = "a schema that is made of itself only has no type".to_owned();
            self.note(schema.site, message, "the type is `Value`, which holds any JSON");
            return Ty::Value;
        }
        let name = used.name.map(names::pascal).filter(|name| !name.is_empty());
        let base = name.clone().unwrap_or_else(|| hint.to_owned());
        self.open.push(schema.id());
        let ty = match schema.shape() {
            Shape::Any | Shape::Null => Ty::Value,
            Shape::Bool => Ty::Bool,
            Shape::Integer(format) => integer(schema, format),
            Shape::Number => Ty::Float("f64"),
            Shape::Text => Ty::Text,
            Shape::List(items) => items.map_or(Ty::Value, |items| self.ty(items, &names::singular(&base))).list(),
            Shape::Map(values) => match values.map(|values| self.ty(values, &format!("{base}Value"))) {
                None | Some(Ty::Value) => Ty::Object,
                Some(values) => Ty::Map(Box::new(values)),
            },
            Shape::Same(other) => self.ty(other, &base),
            shape @ (Shape::Words(..) | Shape::Record | Shape::Union(_)) => self.define(used, name, hint, shape),
        };
        self.open.pop();
        self.by_id.insert(schema.id(), ty.clone());
        ty
    }

    fn define(&mut self, used: &Used<'d>, name: Option<String>, hint: &str, shape: Shape<'d>) -> Ty {
        let schema = used.schema;
        let text = name.is_none().then(|| schema.fingerprint());
        if let Some(ty) = text.as_ref().and_then(|text| self.by_text.get(text)) {
            return ty.clone();
        }
        let is_own = name.is_some();
        let wish = name.unwrap_or_else(|| hint.to_owned());
        let doc = schema.node().text("description").or_else(|| schema.node().text("title"));
        let doc = doc.or(used.description).map_or_else(String::new, str::to_owned);
        let index = self.add(&wish, is_own, doc, schema.site, Kind::Words { words: Vec::new(), open: Open::Always });
        self.queue.push_back((index, schema, shape));
        if let Some(text) = text {
            self.by_text.insert(text, Ty::Named(index));
        }
        Ty::Named(index)
    }

    /// Adds a type.
    pub(super) fn add(&mut self, wish: &str, is_own: bool, doc: String, site: Site<'d>, kind: Kind) -> usize {
        let wish = if wish.is_empty() { "Model" } else { wish };
        let short = names::shortened(wish, MAX_NAME);
        let wish = if is_own { wish } else { &short };
        let is_reserved = RESERVED.iter().any(|name| name.eq_ignore_ascii_case(wish));
        let wish = if is_reserved { format!("{wish}Model") } else { wish.to_owned() };
        let name = names::unique(&wish, "", |name| {
            let lower = name.to_ascii_lowercase();
            self.taken.contains(&lower) || (!is_own && self.components.contains(&lower))
        });
        self.take(&name);
        let place = self.document.place(site);
        self.defs.push(Def { name, doc, kind, place, request: false, response: false, written: true });
        self.defs.len() - 1
    }

    /// Returns a type that reads the examples, if they do not match the schema.
    fn lenient(&mut self, schema: Schema<'d>, used: &Used<'d>, ty: Ty) -> Ty {
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
                _ => self.record(schema, &name),
            };
            if let Some(def) = self.defs.get_mut(index) {
                def.kind = kind;
            }
        }
    }

    fn record(&mut self, schema: Schema<'d>, name: &str) -> Kind {
        let mut fields: Vec<Field> = Vec::new();
        for property in schema.properties() {
            let hint = format!("{name}{}", names::pascal(property.name));
            let used = property.schema.used();
            let ty = self.ty(property.schema, &hint);
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

fn integer(schema: Schema<'_>, format: Option<&str>) -> Ty {
    let is_large = |key: &str| match schema.node().get(key).map(|node| &node.value) {
        Some(Value::Number(number)) => number.parse::<i64>().is_err() && number.parse::<u64>().is_ok(),
        _ => false,
    };
    let overflows = match schema.example().map(|node| &node.value) {
        Some(Value::Number(number)) => number.parse::<i32>().is_err(),
        _ => false,
    };
    Ty::Integer(match format {
        Some("uint64") => "u64",
        _ if is_large("maximum") || is_large("example") => "u64",
        Some("int32") if !overflows => "i32",
        Some("int16") => "i16",
        Some("int8") => "i8",
        Some("uint32") => "u32",
        Some("uint16") => "u16",
        Some("uint8") => "u8",
        Some("uint") => "u64",
        _ => "i64",
    })
}

/// The words of an enum with a name for each.
pub(super) fn variants(words: &[&str]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for word in words {
        if out.iter().any(|(other, _)| other == word) {
            continue;
        }
        let wish = match names::pascal(word) {
            name if !name.is_empty() => name,
            _ => sign(word).to_owned(),
        };
        // `Other` is the variant for unknown words.
        let ident = names::unique(&wish, "", |name| {
            name == "Other" || out.iter().any(|(_, other)| other.eq_ignore_ascii_case(name))
        });
        out.push(((*word).to_owned(), ident));
    }
    out
}

/// A name for a word without letters.
fn sign(word: &str) -> &'static str {
    match word {
        "" => "Empty",
        "<" => "Less",
        "<=" => "LessOrEqual",
        ">" => "Greater",
        ">=" => "GreaterOrEqual",
        "=" | "==" => "Equal",
        "!=" | "<>" => "NotEqual",
        "*" => "Star",
        "+" => "Plus",
        "-" => "Minus",
        "~" => "Tilde",
        _ => "Sign",
    }
}
