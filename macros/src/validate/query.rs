//! Fixed query parameters: `query("api-version" = "2025-01")`, `query("location")`.

use crate::attr::Entry;
use crate::errors::Errors;
use crate::validate::pairs::List;

/// Returns the names and values, not encoded. A name can be repeated, and can have no value.
pub(crate) fn fixed(entry: &Entry, errors: &mut Errors) -> Vec<(String, Option<String>)> {
    let mut query = Vec::new();
    for (name, value) in List::Query.pairs(entry, errors) {
        if name.value().is_empty() {
            errors.help(&name, "missing query parameter name", "use a name such as `\"api-version\"`");
        } else {
            query.push((name.value(), value.map(|value| value.value())));
        }
    }
    query
}
