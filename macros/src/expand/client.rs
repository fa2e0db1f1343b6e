//! The implementation for the client.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use crate::expand::decoder::decoder;
use crate::expand::step;
use crate::expand::tokens::{allow_deprecated, arguments, content, copied_lints, end_spans, generics, respan};
use crate::model::{Api, Endpoint, Wrapper};

/// `impl<R: Role> UsersApi for Client<R>`. Its methods omit the bound on the role: with the bound only on the
/// trait's method, a wrong role is one error; repeated here, it would be three.
pub(super) fn client(api: &Api) -> TokenStream {
    let (rolecall, ident, role) = (&api.options.runtime, &api.ident, &api.role);
    let mut index = Index::default();
    let methods = api.endpoints.iter().map(|endpoint| {
        let method = method(api, &index, endpoint);
        index.next(endpoint);
        method
    });
    let methods: Vec<TokenStream> = methods.collect();
    let calls = calls(api, &index);
    let (lints, allow) = (copied_lints(&api.lints), allow_deprecated(api.deprecated.is_some()));
    let client = at_supertraits(api, quote!(#rolecall::Client<#role>));
    local! {
        #(#lints)* #allow
        impl<#role: #rolecall::Role> #ident for #client {
            #(#methods)*
        }
        #calls
    }
}

/// The endpoints as calls carry them. One constant for all of them: one for each costs the compiler more.
fn calls(api: &Api, count: &Index) -> Option<TokenStream> {
    let (rolecall, ident, role, name) = (&api.options.runtime, &api.ident, &api.role, calls_name(api));
    let endpoints = at_supertraits(api, quote!(<#rolecall::Client<#role> as #ident>::ENDPOINTS));
    let allow = allow_deprecated(api.deprecated.is_some());
    (!api.endpoints.is_empty()).then(|| {
        local! {
            #allow
            fn #name<#role: #rolecall::Role>() -> &'static [#rolecall::Endpoint; #count] {
                const { &#rolecall::Endpoint::for_calls(#endpoints) }
            }
        }
    })
}

fn calls_name(api: &Api) -> Ident {
    format_ident!("__calls_of_{}", api.options.module, span = Span::mixed_site())
}

/// The tokens, with the span of the supertraits: a client that lacks one is reported there.
fn at_supertraits(api: &Api, tokens: TokenStream) -> TokenStream {
    let span = if api.supertraits.is_empty() { Span::mixed_site() } else { end_spans(&api.supertraits).0 };
    respan(span, tokens)
}

fn method(api: &Api, index: &Index, endpoint: &Endpoint) -> TokenStream {
    let rolecall = &api.options.runtime;
    let Endpoint { attrs, name, .. } = endpoint;
    let (cfgs, lints) = (&attrs.cfgs, copied_lints(&attrs.lints));
    let generics = generics(api, endpoint);
    let (generics, _, where_clause) = generics.split_for_impl();
    let arguments = arguments(api, endpoint, true);
    let future = future(endpoint);
    let request = request(api, index, endpoint);
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
    // A type of the author that is called `Option` or `Response` is what differs, not the error.
    let (first, last) = match endpoint.response.wrapper {
        Wrapper::None => end_spans(&endpoint.error),
        _ => end_spans(content(output)),
    };
    let send = quote_spanned!(last=> ::core::marker::Send);
    quote_spanned!(first=> impl ::core::future::Future<Output = #output> + #send)
}

fn request(api: &Api, index: &Index, endpoint: &Endpoint) -> TokenStream {
    let (rolecall, role, calls) = (&api.options.runtime, &api.role, calls_name(api));
    let first = step::first_literal(endpoint);
    local!(#rolecall::__private::Request::new(&#calls::<#role>()[#index], #first))
}

/// The index of an endpoint: the number of endpoints before it that are not configured out.
#[derive(Default)]
struct Index {
    fixed: usize,
    /// A term for each endpoint that has a `cfg`.
    maybe: TokenStream,
}

impl Index {
    fn next(&mut self, endpoint: &Endpoint) {
        let cfgs = &endpoint.attrs.cfgs;
        if cfgs.is_empty() {
            self.fixed += 1;
            return;
        }
        let predicates = cfgs.iter().filter_map(|cfg| Some(cfg.meta.require_list().ok()?.tokens.clone()));
        self.maybe.extend(local!(+ ::core::cfg!(all(#(#predicates),*)) as ::core::primitive::usize));
    }
}

impl ToTokens for Index {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        Literal::usize_unsuffixed(self.fixed).to_tokens(tokens);
        self.maybe.to_tokens(tokens);
    }
}
