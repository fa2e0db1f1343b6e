//! The types of schemas. Each schema has one type; schemas without a name that describe the same values share one.

use std::collections::{BTreeSet, HashMap, VecDeque};

use crate::document::node::Value;
use crate::document::{Document, Place, Site};
use crate::model::{Schema, Shape, Used};
use crate::names;
use crate::plan::directions::Lacking;
use crate::plan::examples::{Examples, is_u64};
use crate::plan::item::{Def, Kind, Open};
use crate::plan::ty::Ty;
use crate::report::{Finding, Level};

/// Names that types of the models cannot have, because the traits and the models use other items of these names.
const RESERVED: [&str; 38] = [
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
    "FilePart",
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
    pub(super) document: &'d Document,
    pub(super) defs: Vec<Def>,
    pub(super) findings: Vec<Finding>,
    by_id: HashMap<(usize, Option<&'d str>), Ty>,
    by_text: HashMap<String, Ty>,
    taken: BTreeSet<String>,
    /// Names of the document's own schemas, which others leave to them.
    components: BTreeSet<String>,
    /// Types that are named, and whose content is still to be read.
    pub(super) queue: VecDeque<(usize, Schema<'d>, Shape<'d>)>,
    /// The schemas that are being looked at.
    open: Vec<(usize, Option<&'d str>)>,
    pub(super) number_or_text: Option<usize>,
    pub(super) examples: Examples<'d>,
    /// The segments of paths whose identifiers are strings in examples.
    pub(super) text_identifiers: BTreeSet<&'d str>,
    /// The fields that examples lack.
    pub(super) lacking: Vec<Lacking>,
}

impl<'d> Types<'d> {
    pub(super) fn new(document: &'d Document, examples: Examples<'d>, text_identifiers: BTreeSet<&'d str>) -> Self {
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
            text_identifiers,
            examples,
            lacking: Vec::new(),
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

    /// A schema as text: schemas of the same text have the same type.
    pub(super) fn fingerprint(&self, schema: Schema<'d>) -> String {
        schema.fingerprint(&|node| self.examples.shown(node))
    }

    fn define(&mut self, used: &Used<'d>, name: Option<String>, hint: &str, shape: Shape<'d>) -> Ty {
        let schema = used.schema;
        let text = name.is_none().then(|| self.fingerprint(schema));
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
}

fn integer(schema: Schema<'_>, format: Option<&str>) -> Ty {
    let is_large = |key: &str| match schema.node().get(key).map(|node| &node.value) {
        Some(Value::Number(number)) => is_u64(number),
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
