//! The code emitted for a trait with errors, so that callers of the trait have no errors of their own.
//!
//! The methods have the signatures that were probably meant and require no role. The implementation for the
//! client only has to compile.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, GenericParam, Lifetime, ReturnType, TraitItem};

use crate::expand::{mark, tied};
use crate::syntax::{Api, Method, receiver_lifetime};
use crate::types;
use crate::unique::UsedNames;
use crate::validate::{Settings, mentioned};

pub(crate) fn fallback(api: &Api, settings: &Settings) -> TokenStream {
    let (rolecall, vis, ident, module) = (&settings.runtime, &api.vis, &api.ident, &settings.module);
    let role = format_ident!("{}", UsedNames::of(api.item.to_token_stream()).unique_name("R"));
    let attrs = &api.attrs;
    let supertraits = api.item.supertraits.iter();
    let (generics, arguments, where_clause) = api.item.generics.split_for_impl();
    let mut with_role = api.item.generics.clone();
    with_role.params.push(syn::parse_quote!(#role: #rolecall::Role));
    let (with_role, _, _) = with_role.split_for_impl();

    let methods = first_of_each_name(&api.methods);
    let mut used: Vec<String> = Vec::new();
    let declared = methods.iter().map(|method| declared(method, &mut used));
    let defined = methods.iter().map(|method| defined(method));
    let (others, others_defined): (Vec<_>, Vec<_>) = api.item.items.iter().filter_map(other).unzip();
    let types = methods.iter().map(|method| {
        let (name, cfgs) = (method.name(), cfgs(method));
        quote!(#(#cfgs)* #[doc = ""] pub enum #name {})
    });
    let allows_impls = methods.iter().map(|method| {
        let (name, cfgs) = (method.name(), cfgs(method));
        quote!(#(#cfgs)* impl<#role: #rolecall::Role> #rolecall::Allows<#role> for #module::#name {})
    });
    let roles = methods.iter().flat_map(|method| mentioned(method)).chain(settings.mentioned.iter().cloned());
    let dyn_trait = settings.dyn_trait.as_ref().map(|name| dyn_trait(&methods, api, settings, name));
    quote! {
        #(#attrs)*
        #vis trait #ident #generics: #rolecall::Caller #(+ #supertraits)* #where_clause {
            #[doc = ""]
            const ENDPOINTS: &'static [#rolecall::Endpoint] = &[];
            #(#others)*
            #(#declared)*
        }
        #[doc = ""]
        #[allow(non_camel_case_types, missing_debug_implementations, unreachable_pub)]
        #vis mod #module { #(#types)* }
        #(#allows_impls)*
        impl #with_role #ident #arguments for #rolecall::Client<#role> #where_clause {
            #(#others_defined)*
            #(#defined)*
        }
        const _: () = { #(let _ = ::core::marker::PhantomData::<#roles>;)* };
        #dyn_trait
    }
}

fn first_of_each_name(methods: &[Method]) -> Vec<&Method> {
    let mut first: Vec<&Method> = Vec::new();
    for method in methods {
        if first.iter().all(|other| other.name() != method.name()) {
            first.push(method);
        }
    }
    first
}

fn cfgs(method: &Method) -> impl Iterator<Item = &Attribute> {
    method.attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
}

fn declared(method: &Method, used: &mut Vec<String>) -> TokenStream {
    let kept = ["doc", "cfg", "deprecated", "allow", "expect", "must_use"];
    let attrs = method.attrs.iter().filter(|attr| kept.iter().any(|name| attr.path().is_ident(name)));
    let marks = method.endpoints.iter().filter_map(|attribute| mark(attribute.path(), used));
    let where_clause = &method.generics().where_clause;
    let signature = signature(method);
    quote!(#(#attrs)* #[doc = ""] #(#marks)* #signature #where_clause;)
}

fn defined(method: &Method) -> TokenStream {
    let cfgs = cfgs(method);
    let where_clause = &method.generics().where_clause;
    let signature = signature(method);
    quote!(#(#cfgs)* #signature #where_clause { ::core::future::pending() })
}

/// The signature without its bounds, with `&self`, asynchronous, and with unnamed arguments.
fn signature(method: &Method) -> TokenStream {
    let name = method.name();
    let (generics, _, _) = method.generics().split_for_impl();
    let lifetime = method.receiver.as_ref().and_then(receiver_lifetime);
    let arguments = method.arguments.iter().map(|argument| &argument.ty);
    let output = output(method);
    quote! {
        fn #name #generics(&#lifetime self #(, _: #arguments)*)
            -> impl ::core::future::Future<Output = #output> + ::core::marker::Send
    }
}

/// The return type, or a type that compiles instead.
fn output(method: &Method) -> TokenStream {
    let ReturnType::Type(_, ty) = &method.sig.output else { return quote!(()) };
    if !types::has_impl(ty) && !types::is_missing_type_argument(ty) {
        return ty.to_token_stream();
    }
    match types::last_segment(ty).map(types::arguments).as_deref() {
        // `Response` alone.
        Some([content, error]) if types::last_segment(content).is_some_and(|segment| segment.arguments.is_none()) => {
            quote!(::core::result::Result<#content<()>, #error>)
        }
        Some([_, error]) => quote!(::core::result::Result<(), #error>),
        _ => quote!(()),
    }
}

/// An item that an API cannot contain, as an item of the trait and of the client's implementation.
fn other(item: &TraitItem) -> Option<(TokenStream, TokenStream)> {
    match item {
        TraitItem::Const(item) if item.ident != "ENDPOINTS" => {
            let (name, ty) = (&item.ident, &item.ty);
            let value = item.default.as_ref().map(|(_, value)| value.to_token_stream());
            let value = value.unwrap_or_else(|| quote!(::core::unreachable!()));
            Some((quote!(#[doc = ""] const #name: #ty;), quote!(const #name: #ty = #value;)))
        }
        TraitItem::Type(item) => {
            let (name, generics) = (&item.ident, &item.generics);
            Some((quote!(#[doc = ""] type #name #generics;), quote!(type #name #generics = ();)))
        }
        _ => None,
    }
}

fn dyn_trait(methods: &[&Method], api: &Api, settings: &Settings, name: &Ident) -> TokenStream {
    let (rolecall, vis) = (&settings.runtime, &api.vis);
    let names = UsedNames::of(api.item.to_token_stream());
    let (role, implementor) =
        (format_ident!("{}", names.unique_name("R")), format_ident!("{}", names.unique_name("T")));
    let lifetime = Lifetime::new(&format!("'{}", names.unique_name("a")), proc_macro2::Span::mixed_site());
    let is_lifetime = |param: &GenericParam| matches!(param, GenericParam::Lifetime(_));
    let methods = methods.iter().filter(|method| method.generics().params.iter().all(is_lifetime)).map(|method| {
        let (method_name, params) = (method.name(), &method.generics().params);
        let arguments = method.arguments.iter().map(|argument| tied(argument.ty.to_token_stream(), &lifetime));
        let output = tied(output(method), &lifetime);
        quote! {
            fn #method_name<#lifetime, #params>(&#lifetime self #(, _: #arguments)*)
                -> #rolecall::BoxFuture<#lifetime, #output>
        }
    });
    quote! {
        #[doc = ""]
        #vis trait #name<#role: #rolecall::Role>: ::core::marker::Send + ::core::marker::Sync {}
        impl<#role: #rolecall::Role, #implementor: #rolecall::Caller<Role = #role>> #name<#role> for #implementor {}
        impl<#role: #rolecall::Role> dyn #name<#role> + '_ {
            #(#[doc = ""] #vis #methods { ::std::boxed::Box::pin(::core::future::pending()) })*
        }
    }
}
