//! What the constant `ENDPOINTS` of a trait declares.

mod generators;

use rolecall::{BodyKind, Endpoint, Parameter, ParameterLocation, ResponseKind};

use crate::declared::{At, Body, Declared, Kind, KnownBody, Response, Value};
use crate::document::node::{Node, Value as Json};
use crate::plan::ListStyle;

pub(crate) use generators::Generators;

/// The first of several media types, without its parameters.
fn first(accept: &str) -> String {
    accept.split([',', ';']).next().unwrap_or_default().trim().to_owned()
}

fn kind(kind: ResponseKind) -> Kind {
    match kind {
        ResponseKind::Empty => Kind::Empty,
        ResponseKind::Text => Kind::Text,
        ResponseKind::Bytes | ResponseKind::Stream => Kind::Bytes,
        ResponseKind::Events => Kind::Events,
        ResponseKind::JsonLines => Kind::Lines,
        _ => Kind::Json,
    }
}

/// An endpoint of a trait.
pub(crate) fn declared(endpoint: &Endpoint, generators: &mut Generators) -> Declared {
    let mut roles: Vec<String> = endpoint.roles.iter().map(|role| (*role).to_owned()).collect();
    roles.sort();
    let mut out = Declared {
        api: endpoint.api.to_owned(),
        name: endpoint.name.to_owned(),
        method: endpoint.method.as_str().to_owned(),
        path: endpoint.path.to_owned(),
        roles,
        optional_credentials: endpoint.optional_credentials,
        response: Response {
            kind: kind(endpoint.response.kind),
            optional: endpoint.response.optional,
            media_type: first(endpoint.accept),
            ty: endpoint.response.type_name.to_owned(),
        },
        deprecated: endpoint.deprecated,
        doc: endpoint.docs.to_owned(),
        ..Declared::default()
    };
    let constant = |at: At, (name, value): &(&str, &str)| ((at, (*name).to_owned()), Some((*value).to_owned()));
    out.constants.extend(endpoint.query.iter().map(|pair| constant(At::Query, pair)));
    out.constants.extend(endpoint.headers.iter().map(|pair| constant(At::Header, pair)));
    out.constants.extend(endpoint.idempotency_key.map(|name| ((At::Header, name.to_ascii_lowercase()), None)));
    for parameter in endpoint.parameters {
        self::parameter(parameter, generators, &mut out);
    }
    let bodies = endpoint.response.bodies(&mut generators.responses).unwrap_or_default();
    out.known.responses.extend(bodies.into_iter().map(|body| KnownBody {
        statuses: body.statuses.to_vec(),
        kind: kind(body.kind),
        schema: body.schema.map(|schema| generators::node(schema.as_value())),
    }));
    // The variants without a body.
    let is_empty = |body: &KnownBody| body.kind == Kind::Empty && body.statuses.iter().any(|status| *status < 300);
    out.response.optional |= out.known.responses.iter().any(is_empty);
    let error = endpoint.error_schema(&mut generators.responses);
    out.known.error = error.map(|schema| generators::node(schema.as_value()));
    out
}

fn parameter(parameter: &Parameter, generators: &mut Generators, out: &mut Declared) {
    let list = parameter.list.map(|style| match style {
        rolecall::ListStyle::Comma => ListStyle::Comma,
        rolecall::ListStyle::Space => ListStyle::Space,
        rolecall::ListStyle::Pipe => ListStyle::Pipe,
        _ => ListStyle::Repeat,
    });
    let (name, ty) = (parameter.name.to_owned(), parameter.type_name.to_owned());
    let value = Value { required: parameter.required, list, ty: ty.clone() };
    let schema = parameter.schema(&mut generators.requests).map(|schema| generators::node(schema.as_value()));
    let at = match parameter.location {
        ParameterLocation::Path => return out.known.path.extend(schema.map(|schema| (name, schema))),
        ParameterLocation::Query if parameter.flatten => {
            return match schema {
                Some(schema) => fields(parameter, &generators.resolve(&schema), generators, out),
                // The names of its fields are serde's to know.
                None => out.has_unknown_query = true,
            };
        }
        // As their names are the caller's.
        ParameterLocation::Header if parameter.flatten => return,
        ParameterLocation::Query => {
            out.parameters.insert((At::Query, name.clone()), value);
            At::Query
        }
        ParameterLocation::Header => {
            // Lists in headers have one style.
            out.parameters.insert((At::Header, name.clone()), Value { list: None, ..value });
            At::Header
        }
        ParameterLocation::Part => {
            out.add_part(name.clone(), parameter.required, ty);
            At::Part
        }
        ParameterLocation::Body => {
            let format = match parameter.body {
                Some(BodyKind::Form) => "form",
                Some(BodyKind::Text) => "text",
                Some(BodyKind::Bytes | BodyKind::Stream) => "bytes",
                Some(BodyKind::Multipart) => "multipart",
                _ => "json",
            };
            let media_type = parameter.media_type.unwrap_or("multipart/form-data").to_owned();
            let format = format.to_owned();
            out.body = Some(Body { format, media_type, required: parameter.required, ty });
            out.known.body = schema;
            return;
        }
        _ => return,
    };
    out.known.values.extend(schema.map(|schema| ((at, name), schema)));
}

/// The fields of a flattened query, by the schema of its type.
fn fields(parameter: &Parameter, schema: &Node, generators: &Generators, out: &mut Declared) {
    let properties = schema.get("properties").map(Node::entries).unwrap_or_default();
    let is_required = |name: &str| {
        let required = schema.get("required").map(Node::items).unwrap_or_default();
        parameter.required && required.iter().any(|item| item.as_str() == Some(name))
    };
    for (name, property) in properties {
        // A field without a value is not sent.
        let (property, is_optional) = without_null(property);
        let resolved = generators.resolve(&property);
        let is_list = has_type(&resolved, "array");
        let value = Value {
            required: is_required(name) && !is_optional && !is_list,
            list: is_list.then_some(ListStyle::Repeat),
            ty: String::new(),
        };
        out.parameters.insert((At::Query, name.clone()), value);
        if parameter.nested.is_some() && has_type(&resolved, "object") {
            out.known.deep.insert(name.clone());
        }
        out.known.values.insert((At::Query, name.clone()), property);
    }
    // A map, or one of several structs.
    let is_open = ["additionalProperties", "patternProperties", "unevaluatedProperties", "anyOf", "oneOf", "allOf"];
    let is_false = |node: &Node| node.value == Json::Bool(false);
    out.has_unknown_query |= is_open.iter().any(|key| schema.get(key).is_some_and(|node| !is_false(node)));
    out.has_unknown_query |= !has_type(schema, "object");
}

/// A schema without `null`, and whether it had it: `type: [string, null]`, `anyOf: [{…}, { type: null }]`.
fn without_null(schema: &Node) -> (Node, bool) {
    let is_null = |node: &Node| node.as_str() == Some("null") || node.text("type") == Some("null");
    let mut out = schema.clone();
    let mut had_null = false;
    if let Json::Map(entries) = &mut out.value {
        for (key, node) in entries.iter_mut().filter(|(key, _)| key == "type" || key == "anyOf") {
            let Json::List(items) = &mut node.value else { continue };
            let before = items.len();
            items.retain(|item| !is_null(item));
            had_null |= items.len() < before;
            if key == "type" && items.len() == 1 {
                *node = items.remove(0);
            }
        }
    }
    let only = out.get("anyOf").map(Node::items).filter(|items| items.len() == 1 && out.entries().len() == 1);
    if let Some([only]) = only {
        out = only.clone();
    }
    (out, had_null)
}

/// Whether values of a schema can be of a type.
fn has_type(schema: &Node, name: &str) -> bool {
    let Some(of) = schema.get("type") else { return false };
    of.as_str() == Some(name) || of.items().iter().any(|item| item.as_str() == Some(name))
}
