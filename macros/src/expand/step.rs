//! The statements that write the arguments into the request. They call no method by its name alone, which a trait of
//! the author could have, too.

use proc_macro2::TokenStream;
use syn::Type;

use crate::expand::query::{flatten, query};
use crate::expand::tokens::name_text;
use crate::expand::value::{displayed, each, encode, list_style, moved, text_style, value_style};
use crate::model::{Argument, Endpoint, Format, Location, PartKind, QueryEncoding, QueryStyle, Shape};
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
    let encoded = match endpoint.query_encoding {
        QueryEncoding::Form => text::form_encoded,
        QueryEncoding::Percent => text::percent_encoded,
    };
    let pair = |(name, value): &(String, Option<String>)| match value {
        Some(value) => format!("{}={}", encoded(name), encoded(value)),
        None => encoded(name),
    };
    let pairs: Vec<String> = endpoint.query.iter().map(pair).collect();
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

/// All statements: the path, the query, the headers, and the body.
pub(super) fn steps(rolecall: &TokenStream, endpoint: &Endpoint) -> TokenStream {
    let request = &local!(#rolecall::__private::Request);
    let mut steps = probes(rolecall, endpoint);
    let starts_with_literal = matches!(endpoint.template.parts.first(), Some(Part::Literal(_)));
    for part in endpoint.template.parts.iter().skip(usize::from(starts_with_literal)) {
        steps.extend(path(rolecall, request, endpoint, part));
    }
    if let Some(query) = fixed_query(endpoint).filter(|_| !is_literal(endpoint)) {
        steps.extend(local!(request.fixed_query(#query);));
    }
    for argument in &endpoint.arguments {
        match &argument.location {
            Location::Query { name, shape, style } => {
                steps.extend(query(rolecall, request, argument, name, shape, *style));
            }
            Location::Flatten { shape, nested } => steps.extend(flatten(rolecall, argument, shape, *nested)),
            _ => {}
        }
    }
    for argument in &endpoint.arguments {
        match &argument.location {
            Location::Header { name, shape, sensitive } => {
                steps.extend(header(rolecall, request, argument, name, shape, *sensitive));
            }
            Location::Headers { shape, sensitive } => steps.extend(headers(rolecall, argument, shape, *sensitive)),
            Location::Body { format, media_type, shape } => {
                steps.extend(body(rolecall, argument, *format, media_type, shape));
            }
            Location::Part { name, shape, kind } => steps.extend(part(rolecall, argument, name, shape, *kind)),
            _ => {}
        }
    }
    steps
}

/// The imports of the traits that find out how the types of arguments are written.
fn probes(rolecall: &TokenStream, endpoint: &Endpoint) -> TokenStream {
    let (mut value, mut text) = (false, false);
    for argument in &endpoint.arguments {
        match &argument.location {
            Location::Query { shape, style: QueryStyle::Plain | QueryStyle::Separated(_), .. } => {
                value |= !types::is_plain(&shape.item);
            }
            Location::Part { kind: PartKind::Value, .. } => value = true,
            Location::Header { shape, .. } => text |= !types::is_scalar(&shape.item),
            Location::Path(_) => text |= !types::is_scalar(types::peel_refs(&argument.ty)),
            _ => {}
        }
    }
    let value = value.then(|| local!(use #rolecall::__private::{ViaDisplay as _, ViaNone as _, ViaSerde as _};));
    let text =
        text.then(|| local!(use #rolecall::__private::{TextViaDisplay as _, TextViaNone as _, TextViaSerde as _};));
    local!(#value #text)
}

fn path(rolecall: &TokenStream, request: &TokenStream, endpoint: &Endpoint, part: &Part) -> TokenStream {
    let (name, step) = match part {
        Part::Literal(text) => return local!(#request::literal(&mut request, #text);),
        Part::Param(name) => (name, local!(segment)),
        Part::CatchAll(name) => (name, local!(rest)),
    };
    let fills = |argument: &&Argument| matches!(&argument.location, Location::Path(placeholder) if placeholder == name);
    let Some(argument) = endpoint.arguments.iter().find(fills) else { return TokenStream::new() };
    let item = types::peel_refs(&argument.ty);
    if types::is_scalar(item) {
        let value = displayed(&argument.name, &argument.ty);
        return local!(#request::#step(&mut request, #name, #value););
    }
    each(argument, &types::shape(&argument.ty, false), |value| {
        let by = text_style(rolecall, item, &value);
        local!(#by <#item as #rolecall::bounds::TextValue<_>>::#step(#value, by, &mut request, #name);)
    })
}

fn header(
    rolecall: &TokenStream,
    request: &TokenStream,
    argument: &Argument,
    name: &str,
    shape: &Shape,
    sensitive: bool,
) -> TokenStream {
    let item = &shape.item;
    if types::is_scalar(item) && !shape.optional && !shape.list {
        let value = displayed(&argument.name, &argument.ty);
        return local!(#request::header(&mut request, #name, #value, #sensitive););
    }
    let step = each(argument, shape, |value| {
        if types::is_scalar(item) {
            return local!(#request::header(&mut request, #name, &#value, #sensitive););
        }
        let by = text_style(rolecall, item, &value);
        local!(#by <#item as #rolecall::bounds::TextValue<_>>::header(#value, by, &mut request, #name, #sensitive);)
    });
    if shape.list {
        return local! {
            #request::begin_header_list(&mut request); #step
            #request::end_header_list(&mut request, #name, #sensitive);
        };
    }
    step
}

/// Several headers from one argument.
fn headers(rolecall: &TokenStream, argument: &Argument, shape: &Shape, sensitive: bool) -> TokenStream {
    let (item, own) = (&shape.item, name_text(&argument.name));
    each(
        argument,
        shape,
        |value| local!(<#item as #rolecall::bounds::HeaderFields>::headers(#value, &mut request, #own, #sensitive);),
    )
}

fn part(rolecall: &TokenStream, argument: &Argument, name: &str, shape: &Shape, kind: PartKind) -> TokenStream {
    let item = &shape.item;
    match kind {
        PartKind::Value => each(argument, shape, |value| {
            let by = value_style(rolecall, item, &value);
            local!(#by <#item as #rolecall::bounds::PartValue<_>>::part(#value, by, &mut request, #name);)
        }),
        PartKind::Json => each(
            argument,
            shape,
            |value| local!(<#item as #rolecall::bounds::JsonPart>::part(#value, &mut request, #name);),
        ),
        PartKind::File => moved(argument, shape, |value| {
            let step =
                |file: TokenStream| local!(<#item as #rolecall::bounds::IsFilePart>::part(#file, &mut request, #name););
            if shape.list {
                let step = step(local!(file));
                return local!(for file in #value { #step });
            }
            step(value)
        }),
    }
}

fn body(rolecall: &TokenStream, argument: &Argument, format: Format, media_type: &str, shape: &Shape) -> TokenStream {
    let request = local!(#rolecall::__private::Request);
    let (item, own) = (&shape.item, name_text(&argument.name));
    let encode = encode(item);
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
        Format::NestedForm(lists) => {
            let lists = list_style(rolecall, lists);
            each(
                argument,
                shape,
                |value| local!(<#item as #rolecall::bounds::EncodeBrackets>::form(#value, &mut request, #own, #media_type, #lists);),
            )
        }
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
