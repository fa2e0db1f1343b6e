//! The signature of a method: `async fn name(&self, …) -> Result<T, Error>;`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{GenericParam, ReceiverKind, ReturnType, Safety, Type};

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
        let help = match sig.asyncness {
            Some(_) => "remove `const`".to_owned(),
            None => format!("use `async fn {}`", sig.ident),
        };
        errors.help(word, "endpoint method cannot be `const`", help);
    }
    if let Safety::Unsafe(word) = &sig.safety {
        errors.help(word, "endpoint method cannot be `unsafe`", "remove `unsafe`");
    }
    if let Some(abi) = &sig.abi {
        errors.help(abi, "endpoint method cannot have an ABI", "remove it");
    }
    if sig.asyncness.is_none() && sig.constness.is_none() && future(method).is_none() {
        errors.help(sig.fn_token, "endpoint method must be `async`", format_args!("use `async fn {}`", sig.ident));
    }
    if let Some(variadic) = &sig.variadic {
        errors.help(variadic, "endpoint method cannot be variadic", "remove `...`");
    }
    if let Some(body) = &method.body {
        errors.help(body, "endpoint method cannot have a body", "use `;`; `#[api]` generates the body");
    }
    generics(method, errors);
    receiver(method, errors);
    output(method, errors)
}

/// Returns `true` if the signature is that of an endpoint, at least in part.
pub(crate) fn is_endpoint(method: &Method) -> bool {
    let is_result =
        |ty: &Type| types::last_segment(ty).is_some_and(|segment| segment.ident.to_string().ends_with("Result"));
    let returns =
        matches!(&method.sig.output, ReturnType::Type(_, ty) if is_result(types::future_output(ty).unwrap_or(ty)));
    method.sig.asyncness.is_some() || returns
}

/// Returns the future's output of a method that returns a future.
fn future(method: &Method) -> Option<&Type> {
    match &method.sig.output {
        ReturnType::Type(_, ty) => types::future_output(ty),
        ReturnType::Default => None,
    }
}

fn generics(method: &Method, errors: &mut Errors) {
    for param in &method.generics().params {
        let default = match param {
            GenericParam::Type(param) => param.default.as_ref().map(|(_, default)| default.to_token_stream()),
            GenericParam::Const(param) => param.default.as_ref().map(|(_, default)| default.to_token_stream()),
            GenericParam::Lifetime(_) => None,
        };
        if let Some(default) = default {
            let help = format!("remove `= {}`", types::shown(&default));
            errors.help(default, "parameters of a method cannot have a default", help);
        }
    }
    for lifetime in method.undeclared_lifetimes() {
        let help = format!("add it to the method: `async fn {}<{lifetime}>`", method.name());
        errors.help(&lifetime, format_args!("use of undeclared lifetime `{lifetime}`"), help);
    }
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
    if let Some(inner) = future(method) {
        if method.sig.asyncness.is_some() {
            errors.help(whole, "endpoint method must return a `Result`", format_args!("use `{}`", result(inner)));
        } else {
            let comma = if method.arguments.is_empty() { "" } else { ", …" };
            let help = format!("use `async fn {name}(&self{comma}) -> {}`", result(inner));
            errors.help(method.sig.fn_token, "endpoint method must be `async`", help);
        }
        return None;
    }
    if types::stream_item(whole).is_some() {
        let help = "use `Result<ByteStream, Error>`, `Result<Events<T>, Error>`, or `Result<JsonLines<T>, Error>`";
        errors.help(whole, "endpoint method must return a `Result`", help);
        return None;
    }
    let Some(segment) = types::last_segment(whole).filter(|segment| segment.ident == "Result") else {
        errors.help(whole, "endpoint method must return a `Result`", format_args!("use `{}`", result(whole)));
        return None;
    };
    let output =
        |content: &Type, error: TokenStream| Output { whole: (**whole).clone(), content: content.clone(), error };
    match types::arguments(segment).as_slice() {
        [content] => Some(output(content, whole.to_token_stream())),
        [content, error] if types::is_named(error, "Error") && !types::is_std_error(error) => {
            if types::last_segment(error).is_some_and(|segment| !segment.arguments.is_none()) {
                errors.help(error, "`Error` has no type arguments", "use `Error`");
            }
            Some(output(content, error.to_token_stream()))
        }
        [content, error] => {
            // `Result<Error, User>`.
            let swapped = types::is_named(content, "Error") && !types::is_named(error, "Error");
            let help = format!("use `Result<{}, Error>`", types::shown(if swapped { error } else { content }));
            errors.help(error, "error type must be `rolecall::Error`", help);
            None
        }
        [content, _, ..] => {
            let help = format!("use `Result<{}, Error>`", types::shown(content));
            errors.help(whole, "too many type arguments of `Result`", help);
            None
        }
        [] => {
            errors.help(whole, "missing response type in `Result`", "use `Result<(), Error>`");
            None
        }
    }
}

/// Returns the `Result` that a type was meant to be: `Result<User, Error>` for `User` and for `ApiResult<User>`.
fn result(ty: &Type) -> String {
    let segment = types::last_segment(ty).filter(|segment| segment.ident.to_string().ends_with("Result"));
    let content = match segment {
        Some(segment) => match types::arguments(segment).first() {
            Some(content) => types::shown(content),
            None => "()".to_owned(),
        },
        None if types::has_impl(ty) => "T".to_owned(),
        None => types::shown(ty),
    };
    format!("Result<{content}, Error>")
}
