//! The statements that write the arguments into the request. They call no method by its name alone, which a trait of
//! the author could have, too.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Type;

use crate::expand::tokens::{end_spans, name_text};
use crate::model::{Argument, Endpoint, Format, Location, Shape};
use crate::path::Part;
use crate::{text, types};

/// The path up to its first placeholder. If there is none, the fixed query follows.
pub(super) fn first_literal(endpoint: &Endpoint) -> String {
    let first = match endpoint.template.parts.first() {
        Some(Part::Literal(text)) => text.as_str(),
        _ => "",
    };
    match fixed_query(endpoint).filter(|_| is_literal(endpoint)) {
        Some(query) => format!("{first}?{query}"),
        None => first.to_owned(),
    }
}

fn is_literal(endpoint: &Endpoint) -> bool {
    matches!(endpoint.template.parts.as_slice(), [] | [Part::Literal(_)])
}

/// The query parameters of every call, encoded.
fn fixed_query(endpoint: &Endpoint) -> Option<String> {
    let pair = |(name, value): &(String, String)| format!("{}={}", text::form_encoded(name), text::form_encoded(value));
    let pairs: Vec<String> = endpoint.query.iter().map(pair).collect();
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

/// All statements: the path, the query, the headers, and the body.
pub(super) fn steps(rolecall: &TokenStream, endpoint: &Endpoint) -> TokenStream {
    let request = &local!(#rolecall::__private::Request);
    let mut steps = TokenStream::new();
    let starts_with_literal = matches!(endpoint.template.parts.first(), Some(Part::Literal(_)));
    for part in endpoint.template.parts.iter().skip(usize::from(starts_with_literal)) {
        steps.extend(path(request, endpoint, part));
    }
    if let Some(query) = fixed_query(endpoint).filter(|_| !is_literal(endpoint)) {
        steps.extend(local!(request.fixed_query(#query);));
    }
    let is_query = |argument: &&Argument| matches!(argument.location, Location::Query { .. } | Location::Flatten(_));
    let asks = |argument: &Argument| matches!(&argument.location, Location::Query { shape, .. } if !types::is_plain(&shape.item));
    if endpoint.arguments.iter().any(asks) {
        steps.extend(local!(use #rolecall::__private::{ViaDisplay as _, ViaNone as _, ViaSerde as _};));
    }
    for argument in endpoint.arguments.iter().filter(is_query) {
        steps.extend(query(rolecall, request, argument));
    }
    for argument in &endpoint.arguments {
        match &argument.location {
            Location::Header { name, shape, sensitive } => {
                steps.extend(header(request, argument, name, shape, *sensitive))
            }
            Location::Body { format, media_type, shape } => {
                steps.extend(body(rolecall, argument, *format, media_type, shape));
            }
            _ => {}
        }
    }
    steps
}

fn path(request: &TokenStream, endpoint: &Endpoint, part: &Part) -> TokenStream {
    let (name, step) = match part {
        Part::Literal(text) => return local!(#request::literal(&mut request, #text);),
        Part::Param(name) => (name, local!(segment)),
        Part::CatchAll(name) => (name, local!(rest)),
    };
    let fills = |argument: &&Argument| matches!(&argument.location, Location::Path(placeholder) if placeholder == name);
    let value = endpoint.arguments.iter().find(fills).map(|argument| displayed(&argument.name, &argument.ty));
    local!(#request::#step(&mut request, #name, #value);)
}

/// `&argument`, with the span of the type, where rustc then reports a missing `Display`.
fn displayed(name: &Ident, ty: &Type) -> TokenStream {
    let (first, last) = end_spans(ty);
    let mut name = name.clone();
    name.set_span(last.resolved_at(name.span()));
    quote_spanned!(first.resolved_at(name.span())=> &#name)
}

/// The statement for an argument's value, in an `if let` for an `Option` and in a `for` for a list.
/// The value is a reference to the shape's item, or a reference to such a reference.
fn each(argument: &Argument, shape: &Shape, step: impl FnOnce(TokenStream) -> TokenStream) -> TokenStream {
    let name = &argument.name;
    match (shape.optional, shape.list) {
        (false, false) if shape.reference => step(name.to_token_stream()),
        (false, false) => step(local!(&#name)),
        (true, false) => {
            let (step, some) = (step(local!(value)), some(argument, &local!(value)));
            local!(if let #some = &#name { #step })
        }
        (false, true) => {
            let step = step(local!(value));
            local!(for value in <[_]>::iter(&#name) { #step })
        }
        (true, true) => {
            let step = step(local!(value));
            let some = some(argument, &local!(values));
            local!(if let #some = &#name { for value in <[_]>::iter(values) { #step } })
        }
    }
}

/// `Some(value)`, with the span of the argument's type: another type that is called `Option` is reported there.
fn some(argument: &Argument, value: &TokenStream) -> TokenStream {
    let (first, last) = end_spans(types::peel_refs(&argument.ty));
    let value = quote_spanned!(last=> (#value));
    quote_spanned!(first=> ::core::option::Option::Some #value)
}

fn query(rolecall: &TokenStream, request: &TokenStream, argument: &Argument) -> TokenStream {
    let (name, shape, separator) = match &argument.location {
        Location::Query { name, shape, separator } => (name, shape, separator),
        Location::Flatten(shape) => {
            let (item, own) = (&shape.item, name_text(&argument.name));
            return each(
                argument,
                shape,
                |value| local!(<#item as #rolecall::bounds::Encode>::pairs(#value, &mut request, #own);),
            );
        }
        _ => return TokenStream::new(),
    };
    let item = &shape.item;
    if types::is_plain(item) && !shape.optional && !shape.list {
        let value = displayed(&argument.name, &argument.ty);
        return local!(#request::query(&mut request, #name, #value););
    }
    let step = each(argument, shape, |value| {
        if types::is_plain(item) {
            return local!(#request::query(&mut request, #name, &#value););
        }
        local! {
            let by = (&&&#rolecall::__private::Probe::<#item>(#value)).__style();
            <#item as #rolecall::bounds::QueryValue<_>>::query(#value, by, &mut request, #name);
        }
    });
    match separator {
        Some(separator) => {
            local!(#request::begin_list(&mut request, #separator); #step #request::end_list(&mut request);)
        }
        None => step,
    }
}

fn header(request: &TokenStream, argument: &Argument, name: &str, shape: &Shape, sensitive: bool) -> TokenStream {
    if shape.optional {
        let (first, last) = end_spans(&shape.item);
        let bound = quote_spanned!(last=> value);
        let value = quote_spanned!(first=> &#bound);
        let own = &argument.name;
        let bound = some(argument, &local!(value));
        return local! {
            if let #bound = &#own { #request::header(&mut request, #name, #value, #sensitive); }
        };
    }
    let value = displayed(&argument.name, &argument.ty);
    local!(#request::header(&mut request, #name, #value, #sensitive);)
}

fn body(rolecall: &TokenStream, argument: &Argument, format: Format, media_type: &str, shape: &Shape) -> TokenStream {
    let request = local!(#rolecall::__private::Request);
    let (item, own) = (&shape.item, name_text(&argument.name));
    let encode = if types::is_composite(item) { local!(EncodeNested) } else { local!(Encode) };
    let by_value = !shape.reference && !matches!(types::strip_groups(&argument.ty), Type::Reference(_));
    match format {
        Format::Json => each(
            argument,
            shape,
            |value| local!(<#item as #rolecall::bounds::#encode>::json(#value, &mut request, #own, #media_type);),
        ),
        Format::Form => each(
            argument,
            shape,
            |value| local!(<#item as #rolecall::bounds::#encode>::form(#value, &mut request, #own, #media_type);),
        ),
        Format::Text => each(argument, shape, |value| {
            let text = local!(<#item as ::core::convert::AsRef<::core::primitive::str>>::as_ref(#value));
            local!(#request::text(&mut request, #media_type, #text);)
        }),
        Format::Bytes if by_value => moved(argument, shape, |value| {
            let bytes = local!(<#item as ::core::convert::Into<#rolecall::Bytes>>::into(#value));
            local!(#request::bytes(&mut request, #media_type, #bytes);)
        }),
        Format::Bytes if types::is_named(item, "Bytes") => each(
            argument,
            shape,
            |value| local!(#request::bytes(&mut request, #media_type, <#item as ::core::clone::Clone>::clone(#value));),
        ),
        Format::Bytes => each(argument, shape, |value| {
            let slice = local!(<#item as ::core::convert::AsRef<[::core::primitive::u8]>>::as_ref(#value));
            local!(#request::bytes(&mut request, #media_type, #rolecall::Bytes::copy_from_slice(#slice));)
        }),
        Format::Multipart => moved(
            argument,
            shape,
            |value| local!(<#item as #rolecall::bounds::IsMultipart>::multipart(#value, &mut request);),
        ),
        Format::Stream => moved(argument, shape, |value| {
            let body = local!(<#item as ::core::convert::Into<#rolecall::Body>>::into(#value));
            local!(#request::stream(&mut request, #media_type, #body);)
        }),
    }
}

/// The statement for an argument that is moved into the request.
fn moved(argument: &Argument, shape: &Shape, step: impl FnOnce(TokenStream) -> TokenStream) -> TokenStream {
    let name = &argument.name;
    if shape.optional {
        let (step, some) = (step(local!(value)), some(argument, &local!(value)));
        return local!(if let #some = #name { #step });
    }
    step(name.to_token_stream())
}
