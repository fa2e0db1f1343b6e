//! Pieces of generated code that several renderers share.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Lifetime;
use syn::ext::IdentExt;

use crate::model::{Api, Endpoint};
use crate::syntax::hygienic;

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

/// The same tokens, all with one span.
pub(super) fn respan(span: Span, tokens: TokenStream) -> TokenStream {
    let moved = tokens.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = token {
            token = Group::new(group.delimiter(), respan(span, group.stream())).into();
        }
        token.set_span(span);
        token
    });
    moved.collect()
}

/// `&self` and the arguments, with or without lint attributes.
pub(super) fn arguments(endpoint: &Endpoint, lints: bool) -> TokenStream {
    let lifetime = &endpoint.receiver;
    let arguments = endpoint.arguments.iter().map(|argument| {
        let (name, ty) = (&argument.name, &argument.ty);
        let lints = argument.lints.iter().filter(|_| lints);
        quote!(#(#lints)* #name: #ty)
    });
    let reference = match lifetime {
        Some(lifetime) => local!(&#lifetime self),
        None => local!(&self),
    };
    quote!(#reference #(, #arguments)*)
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

/// `#[endpoint]` in a form that does nothing, so that the author's import of it counts as used.
pub(crate) fn mark(path: &syn::Path, used: &mut Vec<String>) -> Option<TokenStream> {
    let text = path.to_token_stream().to_string();
    if used.contains(&text) {
        return None;
    }
    used.push(text);
    Some(quote!(#[#path(@)]))
}
