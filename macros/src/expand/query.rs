//! The statements that write an argument to the query.

use proc_macro2::TokenStream;

use crate::expand::tokens::name_text;
use crate::expand::value::{displayed, each, encode, list_style, value_style};
use crate::model::{Argument, NestedLists, QueryStyle, Shape};
use crate::types;

pub(super) fn query(
    rolecall: &TokenStream,
    request: &TokenStream,
    argument: &Argument,
    name: &str,
    shape: &Shape,
    style: QueryStyle,
) -> TokenStream {
    let item = &shape.item;
    let separator = match style {
        QueryStyle::Plain => None,
        QueryStyle::Separated(separator) => Some(separator),
        QueryStyle::Json => {
            let encode = encode(item);
            return each(
                argument,
                shape,
                |value| local!(<#item as #rolecall::bounds::#encode>::query(#value, &mut request, #name);),
            );
        }
        QueryStyle::Nested(lists) => {
            let key = local!(::core::option::Option::Some(#name));
            return nested_query(rolecall, argument, shape, name, &key, lists);
        }
    };
    if types::is_plain(item) && !shape.optional && !shape.list {
        let value = displayed(&argument.name, &argument.ty);
        return local!(#request::query(&mut request, #name, #value););
    }
    let step = each(argument, shape, |value| {
        if types::is_plain(item) {
            return local!(#request::query(&mut request, #name, &#value););
        }
        let by = value_style(rolecall, item, &value);
        local!(#by <#item as #rolecall::bounds::QueryValue<_>>::query(#value, by, &mut request, #name);)
    });
    match separator {
        Some(separator) => {
            local!(#request::begin_list(&mut request, #separator); #step #request::end_list(&mut request);)
        }
        None => step,
    }
}

/// Query parameters from the fields of the argument.
pub(super) fn flatten(
    rolecall: &TokenStream,
    argument: &Argument,
    shape: &Shape,
    nested: Option<NestedLists>,
) -> TokenStream {
    let (item, own) = (&shape.item, name_text(&argument.name));
    match nested {
        Some(lists) => nested_query(rolecall, argument, shape, &own, &local!(::core::option::Option::None), lists),
        None => each(
            argument,
            shape,
            |value| local!(<#item as #rolecall::bounds::Encode>::pairs(#value, &mut request, #own);),
        ),
    }
}

fn nested_query(
    rolecall: &TokenStream,
    argument: &Argument,
    shape: &Shape,
    name: &str,
    key: &TokenStream,
    lists: NestedLists,
) -> TokenStream {
    let (item, lists) = (&shape.item, list_style(rolecall, lists));
    each(
        argument,
        shape,
        |value| local!(<#item as #rolecall::bounds::EncodeBrackets>::query(#value, &mut request, #name, #key, #lists);),
    )
}
