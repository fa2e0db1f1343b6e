//! How the value of an argument is written: the statements around one, and the trait that applies to its type.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Type;

use crate::expand::tokens::end_spans;
use crate::model::{Argument, NestedLists, Shape};
use crate::types;

/// `&argument`, with the span of the type, where rustc then reports a missing `Display`.
pub(super) fn displayed(name: &Ident, ty: &Type) -> TokenStream {
    let (first, last) = end_spans(ty);
    let mut name = name.clone();
    name.set_span(last.resolved_at(name.span()));
    quote_spanned!(first.resolved_at(name.span())=> &#name)
}

/// The statement for an argument's value, in an `if let` for an `Option` and in a `for` for a list.
/// The value is a reference to the shape's item, or a reference to such a reference.
pub(super) fn each(argument: &Argument, shape: &Shape, step: impl FnOnce(TokenStream) -> TokenStream) -> TokenStream {
    let name = whole(argument);
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

/// The argument, as a value of its type.
fn whole(argument: &Argument) -> TokenStream {
    let (name, ty) = (&argument.name, &argument.ty);
    match argument.by_into {
        true => local!(::core::convert::Into::<#ty>::into(#name)),
        false => name.to_token_stream(),
    }
}

/// `Some(value)`, with the span of the argument's type: another type that is called `Option` is reported there.
fn some(argument: &Argument, value: &TokenStream) -> TokenStream {
    let (first, last) = end_spans(types::peel_refs(&argument.ty));
    let value = quote_spanned!(last=> (#value));
    quote_spanned!(first=> ::core::option::Option::Some #value)
}

/// The statement for an argument that is moved into the request.
pub(super) fn moved(argument: &Argument, shape: &Shape, step: impl FnOnce(TokenStream) -> TokenStream) -> TokenStream {
    let name = whole(argument);
    if shape.optional {
        let (step, some) = (step(local!(value)), some(argument, &local!(value)));
        return local!(if let #some = #name { #step });
    }
    step(name.to_token_stream())
}

/// `let by = …`, which selects how a value in the path or a header is written.
pub(super) fn text_style(rolecall: &TokenStream, item: &Type, value: &TokenStream) -> TokenStream {
    local!(let by = (&&&#rolecall::__private::TextProbe::<#item>(#value)).__text_style();)
}

/// `let by = …`, which selects how a value in the query or a part is written.
pub(super) fn value_style(rolecall: &TokenStream, item: &Type, value: &TokenStream) -> TokenStream {
    local!(let by = (&&&#rolecall::__private::Probe::<#item>(#value)).__style();)
}

/// The bound of a type that is serialized.
pub(super) fn encode(item: &Type) -> TokenStream {
    if types::is_composite(item) { local!(EncodeNested) } else { local!(Encode) }
}

/// The style of lists in nested values, as a value of the runtime.
pub(super) fn list_style(rolecall: &TokenStream, lists: NestedLists) -> TokenStream {
    match lists {
        NestedLists::Indices => local!(#rolecall::ListStyle::Indices),
        NestedLists::Brackets => local!(#rolecall::ListStyle::Brackets),
        NestedLists::Repeat => local!(#rolecall::ListStyle::Repeat),
    }
}
