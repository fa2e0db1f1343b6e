//! What tools want to know of an endpoint beyond what a call needs: types, styles, documentation.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

use crate::expand::value::list_style;
use crate::model::{Argument, Content, Endpoint, Format, Location, PartKind, QueryStyle, Wrapper};

/// How the response is read; nothing of it for `()`, which is told by its type.
pub(super) fn response(rolecall: &TokenStream, endpoint: &Endpoint) -> TokenStream {
    let optional = !matches!(endpoint.response.wrapper, Wrapper::None | Wrapper::Whole);
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
    quote!(.response(#rolecall::ResponseKind::#kind, #optional, #ty))
}

/// The documentation, a line for each attribute. What a macro writes is left out: its text is not known here.
pub(super) fn docs(endpoint: &Endpoint) -> Option<TokenStream> {
    let lines: Vec<String> = endpoint.attrs.docs.iter().filter_map(line).collect();
    let text = lines.join("\n");
    (!lines.is_empty()).then(|| quote!(.docs(#text)))
}

fn line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) => match &pair.value {
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
        Location::Body { format: Format::NestedForm(lists), media_type, .. } => {
            let lists = list_style(rolecall, *lists);
            quote!(.media_type(#media_type).nested(#lists))
        }
        Location::Body { media_type, .. } if !media_type.is_empty() => quote!(.media_type(#media_type)),
        Location::Part { shape, kind, .. } => {
            let list = shape.list.then(|| quote!(.list(#rolecall::ListStyle::Repeat)));
            let json = (*kind == PartKind::Json).then(|| quote!(.media_type("application/json")));
            quote!(#list #json)
        }
        _ => TokenStream::new(),
    };
    quote!(.typed(#ty) #more)
}

/// A type as an author writes it: `Option<&str>`.
fn type_text(ty: &impl ToTokens) -> String {
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
