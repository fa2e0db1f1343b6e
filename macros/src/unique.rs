//! Names that do not occur in the author's tokens.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

/// All identifiers in a token stream.
pub(crate) struct UsedNames(BTreeSet<String>);

impl UsedNames {
    pub(crate) fn of(tokens: TokenStream) -> Self {
        let mut names = Self(BTreeSet::new());
        names.collect(tokens);
        names
    }

    fn collect(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    self.0.insert(ident.to_string());
                }
                TokenTree::Group(group) => self.collect(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// Returns `name`, followed by a number if the name is in use.
    pub(crate) fn unique_name(&self, name: &str) -> String {
        let numbered = (2_u32..).map(|number| format!("{name}{number}"));
        std::iter::once(name.to_owned())
            .chain(numbered)
            .find(|candidate| !self.0.contains(candidate))
            .unwrap_or_default()
    }
}
