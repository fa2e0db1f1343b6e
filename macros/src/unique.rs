//! Names that the author uses for nothing else.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

/// All the words in a stream of tokens.
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

    /// The wish, or the wish with the first number that makes it new.
    pub(crate) fn unique_name(&self, wish: &str) -> String {
        let numbered = (2_u32..).map(|number| format!("{wish}{number}"));
        std::iter::once(wish.to_owned()).chain(numbered).find(|name| !self.0.contains(name)).unwrap_or_default()
    }
}
