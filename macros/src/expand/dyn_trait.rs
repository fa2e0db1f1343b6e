//! The dyn-compatible trait: the same methods with boxed futures, for `Arc<dyn DynUsersApi<Partner>>`.
//!
//! Its methods have other names, and the API's methods are inherent to the trait object. So a client in a scope
//! with both traits has no ambiguous methods, and the object's methods need no import.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::GenericParam;

use crate::expand::tokens::{allow_deprecated, copied_lints, into, name_text, tied, type_of};
use crate::model::{Api, Endpoint, Roles};
use crate::syntax::hygienic;

pub(super) fn dyn_trait(api: &Api, name: &Ident) -> TokenStream {
    let (rolecall, vis, ident, role) = (&api.options.runtime, &api.vis, &api.ident, &api.role);
    let mut declared = TokenStream::new();
    let mut defined = TokenStream::new();
    let mut inherent = TokenStream::new();
    for endpoint in &api.endpoints {
        let (cfgs, docs, deprecated) = (&endpoint.attrs.cfgs, &endpoint.attrs.docs, &endpoint.attrs.deprecated);
        let method = &endpoint.name;
        let boxed = format_ident!("boxed_{}", name_text(method), span = hygienic(method.span()));
        let doc = format!(" See [`{0}`]({1}::{0}).", name_text(method), name_text(ident));
        let docs = if docs.is_empty() { quote!(#[doc = #doc]) } else { quote!(#(#docs)*) };
        let first = endpoint.arguments.iter().map(|argument| &argument.name);
        let second = endpoint.arguments.iter().map(|argument| {
            let name = &argument.name;
            if argument.by_into { local!(::core::convert::Into::into(#name)) } else { name.to_token_stream() }
        });
        let (own, public) = (signature(api, endpoint, &boxed, false), signature(api, endpoint, method, true));
        let lints = copied_lints(&endpoint.attrs.lints);
        let allow = allow_deprecated(deprecated.is_some());
        declared.extend(local!(#(#cfgs)* #(#lints)* #[doc(hidden)] #own;));
        defined.extend(local! {
            #(#cfgs)* #(#lints)* #allow
            #own { ::std::boxed::Box::pin(<Self as #ident>::#method(self #(, #first)*)) }
        });
        inherent.extend(local! {
            #docs #(#cfgs)* #deprecated #(#lints)*
            #vis #public { <Self as #name<#role>>::#boxed(self #(, #second)*) }
        });
    }
    let doc = format!(
        " The dyn-compatible form of [`{0}`], for trait objects such as `Arc<dyn {1}<R>>`.",
        name_text(ident),
        name_text(name)
    );
    let implementor = &api.implementor;
    let (lints, deprecated) = (copied_lints(&api.lints), &api.deprecated);
    let allow = allow_deprecated(deprecated.is_some());
    quote! {
        #[doc = #doc]
        ///
        /// Every implementation of the API implements it. The trait object has the API's methods, with boxed futures.
        #deprecated #(#lints)*
        #vis trait #name<#role: #rolecall::Role>: ::core::marker::Send + ::core::marker::Sync { #declared }
        #(#lints)* #allow
        impl<#role: #rolecall::Role, #implementor: #ident + #rolecall::Caller<Role = #role>> #name<#role> for #implementor {
            #defined
        }
        #(#lints)* #allow
        impl<#role: #rolecall::Role> dyn #name<#role> + '_ { #inherent }
    }
}

/// A method's signature with one lifetime for all references. Only one that is not part of the dyn-compatible trait
/// itself can be `generic`: its optional body is `impl Into<Option<T>>`, and otherwise an `Option<T>`.
fn signature(api: &Api, endpoint: &Endpoint, name: &Ident, generic: bool) -> TokenStream {
    let (rolecall, role, lifetime, output) = (&api.options.runtime, &api.role, &api.lifetime, &endpoint.output);
    let params = endpoint.generics.params.iter();
    let arguments = endpoint.arguments.iter().map(|argument| {
        let (name, ty) = (&argument.name, tied(argument.ty.to_token_stream(), lifetime));
        let lints = copied_lints(&argument.lints);
        let ty = if argument.by_into && generic { into(&ty) } else { ty };
        quote!(#(#lints)* #name: #ty)
    });
    let outlive = endpoint.generics.params.iter().filter_map(|param| match param {
        GenericParam::Lifetime(param) => Some(&param.lifetime),
        _ => None,
    });
    let outlive = outlive.map(|longer| quote!(#longer: #lifetime));
    let bound = match &endpoint.roles {
        Roles::Public(_) | Roles::Optional(..) => None,
        Roles::Any(..) => {
            let ty = type_of(api, endpoint);
            Some(quote!(#ty: #rolecall::Allows<#role>))
        }
    };
    let own = endpoint.generics.where_clause.iter().flat_map(|clause| clause.predicates.iter()).map(|own| quote!(#own));
    let bounds: Vec<_> = own.chain(outlive).chain(bound).collect();
    let where_clause = (!bounds.is_empty()).then(|| quote!(where #(#bounds),*));
    let receiver = endpoint.receiver.as_ref().unwrap_or(lifetime);
    let params = quote!(<#lifetime #(, #params)*>);
    local! {
        fn #name #params(&#receiver self #(, #arguments)*) -> #rolecall::BoxFuture<#lifetime, #output>
        #where_clause
    }
}
