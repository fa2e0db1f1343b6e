//! What the types of the source add to the methods that use them.

use crate::declared::{At, Value};
use crate::plan::ListStyle;
use crate::source::Source;
use crate::source::types::{SourceCase, TypeKind, named, optional_inner, text_of};

/// Marks the responses of which an enum with `ByStatus` has a variant without a body.
pub(super) fn mark_optional(source: &mut Source) {
    let Source { traits, types, .. } = source;
    for method in traits.iter_mut().flat_map(|of| &mut of.methods) {
        let name = method.content().map(|ty| named(ty).0);
        let Some(TypeKind::Statuses(cases)) = name.and_then(|name| types.get(&name)).map(|ty| &ty.kind) else {
            continue;
        };
        let is_success = |case: &SourceCase| case.statuses.iter().any(|status| *status < 300);
        method.declared.response.optional |= cases.iter().any(|case| case.ty.is_none() && is_success(case));
    }
}

/// Puts the fields of flattened types among the values of the query.
pub(super) fn expand_queries(source: &mut Source) {
    let Source { traits, types, .. } = source;
    for method in traits.iter_mut().flat_map(|of| &mut of.methods) {
        for (ty, optional) in std::mem::take(&mut method.flattened) {
            let (name, _) = named(&ty);
            match types.get(&name).map(|ty| &ty.kind) {
                Some(TypeKind::Struct(fields)) => {
                    method.declared.has_unknown_query |= fields.rest.is_some();
                    for field in &fields.fields {
                        let inner = optional_inner(&field.ty).unwrap_or(&field.ty);
                        let is_list = named(inner).0 == "Vec";
                        let value = Value {
                            required: !optional && !field.optional && !is_list,
                            list: is_list.then_some(ListStyle::Repeat),
                            ty: text_of(inner),
                        };
                        method.declared.parameters.insert((At::Query, field.wire.clone()), value);
                    }
                }
                // Its fields are not known here.
                _ => method.declared.has_unknown_query = true,
            }
        }
    }
}
