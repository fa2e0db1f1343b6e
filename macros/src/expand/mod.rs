//! The third stage: from the model to tokens. Nothing can go wrong here.
//!
//! Paths are absolute, and nothing of the prelude is named, since any of it may mean something else where the
//! trait stands. Locals have the macro's hygiene, so that no argument's name clashes.

/// `quote!` with the macro's hygiene for what it writes: locals can't clash with an argument's name.
macro_rules! local {
    ($($tokens:tt)*) => { ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*) };
}

mod client;
mod dyn_form;
mod endpoints;
mod interface;
mod step;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::model::{Api, Endpoint};
use crate::syntax::hygienic;

pub(crate) use dyn_form::tied;

/// Renders an API.
pub(crate) fn api(api: &Api) -> TokenStream {
    let interface = interface::interface(api);
    let module = endpoints::module(api);
    let allowances = api.endpoints.iter().map(|endpoint| endpoints::allowances(api, endpoint));
    let client = client::client(api);
    let dyn_form = api.options.dyn_form.as_ref().map(|name| dyn_form::dyn_form(api, name));
    quote! {
        #interface
        #module
        #(#allowances)*
        #client
        #dyn_form
    }
}

/// `module::name`, the endpoint's type.
fn type_of(api: &Api, endpoint: &Endpoint) -> TokenStream {
    let (module, name) = (&api.options.module, &endpoint.name);
    quote!(#module::#name)
}

/// The span of the first token, and of the last, both with the macro's hygiene.
fn ends(tokens: impl ToTokens) -> (Span, Span) {
    let tokens = tokens.into_token_stream();
    let last = tokens.clone().into_iter().last().map_or_else(Span::mixed_site, |token| token.span());
    let first = tokens.into_iter().next().map_or(last, |token| token.span());
    (hygienic(first), hygienic(last))
}

/// The same tokens, all said to stand at one place.
fn standing_at(span: Span, tokens: TokenStream) -> TokenStream {
    let moved = tokens.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = token {
            token = proc_macro2::Group::new(group.delimiter(), standing_at(span, group.stream())).into();
        }
        token.set_span(span);
        token
    });
    moved.collect()
}
