//! The implementation for the client.

use proc_macro2::{Literal, TokenStream};
use quote::quote_spanned;

use crate::expand::decoder::decoder;
use crate::expand::step;
use crate::expand::tokens::{arguments, end_spans};
use crate::model::{Api, Endpoint};

/// `impl<R: Role> UsersApi for Client<R>`. Its methods omit the bound on the role: with the bound only on the
/// trait's method, a wrong role is one error; repeated here, it would be three.
pub(super) fn client(api: &Api) -> TokenStream {
    let (rolecall, ident, role) = (&api.options.runtime, &api.ident, &api.role);
    let methods = api.endpoints.iter().enumerate().map(|(at, endpoint)| method(api, at, endpoint));
    local! {
        impl<#role: #rolecall::Role> #ident for #rolecall::Client<#role> {
            #(#methods)*
        }
    }
}

fn method(api: &Api, at: usize, endpoint: &Endpoint) -> TokenStream {
    let rolecall = &api.options.runtime;
    let Endpoint { attrs, name, .. } = endpoint;
    let (cfgs, lints) = (&attrs.cfgs, &attrs.lints);
    let (generics, _, where_clause) = endpoint.generics.split_for_impl();
    let arguments = arguments(endpoint, true);
    let future = future(endpoint);
    let request = request(api, at, endpoint);
    let steps = step::steps(rolecall, endpoint);
    let decoder = decoder(rolecall, &endpoint.response);
    let body = if steps.is_empty() {
        local!(#rolecall::__private::send(self, #request, #decoder))
    } else {
        local! {
            let mut request = #request;
            #steps
            #rolecall::__private::send(self, request, #decoder)
        }
    };
    local! {
        #(#cfgs)* #(#lints)*
        fn #name #generics(#arguments) -> #future #where_clause { #body }
    }
}

/// The return type. Its span is that of the error type in the source, which is where rustc reports an error
/// type of another library.
fn future(endpoint: &Endpoint) -> TokenStream {
    let output = &endpoint.output;
    let (first, last) = end_spans(&endpoint.error);
    let send = quote_spanned!(last=> ::core::marker::Send);
    quote_spanned!(first=> impl ::core::future::Future<Output = #output> + #send)
}

fn request(api: &Api, at: usize, endpoint: &Endpoint) -> TokenStream {
    let (rolecall, ident) = (&api.options.runtime, &api.ident);
    let index = index(api, at);
    let first = step::first_literal(endpoint);
    local!(#rolecall::__private::Request::new(&<Self as #ident>::ENDPOINTS[#index], #first))
}

/// The endpoint's index: the number of endpoints before it that are not configured out.
fn index(api: &Api, at: usize) -> TokenStream {
    let before = api.endpoints.iter().take(at);
    let fixed = before.clone().filter(|endpoint| endpoint.attrs.cfgs.is_empty()).count();
    let maybe = before.filter(|endpoint| !endpoint.attrs.cfgs.is_empty()).map(|endpoint| {
        let predicates =
            endpoint.attrs.cfgs.iter().filter_map(|cfg| Some(cfg.meta.require_list().ok()?.tokens.clone()));
        local!(+ ::core::cfg!(all(#(#predicates),*)) as ::core::primitive::usize)
    });
    let fixed = Literal::usize_unsuffixed(fixed);
    local!(#fixed #(#maybe)*)
}
