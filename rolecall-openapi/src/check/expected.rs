//! What a document would have declared.

use std::collections::BTreeMap;

use crate::declared::{At, Body, Declared, Kind, Response, Value, role_name, usual_media_type};
use crate::plan;
use crate::plan::{Argument, Location, Method, Plan, Ty};
use crate::roles::Callers;

/// The endpoints of a plan, in the order of its methods.
pub(super) fn expected(plan: &Plan) -> Vec<Declared> {
    let of_trait =
        |of: &plan::Trait| of.methods.iter().map(|method| declared(plan, &of.name, method)).collect::<Vec<_>>();
    plan.traits.iter().flat_map(of_trait).collect()
}

fn declared(plan: &Plan, api: &str, method: &Method) -> Declared {
    let mut out = Declared {
        api: api.to_owned(),
        name: method.name.clone(),
        method: method.method.clone(),
        path: method.path.clone(),
        roles: match &method.callers {
            Callers::Roles { roles, .. } => {
                let mut names: Vec<String> = roles.iter().map(|role| role_name(role)).collect();
                names.sort();
                names
            }
            Callers::Public | Callers::Unknown => Vec::new(),
        },
        optional_credentials: matches!(method.callers, Callers::Roles { optional: true, .. }),
        parameters: BTreeMap::new(),
        deprecated: method.deprecated,
        place: Some(method.place.clone()),
        ..Declared::default()
    };
    for argument in &method.arguments {
        self::argument(plan, argument, &mut out);
    }
    let constant = |at: At, (name, value): &(String, String)| match at {
        At::Query => ((at, name.clone()), Some(value.clone())),
        At::Header | At::Part => ((at, name.to_ascii_lowercase()), Some(value.clone())),
    };
    out.constants.extend(method.constants.query.iter().map(|pair| constant(At::Query, pair)));
    out.constants.extend(method.constants.headers.iter().map(|pair| constant(At::Header, pair)));
    let key = method.constants.idempotency_key.as_ref();
    out.constants.extend(key.map(|name| ((At::Header, name.to_ascii_lowercase()), None)));
    let (optional, inner) = match &method.returns {
        Ty::Optional(inner) => (true, &**inner),
        other => (false, other),
    };
    let kind = match inner {
        Ty::Unit => Kind::Empty,
        Ty::Runtime(name) | Ty::Of(name @ ("Events" | "JsonLines"), _) => Kind::of_type(name),
        _ => Kind::Json,
    };
    let ty = inner.owned(&plan.defs);
    out.response = Response { kind, optional, media_type: method.accepts().to_owned(), ty };
    out
}

fn argument(plan: &Plan, argument: &Argument, out: &mut Declared) {
    let ty = argument.ty.owned(&plan.defs);
    match &argument.location {
        Location::Path(_) => {}
        Location::Query { name, list } => {
            let list = matches!(argument.ty, Ty::List(_)).then_some(*list);
            out.parameters.insert((At::Query, name.clone()), Value { required: argument.required, list, ty });
        }
        Location::Nested(name) | Location::Json(name) => {
            out.parameters.insert((At::Query, name.clone()), Value { required: argument.required, list: None, ty });
        }
        Location::Header(name) => {
            // An empty list is not sent.
            let required = argument.required && !matches!(argument.ty, Ty::List(_));
            out.parameters.insert((At::Header, name.clone()), Value { required, list: None, ty });
        }
        Location::Part { name, .. } => {
            let required = argument.required && !matches!(argument.ty, Ty::List(_));
            out.add_part(name.clone(), required, ty);
        }
        Location::Flatten => match argument.ty.named().and_then(|index| plan.defs.get(index)).map(|def| &def.kind) {
            Some(plan::Kind::Struct { fields, rest }) => {
                out.has_unknown_query |= rest.is_some();
                for field in fields {
                    let list = matches!(field.ty, Ty::List(_)).then_some(plan::ListStyle::Repeat);
                    let required = argument.required && field.required;
                    let value = Value { required, list, ty: field.ty.owned(&plan.defs) };
                    out.parameters.insert((At::Query, field.wire.clone()), value);
                }
            }
            _ => out.has_unknown_query = true,
        },
        Location::Body(body) => {
            let media_type = body.content_type.clone().unwrap_or_else(|| usual_media_type(body.format).to_owned());
            out.body = Some(Body { format: body.format.to_owned(), media_type, required: argument.required, ty });
        }
    }
}
