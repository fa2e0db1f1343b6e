//! An operation as a method.

use crate::model::{Content, Operation};
use crate::names;
use crate::plan::item::Method;
use crate::plan::types::Types;
use crate::plan::{arguments, constants, path, responses};
use crate::roles::Callers;

/// Methods that every client has: an endpoint of that name could not be called.
const INHERENT: [&str; 12] = [
    "borrow",
    "borrow_mut",
    "builder",
    "clone",
    "clone_from",
    "clone_into",
    "from",
    "into",
    "to_owned",
    "type_id",
    "with",
    "with_settings",
];

/// The methods of an operation: one, and another for a response that can be a stream as well.
pub(super) fn methods<'d>(types: &mut Types<'d>, operation: &Operation<'d>, callers: Callers) -> Vec<Method> {
    let id = operation.id.filter(|id| !names::pascal(id).is_empty()).map_or_else(|| name_of(operation), str::to_owned);
    let stem = names::pascal(&id);
    let (path, placeholders) = path::written(operation.path);
    let arguments = arguments::arguments(types, operation, &stem, &placeholders);
    let returns = responses::returns(types, operation, &stem);
    let stream = responses::stream(types, operation, &returns, &stem);
    let mut name = names::lower(&id, "call");
    if INHERENT.contains(&name.as_str()) {
        name.push_str("_operation");
    }
    let main = Method {
        name,
        docs: docs(operation),
        deprecated: operation.deprecated,
        method: operation.method.clone(),
        path,
        constants: constants::constants(operation),
        callers,
        accept: returns.accept,
        arguments,
        returns: returns.ty,
        end: returns.end,
        redirects: responses::redirects(operation),
        also: false,
        body_types: media_types(operation.body.iter().flat_map(|body| &body.contents)),
        response_types: media_types(
            operation.responses.iter().filter(|one| one.is_success()).flat_map(|one| &one.contents),
        ),
        place: types.place(operation.site),
    };
    let stream = stream.map(|stream| Method {
        name: format!("{}_stream", main.name),
        accept: stream.accept,
        returns: stream.ty,
        end: stream.end,
        also: true,
        ..main.clone()
    });
    std::iter::once(main).chain(stream).collect()
}

fn media_types<'c, 'd: 'c>(contents: impl Iterator<Item = &'c Content<'d>>) -> Vec<String> {
    contents.map(|content| content.media_type.to_owned()).collect()
}

/// A name for an operation without one: `get_users_by_id`.
fn name_of(operation: &Operation<'_>) -> String {
    let mut words = vec![operation.method.to_ascii_lowercase()];
    for segment in operation.path.split(['/', '#', '?', '=', '&']).filter(|segment| !segment.is_empty()) {
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            words.extend(Some(names::words(before)).filter(|word| !word.is_empty()));
            let (name, tail) = after.split_once('}').unwrap_or((after, ""));
            words.push(format!("by_{}", names::words(name)));
            rest = tail;
        }
        words.extend(Some(names::words(rest)).filter(|word| !word.is_empty()));
    }
    words.join("_")
}

fn docs(operation: &Operation<'_>) -> Vec<String> {
    let first = operation.summary.or(operation.description).map_or_else(|| operation.title(), str::to_owned);
    let mut scopes: Vec<&str> =
        operation.security.iter().flatten().flat_map(|one| &one.scopes).map(String::as_str).collect();
    scopes.sort_unstable();
    scopes.dedup();
    let mut docs = vec![first];
    if !scopes.is_empty() {
        let word = if scopes.len() == 1 { "Scope" } else { "Scopes" };
        docs.push(format!(
            "{word}: {}",
            scopes.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(", ")
        ));
    }
    docs
}
