//! The error sink: all mistakes of a trait, told at once and in the order of the source.

use std::fmt::Display;

use proc_macro2::{LineColumn, TokenStream};
use quote::ToTokens;

/// Collects mistakes.
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<Diagnostic>);

#[derive(Debug)]
struct Diagnostic {
    position: LineColumn,
    error: syn::Error,
}

impl Errors {
    /// Notes a mistake: what is wrong in the first line, in the words of the field.
    pub(crate) fn add(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Notes a mistake, and in a second line how to mend it.
    pub(crate) fn help(&mut self, tokens: impl ToTokens, message: impl Display, help: impl Display) {
        self.add(tokens, format_args!("{message}\n= help: {help}"));
    }

    /// Notes a mistake that syn found.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.0.push(Diagnostic { position: error.span().start(), error });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// A `compile_error!` for each mistake. The sort is stable, so that mistakes whose place says nothing
    /// (a trait written by another macro) stay in the order in which they were found.
    pub(crate) fn into_tokens(mut self) -> TokenStream {
        self.0.sort_by_key(|diagnostic| (diagnostic.position.line, diagnostic.position.column));
        self.0.iter().map(|diagnostic| diagnostic.error.to_compile_error()).collect()
    }

    /// The first lines, for tests.
    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.0.iter().map(|diagnostic| diagnostic.error.to_string()).collect()
    }
}
