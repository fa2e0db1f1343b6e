//! The text of an argument: what makes its value, and how it is passed.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use serde_json::{Map, Value, json};
use syn::{Attribute, Meta};

use crate::document::Operation;
use crate::values::{Values, flat, kind};

const FILE: &str = "FilePart::bytes(&b\"a1\"[..]).file_name(\"a.txt\").media_type(\"text/plain\")";

/// An argument of a method.
pub(crate) struct Argument<'a, 'd> {
    pub(crate) name: &'a str,
    pub(crate) ty: &'a str,
    pub(crate) attributes: &'a [Attribute],
    pub(crate) operation: &'a Operation<'d>,
    pub(crate) values: &'a Values<'d>,
}

impl<'d> Argument<'_, 'd> {
    /// Writes what makes the value, and returns how it is passed.
    pub(crate) fn expression(&self, variable: &str, out: &mut String) -> String {
        let (is_optional, inner) = match self.ty.strip_prefix("Option<").and_then(|rest| rest.strip_suffix('>')) {
            Some(inner) => (true, inner),
            None => (false, self.ty),
        };
        let passed = match inner {
            // Base64, as some schemas have it.
            "Bytes" => "Bytes::from_static(b\"aGk=\")".to_owned(),
            "FilePart" => FILE.to_owned(),
            "Vec<FilePart>" => format!("vec![{FILE}]"),
            "Multipart" => self.multipart(),
            "&str" => {
                let _ =
                    writeln!(out, "    let {variable}: String = json({})?;", raw(&Value::String(flat(&self.value()))));
                format!("{variable}.as_str()")
            }
            "&[&str]" => {
                let list = match self.value() {
                    Value::Array(items) => items.iter().map(|item| Value::String(flat(item))).collect(),
                    other => vec![Value::String(flat(&other))],
                };
                let _ = writeln!(out, "    let {variable}: Vec<String> = json({})?;", raw(&Value::Array(list)));
                let _ =
                    writeln!(out, "    let {variable}: Vec<&str> = {variable}.iter().map(String::as_str).collect();");
                format!("&{variable}")
            }
            other => {
                let owned = match other.strip_prefix('&') {
                    Some(list) if list.starts_with('[') => format!("Vec<{}>", list.trim_matches(['[', ']'])),
                    Some(one) => one.to_owned(),
                    None => other.to_owned(),
                };
                let _ = writeln!(out, "    let {variable}: {owned} = json({})?;", raw(&self.value()));
                if other.starts_with('&') { format!("&{variable}") } else { variable.to_owned() }
            }
        };
        if is_optional { format!("Some({passed})") } else { passed }
    }

    fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.path().is_ident(name))
    }

    /// A value that the document allows there.
    fn value(&self) -> Value {
        if let Some(attribute) = self.attribute("part") {
            return self.part(&literal(attribute, self.name));
        }
        if let Some(attribute) = self.attribute("query") {
            let has_flatten = tokens(attribute).into_iter().any(|token| token.to_string() == "flatten");
            return if has_flatten {
                self.flattened()
            } else {
                self.parameter("query", &literal(attribute, self.name))
            };
        }
        if let Some(attribute) = self.attribute("header") {
            return self.parameter("header", &literal(attribute, self.name));
        }
        if self.attribute("body").is_some() {
            return self.body();
        }
        self.parameter("path", self.name)
    }

    fn parameter(&self, location: &str, name: &str) -> Value {
        let same = |other: &str| match location {
            "query" => other == name || format!("{other}[]") == name,
            _ => letters(other) == letters(name),
        };
        let all = self.operation.parameters().map(|one| self.values.resolved(one));
        let is_it = |one: &&Value| {
            one.get("in").and_then(Value::as_str) == Some(location)
                && one.get("name").and_then(Value::as_str).is_some_and(same)
        };
        all.into_iter().find(is_it).map_or(json!("a1"), |one| self.parameter_value(one))
    }

    fn parameter_value(&self, parameter: &'d Value) -> Value {
        let content = parameter.get("content").and_then(Value::as_object).and_then(|all| all.values().next());
        if let Some(schema) = content.and_then(|content| content.get("schema")) {
            return self.values.of(schema);
        }
        let is_query = parameter.get("in").and_then(Value::as_str) == Some("query");
        parameter.get("schema").map_or(json!("a1"), |schema| self.values.of_parameter(schema, is_query))
    }

    /// All values of the query, with brackets where values are nested.
    fn flattened(&self) -> Value {
        let mut out = Map::new();
        for parameter in self.operation.parameters().map(|one| self.values.resolved(one)) {
            let Some(name) = parameter.get("name").and_then(Value::as_str) else { continue };
            if parameter.get("in").and_then(Value::as_str) != Some("query") {
                continue;
            }
            match self.parameter_value(parameter) {
                Value::Object(value) if parameter.get("style").and_then(Value::as_str) == Some("deepObject") => {
                    brackets(name, &Value::Object(value), &mut out);
                }
                Value::Object(value) => out.extend(value),
                value => {
                    out.insert(name.to_owned(), value);
                }
            }
        }
        self.fitted(out)
    }

    /// A map of strings has only strings, and only what no other argument sends.
    fn fitted(&self, values: Map<String, Value>) -> Value {
        if !self.ty.contains("BTreeMap<String,String>") {
            return Value::Object(values);
        }
        let is_nested = |name: &String| name.contains('[') || self.attribute("body").is_some();
        let texts = values.into_iter().filter(|(name, _)| is_nested(name));
        Value::Object(texts.map(|(name, value)| (name, Value::String(flat(&value)))).collect())
    }

    fn schema(&self) -> Option<&'d Value> {
        let body = self.values.resolved(self.operation.body()?);
        let content = self.values.resolved(body.get("content")?).as_object()?;
        let format = self.attribute("body").map(|attribute| tokens(attribute).to_string()).unwrap_or_default();
        let fits = |media: &str| match format.split([' ', ',']).next() {
            Some("form") => media.contains("form-urlencoded"),
            Some("multipart") => media.contains("multipart"),
            _ if self.attribute("part").is_some() => media.contains("multipart"),
            _ => format.contains(media) || (format.is_empty() && media.contains("json")),
        };
        let found = content.iter().find(|(media, _)| fits(media)).or_else(|| content.iter().next());
        found?.1.get("schema")
    }

    fn body(&self) -> Value {
        let Some(schema) = self.schema() else { return json!("a1") };
        let value = self.values.of(schema);
        if !self.ty.contains("BTreeMap<String,String>") {
            return value;
        }
        let mut out = Map::new();
        for (name, value) in value.as_object().into_iter().flatten() {
            brackets(name, value, &mut out);
        }
        self.fitted(out)
    }

    /// A part of the body.
    fn part(&self, name: &str) -> Value {
        let Some(schema) = self.schema().map(|schema| self.values.resolved(schema)) else { return json!("a1") };
        self.values.property(schema, name).map_or(json!("a1"), |property| self.values.of(property))
    }

    fn multipart(&self) -> String {
        let Some(schema) = self.schema().map(|schema| self.values.resolved(schema)) else {
            return "Multipart::new()".to_owned();
        };
        let mut out = "Multipart::new()".to_owned();
        for (name, value) in self.values.of(schema).as_object().into_iter().flatten() {
            let property = schema.get("properties").and_then(|all| all.get(name)).map(|one| self.values.resolved(one));
            let is_file = property.is_some_and(|one| {
                kind(one) == "string" && one.get("format").and_then(Value::as_str) == Some("binary")
            });
            if is_file {
                let _ = write!(out, ".part({name:?}, file()?)");
            } else {
                let _ = write!(out, ".text({name:?}, {:?})", flat(value));
            }
        }
        out
    }
}

pub(crate) fn tokens(attribute: &Attribute) -> TokenStream {
    match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    }
}

/// The first literal of an attribute, which is a name.
fn literal(attribute: &Attribute, otherwise: &str) -> String {
    let first = tokens(attribute).into_iter().next().map(|token| token.to_string()).unwrap_or_default();
    syn::parse_str::<syn::LitStr>(&first).map_or_else(|_| otherwise.to_owned(), |literal| literal.value())
}

fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

fn raw(value: &Value) -> String {
    format!("r####\"{value}\"####")
}

/// Nested values as pairs: `name[key]`, `name[0][key]`.
fn brackets(name: &str, value: &Value, out: &mut Map<String, Value>) {
    match value {
        Value::Object(entries) => {
            entries.iter().for_each(|(key, value)| brackets(&format!("{name}[{key}]"), value, out))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| brackets(&format!("{name}[{index}]"), value, out));
        }
        other => drop(out.insert(name.to_owned(), other.clone())),
    }
}
