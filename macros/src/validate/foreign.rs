//! Macros of other crates that cannot be combined with `#[api]`, and what to use instead.

use syn::Attribute;

use crate::errors::Errors;
use crate::syntax::Api;

/// The error and the help for `#[mockall::automock]`.
pub(crate) const AUTOMOCK: (&str, &str) = (
    "`#[automock]` cannot be combined with `#[api]`",
    "use `mockall::mock!`, as in the section on test doubles in the documentation of `#[api]`",
);

const INSTEAD: [(&str, &str); 6] = [
    ("automock", AUTOMOCK.1),
    ("async_trait", "remove it; the methods of an `#[api]` trait are `async` without it"),
    ("make", "remove it; the futures of an `#[api]` trait are `Send`"),
    ("dynosaur", "remove it, and use `#[api(dyn = …)]`"),
    ("auto_impl", "remove it"),
    ("instrument", "remove it; each call has a `tracing` span"),
];

/// Returns `true` if the attribute calls one of these macros.
pub(crate) fn is_foreign(attribute: &Attribute) -> bool {
    instead(attribute).is_some()
}

/// Reports an attribute that calls one of these macros.
pub(crate) fn check(attribute: &Attribute, errors: &mut Errors) {
    if let Some((name, help)) = instead(attribute) {
        errors.help(attribute.path(), format_args!("`#[{name}]` cannot be combined with `#[api]`"), help);
    }
}

fn instead(attribute: &Attribute) -> Option<(&'static str, &'static str)> {
    let segments = &attribute.path().segments;
    let last = segments.last()?;
    let (name, help) = INSTEAD.into_iter().find(|(name, _)| last.ident == name)?;
    // `make` alone may be anything.
    let is_make = name != "make" || segments.first().is_some_and(|first| first.ident == "trait_variant");
    is_make.then_some((name, help))
}

/// Reports `#[async_trait]` above `#[api]`, which by then has rewritten all methods.
pub(crate) fn rewritten(api: &Api, errors: &mut Errors) -> bool {
    let is_rewritten = api
        .methods
        .iter()
        .any(|method| method.generics().lifetimes().any(|param| param.lifetime.ident == "async_trait"));
    if is_rewritten {
        let help = "remove it; the methods of an `#[api]` trait are `async` without it";
        errors.help(&api.ident, "`#[async_trait]` cannot be combined with `#[api]`", help);
    }
    is_rewritten
}
