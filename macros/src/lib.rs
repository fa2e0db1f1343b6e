//! The macros of [`rolecall`](https://docs.rs/rolecall), which re-exports them.
//!
//! `#[api]` is a compiler in three stages: `syntax` parses the trait, `validate` turns it into a `model` or
//! reports all errors, `expand` renders the model and cannot fail. For a trait with errors, `fallback`
//! renders what its callers need.

mod attr;
mod by_status;
mod dependency;
mod entry;
mod errors;
mod expand;
mod fallback;
mod model;
mod path;
mod recover;
mod role;
mod syntax;
#[cfg(test)]
mod tests;
mod text;
mod types;
mod unique;
mod validate;

use proc_macro::TokenStream;

#[doc = include_str!("../docs/api.md")]
#[proc_macro_attribute]
pub fn api(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::api_in(&dependency::of_this_package(), arguments.into(), item.into()).into()
}

#[doc = include_str!("../docs/endpoint.md")]
#[proc_macro_attribute]
pub fn endpoint(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::endpoint(arguments.into(), item.into()).into()
}

#[doc = include_str!("../docs/role.md")]
#[proc_macro_derive(Role, attributes(role))]
pub fn role(item: TokenStream) -> TokenStream {
    role::derive(item.into()).into()
}

#[doc = include_str!("../docs/by_status.md")]
#[proc_macro_derive(ByStatus, attributes(status))]
pub fn by_status(item: TokenStream) -> TokenStream {
    by_status::derive(item.into()).into()
}
