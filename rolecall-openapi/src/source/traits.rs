//! Traits with `#[api]`, and what their methods declare.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{FnArg, ItemTrait, Pat, ReturnType, TraitItem, TraitItemFn, Type};

use crate::declared::{At, Body, Declared, Kind, Response, Usual, Value, role_name, usual_media_type};
use crate::document::Place;
use crate::names::{self, Case};
use crate::plan::ListStyle;
use crate::source::attributes::{Argument, arguments, docs, is};
use crate::source::types::{line_of, named, optional_inner, text_of};

/// A trait with `#[api]`.
#[derive(Default)]
pub(crate) struct SourceTrait {
    pub(crate) name: String,
    pub(crate) file: usize,
    pub(crate) doc: String,
    /// Where another method could be written: before the closing brace.
    pub(crate) end: usize,
    pub(crate) methods: Vec<SourceMethod>,
    pub(crate) usual: Usual,
}

/// A method of one.
#[derive(Default)]
pub(crate) struct SourceMethod {
    pub(crate) declared: Declared,
    /// The types of the body and of the response.
    pub(crate) body: Option<Type>,
    pub(crate) response: Option<Type>,
    /// The types of the values in the path, by placeholder.
    pub(crate) path_types: BTreeMap<String, Type>,
    /// The values of the query that are nested in brackets, and those that are JSON.
    pub(crate) deep: BTreeSet<String>,
    pub(crate) json: BTreeSet<String>,
    /// Types whose fields are values of the query, and whether they may be absent.
    pub(crate) flattened: Vec<(Type, bool)>,
    pub(crate) file: usize,
    /// The bytes of the whole method, documentation included.
    pub(crate) span: Range<usize>,
}

impl SourceMethod {
    /// Whether the response's content is in a type of this name, such as `Page`.
    pub(crate) fn is_wrapped(&self, wrapper: &str) -> bool {
        let mut inner = self.response.as_ref();
        while let Some(ty) = inner {
            let (name, next) = named(ty);
            if name == wrapper {
                return true;
            }
            inner = next.filter(|_| WRAPPERS.contains(&name.as_str()));
        }
        false
    }

    /// The type of the response's content, without what is around it.
    pub(crate) fn content(&self) -> Option<&Type> {
        let mut inner = self.response.as_ref()?;
        while let (name, Some(next)) = named(inner)
            && WRAPPERS.contains(&name.as_str())
        {
            inner = next;
        }
        Some(inner)
    }
}

/// Types around a response's content.
const WRAPPERS: [&str; 7] = ["Option", "Response", "Conditional", "Page", "Events", "JsonLines", "Event"];

/// What holds for a whole trait.
#[derive(Debug, Default)]
struct Common {
    path: String,
    rename_all: Option<Case>,
    /// The roles, and whether credentials are optional.
    callers: Option<(Vec<String>, bool)>,
    constants: BTreeMap<(At, String), Option<String>>,
    usual: Usual,
}

pub(super) fn interface(item: &ItemTrait, file: usize, path: &Path) -> Option<SourceTrait> {
    let attribute = item.attrs.iter().find(|attribute| is(attribute, "api"))?;
    let mut common = Common::default();
    for argument in arguments(attribute) {
        match argument.key.as_str() {
            "path" => common.path = argument.text(),
            "rename_all" => common.rename_all = Case::named(&argument.text()),
            "role" => {
                common.callers = Some(callers(&argument));
                common.usual.role = Some(argument.written());
            }
            "accept" => common.usual.accept = Some(argument.text()),
            "query" | "headers" => common.constants.extend(constants(&argument)),
            _ => {}
        }
    }
    let methods = item.items.iter().filter_map(|inner| match inner {
        TraitItem::Fn(function) => method(function, &common, &item.ident.to_string(), file, path),
        _ => None,
    });
    Some(SourceTrait {
        name: item.ident.to_string(),
        file,
        doc: docs(&item.attrs),
        end: item.brace_token.span.close().byte_range().start,
        methods: methods.collect(),
        usual: common.usual,
    })
}

/// The values of `query(…)` or `headers(…)`.
fn constants(argument: &Argument) -> Vec<((At, String), Option<String>)> {
    let constant = |(name, value): (String, String)| match argument.key.as_str() {
        "headers" => ((At::Header, name.to_ascii_lowercase()), Some(value)),
        _ => ((At::Query, name), Some(value)),
    };
    argument.pairs().into_iter().map(constant).collect()
}

/// The roles of `role = …`, and whether credentials are optional.
fn callers(argument: &Argument) -> (Vec<String>, bool) {
    let mut words = argument.words();
    // The last word of a path is the role.
    if words.first().is_none_or(|word| word != "any") {
        words = words.pop().into_iter().collect();
    }
    let is_open = words.iter().any(|word| word == "Public");
    words.retain(|word| word != "any" && word != "Public");
    let mut roles: Vec<String> = words.iter().map(|word| role_name(word)).collect();
    roles.sort();
    let is_optional = is_open && !roles.is_empty();
    (roles, is_optional)
}

fn method(function: &TraitItemFn, common: &Common, api: &str, file: usize, path: &Path) -> Option<SourceMethod> {
    let attribute = function.attrs.iter().find(|attribute| is(attribute, "endpoint"))?;
    let (roles, optional_credentials) = common.callers.clone().unwrap_or_default();
    let mut declared = Declared {
        api: api.to_owned(),
        name: function.sig.ident.unraw().to_string(),
        roles,
        optional_credentials,
        constants: common.constants.clone(),
        deprecated: function.attrs.iter().any(|attribute| attribute.path().is_ident("deprecated")),
        doc: docs(&function.attrs),
        place: Some(Place { file: path.to_owned(), line: line_of(function.sig.ident.span()) }),
        ..Declared::default()
    };
    let mut accept = common.usual.accept.clone();
    for argument in arguments(attribute) {
        match argument.key.as_str() {
            "method" => declared.method = argument.text(),
            "path" => declared.path = format!("{}{}", common.path, argument.text()),
            "role" => (declared.roles, declared.optional_credentials) = callers(&argument),
            "accept" => accept = Some(argument.text()),
            "query" | "headers" => declared.constants.extend(constants(&argument)),
            "idempotency_key" => {
                declared.constants.insert((At::Header, argument.text().to_ascii_lowercase()), None);
            }
            _ => {}
        }
    }
    let response = result(&function.sig.output);
    if let Some(ty) = &response {
        declared.response = self::response(ty, accept);
    }
    let mut out = SourceMethod {
        declared,
        body: None,
        response,
        path_types: BTreeMap::new(),
        deep: BTreeSet::new(),
        json: BTreeSet::new(),
        flattened: Vec::new(),
        file,
        span: function.span().byte_range(),
    };
    for input in &function.sig.inputs {
        if let FnArg::Typed(argument) = input {
            self::argument(argument, common, &mut out);
        }
    }
    Some(out)
}

/// `T` of `Result<T, Error>`.
fn result(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, ty) = output else { return None };
    let Type::Path(path) = &**ty else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    })
}

fn response(ty: &Type, accept: Option<String>) -> Response {
    let mut optional = false;
    let mut kind = None;
    let mut inner = ty;
    while let (name, Some(next)) = named(inner)
        && WRAPPERS.contains(&name.as_str())
    {
        optional |= name == "Option";
        kind = kind.or(Some(Kind::of_type(&name)).filter(|kind| matches!(kind, Kind::Events | Kind::Lines)));
        inner = next;
    }
    let kind = kind.unwrap_or_else(|| Kind::of_type(&named(inner).0));
    let media_type = accept.unwrap_or_else(|| kind.usual_media_type().to_owned());
    Response { kind, optional, media_type, ty: text_of(inner) }
}

fn argument(argument: &syn::PatType, common: &Common, out: &mut SourceMethod) {
    let Pat::Ident(pattern) = &*argument.pat else { return };
    let name = pattern.ident.unraw().to_string();
    let optional = optional_inner(&argument.ty).is_some();
    let inner = optional_inner(&argument.ty).unwrap_or(&argument.ty);
    let is_list = named(inner).0 == "Vec";
    let place = ["query", "header", "body", "part"].iter().find_map(|kind| {
        argument.attrs.iter().find(|attribute| is(attribute, kind)).map(|attribute| (*kind, arguments(attribute)))
    });
    let Some((kind, given)) = place else {
        let placeholders = crate::plan::placeholders(&out.declared.path);
        let own = placeholders.iter().find(|one| one.trim_start_matches('*') == name || names::snake(one) == name);
        if let Some(own) = own.map(|own| (*own).to_owned()) {
            out.path_types.insert(own, inner.clone());
        }
        return;
    };
    let has = |key: &str| given.iter().any(|argument| argument.key == key);
    let literal = given.iter().find(|argument| argument.key.is_empty()).map(Argument::text);
    let value = |key: &str| given.iter().find(|argument| argument.key == key).map(Argument::text);
    match kind {
        "query" if has("flatten") => out.flattened.push((inner.clone(), optional)),
        "query" => {
            let name = literal.unwrap_or_else(|| common.rename_all.map_or(name.clone(), |case| case.field(&name)));
            let list = match value("list").as_deref() {
                Some("comma") => ListStyle::Comma,
                Some("space") => ListStyle::Space,
                Some("pipe") => ListStyle::Pipe,
                _ => ListStyle::Repeat,
            };
            let is_one = has("nested") || has("json");
            let list = Some(list).filter(|_| is_list && !is_one);
            let value = Value { required: !optional && list.is_none(), list, ty: text_of(inner) };
            if has("nested") {
                out.deep.insert(name.clone());
            }
            if has("json") {
                out.json.insert(name.clone());
            }
            out.declared.parameters.insert((At::Query, name), value);
        }
        "header" if has("flatten") => {}
        "header" => {
            let name = literal.unwrap_or(name).to_ascii_lowercase();
            let value = Value { required: !optional && !is_list, list: None, ty: text_of(inner) };
            out.declared.parameters.insert((At::Header, name), value);
        }
        "part" => {
            let name = literal.unwrap_or_else(|| common.rename_all.map_or(name.clone(), |case| case.field(&name)));
            out.declared.add_part(name, !optional && !is_list, text_of(inner));
        }
        _ => {
            let formats = ["form", "text", "bytes", "multipart", "stream"];
            let format = formats.iter().find(|format| has(format)).copied().unwrap_or("json");
            let media_type = value("content_type").unwrap_or_else(|| usual_media_type(format).to_owned());
            let format = if format == "stream" { "bytes" } else { format }.to_owned();
            out.declared.body = Some(Body { format, media_type, required: !optional, ty: text_of(inner) });
            out.body = Some(inner.clone());
        }
    }
}
