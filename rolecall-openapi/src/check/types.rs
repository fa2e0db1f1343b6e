//! Types: does a type of the source hold what the document describes?

use std::collections::BTreeSet;

use syn::Type;

use crate::document::Place;
use crate::plan::{Case, Def, Kind, Location, Method, Plan, Ty};
use crate::report::{Finding, Level};
use crate::source::{Source, SourceCase, SourceMethod, SourceType, TypeKind, named, optional_inner};

/// Compares the types of methods, each pair of types once.
pub(super) struct Comparison<'a> {
    plan: &'a Plan,
    source: &'a Source,
    seen: BTreeSet<(usize, String)>,
    queue: Vec<(usize, &'a SourceType)>,
    pub(super) findings: Vec<Finding>,
}

/// The content of a Rust type, as far as its name implies it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Text,
    Bool,
    Number,
    List,
    Map,
    /// Anything, or something that is not known here.
    Other,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(plan: &'a Plan, source: &'a Source) -> Self {
        Self { plan, source, seen: BTreeSet::new(), queue: Vec::new(), findings: Vec::new() }
    }

    pub(super) fn method(&mut self, expected: &Method, method: &'a SourceMethod) {
        let title = format!("{} {}", expected.method, expected.path);
        let place = method.declared.place.clone();
        let body = expected.arguments.iter().find(|argument| matches!(argument.location, Location::Body(_)));
        if let (Some(body), Some(ty)) = (body, &method.body) {
            self.pair(&body.ty, ty, &format!("the request body of `{title}`"), &expected.place, place.as_ref());
        }
        if let Some(inner) = method.content() {
            self.pair(
                expected.returns.content(),
                inner,
                &format!("the response of `{title}`"),
                &expected.place,
                place.as_ref(),
            );
        }
        while let Some((index, ty)) = self.queue.pop() {
            if let Some(def) = self.plan.defs.get(index) {
                self.definition(def, ty);
            }
        }
    }

    fn add(&mut self, message: String, document: &Place, source: Option<&Place>, help: &str) {
        let finding = Finding::new(Level::Error, message).at(document.clone()).in_source(source.cloned()).help(help);
        self.findings.push(finding);
    }

    fn pair(&mut self, expected: &Ty, actual: &'a Type, what: &str, document: &Place, source: Option<&Place>) {
        let (expected, actual) = match (expected, optional_inner(actual)) {
            (Ty::Optional(inner), Some(actual)) => (&**inner, actual),
            (Ty::Optional(inner), None) => (&**inner, actual),
            (other, Some(actual)) => (other, actual),
            (other, None) => (other, actual),
        };
        let (name, inner) = named(actual);
        match (expected, inner) {
            (Ty::Boxed(expected), _) => return self.pair(expected, actual, what, document, source),
            (Ty::List(item), Some(inner)) if name == "Vec" => {
                return self.pair(item, inner, &format!("an item of {what}"), document, source);
            }
            (Ty::Map(value), Some(inner)) if name == "Map" => {
                return self.pair(value, inner, &format!("a value of {what}"), document, source);
            }
            (Ty::Named(index), _) => {
                if let Some(ty) = self.source.types.get(&name) {
                    if self.seen.insert((*index, name)) {
                        self.queue.push((*index, ty));
                    }
                    return;
                }
            }
            _ => {}
        }
        let (is, has) = (class(expected), class_of(&name));
        if is != has && is != Class::Other && has != Class::Other {
            let ty = expected.owned(&self.plan.defs);
            self.add(
                format!("{what} is `{ty}` in the document, and `{name}` here"),
                document,
                source,
                &format!("use `{ty}`"),
            );
        }
    }

    fn definition(&mut self, def: &Def, ty: &'a SourceType) {
        match (&def.kind, &ty.kind) {
            (Kind::Struct { fields, rest }, TypeKind::Struct(own)) => {
                for field in fields {
                    let Some(other) = own.fields.iter().find(|other| other.wire == field.wire) else {
                        if own.rest.is_none() {
                            let message = format!("the field `{}` of `{}` is not declared", field.wire, ty.name);
                            let text = if field.required { field.ty.clone() } else { field.ty.clone().optional() };
                            let help = format!("add `pub {}: {}`", field.ident, text.owned(&self.plan.defs));
                            self.add(message, &def.place, Some(&ty.place), &help);
                        }
                        continue;
                    };
                    let place = Place { line: other.line, ..ty.place.clone() };
                    let what = format!("the field `{}` of `{}`", field.wire, ty.name);
                    let may_lack = !field.required || matches!(field.ty, Ty::Optional(_));
                    if may_lack && !other.optional && class_of(&named(&other.ty).0) != Class::Other {
                        self.add(
                            format!("{what} may be absent or `null`"),
                            &def.place,
                            Some(&place),
                            "put its type into an `Option`",
                        );
                    }
                    self.pair(&field.ty, &other.ty, &what, &def.place, Some(&place));
                }
                for other in own
                    .fields
                    .iter()
                    .filter(|other| rest.is_none() && fields.iter().all(|field| field.wire != other.wire))
                {
                    let place = Place { line: other.line, ..ty.place.clone() };
                    let message = format!("the field `{}` of `{}` is not in the document", other.wire, ty.name);
                    self.add(message, &def.place, Some(&place), "remove the field");
                }
            }
            (Kind::Words { words, .. }, TypeKind::Words(own)) => {
                for (word, ident) in words.iter().filter(|(word, _)| own.iter().all(|other| other.word != *word)) {
                    let message = format!("the value `{word}` of `{}` is not declared", ty.name);
                    self.add(message, &def.place, Some(&ty.place), &format!("add the variant `{ident}`"));
                }
                for other in own.iter().filter(|other| words.iter().all(|(word, _)| *word != other.word)) {
                    let place = Place { line: other.line, ..ty.place.clone() };
                    let message = format!("the value `{}` of `{}` is not in the document", other.word, ty.name);
                    self.add(message, &def.place, Some(&place), "remove the variant");
                }
            }
            (Kind::Union { variants, .. }, TypeKind::Union(own)) => {
                for variant in variants {
                    let expected = variant.ty.owned(&self.plan.defs);
                    match own.iter().find(|(ident, _)| *ident == variant.ident) {
                        Some((_, actual)) => {
                            let what = format!("the variant `{}` of `{}`", variant.ident, ty.name);
                            self.pair(&variant.ty, actual, &what, &def.place, Some(&ty.place));
                        }
                        None => {
                            let message = format!("the variant `{}` of `{}` is not declared", variant.ident, ty.name);
                            let help = format!("add `{}({expected})`", variant.ident);
                            self.add(message, &def.place, Some(&ty.place), &help);
                        }
                    }
                }
            }
            (Kind::Statuses(cases), TypeKind::Statuses(own)) => self.statuses(cases, own, def, ty),
            // A type that the author made otherwise is the author's.
            _ => {}
        }
    }
}

impl<'a> Comparison<'a> {
    /// The variants of responses. Those of failures are the author's.
    fn statuses(&mut self, cases: &[Case], own: &'a [SourceCase], def: &Def, ty: &'a SourceType) {
        let has = |own: &SourceCase, status: u16| own.statuses.contains(&status);
        for case in cases {
            for status in &case.statuses {
                let what = format!("the response {status} of `{}`", ty.name);
                let body = case.ty.as_ref().map(|body| body.owned(&self.plan.defs));
                let Some(other) = own.iter().find(|other| has(other, *status)) else {
                    let body = body.map_or_else(String::new, |body| format!("({body})"));
                    let help = format!("add `#[status({status})] {}{body}`", case.ident);
                    self.add(format!("{what} is not declared"), &def.place, Some(&ty.place), &help);
                    continue;
                };
                match (&case.ty, &other.ty) {
                    (Some(expected), Some(actual)) => {
                        self.pair(expected.content(), actual, &what, &def.place, Some(&ty.place));
                    }
                    (Some(_), None) => {
                        let help = format!("use `{}({})`", other.ident, body.unwrap_or_default());
                        self.add(format!("{what} has a body"), &def.place, Some(&ty.place), &help);
                    }
                    (None, Some(_)) => {
                        let help = format!("use `{}`", other.ident);
                        self.add(format!("{what} has no body"), &def.place, Some(&ty.place), &help);
                    }
                    (None, None) => {}
                }
            }
        }
        let known = |status: u16| cases.iter().any(|case| case.statuses.contains(&status));
        for status in own.iter().flat_map(|own| &own.statuses).filter(|status| **status < 300 && !known(**status)) {
            let message = format!("the response {status} of `{}` is not in the document", ty.name);
            self.add(message, &def.place, Some(&ty.place), "remove the status");
        }
    }
}

fn class(ty: &Ty) -> Class {
    match ty {
        Ty::Text => Class::Text,
        Ty::Bool => Class::Bool,
        Ty::Integer(_) | Ty::Float(_) => Class::Number,
        Ty::List(_) => Class::List,
        Ty::Map(_) | Ty::Object => Class::Map,
        Ty::Optional(inner) | Ty::Boxed(inner) => class(inner),
        _ => Class::Other,
    }
}

fn class_of(name: &str) -> Class {
    match name {
        "String" | "str" => Class::Text,
        "bool" => Class::Bool,
        "Vec" => Class::List,
        "Map" => Class::Map,
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "f32"
        | "f64" => Class::Number,
        _ => Class::Other,
    }
}
