//! The entry points of both macros, as functions that unit tests can call.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::dependency::Dependency;
use crate::errors::Errors;
use crate::recover::without_own_attributes;
use crate::{expand, fallback, syntax, validate};

/// `#[api]` in a package that depends on the runtime in this way.
pub(crate) fn api_in(dependency: &Dependency, mut arguments: TokenStream, item: TokenStream) -> TokenStream {
    let names_crate =
        arguments.clone().into_iter().any(|token| matches!(token, TokenTree::Ident(key) if key == "crate"));
    let (message, expansion) = match dependency {
        Dependency::Renamed(name) if !names_crate => {
            let message = format!(
                "crate `rolecall` is renamed to `{name}` in this package\n= help: use `#[api(crate = {name})]`"
            );
            let name = format_ident!("{name}");
            let comma = (!arguments.is_empty()).then(|| quote!(,));
            arguments.extend(quote!(#comma crate = ::#name));
            (message, api(arguments, item))
        }
        Dependency::Missing if !names_crate => {
            let help = "add it, or use `#[api(crate = …)]` with the path where it is re-exported";
            let message = format!("crate `rolecall` is not a dependency of this package\n= help: {help}");
            (message, api_without_runtime(arguments, item))
        }
        _ => return api(arguments, item),
    };
    let error = syn::Error::new(Span::call_site(), message).to_compile_error();
    quote!(#error #expansion)
}

/// `#[api]`.
pub(crate) fn api(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if let Some(instead) = mocked(&item) {
        return instead;
    }
    let mut errors = Errors::default();
    let Some(api) = syntax::parse(arguments, item.clone(), &mut errors) else {
        let errors = errors.into_tokens();
        let item = without_own_attributes(item);
        return quote!(#item #errors);
    };
    let settings = validate::settings(&api, &mut errors);
    let expansion = match validate::api(&api, &settings, &mut errors) {
        Some(model) => expand::api(&model),
        None => fallback::fallback(&api, &settings),
    };
    let (import, errors) = (&settings.import, errors.into_tokens());
    quote!(#import #errors #expansion)
}

/// `#[api]` in a package that does not depend on the runtime: the trait's other errors, and what its callers need.
fn api_without_runtime(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let expansion = match syntax::parse(arguments, item.clone(), &mut errors) {
        Some(api) => {
            let settings = validate::settings(&api, &mut errors);
            // A valid trait has no error to report here, and cannot be expanded without the runtime.
            let _ = validate::api(&api, &settings, &mut errors);
            fallback::without_runtime(&api, &settings)
        }
        None => without_own_attributes(item),
    };
    let errors = errors.into_tokens();
    quote!(#errors #expansion)
}

/// `#[mockall::automock]` above `#[api]` writes a struct, a module, and implementations for a mock, and copies `#[api]`
/// and `#[endpoint]` to each. Returns the error to emit in place of the struct, nothing for the other items, and a
/// statement, which cannot be nothing, as it is.
fn mocked(item: &TokenStream) -> Option<TokenStream> {
    let mut names = item.clone().into_iter().filter_map(|token| match token {
        TokenTree::Ident(name) => Some(name),
        _ => None,
    });
    if matches!(item.clone().into_iter().next(), Some(TokenTree::Ident(first)) if first == "self") {
        return Some(item.clone());
    }
    let keyword = names.find(|name| ["struct", "mod", "impl", "trait", "fn"].iter().any(|word| name == word))?;
    let starts_with = |prefix: &'static str| move |name: &Ident| name.to_string().starts_with(prefix);
    match keyword.to_string().as_str() {
        "struct" => {
            let name = names.next().filter(starts_with("Mock"))?;
            let (message, help) = validate::AUTOMOCK;
            // At `#[automock]`, whose span the keyword has, in the author's code, as the name is.
            let span = keyword.span().resolved_at(name.span());
            Some(syn::Error::new(span, format_args!("{message}\n= help: {help}")).to_compile_error())
        }
        "mod" => names.next().filter(starts_with("__mock_")).map(|_| TokenStream::new()),
        "impl" => names.find(starts_with("Mock")).map(|_| TokenStream::new()),
        _ => None,
    }
}

/// `#[endpoint]` outside an `#[api]` trait, or where `#[api]` emitted it to mark its import as used.
pub(crate) fn endpoint(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if arguments.to_string() == "@" {
        return item;
    }
    let has_body = item
        .clone()
        .into_iter()
        .last()
        .is_some_and(|token| matches!(token, TokenTree::Group(body) if body.delimiter() == Delimiter::Brace));
    let help = match has_body {
        true => "remove it; it belongs on a method without a body in a trait with `#[api]`",
        false => "add `#[api]` to the trait",
    };
    let message = format!("`#[endpoint]` outside an `#[api]` trait\n= help: {help}");
    let error = syn::Error::new(Span::call_site(), message).to_compile_error();
    let item = without_own_attributes(item);
    quote!(#error #item)
}
