//! Which types are sent, and which are received.

use crate::plan::item::{Def, Kind, Plan};
use crate::plan::ty::Ty;

/// Marks all types, and makes optional what only the other direction requires.
pub(super) fn settle(plan: &mut Plan) {
    let mut requests: Vec<usize> = Vec::new();
    let mut responses: Vec<usize> = Vec::new();
    for method in plan.traits.iter().flat_map(|of| &of.methods) {
        requests.extend(method.arguments.iter().filter_map(|argument| argument.ty.named()));
        responses.extend(method.returns.named());
    }
    mark(&mut plan.defs, requests, |def| std::mem::replace(&mut def.request, true));
    mark(&mut plan.defs, responses, |def| std::mem::replace(&mut def.response, true));
    for def in &mut plan.defs {
        let (request, response) = (def.request, def.response);
        let Kind::Struct { fields, .. } = &mut def.kind else { continue };
        // What only the other direction has.
        fields.retain(|field| (!field.read_only || response) && (!field.write_only || request));
        for field in fields {
            if (field.read_only && request) || (field.write_only && response) {
                field.required = false;
            }
        }
    }
}

/// The types that methods use.
pub(super) fn used(plan: &Plan) -> Vec<usize> {
    let is_used = |(index, def): (usize, &Def)| (def.request || def.response).then_some(index);
    plan.defs.iter().enumerate().filter_map(is_used).collect()
}

fn mark(defs: &mut [Def], mut queue: Vec<usize>, was_marked: fn(&mut Def) -> bool) {
    while let Some(index) = queue.pop() {
        let Some(def) = defs.get_mut(index) else { continue };
        if !was_marked(def) {
            queue.extend(parts(&def.kind).iter().filter_map(|ty| ty.named()));
        }
    }
}

/// The types that a type is made of.
pub(super) fn parts(kind: &Kind) -> Vec<&Ty> {
    match kind {
        Kind::Struct { fields, rest } => fields.iter().map(|field| &field.ty).chain(rest).collect(),
        Kind::Union { variants, .. } => variants.iter().map(|variant| &variant.ty).collect(),
        Kind::Statuses(cases) => cases.iter().filter_map(|case| case.ty.as_ref()).collect(),
        Kind::Words { .. } | Kind::NumberOrText => Vec::new(),
    }
}
