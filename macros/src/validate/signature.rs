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
        errors.help(word, "an endpoint is no constant function", "take `const` away");
    }
    if let Safety::Unsafe(word) = &sig.safety {
        errors.help(word, "an endpoint is no unsafe function", "take `unsafe` away");
    }
    if let Some(abi) = &sig.abi {
        errors.help(abi, "an endpoint has no ABI", "take it away");
    }
    if sig.asyncness.is_none() {
        errors.help(sig.fn_token, "an endpoint is an `async fn`", format_args!("write `async fn {}`", sig.ident));
    }
    if let Some(variadic) = &sig.variadic {
        errors.add(variadic, "an endpoint has no variadic arguments");
    }
    if let Some(body) = &method.body {
        errors.help(body, "an endpoint has no body: `#[api]` writes it", "write `;`");
    }
    receiver(method, errors);
    output(method, errors)
}

fn receiver(method: &Method, errors: &mut Errors) {
    let Some(receiver) = &method.receiver else {
        let name = method.name();
        let comma = if method.arguments.is_empty() { "" } else { ", …" };
        let help = format!("write `async fn {name}(&self{comma})`");
        return errors.help(name, format_args!("`{name}` does not take `&self`"), help);
    };
    for attr in &receiver.attrs {
        errors.add(attr.meta.path(), "`self` has no attributes");
    }
    match &receiver.kind {
        ReceiverKind::Reference(_, _, None) => {}
        ReceiverKind::Reference(_, _, Some(word)) => {
            errors.help(word, "an endpoint takes `&self`: a client is shared between calls", "take `mut` away");
        }
        _ => errors.help(receiver, "an endpoint takes `&self`: a client is shared between calls", "write `&self`"),
    }
}

fn output(method: &Method, errors: &mut Errors) -> Option<Output> {
    let name = method.name();
    let whole = match &method.sig.output {
        ReturnType::Default => {
            let message = format!("`{name}` does not return a `Result`");
            errors.help(name, message, "write `-> Result<(), Error>`");
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
            let help = format!("write `Result<{}, Error>`", types::shown(content));
            errors.help(error, "the error of an endpoint is `rolecall::Error`", help);
            None
        }
        Some(_) => {
            errors.help(whole, "a `Result` without the type of the answer", "write `Result<(), Error>`");
            None
        }
        None => {
            let suggestion = if types::has_impl(whole) { quote!(T) } else { whole.to_token_stream() };
            let help = format!("write `Result<{}, Error>`", types::shown(suggestion));
            errors.help(whole, "an endpoint returns a `Result`: any call can fail", help);
            None
        }
    }
}
