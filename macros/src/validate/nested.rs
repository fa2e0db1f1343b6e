//! Values nested in brackets: how the lists in them are written.

use crate::attr::Entry;
use crate::errors::Errors;
use crate::model::NestedLists;

const STYLES: [(&str, NestedLists); 3] =
    [("indices", NestedLists::Indices), ("brackets", NestedLists::Brackets), ("repeat", NestedLists::Repeat)];

/// Returns `true` if only lists in nested values have this style.
pub(crate) fn is_style(name: &str) -> bool {
    name != "repeat" && STYLES.iter().any(|(style, _)| *style == name)
}

/// Returns the style of `list = "…"`.
pub(crate) fn lists(list: Option<&Entry>, errors: &mut Errors) -> Option<NestedLists> {
    let Some(list) = list else { return Some(NestedLists::Indices) };
    let literal = list.string("indices", errors)?;
    let given = literal.value();
    if let Some((_, style)) = STYLES.iter().find(|(name, _)| *name == given) {
        return Some(*style);
    }
    let message = format!("unknown list style {given:?} of a nested value");
    errors.unknown(&literal, message, &given, &STYLES.map(|(name, _)| name), |closest| {
        format!("use `list = {closest:?}`")
    });
    None
}
