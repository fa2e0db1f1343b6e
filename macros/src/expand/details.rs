//! What tools want to know of an endpoint beyond what a call needs: types, styles, documentation.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

use crate::expand::value::list_style;
use crate::model::{Argument, Content, Endpoint, Format, Location, PartKind, QueryStyle};

/// How the response is read.
pub(super) fn response(rolecall: &TokenStream, endpoint: &Endpoint) -> TokenStream {
    let optional = endpoint.response.wrapper.is_optional().then(|| quote!(.optional()));
    let conditional = endpoint.response.conditional.then(|| quote!(.conditional()));
    let (kind, ty) = match &endpoint.response.content {
        Content::Empty => (quote!(Empty), "()".to_owned()),
        Content::Json(ty) => (quote!(Json), type_text(ty)),
        Content::Text(ty) => (quote!(Text), type_text(ty)),
        Content::Bytes(ty) => (quote!(Bytes), type_text(ty)),
        Content::Stream(ty) => (quote!(Stream), type_text(ty)),
        Content::Page(ty) => (quote!(Page), type_text(ty)),
        Content::Events(ty) => (quote!(Events), type_text(ty)),
        Content::JsonLines(ty) => (quote!(JsonLines), type_text(ty)),
    };
    quote!(#rolecall::ResponseType::new(#rolecall::ResponseKind::#kind, #ty) #optional #conditional)
}

/// The documentation among attributes, a line for each. What a macro writes is left out: its text is not known here.
pub(super) fn docs(attributes: &[Attribute]) -> String {
    attributes.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

fn line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
                let text = text.value();
                Some(text.strip_prefix(' ').unwrap_or(&text).to_owned())
            }
            _ => None,
        },
        _ => None,
    }
}

/// The type of an argument, and how it is written.
pub(super) fn parameter(rolecall: &TokenStream, argument: &Argument) -> TokenStream {
    let ty = type_text(&argument.ty);
    let more = match &argument.location {
        Location::Query { shape, style, .. } => match style {
            QueryStyle::Plain if shape.list => quote!(.list(#rolecall::ListStyle::Repeat)),
            QueryStyle::Plain => TokenStream::new(),
            QueryStyle::Separated(",") => quote!(.list(#rolecall::ListStyle::Comma)),
            QueryStyle::Separated("%20") => quote!(.list(#rolecall::ListStyle::Space)),
            QueryStyle::Separated(_) => quote!(.list(#rolecall::ListStyle::Pipe)),
            QueryStyle::Json => quote!(.media_type("application/json")),
            QueryStyle::Nested(lists) => {
                let lists = list_style(rolecall, *lists);
                quote!(.nested(#lists))
            }
        },
        Location::Flatten { nested: Some(lists), .. } => {
            let lists = list_style(rolecall, *lists);
            quote!(.flattened().nested(#lists))
        }
        Location::Flatten { nested: None, .. } | Location::Headers { .. } => quote!(.flattened()),
        Location::Header { shape, .. } if shape.list => quote!(.list(#rolecall::ListStyle::Comma)),
        Location::Body { format, media_type, .. } => body(rolecall, *format, media_type),
        Location::Part { shape, kind, .. } => {
            let list = shape.list.then(|| quote!(.list(#rolecall::ListStyle::Repeat)));
            let json = (*kind == PartKind::Json).then(|| quote!(.media_type("application/json")));
            quote!(#list #json)
        }
        _ => TokenStream::new(),
    };
    quote!(.typed(#ty) #more)
}

fn body(rolecall: &TokenStream, format: Format, media_type: &str) -> TokenStream {
    let (kind, lists) = match format {
        Format::Json => (quote!(Json), None),
        Format::Form => (quote!(Form), None),
        Format::NestedForm(lists) => (quote!(Form), Some(list_style(rolecall, lists))),
        Format::Text => (quote!(Text), None),
        Format::Bytes => (quote!(Bytes), None),
        Format::Multipart => (quote!(Multipart), None),
        Format::Stream => (quote!(Stream), None),
    };
    let lists = lists.map(|lists| quote!(.nested(#lists)));
    let media_type = (!media_type.is_empty()).then(|| quote!(.media_type(#media_type)));
    quote!(.body(#rolecall::BodyKind::#kind) #media_type #lists)
}

/// A type as an author writes it: `Option<&str>`.
pub(super) fn type_text(ty: &impl ToTokens) -> String {
    let text = ty.to_token_stream().to_string();
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let before = out.chars().last();
        let is_name = |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '_');
        // A space stays between two words, and after a comma or a semicolon.
        let keeps = (is_name(before) && is_name(chars.peek().copied())) || matches!(before, Some(',' | ';'));
        if char != ' ' || keeps {
            out.push(char);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_shown_as_it_is_written() {
        for text in ["Option<&str>", "&[&str]", "()", "Vec<Order>", "BTreeMap<String, u8>", "&dyn Display", "[u8; 4]"] {
            let ty: syn::Type = syn::parse_str(text).unwrap();
            assert_eq!(type_text(&ty), text);
        }
    }
}
