//! The static parts of each endpoint: its type, its roles, and its metadata.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Type, Visibility};

use crate::expand::tokens::{copied_lints, end_spans, endpoint_type, name_text, respan, type_of};
use crate::expand::{details, schema};
use crate::model::{Api, Argument, Endpoint, JSON, Location, QueryEncoding, Roles};
use crate::syntax::hygienic;
use crate::types;

/// The module with a type for each endpoint.
pub(super) fn module(api: &Api) -> TokenStream {
    let (vis, module) = (&api.vis, &api.options.module);
    let lints = copied_lints(&api.lints);
    let types = api.endpoints.iter().map(|endpoint| {
        let (name, cfgs) = (&endpoint.name, &endpoint.attrs.cfgs);
        let doc = format!(" The endpoint [`{0}`](super::{1}::{0}).", name_text(name), name_text(&api.ident));
        let item = endpoint_type(vis, name);
        quote!(#(#cfgs)* #[doc = #doc] #item)
    });
    let doc = format!(" Types for the endpoints of [`{}`], for the bounds of generic callers.", name_text(&api.ident));
    let namesakes = namesakes(api);
    // Another module of this name is reported at the trait's name.
    let at = hygienic(api.ident.span());
    let head = respan(at, quote!(#vis mod #module));
    let mut body = Group::new(Delimiter::Brace, quote!(#(#types)* #namesakes));
    body.set_span(at);
    quote! {
        #[doc = #doc]
        #(#lints)*
        #head #body
    }
}

/// Empty modules with the names of the endpoints. The compiler shows a name that is not unique with its path, so that
/// a bound copied from its error about a role compiles. It would not count what it knows as hidden from documentation.
fn namesakes(api: &Api) -> TokenStream {
    let vis = Some(&api.vis).filter(|vis| matches!(vis, Visibility::Public(_)));
    let namesakes = api.endpoints.iter().map(|endpoint| {
        let (name, cfgs) = (&endpoint.name, &endpoint.attrs.cfgs);
        let item = respan(hygienic(name.span()), quote!(#vis mod #name {}));
        quote!(#(#cfgs)* #[doc = ""] #item)
    });
    local!(#[cfg_attr(doc, doc(hidden))] #[doc = ""] #vis mod __namesakes { #(#namesakes)* })
}

/// The roles that may call an endpoint.
pub(super) fn allows_impls(api: &Api, endpoint: &Endpoint) -> TokenStream {
    let (cfgs, ty, rolecall) = (&endpoint.attrs.cfgs, type_of(api, endpoint), &api.options.runtime);
    match &endpoint.roles {
        Roles::Public(_) | Roles::Optional(..) => {
            let role = &api.role;
            quote!(#(#cfgs)* impl<#role: #rolecall::Role> #rolecall::Allows<#role> for #ty {})
        }
        Roles::Any(..) => {
            let allowance = |role| {
                let (at, _) = end_spans(role);
                let (before, after) = (respan(at, quote!(impl #rolecall::Allows<)), respan(at, quote!(> for #ty {})));
                quote!(#(#cfgs)* #before #role #after)
            };
            endpoint.roles.iter().map(allowance).collect()
        }
    }
}

/// Checks that refuse another name of `Public`, which would be a role that no client can have. Each role is checked
/// once; those with arguments could name parameters of a method.
pub(super) fn role_checks(api: &Api) -> TokenStream {
    let rolecall = &api.options.runtime;
    let (always, sometimes): (Vec<_>, Vec<_>) =
        api.endpoints.iter().partition(|endpoint| endpoint.attrs.cfgs.is_empty());
    let (mut checks, mut checked) = (TokenStream::new(), BTreeSet::new());
    for endpoint in always.into_iter().chain(sometimes) {
        for role in endpoint.roles.iter() {
            let text = types::shown(role);
            let has_arguments = role.segments.iter().any(|segment| !segment.arguments.is_none());
            let is_parameter = endpoint.generics.type_params().any(|param| role.is_ident(&param.ident));
            if has_arguments || is_parameter || !checked.insert(text.clone()) {
                continue;
            }
            let (cfgs, (span, _)) = (&endpoint.attrs.cfgs, end_spans(role));
            let message = format!("`{text}` is another name of `rolecall::Public`: use `role = Public`");
            let check =
                quote_spanned!(span=> ::core::assert!(!#rolecall::__private::RoleProbe::<#role>::IS_PUBLIC, #message));
            checks.extend(quote! {
                #(#cfgs)*
                const _: () = {
                    use #rolecall::__private::OtherRole as _;
                    #check
                };
            });
        }
    }
    checks
}

/// An element of `ENDPOINTS`.
pub(super) fn metadata(api: &Api, endpoint: &Endpoint) -> TokenStream {
    let rolecall = &api.options.runtime;
    let (cfgs, path) = (&endpoint.attrs.cfgs, &endpoint.path);
    let (api_name, api_docs) = (name_text(&api.ident), details::docs(&api.attrs));
    let (name, method, path) = (name_text(&endpoint.name), endpoint.method.to_string(), path.value());
    let roles = match &endpoint.roles {
        Roles::Public(role) => quote!(<#role as #rolecall::bounds::IsPublic>::ROLES),
        Roles::Optional(..) | Roles::Any(..) => {
            let names = endpoint.roles.iter().map(|role| {
                let name = quote_spanned!(end_spans(role).0=> NAME);
                quote!(<#role as #rolecall::Role>::#name)
            });
            quote!(&[#(#names),*])
        }
    };
    let optional = match &endpoint.roles {
        Roles::Optional(public, _) => {
            Some(quote!(.optional_credentials(<#public as #rolecall::bounds::IsPublic>::IS_PUBLIC)))
        }
        _ => None,
    };
    let with_schema = api.options.schema.is_some();
    let parameters = endpoint.arguments.iter().map(|argument| {
        let schema = with_schema.then(|| schema::parameter(rolecall, endpoint, argument)).flatten();
        let parameter = parameter(rolecall, argument);
        quote!(#parameter #schema)
    });
    let idempotent = endpoint.idempotent.then(|| quote!(.idempotent()));
    let accept = Some(endpoint.accept()).filter(|accept| *accept != JSON).map(|accept| quote!(.accept(#accept)));
    let timeout = endpoint.timeout.map(|millis| quote!(.timeout(::core::time::Duration::from_millis(#millis))));
    let deadline = endpoint.deadline.map(|millis| quote!(.deadline(::core::time::Duration::from_millis(#millis))));
    let idempotency_key = endpoint.idempotency_key.as_ref().map(|name| quote!(.idempotency_key(#name)));
    let none = (!endpoint.none.is_empty()).then(|| {
        let statuses = &endpoint.none;
        quote!(.none(&[#(#statuses),*]))
    });
    let end = endpoint.end.as_ref().map(|end| quote!(.end(#end)));
    let reconnect = endpoint.reconnect.then(|| quote!(.reconnect()));
    let redirects = endpoint.redirects.map(|most| quote!(.redirects(#most)));
    let base = endpoint.base.as_ref().map(|base| quote!(.base(#base)));
    let headers = (!endpoint.headers.is_empty()).then(|| {
        let headers = endpoint.headers.iter().map(|(name, value)| quote!((#name, #value)));
        quote!(.headers(&[#(#headers),*]))
    });
    let query = (!endpoint.query.is_empty()).then(|| {
        let query = endpoint.query.iter().map(|(name, value)| {
            let value = value.as_deref().unwrap_or_default();
            quote!((#name, #value))
        });
        quote!(.query(&[#(#query),*]))
    });
    let encoding = (endpoint.query_encoding == QueryEncoding::Percent)
        .then(|| quote!(.query_encoding(#rolecall::QueryEncoding::Percent)));
    let error = api.options.error.as_ref().map(|ty| {
        let schema = with_schema.then(|| schema::error(rolecall, ty)).flatten();
        let error = error_type(rolecall, ty);
        quote!(#error #schema)
    });
    let bodies = with_schema.then(|| schema::response(rolecall, endpoint)).flatten();
    let response = details::response(rolecall, endpoint);
    let docs =
        Some(details::docs(&endpoint.attrs.docs)).filter(|docs| !docs.is_empty()).map(|docs| quote!(.docs(#docs)));
    let deprecated = endpoint.attrs.deprecated.is_some().then(|| quote!(.deprecated()));
    quote! {
        #(#cfgs)*
        #rolecall::Endpoint::new(
            (#api_name, #api_docs), #name, #method, #path, #roles, &[#(#parameters),*],
        ) #optional #idempotent #idempotency_key #accept #timeout #deadline #none #end #reconnect #redirects #base #headers #query #encoding #error .response(#response #bodies) #docs #deprecated
    }
}

/// How the API's own error type reads a response. Its span is that of the type in the source.
fn error_type(rolecall: &TokenStream, ty: &Type) -> TokenStream {
    let (at, _) = end_spans(ty);
    let describe = respan(at, quote!(#rolecall::bounds::ErrorBody>::DESCRIBE));
    let (open, name) = (respan(at, quote!(<)), details::type_text(ty));
    local! {
        .error({
            use #rolecall::__private::NotInBand as _;
            #rolecall::__private::ErrorType::new(
                #open #ty as #describe,
                #rolecall::__private::InBandProbe::<#ty>::FIND,
            )
        }, #name)
    }
}

fn parameter(rolecall: &TokenStream, argument: &Argument) -> TokenStream {
    let own = name_text(&argument.name);
    let (name, location, optional) = match &argument.location {
        Location::Path(name) => (name, quote!(Path), false),
        Location::Query { name, shape, .. } => (name, quote!(Query), shape.optional || shape.list),
        Location::Flatten { shape, .. } => (&own, quote!(Query), shape.optional),
        Location::Header { name, shape, .. } => (name, quote!(Header), shape.optional || shape.list),
        Location::Headers { shape, .. } => (&own, quote!(Header), shape.optional),
        Location::Body { shape, .. } => (&own, quote!(Body), shape.optional),
        Location::Part { name, shape, .. } => (name, quote!(Part), shape.optional || shape.list),
    };
    let new = if optional { quote!(optional) } else { quote!(new) };
    let details = details::parameter(rolecall, argument);
    respan(
        hygienic(argument.name.span()),
        quote!(#rolecall::Parameter::#new(#name, #rolecall::ParameterLocation::#location) #details),
    )
}
