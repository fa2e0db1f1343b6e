//! What the constant `ENDPOINTS` of a trait declares.

use rolecall::{Endpoint, ParameterLocation, ResponseKind};

use crate::declared::{At, Body, Declared, Kind, Response, Value};
use crate::plan::ListStyle;

/// The first of several media types, without its parameters.
fn first(accept: &str) -> String {
    accept.split([',', ';']).next().unwrap_or_default().trim().to_owned()
}

/// An endpoint of a trait.
pub(crate) fn declared(endpoint: &Endpoint) -> Declared {
    let mut roles: Vec<String> = endpoint.roles.iter().map(|role| (*role).to_owned()).collect();
    roles.sort();
    let mut out = Declared {
        api: endpoint.api.to_owned(),
        name: endpoint.name.to_owned(),
        method: endpoint.method.as_str().to_owned(),
        path: endpoint.path.to_owned(),
        roles,
        response: Response {
            kind: match endpoint.response.kind {
                ResponseKind::Empty => Kind::Empty,
                ResponseKind::Text => Kind::Text,
                ResponseKind::Bytes | ResponseKind::Stream => Kind::Bytes,
                ResponseKind::Events => Kind::Events,
                ResponseKind::JsonLines => Kind::Lines,
                _ => Kind::Json,
            },
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
        let list = parameter.list.map(|style| match style {
            rolecall::ListStyle::Comma => ListStyle::Comma,
            rolecall::ListStyle::Space => ListStyle::Space,
            rolecall::ListStyle::Pipe => ListStyle::Pipe,
            _ => ListStyle::Repeat,
        });
        let (name, ty) = (parameter.name.to_owned(), parameter.type_name.to_owned());
        let value = Value { required: parameter.required, list, ty: ty.clone() };
        match parameter.location {
            // The names of its fields are serde's to know.
            ParameterLocation::Query if parameter.flatten => out.has_unknown_query = true,
            ParameterLocation::Query => drop(out.parameters.insert((At::Query, name), value)),
            // As their names are the caller's.
            ParameterLocation::Header if parameter.flatten => {}
            // Lists in headers have one style.
            ParameterLocation::Header => {
                out.parameters.insert((At::Header, name), Value { list: None, ..value });
            }
            ParameterLocation::Body => {
                let media_type = parameter.media_type.unwrap_or("multipart/form-data").to_owned();
                out.body = Some(Body { format: String::new(), media_type, required: parameter.required, ty });
            }
            ParameterLocation::Part => out.add_part(name, parameter.required, ty),
            _ => {}
        }
    }
    out
}
