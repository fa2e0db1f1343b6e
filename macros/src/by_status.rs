//! `#[derive(ByStatus)]`: an enum with a variant for each status of a response.
//!
//! As `#[api]`: what is parsed is validated to a model, and a valid model is rendered.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Fields, LitInt, Path, Token, Type, Variant};

use crate::errors::Errors;
use crate::expand;
use crate::model::{Content, ResponseType};
use crate::validate::{response, value};

/// A valid enum.
struct ByStatus {
    runtime: TokenStream,
    ident: Ident,
    cases: Vec<Case>,
}

/// A variant.
struct Case {
    ident: Ident,
    statuses: Vec<u16>,
    /// Its field, unless it has none.
    content: Option<ResponseType>,
}

pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let model = validate(&input, &mut errors);
    match model.filter(|_| errors.is_empty()) {
        Some(model) => render(&model),
        None => errors.into_tokens(),
    }
}

fn validate(input: &DeriveInput, errors: &mut Errors) -> Option<ByStatus> {
    let runtime = runtime(&input.attrs, errors);
    if !input.generics.params.is_empty() {
        errors.help(&input.generics, "`ByStatus` enum cannot have generic parameters", "use a type for each of them");
    }
    let Data::Enum(data) = &input.data else {
        errors.help(
            &input.ident,
            "`ByStatus` can only be derived for an enum",
            "use an enum with a variant for each status",
        );
        return None;
    };
    if data.variants.is_empty() {
        errors.help(&input.ident, "`ByStatus` enum has no variants", "add a variant for each status");
    }
    let mut seen: Vec<u16> = Vec::new();
    let cases = data.variants.iter().map(|variant| case(variant, &mut seen, errors)).collect::<Vec<_>>();
    let cases = cases.into_iter().collect::<Option<Vec<_>>>()?;
    Some(ByStatus { runtime, ident: input.ident.clone(), cases })
}

/// The path of `rolecall`, `#[status(crate = path)]`.
fn runtime(attrs: &[Attribute], errors: &mut Errors) -> TokenStream {
    let path = |input: ParseStream<'_>| {
        input.parse::<Token![crate]>()?;
        input.parse::<Token![=]>()?;
        Path::parse_mod_style(input)
    };
    let mut runtime = quote!(::rolecall);
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("status")) {
        match attr.parse_args_with(path) {
            Ok(path) => runtime = path.into_token_stream(),
            Err(_) => errors.help(attr, "unexpected `#[status]` on an enum", "move it to the variants"),
        }
    }
    runtime
}

fn case(variant: &Variant, seen: &mut Vec<u16>, errors: &mut Errors) -> Option<Case> {
    let before = errors.len();
    let name = &variant.ident;
    let mut statuses = Vec::new();
    let mut attrs = variant.attrs.iter().filter(|attr| attr.path().is_ident("status")).peekable();
    if attrs.peek().is_none() {
        errors.help(name, format_args!("variant `{name}` has no `#[status]` attribute"), "add `#[status(200)]`");
    }
    for attr in attrs {
        let list = attr.meta.require_list().ok().map(|list| list.tokens.clone()).unwrap_or_default();
        match Punctuated::<LitInt, Token![,]>::parse_terminated.parse2(list) {
            Ok(list) if !list.is_empty() => statuses.extend(list.iter().filter_map(|code| status(code, seen, errors))),
            _ => errors.help(
                attr,
                "expected status codes in `#[status]`",
                "use `#[status(200)]` or `#[status(200, 201)]`",
            ),
        }
    }
    let content = match &variant.fields {
        Fields::Unit => None,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            fields.unnamed.first().and_then(|field| content(&field.ty, errors))
        }
        fields => {
            let help = format!("use `{name}(T)`, or `{name}` without a body");
            errors.help(fields, format_args!("variant `{name}` must have at most one unnamed field"), help);
            None
        }
    };
    (errors.len() == before).then(|| Case { ident: name.clone(), statuses, content })
}

fn status(code: &LitInt, seen: &mut Vec<u16>, errors: &mut Errors) -> Option<u16> {
    let status = value::status(code, errors)?;
    if seen.contains(&status) {
        errors.help(code, format_args!("duplicate status code `{status}`"), "remove one of them");
        return None;
    }
    seen.push(status);
    Some(status)
}

/// The body of a variant. It is read before the status is known, so that it cannot be streamed.
fn content(ty: &Type, errors: &mut Errors) -> Option<ResponseType> {
    let content = response::of_type(ty, errors)?;
    let is_whole = matches!(content.content, Content::Empty | Content::Json(_) | Content::Text(_) | Content::Bytes(_));
    if !is_whole || content.conditional {
        errors.help(
            ty,
            "the body of a `ByStatus` variant must be read whole",
            "use `Bytes`, `Text`, or a type of JSON",
        );
        return None;
    }
    Some(content)
}

fn render(model: &ByStatus) -> TokenStream {
    let ByStatus { runtime, ident, cases } = model;
    let statuses = cases.iter().flat_map(|case| &case.statuses);
    let arms = cases.iter().map(|case| {
        let (name, statuses) = (&case.ident, &case.statuses);
        let value = match &case.content {
            None => quote!(::core::result::Result::Ok(Self::#name)),
            Some(content) => {
                let decoder = expand::decoder(runtime, content);
                quote!(::core::result::Result::map(
                    #runtime::__private::FromResponse::read(#decoder, response),
                    Self::#name,
                ))
            }
        };
        quote!(#(#statuses)|* => #value,)
    });
    quote! {
        #[automatically_derived]
        impl #runtime::bounds::Decode for #ident {
            fn json() -> #runtime::__private::Decoder<Self> {
                #runtime::__private::Decoder::by_status(&[#(#statuses),*], |response| match response.status_code() {
                    #(#arms)*
                    _ => ::core::result::Result::Err(response.unexpected_status()),
                })
            }
        }
    }
}
