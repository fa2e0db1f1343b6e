//! The code emitted for a trait with errors, so that callers of the trait have no errors of their own.
//!
//! The methods have the signatures that were probably meant and require no role. The implementation for the
//! client only has to compile.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, GenericParam, Generics, Lifetime, PathArguments, ReturnType, TraitItem, Type, Visibility};

use crate::expand::{copied_lints, endpoint_type, has_elided, into, tied, used_imports};
use crate::syntax::{Api, Argument, LINT_LEVELS, Method, receiver_lifetime};
use crate::types;
use crate::unique::UsedNames;
use crate::validate::{Settings, is_foreign, is_invalid, mentioned, traits};

pub(crate) fn fallback(api: &Api, settings: &Settings) -> TokenStream {
    let (rolecall, vis, ident, module) = (&settings.runtime, &api.vis, &api.ident, &settings.module);
    let role = format_ident!("{}", UsedNames::of(api.item.to_token_stream()).unique_name("R"));
    let attrs: Vec<Attribute> = api.attrs.iter().filter(|attr| !is_foreign(attr)).cloned().collect();
    let attrs = copied_lints(&attrs);
    let lints = attrs.iter().filter(|attr| LINT_LEVELS.iter().any(|level| attr.path().is_ident(level)));
    let lints: Vec<&Attribute> = lints.collect();
    let supertraits = api.item.supertraits.iter();
    let (generics, arguments, where_clause) = api.item.generics.split_for_impl();
    let mut with_role = api.item.generics.clone();
    with_role.params.push(syn::parse_quote!(#role: #rolecall::Role));
    let (with_role, _, _) = with_role.split_for_impl();

    let methods = distinct(&api.methods);
    let declared = methods.iter().map(|method| declared(rolecall, method));
    let imports = imports(&methods, ident, settings.anywhere.as_ref());
    let defined = methods.iter().map(|method| defined(rolecall, method));
    let (others, others_defined): (Vec<_>, Vec<_>) = api.item.items.iter().filter_map(other).unzip();
    let types = endpoint_types(&methods, vis);
    let allows_impls = methods.iter().map(|method| {
        let (name, cfgs) = (method.name(), cfgs(method));
        quote!(#(#cfgs)* impl<#role: #rolecall::Role> #rolecall::Allows<#role> for #module::#name {})
    });
    let invalid = methods.iter().flat_map(|method| &method.arguments).filter(|argument| is_invalid(&argument.ty));
    let traits: Vec<_> = invalid.flat_map(|argument| traits(&argument.ty)).collect();
    let traits = (!traits.is_empty()).then(|| quote!(const _: () = { #(use #traits as _;)* };));
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
        #(#lints)*
        #vis mod #module { #types }
        #(#allows_impls)*
        #(#lints)* #[allow(deprecated)]
        impl #with_role #ident #arguments for #rolecall::Client<#role> #where_clause {
            #(#others_defined)*
            #(#defined)*
        }
        const _: () = { #(let _ = ::core::marker::PhantomData::<#roles>;)* };
        #traits
        #dyn_trait
        #imports
    }
}

/// The code for a trait in a package that does not depend on the runtime: no path of the runtime is known, so the trait is
/// implemented for every type, a client of any path among them.
pub(crate) fn without_runtime(api: &Api, settings: &Settings) -> TokenStream {
    let (vis, ident, module) = (&api.vis, &api.ident, &settings.module);
    // Only in place of an error of the standard library, as a type that exists.
    let rolecall = quote!(::core::fmt);
    let attrs: Vec<Attribute> = api.attrs.iter().filter(|attr| !is_foreign(attr)).cloned().collect();
    let attrs = copied_lints(&attrs);
    let implementor = format_ident!("{}", UsedNames::of(api.item.to_token_stream()).unique_name("T"));
    let supertraits: Vec<_> = api.item.supertraits.iter().collect();
    let methods = distinct(&api.methods);
    let (types, imports) = (endpoint_types(&methods, vis), imports(&methods, ident, None));
    let declared = methods.iter().map(|method| declared(&rolecall, method));
    let defined = methods.iter().map(|method| defined(&rolecall, method));
    quote! {
        #(#attrs)*
        #vis trait #ident: #(#supertraits +)* { #(#declared)* }
        #[doc = ""]
        #vis mod #module { #types }
        impl<#implementor: #(#supertraits +)* ?::core::marker::Sized> #ident for #implementor { #(#defined)* }
        #imports
    }
}

fn imports(methods: &[&Method], api: &Ident, runtime: Option<&TokenStream>) -> TokenStream {
    let attributes = methods.iter().flat_map(|method| {
        let cfgs: Vec<&Attribute> = cfgs(method).collect();
        method.endpoints.iter().map(move |attribute| (attribute.path(), cfgs.clone()))
    });
    used_imports(api, runtime, attributes)
}

fn endpoint_types(methods: &[&Method], vis: &Visibility) -> TokenStream {
    let item = |method: &&Method| {
        let (cfgs, item) = (cfgs(method), endpoint_type(vis, method.name()));
        quote!(#(#cfgs)* #[doc = ""] #item)
    };
    methods.iter().map(item).collect()
}

/// The first method of each name, and all of a name that have a `cfg`.
fn distinct(methods: &[Method]) -> Vec<&Method> {
    let mut all_have_cfg: HashMap<String, bool> = HashMap::new();
    let is_distinct = |method: &&Method| {
        let has_cfg = cfgs(method).next().is_some();
        match all_have_cfg.entry(method.name().to_string()) {
            Entry::Vacant(first) => {
                first.insert(has_cfg);
                true
            }
            Entry::Occupied(others) => has_cfg && *others.get(),
        }
    };
    methods.iter().filter(|method| method.name() != "ENDPOINTS").filter(is_distinct).collect()
}

fn cfgs(method: &Method) -> impl Iterator<Item = &Attribute> {
    method.attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
}

fn declared(rolecall: &TokenStream, method: &Method) -> TokenStream {
    let kept = ["doc", "cfg", "deprecated", "allow", "expect", "must_use"];
    let attrs = copied_lints(&method.attrs);
    let attrs = attrs.iter().filter(|attr| kept.iter().any(|name| attr.path().is_ident(name)));
    let where_clause = &method.generics().where_clause;
    let signature = signature(rolecall, method);
    quote!(#(#attrs)* #[doc = ""] #signature #where_clause;)
}

fn defined(rolecall: &TokenStream, method: &Method) -> TokenStream {
    let cfgs = cfgs(method);
    let where_clause = &method.generics().where_clause;
    let signature = signature(rolecall, method);
    quote!(#(#cfgs)* #signature #where_clause { ::core::future::pending() })
}

/// The signature without its bounds, with `&self`, asynchronous, and with unnamed arguments.
fn signature(rolecall: &TokenStream, method: &Method) -> TokenStream {
    let name = method.name();
    let own = own_lifetime(method);
    let mut generics = generics(method);
    generics.params =
        own.iter().map(|own| -> GenericParam { syn::parse_quote!(#own) }).chain(generics.params).collect();
    let (generics, _, _) = generics.split_for_impl();
    let lifetime = own.as_ref().or(method.receiver.as_ref().and_then(receiver_lifetime));
    let arguments = method.arguments.iter().map(|argument| argument_type(&argument.ty, lifetime));
    let output = output(rolecall, method);
    quote! {
        fn #name #generics(&#lifetime self #(, _: #arguments)*)
            -> impl ::core::future::Future<Output = #output> + ::core::marker::Send
    }
}

/// The lifetime of a reference in `impl Into<Option<&T>>`, which cannot be elided, unless it can be the receiver's.
fn own_lifetime(method: &Method) -> Option<Lifetime> {
    let is_elided = |argument: &Argument| types::into_option(&argument.ty).is_some_and(has_elided);
    if !method.arguments.iter().any(is_elided) || method.receiver.as_ref().and_then(receiver_lifetime).is_some() {
        return None;
    }
    let names = UsedNames::of(method.sig.to_token_stream());
    Some(Lifetime::new(&format!("'{}", names.unique_name("a")), proc_macro2::Span::mixed_site()))
}

/// The generics, with the lifetimes that are declared nowhere.
fn generics(method: &Method) -> Generics {
    let mut generics = method.generics().clone();
    let undeclared =
        method.undeclared_lifetimes().into_iter().map(|lifetime| -> GenericParam { syn::parse_quote!(#lifetime) });
    generics.params = undeclared.chain(generics.params).collect();
    generics
}

/// The type of an argument, or anything in place of a type that does not compile.
fn argument_type(ty: &Type, lifetime: Option<&Lifetime>) -> TokenStream {
    if types::is_unsized(ty) || is_invalid(ty) {
        return quote!(impl ::core::marker::Sized + ::core::marker::Send);
    }
    match (types::into_option(ty), lifetime) {
        (Some(option), Some(lifetime)) => into(&tied(option.to_token_stream(), lifetime)),
        (Some(option), None) => into(&option.to_token_stream()),
        (None, _) => ty.to_token_stream(),
    }
}

/// The return type, or a type that compiles instead.
fn output(rolecall: &TokenStream, method: &Method) -> TokenStream {
    let ReturnType::Type(_, ty) = &method.sig.output else { return quote!(()) };
    let ty = types::future_output(ty).or_else(|| types::stream_item(ty)).unwrap_or(ty);
    let arguments = types::last_segment(ty).map(types::arguments).unwrap_or_default();
    let result = |content: TokenStream, error: &Type| {
        let error = match types::last_segment(error) {
            _ if types::is_std_error(error) => quote!(#rolecall::Error),
            Some(segment) if segment.ident == "Error" => without_arguments(error),
            _ => error.to_token_stream(),
        };
        quote!(::core::result::Result<#content, #error>)
    };
    let is_kept = |ty: &Type| !types::has_impl(ty) && !types::is_unsized(ty) && !is_invalid(ty);
    let is_replaced = |error: &Type| {
        let has_arguments = types::last_segment(error).is_some_and(|segment| !segment.arguments.is_none());
        types::is_std_error(error) || has_arguments && types::is_named(error, "Error")
    };
    match arguments.as_slice() {
        // `Response` alone.
        [content, error] if is_alone(content, "Response") => result(quote!(#content<()>), error),
        [_, error] if is_kept(ty) && !is_replaced(error) => ty.to_token_stream(),
        [content, error, ..] if is_kept(content) => result(content.to_token_stream(), error),
        [_, error] => result(quote!(()), error),
        _ if is_kept(ty) => ty.to_token_stream(),
        _ => quote!(()),
    }
}

/// `Error` of `Error<T>`.
fn without_arguments(ty: &Type) -> TokenStream {
    let mut ty = types::strip_groups(ty).clone();
    if let Type::Path(path) = &mut ty
        && let Some(last) = path.path.segments.last_mut()
    {
        last.arguments = PathArguments::None;
    }
    ty.to_token_stream()
}

fn is_alone(ty: &Type, name: &str) -> bool {
    let is_path = |ty: &Type| matches!(types::strip_groups(ty), Type::Path(path) if path.path.segments.len() > 1);
    !is_path(ty) && types::last_segment(ty).is_some_and(|segment| segment.ident == name && segment.arguments.is_none())
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
        let (method_name, params) = (method.name(), generics(method).params);
        let arguments =
            method.arguments.iter().map(|argument| tied(argument_type(&argument.ty, Some(&lifetime)), &lifetime));
        let output = tied(output(rolecall, method), &lifetime);
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
