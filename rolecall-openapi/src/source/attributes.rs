//! Attributes as lists of keys and values, whatever the macros make of them.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Meta};

/// An argument of an attribute: `key`, `key = value`, `key(value)`, or a literal by itself.
#[derive(Debug, Clone)]
pub(super) struct Argument {
    pub(super) key: String,
    pub(super) value: Vec<TokenTree>,
}

impl Argument {
    /// Returns the value of a string literal, or the text of any other expression.
    pub(super) fn text(&self) -> String {
        self.value.iter().map(literal).collect::<Vec<_>>().join("")
    }

    /// The words of a path that stands by itself.
    pub(super) fn path(&self) -> Vec<String> {
        let mut words = vec![self.key.clone()];
        collect(&self.value, &mut words);
        words
    }

    /// The pairs in parentheses: `("a" = "b", "c" = "d")`.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let [TokenTree::Group(group)] = self.value.as_slice() else { return Vec::new() };
        let pair = |argument: Argument| {
            if let [name] = argument.value.as_slice() {
                return Some((literal(name), String::new()));
            }
            let [name, TokenTree::Punct(equals), value @ ..] = argument.value.as_slice() else { return None };
            (equals.as_char() == '=').then(|| (literal(name), value.iter().map(literal).collect::<String>()))
        };
        split(group.stream()).into_iter().filter_map(pair).collect()
    }

    /// The value as it is written, without spaces.
    pub(super) fn written(&self) -> String {
        self.value.iter().map(ToString::to_string).collect::<String>().replace(' ', "").replace(',', ", ")
    }

    /// All words in the value.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        collect(&self.value, &mut words);
        words
    }
}

/// The text of a token; of a string what is in it.
fn literal(token: &TokenTree) -> String {
    let text = token.to_string();
    syn::parse_str::<syn::LitStr>(&text).map_or(text, |literal| literal.value())
}

fn collect(tokens: &[TokenTree], words: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => words.push(ident.to_string()),
            TokenTree::Group(group) => collect(&group.stream().into_iter().collect::<Vec<_>>(), words),
            _ => {}
        }
    }
}

/// Whether an attribute is called so, whatever path stands before it.
pub(super) fn is(attribute: &Attribute, name: &str) -> bool {
    attribute.path().segments.last().is_some_and(|segment| segment.ident == name)
}

/// The arguments of an attribute.
pub(super) fn arguments(attribute: &Attribute) -> Vec<Argument> {
    match &attribute.meta {
        Meta::List(list) => split(list.tokens.clone()),
        _ => Vec::new(),
    }
}

fn split(tokens: TokenStream) -> Vec<Argument> {
    let mut out: Vec<Argument> = Vec::new();
    let mut current: Vec<TokenTree> = Vec::new();
    let mut finish = |current: &mut Vec<TokenTree>| {
        if !current.is_empty() {
            out.push(one(std::mem::take(current)));
        }
    };
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => finish(&mut current),
            _ => current.push(token),
        }
    }
    finish(&mut current);
    out
}

fn one(tokens: Vec<TokenTree>) -> Argument {
    let mut rest = tokens.clone().into_iter();
    match rest.next() {
        Some(TokenTree::Ident(key)) => {
            let mut value: Vec<TokenTree> = rest.collect();
            if matches!(value.first(), Some(TokenTree::Punct(punct)) if punct.as_char() == '=') {
                value.remove(0);
            }
            Argument { key: key.to_string(), value }
        }
        _ => Argument { key: String::new(), value: tokens },
    }
}

/// The documentation of an item, a line for each attribute.
pub(super) fn docs(attributes: &[Attribute]) -> String {
    let line = |attribute: &Attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    };
    attributes.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}
