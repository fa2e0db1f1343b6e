//! `#[derive(ByStatus)]`: an enum with a variant for each status of a response.
//!
//! As `#[api]`: what is parsed is validated to a model, and a valid model is rendered.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Fields, LitInt, Path, Token, Type, Variant};

use crate::errors::Errors;
use crate::expand;
use crate::model::{Content, ResponseType};
use crate::validate::{response, value};

/// A valid enum.
struct ByStatus {
    options: Options,
    ident: Ident,
    cases: Vec<Case>,
}

/// The arguments of `#[status]` on the enum.
struct Options {
    /// The path of `rolecall`.
    runtime: TokenStream,
    /// The argument `schema`.
    schema: Option<Ident>,
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
    let options = options(&input.attrs, errors);
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
    Some(ByStatus { options, ident: input.ident.clone(), cases })
}

/// An argument of `#[status]` on the enum.
enum OfEnum {
    Crate(Path),
    Schema(Ident),
}

impl Parse for OfEnum {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.parse::<Option<Token![crate]>>()?.is_some() {
            input.parse::<Token![=]>()?;
            return Path::parse_mod_style(input).map(Self::Crate);
        }
        let word: Ident = input.parse()?;
        if word == "schema" { Ok(Self::Schema(word)) } else { Err(input.error("unknown argument")) }
    }
}

/// `#[status(crate = path, schema)]` on the enum.
fn options(attrs: &[Attribute], errors: &mut Errors) -> Options {
    let mut options = Options { runtime: quote!(::rolecall), schema: None };
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("status")) {
        let Ok(arguments) = attr.parse_args_with(Punctuated::<OfEnum, Token![,]>::parse_terminated) else {
            errors.help(attr, "unexpected `#[status]` on an enum", "move it to the variants");
            continue;
        };
        for argument in arguments {
            match argument {
                OfEnum::Crate(path) => options.runtime = path.into_token_stream(),
                OfEnum::Schema(word) => options.schema = Some(word),
            }
        }
    }
    options
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
    let ByStatus { options: Options { runtime, schema }, ident, cases } = model;
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
    let schema = schema.as_ref().map(|argument| {
        let check = expand::schema_feature(runtime, argument);
        let bodies = cases.iter().map(|case| {
            expand::of_status(runtime, &case.statuses, case.content.as_ref().map(|response| &response.content))
        });
        quote! {
            #check
            #runtime::__private::if_schema! {
                #[automatically_derived]
                impl #runtime::bounds::ResponseSchema for #ident {
                    const BODIES: #runtime::__private::BodySchemas =
                        #runtime::__private::BodySchemas::ByStatus(&[#(#bodies),*]);
                }
            }
        }
    });
    quote! {
        #schema
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
