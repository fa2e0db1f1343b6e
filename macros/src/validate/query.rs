//! Fixed query parameters: `query("api-version" = "2025-01")`.

use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token};

use crate::attr::{Entry, Value};
use crate::errors::Errors;
use crate::model::Location;
use crate::validate::argument::ParsedArgument;

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

/// Returns the query of every call: that of the trait, except for parameters that the endpoint or an argument sets, and
/// that of the endpoint.
pub(crate) fn of_endpoint(
    of_trait: &[(String, String)],
    own: &[(String, String)],
    arguments: &[ParsedArgument<'_>],
    errors: &mut Errors,
) -> Vec<(String, String)> {
    let by_argument = |name: &str| {
        arguments.iter().find(|found| {
            let location = found.argument.as_ref().map(|argument| &argument.location);
            matches!(location, Some(Location::Query { name: other, .. }) if other == name)
        })
    };
    for (name, _) in own {
        if let Some(argument) = by_argument(name) {
            let help = "remove it here or from `query(…)` of this endpoint";
            errors.help(argument.tokens(), format_args!("duplicate query parameter `{name}`"), help);
        }
    }
    let inherited =
        of_trait.iter().filter(|(name, _)| own.iter().all(|(other, _)| other != name) && by_argument(name).is_none());
    inherited.chain(own).cloned().collect()
}
