//! The arguments of a method: path, query, headers, body.

use crate::model::{In, Media, Operation, Parameter, Schema, Shape, Style, Used};
use crate::names;
use crate::plan::item::{Argument, Field, Kind, ListStyle, Location};
use crate::plan::ty::Ty;
use crate::plan::types::Types;
use crate::plan::{bodies, constants, flat, identifiers, parts};

/// The maximum number of arguments of a method besides `&self`: clippy's `too_many_arguments` warns about more.
pub(crate) const MAX_ARGUMENTS: usize = 6;

/// Headers that are not an endpoint's to set.
const OWNED: [&str; 14] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// The arguments of an operation, those that are required first.
pub(super) fn arguments<'d>(
    types: &mut Types<'d>,
    operation: &Operation<'d>,
    stem: &str,
    placeholders: &[(String, String, String)],
) -> Vec<Argument> {
    let mut all: Vec<Argument> = Vec::new();
    for (name, written, argument) in placeholders {
        let parameter = operation.parameters.iter().find(|one| one.location == In::Path && one.name == name);
        let ty = parameter.map_or(Ty::Text, |parameter| scalar(types, parameter, stem));
        let ty = identifier(types, operation, name, ty);
        all.push(Argument {
            name: argument.clone(),
            location: Location::Path(written.clone()),
            ty,
            required: true,
            doc: None,
        });
    }
    let is_query = |one: &&Parameter<'d>| one.location == In::Query && !constants::is_constant(operation, one);
    for parameter in operation.parameters.iter().filter(is_query) {
        let (location, ty) = query(types, parameter, stem);
        push(&mut all, parameter, location, ty, parameter.required);
    }
    headers(types, operation, stem, &mut all);
    let most = MAX_ARGUMENTS.saturating_sub(all.len());
    if let Some(parts) = parts::parts(types, operation, stem, most) {
        for part in parts {
            let name = free(&all, &part.name);
            all.push(Argument { name, ..part });
        }
    } else if let Some(body) = &operation.body
        && let Some((format, ty)) = bodies::body(types, operation, body, stem)
    {
        let name = free(&all, "body");
        let required = body.required || matches!(ty, Ty::Runtime("Multipart"));
        all.push(Argument { name, location: Location::Body(format), ty, required, doc: None });
    }
    if all.len() > MAX_ARGUMENTS {
        gather(types, operation, stem, &mut all);
    }
    let is_rest = |argument: &Argument| !matches!(argument.location, Location::Path(_)) && !argument.required;
    all.sort_by_key(is_rest);
    all
}

fn free(all: &[Argument], wish: &str) -> String {
    names::unique(wish, "_", |name| all.iter().any(|other| other.name == name))
}

fn push(all: &mut Vec<Argument>, parameter: &Parameter<'_>, location: Location, ty: Ty, required: bool) {
    all.push(Argument {
        name: free(all, &names::lower(parameter.name, "value")),
        location,
        ty,
        required,
        doc: parameter.description.map(str::to_owned),
    });
}

/// The shape of a parameter's values, all that only stand for others looked through.
fn shape<'d>(parameter: &Parameter<'d>) -> Option<(Used<'d>, Shape<'d>)> {
    let mut used = parameter.schema?.used();
    for _ in 0..8 {
        match used.schema.shape() {
            Shape::Same(other) => used = other.used(),
            shape => return Some((used, shape)),
        }
    }
    None
}

/// A value in the path or in a header: its type is `Display`.
fn scalar<'d>(types: &mut Types<'d>, parameter: &Parameter<'d>, stem: &str) -> Ty {
    let (Some(schema), Some((_, shape))) = (parameter.schema, shape(parameter)) else { return Ty::Text };
    match shape {
        Shape::Bool | Shape::Integer(_) | Shape::Number | Shape::Text | Shape::Words(..) => {
            types.ty(schema, &format!("{stem}{}", names::pascal(parameter.name))).required()
        }
        Shape::List(items) if parameter.location == In::Header => {
            let hint = names::singular(&format!("{stem}{}", names::pascal(parameter.name)));
            items.and_then(|items| flat::scalar(types, items, &hint)).unwrap_or(Ty::Text).list()
        }
        Shape::Any | Shape::Null => Ty::Text,
        _ => {
            let message = format!("the parameter `{}` is written as text by the caller", parameter.name);
            types.note(parameter.site, message, "a list is joined by commas");
            Ty::Text
        }
    }
}

/// The type of an identifier: a number, unless responses show it as a string.
fn identifier<'d>(types: &mut Types<'d>, operation: &Operation<'d>, name: &str, ty: Ty) -> Ty {
    let written = format!("{{{name}}}");
    let before = operation.path.find(&written).and_then(|at| operation.path.get(..at + written.len()));
    let segment = before.and_then(identifiers::collection).filter(|(_, placeholder)| *placeholder == Some(name));
    match segment {
        Some((segment, _))
            if matches!(ty, Ty::Integer(_) | Ty::Float(_)) && types.text_identifiers.contains(segment) =>
        {
            let why =
                format!("the path parameter `{name}` is a number, but what it identifies has a string in examples");
            let parameter = operation.parameters.iter().find(|one| one.location == In::Path && one.name == name);
            types.number_or_text(parameter.map_or(operation.site, |one| one.site), &why)
        }
        _ => ty,
    }
}

/// Where a value of the query goes, and its type.
fn query<'d>(types: &mut Types<'d>, parameter: &Parameter<'d>, stem: &str) -> (Location, Ty) {
    let name = parameter.name;
    let plain = |list| Location::Query { name: name.to_owned(), list };
    let text = |types: &mut Types<'d>, what: &str| {
        let message = format!("the query parameter `{name}` {what}");
        types.note(parameter.site, message, "the caller writes it as text");
        (plain(ListStyle::Repeat), Ty::Text)
    };
    let hint = format!("{stem}{}", names::pascal(name));
    match (parameter.content, parameter.schema) {
        (Some(media_type), Some(schema)) if Media::of(media_type) == Media::Json => {
            return (Location::Json(name.to_owned()), types.ty(schema, &hint).required());
        }
        (Some(_), _) => return text(types, "is a document by itself"),
        (None, _) => {}
    }
    let Some((used, shape)) = shape(parameter) else { return (plain(ListStyle::Repeat), Ty::Text) };
    let schema = used.schema;
    match (shape, parameter.style) {
        (Shape::Any | Shape::Null, _) => (plain(ListStyle::Repeat), Ty::Text),
        (Shape::Bool | Shape::Integer(_) | Shape::Number | Shape::Text | Shape::Words(..) | Shape::Same(_), _) => {
            (plain(ListStyle::Repeat), types.ty(parameter.schema.unwrap_or(schema), &hint).required())
        }
        (Shape::List(items), style) => {
            let item = items.map_or(Some(Ty::Text), |items| flat::scalar(types, items, &names::singular(&hint)));
            match item {
                Some(item) => list(name, style, item),
                None => pairs(types, parameter),
            }
        }
        (Shape::Record | Shape::Map(_), Style::Deep) => nested(types, parameter, &hint),
        (Shape::Record | Shape::Union(_), Style::Repeat) if flat::is_flat(schema) => {
            (Location::Flatten, types.ty(schema, &hint).required())
        }
        (Shape::Map(_), Style::Repeat) => (Location::Flatten, Ty::Map(Box::new(Ty::Text))),
        (Shape::Record, Style::Repeat) => pairs(types, parameter),
        (Shape::Record | Shape::Map(_), _) => text(types, "is an object in one value"),
        (Shape::Union(_), Style::Deep) => nested(types, parameter, &hint),
        (Shape::Union(parts), style) => {
            let is_list = |part: &Schema<'d>| matches!(part.used().schema.shape(), Shape::List(_));
            if parts.iter().any(is_list) {
                return list(name, style, Ty::Text);
            }
            text(types, "is one of several types")
        }
    }
}

/// Values within a value, below their names in brackets.
fn nested<'d>(types: &mut Types<'d>, parameter: &Parameter<'d>, hint: &str) -> (Location, Ty) {
    let ty = parameter.schema.map_or(Ty::Value, |schema| types.ty(schema, hint).required());
    match ty {
        Ty::Value | Ty::Object => pairs(types, parameter),
        ty => (Location::Nested(parameter.name.to_owned()), ty),
    }
}

fn list(name: &str, style: Style, item: Ty) -> (Location, Ty) {
    let (name, list) = match style {
        Style::Deep if !name.ends_with("[]") => (format!("{name}[]"), ListStyle::Repeat),
        Style::Comma | Style::Prefixed => (name.to_owned(), ListStyle::Comma),
        Style::Space => (name.to_owned(), ListStyle::Space),
        Style::Pipe => (name.to_owned(), ListStyle::Pipe),
        Style::Repeat | Style::Deep => (name.to_owned(), ListStyle::Repeat),
    };
    (Location::Query { name, list }, item.list())
}

/// Nested values: pairs whose names the caller writes.
fn pairs<'d>(types: &mut Types<'d>, parameter: &Parameter<'d>) -> (Location, Ty) {
    let name = parameter.name;
    let message = format!("the query parameter `{name}` has nested values");
    types.note(parameter.site, message, &format!("the caller writes the names with their brackets: `{name}[key]`"));
    (Location::Flatten, Ty::Map(Box::new(Ty::Text)))
}

fn headers<'d>(types: &mut Types<'d>, operation: &Operation<'d>, stem: &str, all: &mut Vec<Argument>) {
    let mut cookies = Vec::new();
    for parameter in &operation.parameters {
        let name = parameter.name.trim().to_ascii_lowercase();
        match parameter.location {
            In::Header if OWNED.contains(&name.as_str()) => {
                types.note(parameter.site, format!("the header `{name}` is set by the client"), "");
            }
            In::Header if constants::is_constant(operation, parameter) => {}
            In::Header => {
                let is_token = |char: char| char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char);
                let is_new = all.iter().all(|other| other.location != Location::Header(name.clone()));
                if name.is_empty() || !name.chars().all(is_token) {
                    types.note(parameter.site, format!("`{name}` is not the name of a header"), "it is not sent");
                } else if is_new {
                    let ty = scalar(types, parameter, stem);
                    push(all, parameter, Location::Header(name), ty, parameter.required);
                }
            }
            In::Cookie => cookies.push(parameter),
            In::Path | In::Query => {}
        }
    }
    let [first, ..] = cookies.as_slice() else { return };
    let names: Vec<String> = cookies.iter().map(|cookie| format!("`{}=…`", cookie.name)).collect();
    types.note(first.site, format!("the cookie is written by the caller: {}", names.join("; ")), "");
    let required = cookies.iter().any(|cookie| cookie.required);
    all.push(Argument {
        name: free(all, "cookie"),
        location: Location::Header("cookie".to_owned()),
        ty: Ty::Text,
        required,
        doc: None,
    });
}

/// Puts the values of the query into a struct: first those that may be left out, then all.
fn gather<'d>(types: &mut Types<'d>, operation: &Operation<'d>, stem: &str, all: &mut Vec<Argument>) {
    let plain = |argument: &Argument| matches!(&argument.location, Location::Query { list: ListStyle::Repeat, .. });
    let optional = all.iter().filter(|argument| plain(argument) && !argument.required).count();
    let enough = optional > 1 && all.len() - optional < MAX_ARGUMENTS;
    let moves = |argument: &Argument| plain(argument) && (!argument.required || !enough);
    if all.iter().filter(|argument| moves(argument)).count() < 2 {
        return;
    }
    let (moved, kept): (Vec<Argument>, Vec<Argument>) = all.drain(..).partition(moves);
    let required = moved.iter().any(|argument| argument.required);
    let fields = moved.into_iter().map(|argument| Field {
        wire: match argument.location {
            Location::Query { name, .. } => name,
            _ => argument.name.clone(),
        },
        ident: argument.name,
        doc: argument.doc,
        ty: argument.ty,
        required: argument.required,
        read_only: false,
        write_only: false,
    });
    let kind = Kind::Struct { fields: fields.collect(), rest: None };
    let doc = format!("The query of `{}`.", operation.title());
    let index = types.add(&format!("{stem}Query"), false, doc, operation.site, kind);
    *all = kept;
    all.push(Argument {
        name: free(all, "query"),
        location: Location::Flatten,
        ty: Ty::Named(index),
        required,
        doc: None,
    });
}
