//! The signature of a method: `async fn name(&self, …) -> Result<T, Error>;`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{ReceiverKind, ReturnType, Safety, Type};

use crate::errors::Errors;
use crate::syntax::Method;
use crate::types;

/// A valid return type.
pub(crate) struct Output {
    pub(crate) whole: Type,
    /// `T` of `Result<T, Error>`.
    pub(crate) content: Type,
    /// `Error`, or the whole type if it is an alias.
    pub(crate) error: TokenStream,
}

pub(crate) fn signature(method: &Method, errors: &mut Errors) -> Option<Output> {
    let sig = &method.sig;
    if let Some(word) = &sig.constness {
        errors.help(word, "endpoint method cannot be `const`", "remove `const`");
    }
    if let Safety::Unsafe(word) = &sig.safety {
        errors.help(word, "endpoint method cannot be `unsafe`", "remove `unsafe`");
    }
    if let Some(abi) = &sig.abi {
        errors.help(abi, "endpoint method cannot have an ABI", "remove it");
    }
    if sig.asyncness.is_none() {
        errors.help(sig.fn_token, "endpoint method must be `async`", format_args!("use `async fn {}`", sig.ident));
    }
    if let Some(variadic) = &sig.variadic {
        errors.help(variadic, "endpoint method cannot be variadic", "remove `...`");
    }
    if let Some(body) = &method.body {
        errors.help(body, "endpoint method cannot have a body", "use `;`; `#[api]` generates the body");
    }
    receiver(method, errors);
    output(method, errors)
}

fn receiver(method: &Method, errors: &mut Errors) {
    let Some(receiver) = &method.receiver else {
        let name = method.name();
        let comma = if method.arguments.is_empty() { "" } else { ", …" };
        let help = format!("use `async fn {name}(&self{comma})`");
        return errors.help(name, "endpoint method must take `&self`", help);
    };
    for attr in &receiver.attrs {
        errors.help(attr.meta.path(), "unexpected attribute on `self`", "remove it");
    }
    match &receiver.kind {
        ReceiverKind::Reference(_, _, None) => {}
        ReceiverKind::Reference(_, _, Some(word)) => {
            errors.help(word, "endpoint method must take `&self`", "remove `mut`");
        }
        _ => errors.help(receiver, "endpoint method must take `&self`", "use `&self`"),
    }
}

fn output(method: &Method, errors: &mut Errors) -> Option<Output> {
    let name = method.name();
    let whole = match &method.sig.output {
        ReturnType::Default => {
            errors.help(name, "endpoint method must return a `Result`", "add `-> Result<(), Error>`");
            return None;
        }
        ReturnType::Type(_, ty) => ty,
    };
    let segment = types::last_segment(whole).filter(|segment| segment.ident == "Result");
    match segment.map(types::arguments).as_deref() {
        Some([content]) => {
            Some(Output { whole: (**whole).clone(), content: (*content).clone(), error: whole.to_token_stream() })
        }
        Some([content, error]) if types::is_named(error, "Error") => {
            Some(Output { whole: (**whole).clone(), content: (*content).clone(), error: error.to_token_stream() })
        }
        Some([content, error]) => {
            let help = format!("use `Result<{}, Error>`", types::shown(content));
            errors.help(error, "error type must be `rolecall::Error`", help);
            None
        }
        Some(_) => {
            errors.help(whole, "missing response type in `Result`", "use `Result<(), Error>`");
            None
        }
        None => {
            let suggestion = if types::has_impl(whole) { quote!(T) } else { whole.to_token_stream() };
            let help = format!("use `Result<{}, Error>`", types::shown(suggestion));
            errors.help(whole, "endpoint method must return a `Result`", help);
            None
        }
    }
}
