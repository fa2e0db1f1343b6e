//! Pieces of generated code that several renderers share.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Generics, Lifetime, Meta, Path, Type, Visibility};

use crate::model::{Api, Endpoint};
use crate::syntax::hygienic;
use crate::types;

/// `module::name`, the endpoint's type.
pub(super) fn type_of(api: &Api, endpoint: &Endpoint) -> TokenStream {
    let (module, name) = (&api.options.module, &endpoint.name);
    quote!(#module::#name)
}

/// The spans of the first and the last token, both with the macro's hygiene.
pub(super) fn end_spans(tokens: impl ToTokens) -> (Span, Span) {
    let tokens = tokens.into_token_stream();
    let last = tokens.clone().into_iter().last().map_or_else(Span::mixed_site, |token| token.span());
    let first = tokens.into_iter().next().map_or(last, |token| token.span());
    (hygienic(first), hygienic(last))
}

/// The content of a `Result`, or the whole type.
pub(super) fn content(output: &Type) -> &Type {
    types::last_segment(output).and_then(|segment| types::arguments(segment).first().copied()).unwrap_or(output)
}

/// The same tokens, all with one span. `$crate` keeps its hygiene, which decides what crate it means.
pub(super) fn respan(span: Span, tokens: TokenStream) -> TokenStream {
    let moved = tokens.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = token {
            token = Group::new(group.delimiter(), respan(span, group.stream())).into();
        }
        let is_dollar_crate = matches!(&token, TokenTree::Ident(word) if word == "$crate");
        token.set_span(if is_dollar_crate { token.span().located_at(span) } else { span });
        token
    });
    moved.collect()
}

/// The type of an endpoint. Its span keeps lints of names and visibility from it.
pub(crate) fn endpoint_type(vis: &Visibility, name: &Ident) -> TokenStream {
    let vis = inside_module(vis);
    respan(hygienic(name.span()), quote!(#[non_exhaustive] #vis enum #name {}))
}

/// The visibility of an item in a module, such that the item is as visible as the module: no lint finds it too visible.
fn inside_module(vis: &Visibility) -> TokenStream {
    match vis {
        Visibility::Public(_) => vis.to_token_stream(),
        Visibility::Inherited => quote!(pub(super)),
        Visibility::Restricted(restricted) if restricted.path.is_ident("crate") => vis.to_token_stream(),
        Visibility::Restricted(restricted) if restricted.path.is_ident("self") => quote!(pub(super)),
        Visibility::Restricted(restricted)
            if restricted.path.segments.first().is_some_and(|first| first.ident == "super") =>
        {
            let path = &restricted.path;
            quote!(pub(in super::#path))
        }
        Visibility::Restricted(_) => vis.to_token_stream(),
    }
}

/// `&self` and the arguments. `copied` says whether this is a copy of the trait's method.
pub(super) fn arguments(api: &Api, endpoint: &Endpoint, copied: bool) -> TokenStream {
    let own = own_lifetime(api, endpoint);
    let lifetime = own.or(endpoint.receiver.as_ref());
    let tied =
        |ty: &Type| lifetime.map_or_else(|| ty.to_token_stream(), |lifetime| tied(ty.to_token_stream(), lifetime));
    let arguments = endpoint.arguments.iter().map(|argument| {
        let (name, ty) = (&argument.name, &argument.ty);
        let lints = if copied { copied_lints(&argument.lints) } else { argument.lints.clone() };
        if argument.by_into {
            let into = into(&tied(ty));
            return quote!(#(#lints)* #name: #into);
        }
        quote!(#(#lints)* #name: #ty)
    });
    let reference = match lifetime {
        Some(lifetime) => local!(&#lifetime self),
        None => local!(&self),
    };
    quote!(#reference #(, #arguments)*)
}

/// `impl Into<Option<T>> + Send`.
pub(crate) fn into(option: &TokenStream) -> TokenStream {
    local!(impl ::core::convert::Into<#option> + ::core::marker::Send)
}

/// The generics of a method. A reference in `impl Into<Option<&T>>` cannot elide its lifetime, which is then that of
/// the receiver.
pub(super) fn generics(api: &Api, endpoint: &Endpoint) -> Generics {
    let mut generics = endpoint.generics.clone();
    if let Some(lifetime) = own_lifetime(api, endpoint) {
        generics.params.insert(0, syn::parse_quote!(#lifetime));
    }
    generics
}

/// The lifetime that a method needs beside those that the author declares.
fn own_lifetime<'a>(api: &'a Api, endpoint: &Endpoint) -> Option<&'a Lifetime> {
    let elides = endpoint.arguments.iter().any(|argument| argument.by_into && has_elided(&argument.ty));
    Some(&api.lifetime).filter(|_| elides && endpoint.receiver.is_none())
}

/// Returns `true` if the type has a reference without a lifetime.
pub(crate) fn has_elided(ty: &Type) -> bool {
    let tokens = ty.to_token_stream();
    let lifetime = Lifetime::new("'elided", Span::mixed_site());
    tied(tokens.clone(), &lifetime).to_string() != tokens.to_string()
}

/// The lint attributes of an item for a copy of it. `expect` becomes `allow`: the author expects the lint once.
pub(crate) fn copied_lints(lints: &[Attribute]) -> Vec<Attribute> {
    let copy = |attribute: &Attribute| {
        let mut attribute = attribute.clone();
        if attribute.path().is_ident("expect")
            && let Meta::List(list) = &mut attribute.meta
        {
            list.path = Ident::new("allow", attribute.pound_token.span).into();
        }
        attribute
    };
    lints.iter().map(copy).collect()
}

/// `#[allow(deprecated)]` for code that uses what the author has deprecated.
pub(super) fn allow_deprecated(deprecated: bool) -> Option<TokenStream> {
    deprecated.then(|| quote!(#[allow(deprecated)]))
}

/// An identifier as text, without `r#`.
pub(super) fn name_text(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// The type with `lifetime` added to each reference without a lifetime.
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
            // The references in `Fn(&str)` and `fn(&str)` have their own lifetimes.
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

/// Items that use each path of `#[endpoint]` once, so that the author's imports of it count as used: `#[api]` itself
/// removes the attribute. They stand beside the trait, where no other macro on the trait sees them.
pub(crate) fn used_imports<'a>(
    api: &Ident,
    runtime: Option<&TokenStream>,
    endpoints: impl Iterator<Item = (&'a Path, Vec<&'a Attribute>)>,
) -> TokenStream {
    // A method without `cfg` comes first: its path can be resolved in every build.
    let (always, sometimes): (Vec<_>, Vec<_>) = endpoints.partition(|(_, cfgs)| cfgs.is_empty());
    let (mut items, mut used) = (TokenStream::new(), BTreeSet::new());
    for (path, cfgs) in always.into_iter().chain(sometimes) {
        if used.insert(path.to_token_stream().to_string()) {
            items.extend(quote!(#(#cfgs)* #[#path(@)] const _: () = ();));
        }
    }
    let not_imported = runtime.filter(|_| used.contains("endpoint")).map(|runtime| not_imported(api, runtime));
    quote!(#not_imported #items)
}

/// A glob import of `endpoint`, for an author who imports nothing of that name: an import by name takes precedence. The
/// first of the inner globs is for a trait in a function, whose author may import it outside.
fn not_imported(api: &Ident, runtime: &TokenStream) -> TokenStream {
    // The name of no other trait's module, as that of a trait of the same name in a module around this one: a name that
    // a macro writes and a glob import brings is ambiguous.
    let mut place = DefaultHasher::new();
    format!("{:?}", api.span()).hash(&mut place);
    let place = place.finish();
    let name = quote::format_ident!("__attributes_of_{}_{place:x}", name_text(api), span = Span::mixed_site());
    local! {
        mod #name {
            mod all {
                pub(in super::super) use super::super::*;
                pub(in super::super) use #runtime::__private::attributes::*;
            }
            pub(super) use self::all::endpoint;
        }
        use #name::*;
    }
}
