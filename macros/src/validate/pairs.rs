//! The pairs in `headers("x-kind" = "a")` and `query("kind" = "a")`.

use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token};

use crate::attr::{Entry, Value};
use crate::errors::Errors;
use crate::model::Location;

/// A list of pairs that every call sends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Headers,
    Query,
}

impl List {
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Query => "query",
        }
    }

    /// One of its pairs, in messages.
    pub(crate) fn one(self) -> &'static str {
        match self {
            Self::Headers => "header",
            Self::Query => "query parameter",
        }
    }

    /// Returns the name of an argument that sends a pair of this list.
    pub(crate) fn name_of(self, location: &Location) -> Option<&str> {
        match (self, location) {
            (Self::Headers, Location::Header { name, .. }) | (Self::Query, Location::Query { name, .. }) => Some(name),
            _ => None,
        }
    }

    /// Returns the names and values. Only a query parameter can be a name alone.
    pub(crate) fn pairs(self, entry: &Entry, errors: &mut Errors) -> Vec<(LitStr, Option<LitStr>)> {
        let (key, (name, other)) = (self.key(), self.examples());
        let Value::List(list) = &entry.value else {
            let help = format!("use `{key}(\"{name}\" = \"value\")`");
            errors.help(entry, format_args!("expected a list of {}s", self.one()), help);
            return Vec::new();
        };
        let pairs = Punctuated::<Pair, Token![,]>::parse_terminated.parse2(list.stream()).ok();
        let is_whole = |pair: &Pair| self == Self::Query || pair.value.is_some();
        let Some(pairs) = pairs.filter(|pairs| pairs.iter().all(is_whole)) else {
            let help = format!("use `{key}(\"{name}\" = \"value\", \"{other}\" = \"value\")`");
            errors.help(list.stream(), format_args!("expected `\"name\" = \"value\"` in `{key}(…)`"), help);
            return Vec::new();
        };
        if pairs.is_empty() {
            let one = self.one().rsplit(' ').next().unwrap_or_default();
            errors.help(entry, format_args!("`{key}()` must contain a {one}"), "remove it");
        }
        pairs.into_iter().map(|pair| (pair.name, pair.value)).collect()
    }

    fn examples(self) -> (&'static str, &'static str) {
        match self {
            Self::Headers => ("x-name", "x-other"),
            Self::Query => ("name", "other"),
        }
    }
}

/// `"name" = "value"`, or `"name"` alone.
struct Pair {
    name: LitStr,
    value: Option<LitStr>,
}

impl Parse for Pair {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        let equals: Option<Token![=]> = input.parse()?;
        Ok(Self { name, value: equals.map(|_| input.parse()).transpose()? })
    }
}
