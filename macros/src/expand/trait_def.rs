//! The trait definition.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::WhereClause;

use crate::expand::endpoints;
use crate::expand::tokens::{arguments, content, end_spans, generics, respan, type_of};
use crate::model::{Api, Endpoint, Roles};
use crate::text;

/// The trait. Its empty `<>` has the macro's span, so that for a misspelled type the compiler does not suggest to make it
/// a parameter of the trait.
pub(super) fn trait_def(api: &Api) -> TokenStream {
    let Api { attrs, vis, ident, where_clause, .. } = api;
    let rolecall = &api.options.runtime;
    let supertraits = api.supertraits.iter();
    let endpoints = api.endpoints.iter().map(|endpoint| endpoints::metadata(api, endpoint));
    let methods = api.endpoints.iter().map(|endpoint| method(api, endpoint));
    quote! {
        #(#attrs)*
        #vis trait #ident<>: #rolecall::Caller #(+ #supertraits)* #where_clause {
            /// The endpoints of this API, in source order.
            const ENDPOINTS: &'static [#rolecall::Endpoint] = &[#(#endpoints),*];
            #(#methods)*
        }
    }
}

fn method(api: &Api, endpoint: &Endpoint) -> TokenStream {
    let Endpoint { attrs, name, .. } = endpoint;
    let (docs, cfgs, deprecated, lints, others) =
        (&attrs.docs, &attrs.cfgs, &attrs.deprecated, &attrs.lints, &attrs.others);
    let line = summary(endpoint);
    let blank = (!docs.is_empty()).then(|| quote!(#[doc = ""]));
    let generics = generics(api, endpoint);
    let (generics, _, _) = generics.split_for_impl();
    let arguments = arguments(api, endpoint, false);
    let output = &endpoint.output;
    // A private type is reported at the type.
    let (first, last) = end_spans(content(output));
    let send = quote_spanned!(last=> ::core::marker::Send);
    let future = quote_spanned!(first=> impl ::core::future::Future<Output = #output> + #send);
    let where_clause = where_clause(api, endpoint);
    quote! {
        #(#docs)* #blank #[doc = #line]
        #(#cfgs)* #deprecated #(#lints)* #(#others)*
        fn #name #generics(#arguments) -> #future #where_clause;
    }
}

/// The author's bounds, and the bound that rejects other roles.
fn where_clause(api: &Api, endpoint: &Endpoint) -> Option<WhereClause> {
    let bound = match &endpoint.roles {
        Roles::Public(_) | Roles::Optional(..) => return endpoint.generics.where_clause.clone(),
        Roles::Any(first, _) => {
            let rolecall = &api.options.runtime;
            let ty = type_of(api, endpoint);
            let (at, _) = end_spans(first);
            respan(at, quote!(#ty: #rolecall::Allows<<Self as #rolecall::Caller>::Role>))
        }
    };
    let own = endpoint.generics.where_clause.iter().flat_map(|clause| clause.predicates.iter());
    syn::parse2(quote!(where #(#own,)* #bound)).ok()
}

/// The HTTP method, path, and roles, for the method's documentation.
fn summary(endpoint: &Endpoint) -> String {
    let call = format!("`{} {}`", endpoint.method, endpoint.path.value());
    let roles: Vec<String> = match &endpoint.roles {
        Roles::Public(_) => return format!(" {call}, open to everyone."),
        Roles::Optional(..) | Roles::Any(..) => {
            endpoint.roles.iter().map(|role| role.to_token_stream().to_string().replace(' ', "")).collect()
        }
    };
    if let Roles::Optional(..) = endpoint.roles {
        return format!(" {call}, open to everyone; credentials of {} are sent.", text::join_quoted(&roles, "or"));
    }
    let word = if roles.len() == 1 { "role" } else { "roles" };
    format!(" {call}, {word} {}.", text::join_quoted(&roles, "or"))
}
