//! The third stage: renders the model as tokens. It cannot fail.
//!
//! Paths are absolute and no name of the prelude is used, since the author may have shadowed it. Locals have
//! the macro's hygiene, so that they cannot clash with arguments.

/// `quote!` with the macro's hygiene: locals cannot clash with an argument's name.
macro_rules! local {
    ($($tokens:tt)*) => { ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*) };
}

mod client;
mod decoder;
mod details;
mod dyn_trait;
mod endpoints;
mod query;
mod schema;
mod step;
mod tokens;
mod trait_def;
mod value;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Api;

pub(crate) use decoder::decoder;
pub(crate) use schema::{feature as schema_feature, of_status};
pub(crate) use tokens::{copied_lints, endpoint_type, has_elided, into, tied, used_imports};

/// Renders an API.
pub(crate) fn api(api: &Api) -> TokenStream {
    let trait_def = trait_def::trait_def(api);
    let module = endpoints::module(api);
    let allows_impls = api.endpoints.iter().map(|endpoint| endpoints::allows_impls(api, endpoint));
    let role_checks = endpoints::role_checks(api);
    let client = client::client(api);
    let schema = api.options.schema.as_ref().map(|argument| schema::feature(&api.options.runtime, argument));
    let dyn_trait = api.options.dyn_trait.as_ref().map(|name| dyn_trait::dyn_trait(api, name));
    let attributes = api.endpoints.iter().map(|endpoint| (&endpoint.attribute, endpoint.attrs.cfgs.iter().collect()));
    let imports = used_imports(&api.ident, api.options.anywhere.as_ref(), attributes);
    quote! {
        #trait_def
        #module
        #(#allows_impls)*
        #role_checks
        #schema
        #client
        #dyn_trait
        #imports
    }
}
