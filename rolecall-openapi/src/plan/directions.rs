//! Which types are sent, and which are received.

use crate::document::Place;
use crate::plan::item::{Def, Kind, Open, Plan};
use crate::plan::ty::Ty;
use crate::report::{Finding, Level};

/// A field that its type requires, and that a response may lack nevertheless.
#[derive(Debug)]
pub(super) struct Lacking {
    /// The index of the type.
    pub(super) index: usize,
    /// The name on the wire.
    pub(super) wire: String,
    pub(super) why: &'static str,
    pub(super) place: Place,
}

/// Marks all types, and makes optional what only the other direction requires, and what responses may lack.
pub(super) fn settle(plan: &mut Plan, lacking: &[Lacking]) {
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
    for Lacking { index, wire, why, place } in lacking {
        let is_fixed = |ty: &Ty| {
            let def = ty.named().and_then(|index| plan.defs.get(index));
            matches!(def.map(|def| &def.kind), Some(Kind::Words { open: Open::Never, .. }))
        };
        let field = plan.defs.get(*index).filter(|def| def.response).and_then(|def| match &def.kind {
            Kind::Struct { fields, .. } => {
                let position = fields.iter().position(|field| field.wire == *wire && field.required)?;
                Some((position, fields.get(position).is_some_and(|field| is_fixed(&field.ty))))
            }
            _ => None,
        });
        let Some((position, distinguishes)) = field else { continue };
        let Some(Def { kind: Kind::Struct { fields, .. }, name, .. }) = plan.defs.get_mut(*index) else { continue };
        let help = if distinguishes {
            "the field distinguishes the variants of a union: a response like the example is not decoded"
        } else {
            if let Some(field) = fields.get_mut(position) {
                field.required = false;
            }
            "the field is an `Option`"
        };
        let message = format!("the field `{wire}` of `{name}` is required, but {why}");
        plan.findings.push(Finding::new(Level::Note, message).at(place.clone()).help(help));
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
