//! The dyn form: the same methods with boxed futures, for `Arc<dyn DynUsersApi<Partner>>`.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericParam, Lifetime};

use crate::expand::interface::text;
use crate::expand::type_of;
use crate::model::{Api, Endpoint, Roles};

pub(super) fn dyn_form(api: &Api, name: &Ident) -> TokenStream {
    let (rolecall, vis, ident, role) = (&api.options.runtime, &api.vis, &api.ident, &api.role);
    let (declared, defined): (Vec<_>, Vec<_>) =
        api.endpoints.iter().map(|endpoint| (method(api, endpoint, false), method(api, endpoint, true))).unzip();
    let doc = format!(" The dyn form of [`{0}`], a trait object: `dyn {1}<Role>`.", text(ident), text(name));
    let implementor = quote::format_ident!("{}", if role == "T" { "T2" } else { "T" });
    quote! {
        #[doc = #doc]
        ///
        /// Whatever implements the API has it too.
        #vis trait #name<#role: #rolecall::Role>: ::core::marker::Send + ::core::marker::Sync {
            #(#declared)*
        }
        impl<#role: #rolecall::Role, #implementor: #ident + #rolecall::Caller<Role = #role>> #name<#role> for #implementor {
            #(#defined)*
        }
    }
}

fn method(api: &Api, endpoint: &Endpoint, defined: bool) -> TokenStream {
    let (rolecall, ident, role, lifetime) = (&api.options.runtime, &api.ident, &api.role, &api.lifetime);
    let (name, cfgs, output) = (&endpoint.name, &endpoint.attrs.cfgs, &endpoint.output);
    let params = endpoint.generics.params.iter();
    let arguments = endpoint.arguments.iter().map(|argument| {
        let (name, ty) = (&argument.name, tied(argument.ty.to_token_stream(), lifetime));
        quote!(#name: #ty)
    });
    let outlive = endpoint.generics.params.iter().filter_map(|param| match param {
        GenericParam::Lifetime(param) => Some(&param.lifetime),
        _ => None,
    });
    let outlive = outlive.map(|longer| quote!(#longer: #lifetime));
    let bound = match &endpoint.roles {
        Roles::Public(_) => None,
        Roles::Any(..) => {
            let ty = type_of(api, endpoint);
            Some(quote!(#ty: #rolecall::Allows<#role>))
        }
    };
    let own = endpoint.generics.where_clause.iter().flat_map(|clause| clause.predicates.iter()).map(|own| quote!(#own));
    let bounds: Vec<_> = own.chain(outlive).chain(bound).collect();
    let where_clause = (!bounds.is_empty()).then(|| quote!(where #(#bounds),*));
    let receiver = endpoint.receiver.as_ref().unwrap_or(lifetime);
    let signature = local! {
        fn #name<#lifetime, #(#params),*>(&#receiver self #(, #arguments)*) -> #rolecall::BoxFuture<#lifetime, #output>
        #where_clause
    };
    if defined {
        let arguments = endpoint.arguments.iter().map(|argument| &argument.name);
        return local! {
            #(#cfgs)* #[allow(deprecated)]
            #signature { ::std::boxed::Box::pin(<Self as #ident>::#name(self #(, #arguments)*)) }
        };
    }
    let (docs, deprecated) = (&endpoint.attrs.docs, &endpoint.attrs.deprecated);
    let doc = format!(" See [`{0}`]({1}::{0}).", text(name), text(ident));
    let docs = if docs.is_empty() { quote!(#[doc = #doc]) } else { quote!(#(#docs)*) };
    quote!(#docs #(#cfgs)* #deprecated #signature;)
}

/// The type with each of its references that names no lifetime bound to one.
pub(crate) fn tied(tokens: TokenStream, lifetime: &Lifetime) -> TokenStream {
    let mut out = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    let mut after_word = false;
    while let Some(token) = tokens.next() {
        let is_word = matches!(&token, TokenTree::Ident(word) if word != "mut" && word != "dyn");
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                let named = matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '\'');
                let mut alone = Punct::new('&', Spacing::Alone);
                alone.set_span(punct.span());
                out.extend([TokenTree::Punct(alone)]);
                if !named {
                    lifetime.to_tokens(&mut out);
                }
            }
            TokenTree::Punct(quote) if quote.as_char() == '\'' => match tokens.next() {
                Some(TokenTree::Ident(name)) if name == "_" => lifetime.to_tokens(&mut out),
                name => out.extend([TokenTree::Punct(quote)].into_iter().chain(name)),
            },
            // `Fn(&str)` and `fn(&str)` have lifetimes of their own.
            TokenTree::Group(group) if !(after_word && group.delimiter() == Delimiter::Parenthesis) => {
                let mut inner = Group::new(group.delimiter(), tied(group.stream(), lifetime));
                inner.set_span(group.span());
                out.extend([TokenTree::Group(inner)]);
            }
            token => out.extend([token]),
        }
        after_word = is_word;
    }
    out
}
