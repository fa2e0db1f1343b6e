//! The error sink: all errors of a trait, reported at once and in source order.

use std::fmt::Display;

use proc_macro2::{LineColumn, TokenStream};
use quote::ToTokens;

use crate::text;

/// Collects errors.
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<Diagnostic>);

#[derive(Debug)]
struct Diagnostic {
    position: LineColumn,
    error: syn::Error,
}

impl Errors {
    /// Adds an error. The message states the problem.
    pub(crate) fn add(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Adds an error with a help line that states the fix.
    pub(crate) fn help(&mut self, tokens: impl ToTokens, message: impl Display, help: impl Display) {
        self.add(tokens, format_args!("{message}\n= help: {help}"));
    }

    /// Adds an error for a name that is not one of `known`. The help is the fix with the closest name, or the list of
    /// all names.
    pub(crate) fn unknown(
        &mut self,
        tokens: impl ToTokens,
        message: impl Display,
        name: &str,
        known: &[&'static str],
        fix: impl FnOnce(&str) -> String,
    ) {
        match text::closest_match(name, known.iter().copied()) {
            Some(closest) => self.help(tokens, message, fix(closest)),
            None => self.help(tokens, message, format_args!("expected one of {}", text::join_quoted(known, "and"))),
        }
    }

    /// Adds an error of syn.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.0.push(Diagnostic { position: error.span().start(), error });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns a `compile_error!` for each error. The sort is stable, so that errors without a position
    /// (in a trait that another macro wrote) keep the order in which they were found.
    pub(crate) fn into_tokens(mut self) -> TokenStream {
        self.0.sort_by_key(|diagnostic| (diagnostic.position.line, diagnostic.position.column));
        self.0.iter().map(|diagnostic| diagnostic.error.to_compile_error()).collect()
    }

    /// Returns the messages, for tests.
    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.0.iter().map(|diagnostic| diagnostic.error.to_string()).collect()
    }
}
