//! The JSON Schemas of an endpoint's types, for `#[api(schema)]` and `#[status(schema)]`.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Generics, Type};

use crate::expand::tokens::{end_spans, respan};
use crate::model::{Argument, Content, Endpoint, Format, Location, PartKind};
use crate::syntax::hygienic;
use crate::types;

/// The check that the runtime has the feature. Its span is that of the argument.
pub(crate) fn feature(rolecall: &TokenStream, argument: &Ident) -> TokenStream {
    let check = quote!(const _: () = <() as #rolecall::bounds::SchemaFeature>::ENABLED;);
    respan(hygienic(argument.span()), check)
}

/// The schema of an argument. Text, bytes, and files have none, and flattened headers have any names.
pub(super) fn parameter(rolecall: &TokenStream, endpoint: &Endpoint, argument: &Argument) -> Option<TokenStream> {
    let (item, list) = match &argument.location {
        Location::Path(_) => (types::peel_refs(&argument.ty), false),
        Location::Query { shape, .. } | Location::Header { shape, .. } => (&shape.item, shape.list),
        Location::Part { shape, kind: PartKind::Value | PartKind::Json, .. } => (&shape.item, shape.list),
        Location::Body { shape, format: Format::Json | Format::Form | Format::NestedForm(_), .. }
        | Location::Flatten { shape, .. } => (&shape.item, false),
        Location::Headers { .. } | Location::Body { .. } | Location::Part { kind: PartKind::File, .. } => return None,
    };
    let constant = if list { "LIST" } else { "SCHEMA" };
    let schema = of_type(rolecall, &endpoint.generics, item, constant)?;
    Some(quote!(.with_schema(#schema)))
}

/// The schemas of a response.
pub(super) fn response(rolecall: &TokenStream, endpoint: &Endpoint) -> Option<TokenStream> {
    let generics = &endpoint.generics;
    let item = match &endpoint.response.content {
        Content::Json(ty) if !types::is_composite(ty) => {
            let bodies = constant(rolecall, generics, ty, "ResponseSchema", "BODIES")?;
            return Some(quote!(.with_bodies(#bodies)));
        }
        Content::Json(ty) => ty,
        Content::Page(ty) => types::generic_argument(ty, "Page")?,
        Content::Events(ty) => {
            let item = types::generic_argument(ty, "Events")?;
            types::generic_argument(item, "Event").unwrap_or(item)
        }
        Content::JsonLines(ty) => types::generic_argument(ty, "JsonLines")?,
        Content::Empty | Content::Text(_) | Content::Bytes(_) | Content::Stream(_) => return None,
    };
    if types::is_named(item, "Text") {
        return None;
    }
    let schema = of_type(rolecall, generics, item, "SCHEMA")?;
    Some(quote!(.with_schema(#schema)))
}

/// The schema of the API's own errors.
pub(super) fn error(rolecall: &TokenStream, ty: &Type) -> Option<TokenStream> {
    let schema = of_type(rolecall, &Generics::default(), ty, "SCHEMA")?;
    Some(quote!(.with_error_schema(#schema)))
}

/// The body of a `ByStatus` variant.
pub(crate) fn of_status(rolecall: &TokenStream, statuses: &[u16], content: Option<&Content>) -> TokenStream {
    let (kind, schema) = match content {
        Some(Content::Json(ty)) if !types::is_named(ty, "Location") => {
            ("Json", of_type(rolecall, &Generics::default(), ty, "SCHEMA"))
        }
        Some(Content::Text(_)) => ("Text", None),
        Some(Content::Bytes(_)) => ("Bytes", None),
        _ => ("Empty", None),
    };
    let (kind, schema) = (format_ident!("{kind}"), schema.map(|schema| quote!(.with_schema(#schema))));
    quote!(#rolecall::__private::StatusSchema::new(&[#(#statuses),*], #rolecall::ResponseKind::#kind) #schema)
}

/// A missing implementation is reported at the type of a list's items, at any other type that contains others as a whole.
fn of_type(rolecall: &TokenStream, generics: &Generics, ty: &Type, name: &str) -> Option<TokenStream> {
    let is_list = name == "SCHEMA" && !matches!(types::strip_groups(ty), Type::Array(_));
    match types::list_item(ty).map(types::peel_refs).filter(|item| is_list && !types::is_composite(item)) {
        Some(item) => constant(rolecall, generics, item, "HasSchema", "LIST"),
        None if types::is_composite(ty) => constant(rolecall, generics, ty, "HasSchemaNested", name),
        None => constant(rolecall, generics, ty, "HasSchema", name),
    }
}

/// `<Type as Bound>::NAME`, with the span of the type, where a missing implementation is then reported. `None` for a type
/// that the caller chooses.
fn constant(rolecall: &TokenStream, generics: &Generics, ty: &Type, bound: &str, name: &str) -> Option<TokenStream> {
    let tokens = ty.to_token_stream();
    let is_chosen = |word: &Ident| {
        word == "impl"
            || word == "dyn"
            || generics.type_params().any(|param| param.ident == *word)
            || generics.const_params().any(|param| param.ident == *word)
    };
    if types::has_word(tokens.clone(), &is_chosen) {
        return None;
    }
    let (first, last) = end_spans(ty);
    let (bound, name) = (format_ident!("{bound}"), format_ident!("{name}"));
    let (open, rest) = (respan(first, quote!(<)), respan(last, quote!(as #rolecall::bounds::#bound>::#name)));
    let ty = without_lifetimes(tokens, generics);
    Some(quote!(#open #ty #rest))
}

/// The type with `'_` in place of the method's lifetimes, which `ENDPOINTS` is not in the scope of.
fn without_lifetimes(tokens: TokenStream, generics: &Generics) -> TokenStream {
    let mut after_quote = false;
    let replaced = tokens.into_iter().map(|token| {
        let is_lifetime =
            std::mem::replace(&mut after_quote, matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\''));
        match token {
            TokenTree::Ident(name) if is_lifetime && generics.lifetimes().any(|param| param.lifetime.ident == name) => {
                Ident::new("_", name.span()).into()
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_lifetimes(group.stream(), generics));
                inner.set_span(group.span());
                inner.into()
            }
            token => token,
        }
    });
    replaced.collect()
}
