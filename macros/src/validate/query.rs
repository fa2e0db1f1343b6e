//! Fixed query parameters: `query("api-version" = "2025-01")`.

use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token};

use crate::attr::{Entry, Value};
use crate::errors::Errors;

/// Returns the names and values, not encoded. A name can be repeated.
pub(crate) fn fixed(entry: &Entry, errors: &mut Errors) -> Vec<(String, String)> {
    let Value::List(list) = &entry.value else {
        errors.help(entry, "expected a list of query parameters", "use `query(\"name\" = \"value\")`");
        return Vec::new();
    };
    let pair = |input: ParseStream<'_>| {
        let name: LitStr = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok((name, input.parse::<LitStr>()?))
    };
    let pairs = |input: ParseStream<'_>| Punctuated::<(LitStr, LitStr), Token![,]>::parse_terminated_with(input, pair);
    let Ok(pairs) = pairs.parse2(list.stream()) else {
        let help = "use `query(\"name\" = \"value\", \"other\" = \"value\")`";
        errors.help(list.stream(), "expected `\"name\" = \"value\"` in `query(…)`", help);
        return Vec::new();
    };
    if pairs.is_empty() {
        errors.help(entry, "`query()` must contain a parameter", "remove it");
    }
    let mut query = Vec::new();
    for (name, value) in pairs {
        if name.value().is_empty() {
            errors.help(&name, "missing query parameter name", "use a name such as `\"api-version\"`");
        } else {
            query.push((name.value(), value.value()));
        }
    }
    query
}
