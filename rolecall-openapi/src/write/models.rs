//! The text of a type.

use crate::names::{self, Case as Convention};
use crate::plan::{Case, Def, Field, Kind, Ty, Variant};
use crate::write::layout::{self, WIDTH, header, literal, serde};
use crate::write::prose;

/// The lines of a type.
pub(crate) fn model(def: &Def, defs: &[Def]) -> Vec<String> {
    let mut out = prose::docs(&def.doc, "", 240, &format!("The type `{}` of the API.", def.name));
    match &def.kind {
        Kind::Struct { fields, rest } => record(def, fields, rest.as_ref(), defs, &mut out),
        Kind::Words { words, .. } => enumeration(def, words, &mut out),
        Kind::Union { variants, .. } => union(def, variants, defs, &mut out),
        Kind::Statuses(cases) => statuses(&def.name, cases, defs, &mut out),
        Kind::NumberOrText => number_or_text(&def.name, &mut out),
    }
    out
}

fn derive(def: &Def, more: &[&str]) -> String {
    let mut traits = vec!["Debug", "Clone"];
    traits.extend(more);
    traits.push("PartialEq");
    if matches!(def.kind, Kind::Words { .. }) {
        traits.push("Eq");
    }
    if def.request {
        traits.push("Serialize");
    }
    if def.response {
        traits.push("Deserialize");
    }
    format!("#[derive({})]", traits.join(", "))
}

fn record(def: &Def, fields: &[Field], rest: Option<&Ty>, defs: &[Def], out: &mut Vec<String>) {
    let is_empty_by_default = !def.response && fields.iter().all(|field| !field.required) && !fields.is_empty();
    let is_complex = |field: &Field| field.ty.owned(defs).matches("BTreeMap").count() > 2;
    if fields.iter().any(is_complex) {
        out.push("#[allow(clippy::type_complexity)]".to_owned());
    }
    out.push(derive(def, if is_empty_by_default { &["Default"] } else { &[] }));
    let case = case(fields.iter().map(|field| (field.ident.as_str(), field.wire.as_str())), Convention::field);
    if let Some(case) = case {
        out.push(format!("#[serde(rename_all = {})]", literal(case.name())));
    }
    if fields.is_empty() && rest.is_none() {
        out.extend(header(&format!("pub struct {}", def.name), "{}"));
        return;
    }
    out.extend(header(&format!("pub struct {}", def.name), "{"));
    for field in fields {
        self::field(def, field, case, defs, out);
    }
    if let Some(rest) = rest {
        let ident = names::unique("rest", "_", |name| fields.iter().any(|field| field.ident == name));
        out.push("    /// The values of all other keys.".to_owned());
        out.push("    #[serde(flatten)]".to_owned());
        push_field(out, &format!("    pub {ident}:"), &Ty::Map(Box::new(rest.clone())).owned(defs));
    }
    out.push("}".to_owned());
}

/// Returns the lines of some fields of a struct that may have any convention: each field declares its own name.
pub(crate) fn fields<'a>(def: &Def, fields: impl Iterator<Item = &'a Field>, defs: &[Def]) -> Vec<String> {
    let mut out = Vec::new();
    for field in fields {
        let start = out.len();
        self::field(def, field, None, defs, &mut out);
        let says = out.get(start..).unwrap_or_default().iter().any(|line| line.contains("rename = "));
        if !says {
            let line = format!("    #[serde(rename = {})]", literal(&field.wire));
            out.insert(out.len() - 1, line);
        }
    }
    out
}

/// The lines of some words of an enum that may have any convention.
pub(crate) fn words<'a>(words: impl Iterator<Item = &'a (String, String)>) -> Vec<String> {
    words
        .flat_map(|(word, ident)| {
            [
                format!("    /// `{}`.", plain(word)),
                format!("    #[serde(rename = {})]", literal(word)),
                format!("    {ident},"),
            ]
        })
        .collect()
}

fn field(def: &Def, field: &Field, case: Option<Convention>, defs: &[Def], out: &mut Vec<String>) {
    out.extend(prose::docs(
        field.doc.as_deref().unwrap_or_default(),
        "    ",
        88,
        &format!("`{}`.", plain(&field.wire)),
    ));
    let mut attributes = Vec::new();
    let named = case.map_or_else(|| field.ident.clone(), |case| case.field(&field.ident));
    if named != field.wire {
        attributes.push(format!("rename = {}", literal(&field.wire)));
    }
    let ty = if field.required { field.ty.clone() } else { field.ty.clone().optional() };
    if !field.required && def.request {
        attributes.push("skip_serializing_if = \"Option::is_none\"".to_owned());
    }
    out.extend(serde("    ", &attributes));
    push_field(out, &format!("    pub {}:", names::ident(&field.ident)), &ty.owned(defs));
}

fn push_field(out: &mut Vec<String>, name: &str, ty: &str) {
    let line = format!("{name} {ty},");
    let next = format!("        {ty},");
    if line.chars().count() <= WIDTH {
        out.push(line);
    } else if next.chars().count() <= WIDTH || !ty.contains('<') {
        out.extend([name.to_owned(), next]);
    } else {
        out.extend(layout::ty(4, &format!("{} ", name.trim_start()), ty, ","));
    }
}

fn enumeration(def: &Def, words: &[(String, String)], out: &mut Vec<String>) {
    let is_open = def.is_open();
    out.push(derive(def, if is_open { &[] } else { &["Copy"] }));
    let case = case(words.iter().map(|(word, ident)| (ident.as_str(), word.as_str())), Convention::variant);
    if let Some(case) = case {
        out.push(format!("#[serde(rename_all = {})]", literal(case.name())));
    }
    out.extend(header(&format!("pub enum {}", def.name), "{"));
    for (word, ident) in words {
        out.push(format!("    /// `{}`.", plain(word)));
        let named = case.map_or_else(|| ident.clone(), |case| case.variant(ident));
        if named != *word {
            out.extend(serde("    ", &[format!("rename = {}", literal(word))]));
        }
        out.push(format!("    {ident},"));
    }
    if is_open {
        out.push("    /// A value that the document does not name.".to_owned());
        out.push("    #[serde(untagged)]".to_owned());
        out.push("    Other(String),".to_owned());
    }
    out.push("}".to_owned());
}

fn union(def: &Def, variants: &[Variant], defs: &[Def], out: &mut Vec<String>) {
    out.push(derive(def, &[]));
    out.push("#[serde(untagged)]".to_owned());
    out.extend(header(&format!("pub enum {}", def.name), "{"));
    for variant in variants {
        let ty = variant.ty.owned(defs);
        out.push(format!("    /// A value of type `{ty}`."));
        push_variant(out, &variant.ident, &ty);
    }
    if def.is_open() {
        out.push("    /// A value that the document does not describe.".to_owned());
        out.push("    Other(Value),".to_owned());
    }
    out.push("}".to_owned());
}

fn push_variant(out: &mut Vec<String>, ident: &str, ty: &str) {
    let line = format!("    {ident}({ty}),");
    if line.chars().count() <= WIDTH {
        out.push(line);
    } else {
        out.push(format!("    {ident}("));
        out.extend(layout::ty(8, "", ty, ","));
        out.push("    ),".to_owned());
    }
}

fn statuses(name: &str, cases: &[Case], defs: &[Def], out: &mut Vec<String>) {
    out.push("#[derive(Debug, Clone, PartialEq, ByStatus)]".to_owned());
    out.extend(header(&format!("pub enum {name}"), "{"));
    for case in cases {
        let codes: Vec<String> = case.statuses.iter().map(u16::to_string).collect();
        let word = if codes.len() == 1 { "Status" } else { "Statuses" };
        out.push(format!("    /// {word} {}.", codes.join(", ")));
        out.push(format!("    #[status({})]", codes.join(", ")));
        match &case.ty {
            Some(ty) => push_variant(out, &case.ident, &ty.owned(defs)),
            None => out.push(format!("    {},", case.ident)),
        }
    }
    out.push("}".to_owned());
}

fn number_or_text(name: &str, out: &mut Vec<String>) {
    let text = format!(
        "#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum {name} {{
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
}}

impl fmt::Display for {name} {{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{
        match self {{
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }}
    }}
}}

impl From<i64> for {name} {{
    fn from(number: i64) -> Self {{
        Self::Number(number.into())
    }}
}}

impl From<&str> for {name} {{
    fn from(text: &str) -> Self {{
        Self::Text(text.to_owned())
    }}
}}"
    );
    out.extend(text.lines().map(str::to_owned));
}

/// Returns the convention that leaves the fewest names to be declared one by one, or `None` if none is better than no
/// convention.
fn case<'a>(
    names: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    apply: fn(Convention, &str) -> String,
) -> Option<Convention> {
    let own = names.clone().filter(|(ident, wire)| ident == wire).count();
    let fits = |case: &Convention| names.clone().filter(|(ident, wire)| apply(*case, ident) == *wire).count();
    // The first of those that fit best.
    let best = Convention::ALL.into_iter().rev().max_by_key(fits)?;
    (fits(&best) > own).then_some(best)
}

/// A word between backticks.
fn plain(word: &str) -> String {
    let clean: String = word.chars().map(|char| if char.is_control() || char == '`' { ' ' } else { char }).collect();
    if clean.trim().is_empty() { "(empty)".to_owned() } else { clean.trim().to_owned() }
}
