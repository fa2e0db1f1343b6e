//! Parses the body of a trait with syntax errors, so that one method that cannot be parsed costs no other.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, ItemTrait, TraitItem, Visibility};

use crate::errors::Errors;

/// Parses a trait without its body, then each item of the body. Reports the items that cannot be parsed. Returns `None`
/// if the trait cannot be parsed even without its body.
pub(crate) fn recover(item: TokenStream, errors: &mut Errors) -> Option<ItemTrait> {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let Some(TokenTree::Group(body)) = tokens.pop() else { return None };
    if body.delimiter() != Delimiter::Brace {
        return None;
    }
    let mut empty = Group::new(Delimiter::Brace, TokenStream::new());
    empty.set_span(body.span());
    tokens.push(TokenTree::Group(empty));
    let mut item: ItemTrait = syn::parse2(tokens.into_iter().collect()).ok()?;
    for chunk in chunks(body.stream()) {
        parse_chunk(&chunk, &mut item.items, errors);
    }
    Some(item)
}

/// Splits at the ends of items: a `;` or braces.
fn chunks(body: TokenStream) -> Vec<Vec<TokenTree>> {
    let (mut chunks, mut chunk) = (Vec::new(), Vec::new());
    for token in body {
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        chunk.push(token);
        if ends {
            chunks.push(std::mem::take(&mut chunk));
        }
    }
    if !chunk.is_empty() {
        chunks.push(chunk);
    }
    chunks
}

/// Parses what ends with a `;` or braces: an item, or several if the ends of the others are missing.
fn parse_chunk(chunk: &[TokenTree], items: &mut Vec<TraitItem>, errors: &mut Errors) {
    if let Ok(item) = parse(chunk) {
        return items.push(item);
    }
    for part in parts(chunk) {
        let item = parse(part).or_else(|error| {
            report(part, &error, errors);
            // The end of the item may be all that is missing.
            let end = TokenTree::Punct(Punct::new(';', Spacing::Alone));
            parse(&[part, &[end]].concat())
        });
        items.extend(item);
    }
}

fn parse(tokens: &[TokenTree]) -> syn::Result<TraitItem> {
    syn::parse2(tokens.iter().cloned().collect())
}

/// Splits before each run of attributes: an item starts there.
fn parts(chunk: &[TokenTree]) -> Vec<&[TokenTree]> {
    let is_attribute = |at: usize| {
        let hash = matches!(chunk.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == '#');
        let list =
            matches!(chunk.get(at + 1), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket);
        hash && list
    };
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    while at < chunk.len() {
        if !is_attribute(at) {
            at += 1;
            continue;
        }
        if let Some(part) = chunk.get(start..at).filter(|part| !part.is_empty()) {
            parts.push(part);
        }
        start = at;
        while is_attribute(at) {
            at += 2;
        }
    }
    parts.extend(chunk.get(start..));
    parts
}

/// Reports an item that cannot be parsed, at the token where parsing ended. The compiler itself lists the tokens that it
/// expects there.
fn report(part: &[TokenTree], error: &syn::Error, errors: &mut Errors) {
    let what = name(part).map_or_else(|| "an item of the trait".to_owned(), |name| format!("method `{name}`"));
    let message = error.to_string();
    let reason = message.strip_prefix("unexpected end of input, ").unwrap_or(&message);
    // At its end syn has no token to point at.
    let is_inside = |token: &TokenTree| {
        let (at, span) = (error.span().start(), token.span());
        (span.start().line, span.start().column) <= (at.line, at.column)
            && (at.line, at.column) < (span.end().line, span.end().column)
    };
    let span = match part.last() {
        Some(last) if !part.iter().any(is_inside) => last.span(),
        _ => error.span(),
    };
    let message = if reason.starts_with("expected one of") {
        format!("cannot parse {what}")
    } else {
        format!("cannot parse {what}: {reason}")
    };
    errors.push(syn::Error::new(span, message));
}

/// Returns the name after `fn`.
fn name(part: &[TokenTree]) -> Option<&Ident> {
    part.windows(2).find_map(|pair| match pair {
        [TokenTree::Ident(word), TokenTree::Ident(name)] if word == "fn" => Some(name),
        _ => None,
    })
}

/// Parses an item that syn leaves unparsed: one with a visibility or with `default`, which a trait's item cannot have.
/// Reports them, and returns the item without them.
pub(crate) fn without_qualifiers(item: &TokenStream, errors: &mut Errors) -> Option<TraitItem> {
    let parser = |input: ParseStream<'_>| {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis: Visibility = input.parse()?;
        let default: Option<syn::Token![default]> = input.parse()?;
        let item: TraitItem = input.parse()?;
        Ok((attrs, vis, default, item))
    };
    let (attrs, vis, default, mut item) = parser.parse2(item.clone()).ok()?;
    match &mut item {
        TraitItem::Fn(method) => method.attrs = attrs,
        TraitItem::Const(_) | TraitItem::Type(_) => {}
        _ => return None,
    }
    if !matches!(vis, Visibility::Inherited) {
        let word = crate::types::shown(&vis);
        errors.help(&vis, "trait items cannot have a visibility", format_args!("remove `{word}`"));
    }
    if let Some(word) = default {
        errors.help(word, "trait items cannot be `default`", "remove `default`");
    }
    Some(item)
}

/// Returns the tokens without this crate's attributes, which only `#[api]` on a trait can read.
pub(crate) fn without_own_attributes(item: TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut tokens = item.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if let (TokenTree::Punct(punct), Some(TokenTree::Group(list))) = (&token, tokens.peek())
            && punct.as_char() == '#'
            && list.delimiter() == Delimiter::Bracket
            && is_own(list.stream())
        {
            tokens.next();
            continue;
        }
        out.extend([match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_own_attributes(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            token => token,
        }]);
    }
    out
}

fn is_own(attribute: TokenStream) -> bool {
    let path = attribute.into_iter().take_while(|token| !matches!(token, TokenTree::Group(_)));
    let name = path.filter_map(|token| match token {
        TokenTree::Ident(name) => Some(name.to_string()),
        _ => None,
    });
    let last = name.last().unwrap_or_default();
    ["endpoint", "query", "header", "body", "part"].contains(&last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recovered(body: &str) -> (Vec<String>, Vec<String>) {
        let mut errors = Errors::default();
        let item = recover(format!("trait A {{ {body} }}").parse().unwrap(), &mut errors).unwrap();
        let names = item.items.iter().filter_map(|item| match item {
            TraitItem::Fn(method) => Some(method.sig.ident.to_string()),
            _ => None,
        });
        (names.collect(), errors.messages())
    }

    #[test]
    fn one_broken_method_costs_no_other() {
        const GOOD: &str = "#[e] async fn good(&self) -> R<()>;";
        for (broken, kept, message) in [
            ("#[e] async fn broken", false, "cannot parse method `broken`: "),
            ("#[e] async fn broken(&self, a) -> R<()>;", false, "cannot parse method `broken`: expected `:`"),
            ("#[e] async fn broken(&self #[q] a: u8) -> R<()>;", false, "cannot parse method `broken`: expected `,`"),
            ("#[e] async fn broken(&self) R<()>;", false, "cannot parse method `broken`: expected curly braces"),
            ("#[e] async fn broken(&self) -> R<()>", true, "cannot parse method `broken`: "),
            ("#[e] asyn", false, "cannot parse an item of the trait: "),
            ("#[e] async broken(&self);", false, "cannot parse an item of the trait"),
        ] {
            for after in ["/// Doc.\n #[e] async fn after(&self);", ""] {
                let (names, messages) = recovered(&format!("{GOOD} {broken} {after}"));
                let expected = [Some("good"), kept.then_some("broken"), (!after.is_empty()).then_some("after")];
                assert_eq!(names, expected.into_iter().flatten().collect::<Vec<_>>(), "{broken} {after}");
                assert!(messages.len() == 1 && messages[0].starts_with(message), "{broken} {after}: {messages:?}");
            }
        }
    }

    #[test]
    fn own_attributes_are_removed_at_any_depth() {
        let item = "impl A { #[endpoint(a = 1)] #[x] fn a(#[rolecall::query] b: u8, #[body(form)] c: u8) {} }";
        let tokens = without_own_attributes(item.parse().unwrap());
        let expected: TokenStream = "impl A { #[x] fn a(b: u8, c: u8) {} }".parse().unwrap();
        assert_eq!(tokens.to_string(), expected.to_string());
    }
}
