//! The value that decodes a response.

use proc_macro2::TokenStream;

use crate::model::{Content, ResponseType, Wrapper};
use crate::types;

pub(crate) fn decoder(rolecall: &TokenStream, response: &ResponseType) -> TokenStream {
    let content = match &response.content {
        Content::Empty => local!(#rolecall::__private::Empty),
        Content::Json(ty) if types::is_composite(ty) => local!(<#ty as #rolecall::bounds::DecodeNested>::json()),
        Content::Json(ty) => local!(<#ty as #rolecall::bounds::Decode>::json()),
        Content::Text(ty) => local!(<#ty as #rolecall::bounds::IsText>::text()),
        Content::Bytes(ty) => local!(<#ty as #rolecall::bounds::IsBytes>::bytes()),
        Content::Stream(ty) => local!(<#ty as #rolecall::bounds::IsByteStream>::stream()),
        Content::Page(ty) => local!(<#ty as #rolecall::bounds::IsPage>::page()),
        Content::Events(ty) => local!(<#ty as #rolecall::bounds::IsEvents>::events()),
        Content::JsonLines(ty) => local!(<#ty as #rolecall::bounds::IsJsonLines>::lines()),
    };
    let content = match response.conditional {
        true => local!(#rolecall::__private::IfModified(#content)),
        false => content,
    };
    let optional = |inner: TokenStream| local!(#rolecall::__private::Optional(#inner));
    let whole = |inner: TokenStream| local!(#rolecall::__private::FullResponse(#inner));
    match response.wrapper {
        Wrapper::None => content,
        Wrapper::Optional => optional(content),
        Wrapper::Whole => whole(content),
        Wrapper::OptionalWhole => optional(whole(content)),
        Wrapper::WholeOptional => whole(optional(content)),
    }
}
