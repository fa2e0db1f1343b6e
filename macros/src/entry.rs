//! The entry points of both macros, as functions that unit tests can call.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::errors::Errors;
use crate::{expand, fallback, syntax, validate};

/// `#[api]`.
pub(crate) fn api(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let Some(api) = syntax::parse(arguments, item.clone(), &mut errors) else {
        let errors = errors.into_tokens();
        return quote!(#item #errors);
    };
    let settings = validate::settings(&api, &mut errors);
    match validate::api(&api, &settings, &mut errors) {
        Some(model) => expand::api(&model),
        None => {
            let api = fallback::fallback(&api, &settings);
            let errors = errors.into_tokens();
            quote!(#errors #api)
        }
    }
}

/// `#[endpoint]` outside an `#[api]` trait, or where `#[api]` emitted it to mark its import as used.
pub(crate) fn endpoint(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if arguments.to_string() == "@" {
        return item;
    }
    let message = "`#[endpoint]` outside an `#[api]` trait\n\
                   = help: add `#[api]` to the trait";
    let error = syn::Error::new(Span::call_site(), message).to_compile_error();
    let item = syntax::without_argument_attributes(item);
    quote!(#error #item)
}
