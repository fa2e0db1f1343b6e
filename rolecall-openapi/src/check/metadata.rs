//! What the constant `ENDPOINTS` of a trait declares.

use rolecall::{Endpoint, ParameterLocation};

use crate::declared::{At, Body, Declared, Kind, Response, Value, usual_media_type};

/// An endpoint of a trait.
pub(crate) fn declared(endpoint: &Endpoint) -> Declared {
    let mut roles: Vec<String> = endpoint.roles.iter().map(|role| (*role).to_owned()).collect();
    roles.sort();
    let kind = if endpoint.accept == "*/*" { Kind::Bytes } else { Kind::Json };
    let mut out = Declared {
        api: endpoint.api.to_owned(),
        name: endpoint.name.to_owned(),
        method: endpoint.method.as_str().to_owned(),
        path: endpoint.path.to_owned(),
        roles,
        response: Response { kind, media_type: endpoint.accept.to_owned(), ..Response::default() },
        ..Declared::default()
    };
    for parameter in endpoint.parameters {
        let value = Value { required: parameter.required, list: None, ty: String::new() };
        let name = parameter.name.to_owned();
        match parameter.location {
            ParameterLocation::Query => drop(out.parameters.insert((At::Query, name), value)),
            ParameterLocation::Header => drop(out.parameters.insert((At::Header, name), value)),
            ParameterLocation::Body => {
                let media_type = usual_media_type("json").to_owned();
                let format = "json".to_owned();
                out.body = Some(Body { format, media_type, required: parameter.required, ty: String::new() });
            }
            _ => {}
        }
    }
    out
}
