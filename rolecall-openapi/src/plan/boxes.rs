//! `Box` where a type would hold itself, and where one variant would make all values of a union large.

use crate::plan::directions::parts;
use crate::plan::item::{Def, Kind, Open};
use crate::plan::ty::Ty;

/// What clippy's `large_enum_variant` allows, with a reserve.
const LARGE: usize = 80;

pub(super) fn settle(defs: &mut [Def]) {
    let components = components(defs);
    for index in 0..defs.len() {
        let own = components.get(index).copied();
        let recursive = |ty: &Ty| held(ty).is_some_and(|held| components.get(held).copied() == own);
        let Some(def) = defs.get_mut(index) else { continue };
        match &mut def.kind {
            Kind::Struct { fields, rest } => {
                for ty in fields.iter_mut().map(|field| &mut field.ty).chain(rest) {
                    if recursive(ty) {
                        boxed(ty);
                    }
                }
            }
            Kind::Union { variants, .. } => {
                for variant in variants {
                    if recursive(&variant.ty) {
                        boxed(&mut variant.ty);
                    }
                }
            }
            _ => {}
        }
    }
    // A union of unions is as large as these are once they have shrunk.
    for _ in 0..3 {
        let mut sizes: Vec<Option<usize>> = vec![None; defs.len()];
        for index in 0..defs.len() {
            shrink(defs, index, &mut sizes);
        }
    }
}

fn boxed(ty: &mut Ty) {
    let inner = std::mem::replace(ty, Ty::Unit);
    *ty = match inner {
        Ty::Optional(inner) => Ty::Optional(Box::new(Ty::Boxed(inner))),
        other => Ty::Boxed(Box::new(other)),
    };
}

/// The type that a value holds in itself: not behind a list, a map, or a box.
fn held(ty: &Ty) -> Option<usize> {
    match ty {
        Ty::Named(index) => Some(*index),
        Ty::Optional(inner) => held(inner),
        _ => None,
    }
}

/// The strongly connected component of each type, by Tarjan's algorithm without recursion.
fn components(defs: &[Def]) -> Vec<usize> {
    let edges: Vec<Vec<usize>> =
        defs.iter().map(|def| parts(&def.kind).into_iter().filter_map(held).collect()).collect();
    let mut state = vec![(usize::MAX, usize::MAX); defs.len()]; // (index, low)
    let mut component = vec![usize::MAX; defs.len()];
    let (mut counter, mut stack) = (0, Vec::new());
    for root in 0..defs.len() {
        if state.get(root).is_some_and(|(index, _)| *index != usize::MAX) {
            continue;
        }
        let mut work = vec![(root, 0)];
        while let Some((node, next)) = work.pop() {
            if next == 0 {
                if let Some(slot) = state.get_mut(node) {
                    *slot = (counter, counter);
                }
                counter += 1;
                stack.push(node);
            }
            match edges.get(node).and_then(|edges| edges.get(next)).copied() {
                Some(child) => {
                    work.push((node, next + 1));
                    match state.get(child).copied() {
                        Some((usize::MAX, _)) => work.push((child, 0)),
                        Some((index, _)) if component.get(child) == Some(&usize::MAX) => lower(&mut state, node, index),
                        _ => {}
                    }
                }
                None => {
                    let (index, low) = state.get(node).copied().unwrap_or_default();
                    if index == low {
                        while let Some(member) = stack.pop() {
                            if let Some(slot) = component.get_mut(member) {
                                *slot = node;
                            }
                            if member == node {
                                break;
                            }
                        }
                    }
                    if let Some((parent, _)) = work.last() {
                        lower(&mut state, *parent, low);
                    }
                }
            }
        }
    }
    component
}

fn lower(state: &mut [(usize, usize)], node: usize, to: usize) {
    if let Some((_, low)) = state.get_mut(node) {
        *low = (*low).min(to);
    }
}

/// Puts the large variants of a union into boxes, if one is much larger than the next.
fn shrink(defs: &mut [Def], index: usize, sizes: &mut Vec<Option<usize>>) {
    let types: Vec<Ty> = match defs.get(index).map(|def| &def.kind) {
        Some(Kind::Union { variants, .. }) => variants.iter().map(|variant| variant.ty.clone()).collect(),
        Some(Kind::Statuses(cases)) => cases.iter().filter_map(|case| case.ty.clone()).collect(),
        _ => return,
    };
    let found: Vec<usize> = types.iter().map(|ty| size(defs, ty, sizes, 0)).collect();
    let mut sorted = found.clone();
    sorted.push(32);
    sorted.sort_unstable();
    let (largest, second) = (sorted.last().copied().unwrap_or(0), sorted.iter().rev().nth(1).copied().unwrap_or(0));
    if largest.saturating_sub(second) <= LARGE {
        return;
    }
    let types: Vec<&mut Ty> = match defs.get_mut(index).map(|def| &mut def.kind) {
        Some(Kind::Union { variants, .. }) => variants.iter_mut().map(|variant| &mut variant.ty).collect(),
        Some(Kind::Statuses(cases)) => cases.iter_mut().filter_map(|case| case.ty.as_mut()).collect(),
        _ => return,
    };
    for (ty, size) in types.into_iter().zip(found) {
        if size > LARGE {
            boxed(ty);
        }
    }
    if let Some(slot) = sizes.get_mut(index) {
        *slot = None;
    }
}

/// About how many bytes a value takes.
fn size(defs: &[Def], ty: &Ty, sizes: &mut Vec<Option<usize>>, depth: usize) -> usize {
    match ty {
        Ty::Unit => 0,
        Ty::Bool => 1,
        Ty::Integer(_) | Ty::Float(_) | Ty::Boxed(_) => 8,
        Ty::Text | Ty::List(_) | Ty::Map(_) | Ty::Object => 24,
        Ty::Value | Ty::Runtime(_) | Ty::Of(..) => 32,
        Ty::Optional(inner) => match **inner {
            Ty::Bool => 1,
            Ty::Integer(_) | Ty::Float(_) => 16,
            _ => size(defs, inner, sizes, depth),
        },
        Ty::Named(index) => {
            if let Some(size) = sizes.get(*index).copied().flatten() {
                return size;
            }
            let Some(def) = defs.get(*index).filter(|_| depth < 64) else { return 0 };
            let found: Vec<usize> = parts(&def.kind).into_iter().map(|ty| size(defs, ty, sizes, depth + 1)).collect();
            let size = match &def.kind {
                Kind::Struct { .. } => found.iter().sum(),
                Kind::Union { .. } | Kind::Statuses(_) => found.iter().max().copied().unwrap_or(0) + 8,
                Kind::Words { open: Open::Never, .. } => 1,
                Kind::Words { .. } => 24,
                Kind::NumberOrText => 32,
            };
            if let Some(slot) = sizes.get_mut(*index) {
                *slot = Some(size);
            }
            size
        }
    }
}
