//! `#[derive(Role)]`: the type's name, or another, as the name of a role.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{DeriveInput, LitStr, Meta};

use crate::attr::Arguments;
use crate::errors::Errors;

const OWNER: &str = "`#[role]`";

/// The arguments of `#[role]`.
struct Settings {
    runtime: TokenStream,
    name: Option<LitStr>,
}

/// Implements `Role`. Errors do not keep the type from being a role, so that code that uses it has no errors of its
/// own.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let Settings { runtime, name } = settings(&input, &mut errors);
    let name = name.map_or_else(|| input.ident.unraw().to_string(), |name| name.value());
    let (ident, errors) = (&input.ident, errors.into_tokens());
    let (generics, arguments, where_clause) = input.generics.split_for_impl();
    quote! {
        #errors
        #[automatically_derived]
        impl #generics #runtime::Role for #ident #arguments #where_clause {
            const NAME: &'static ::core::primitive::str = #name;
        }
    }
}

fn settings(input: &DeriveInput, errors: &mut Errors) -> Settings {
    let mut attributes = input.attrs.iter().filter(|attribute| attribute.path().is_ident("role"));
    let tokens = match attributes.next().map(|attribute| &attribute.meta) {
        Some(Meta::List(list)) => list.tokens.clone(),
        Some(meta) => {
            errors.help(meta, "expected a list after `#[role]`", "use `#[role(name = \"READER\")]`");
            TokenStream::new()
        }
        None => TokenStream::new(),
    };
    for second in attributes {
        errors.help(second.path(), "duplicate `#[role]` attribute", "remove one of them");
    }
    let mut arguments = Arguments::parse(tokens, errors);
    arguments.no_values(errors);
    let [name, runtime] = arguments.take(OWNER, ["name", "crate"], errors);
    let runtime = runtime
        .and_then(|entry| entry.parsed(syn::Path::parse_mod_style, "a path", "my_api::rolecall", errors))
        .map_or_else(|| quote!(::rolecall), ToTokens::into_token_stream);
    let name = name.and_then(|entry| entry.string("READER", errors)).filter(|name| is_name(name, errors));
    Settings { runtime, name }
}

/// The name shows in errors and spans.
fn is_name(name: &LitStr, errors: &mut Errors) -> bool {
    let text = name.value();
    if text.trim().is_empty() {
        errors.help(name, "the name of a role cannot be empty", "remove `name` to use the name of the type");
        return false;
    }
    if let Some(char) = text.chars().find(|char| char.is_control()) {
        errors.add(name, format_args!("invalid character {char:?} in the name of a role"));
        return false;
    }
    true
}
