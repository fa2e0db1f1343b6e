//! Traits that were good until something happened to their tokens: always tokens, never a panic, never a hang,
//! and a trait is always told of its mistakes once.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use proptest::prelude::*;

use super::GOOD;

/// What happens to one token.
#[derive(Debug, Clone)]
enum Change {
    Drop,
    Double,
    Replace(u8),
    Insert(u8),
    /// With its right neighbour.
    Swap,
    /// A group loses its delimiters, anything else gets some.
    Regroup(u8),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Drop),
        Just(Change::Double),
        any::<u8>().prop_map(Change::Replace),
        any::<u8>().prop_map(Change::Insert),
        Just(Change::Swap),
        any::<u8>().prop_map(Change::Regroup),
    ]
}

/// A token that the language knows, or one that it does not.
fn token(seed: u8) -> TokenTree {
    const WORDS: [&str; 24] = [
        "endpoint", "query", "header", "body", "method", "path", "role", "any", "Public", "GET", "async", "fn", "self",
        "mut", "impl", "dyn", "Result", "Option", "Error", "Response", "headers", "flatten", "where", "crate",
    ];
    const LITERALS: [&str; 14] = [
        "\"\"",
        "\"/\"",
        "\"{\"",
        "\"/{a}{b}\"",
        "\"/%2\"",
        "\"/{*a}\"",
        "\"/\u{e4}/{ \u{e4}}\"",
        "\"5s\"",
        "b\"x\"",
        "c\"x\"",
        "'c'",
        "1.5",
        "0xffu8",
        "\"99999999999999999999h\"",
    ];
    const PUNCTS: [char; 12] = [',', '=', '<', '>', '&', '#', ':', '-', '|', '+', '!', '*'];
    let at = usize::from(seed);
    match at % 4 {
        0 => Ident::new(WORDS[at / 4 % WORDS.len()], Span::call_site()).into(),
        1 => LITERALS[at / 4 % LITERALS.len()].parse::<Literal>().unwrap().into(),
        2 => Punct::new(PUNCTS[at / 4 % PUNCTS.len()], Spacing::Alone).into(),
        _ => Group::new(delimiter(seed), TokenStream::new()).into(),
    }
}

fn delimiter(seed: u8) -> Delimiter {
    [Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket, Delimiter::None][usize::from(seed / 4 % 4)]
}

/// Makes the change at the token of this number, counted through all groups.
fn mutate(tokens: TokenStream, at: &mut usize, change: &Change) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    let mut swap = None;
    for token in tokens {
        let here = *at == 0;
        *at = at.wrapping_sub(1);
        let token = match token {
            TokenTree::Group(group) if !here => {
                Group::new(group.delimiter(), mutate(group.stream(), at, change)).into()
            }
            token => token,
        };
        match (here, change) {
            (true, Change::Drop) => {}
            (true, Change::Double) => out.extend([token.clone(), token]),
            (true, Change::Replace(seed)) => out.push(self::token(*seed)),
            (true, Change::Insert(seed)) => out.extend([self::token(*seed), token]),
            (true, Change::Swap) => swap = Some(token),
            (true, Change::Regroup(seed)) => match token {
                TokenTree::Group(group) => out.extend(group.stream()),
                token => out.push(Group::new(delimiter(*seed), token.into()).into()),
            },
            (false, _) => {
                out.push(token);
                out.extend(swap.take());
            }
        }
    }
    out.extend(swap);
    out.into_iter().collect()
}

fn count(tokens: TokenStream) -> usize {
    let of = |token| match token {
        TokenTree::Group(group) => 1 + count(group.stream()),
        _ => 1,
    };
    tokens.into_iter().map(of).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn mutated_traits_give_tokens(
        which in 0..GOOD.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), change()), 1..4),
        in_arguments in prop::bool::weighted(0.2),
    ) {
        let (_, arguments, item) = GOOD[which];
        let (mut arguments, mut item): (TokenStream, TokenStream) = (arguments.parse().unwrap(), item.parse().unwrap());
        for (at, change) in changes {
            let target = if in_arguments { &mut arguments } else { &mut item };
            let mut at = at.index(count(target.clone()).max(1));
            *target = mutate(std::mem::take(target), &mut at, &change);
        }
        let expansion = crate::entry::api(arguments, item.clone());
        prop_assert!(!expansion.is_empty() || item.is_empty());
        let _ = crate::entry::endpoint(item, expansion);
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// Any text in any string of an attribute.
    #[test]
    fn any_string_gives_tokens(text in "\\PC{0,12}|[/{}*%?#:. a-c]{0,16}") {
        let literal = Literal::string(&text);
        for key in ["path", "timeout", "accept", "headers", "role", "method"] {
            let key = Ident::new(key, Span::call_site());
            let item = quote::quote! {
                trait A {
                    #[endpoint(method = POST, path = "/", role = R, #key = #literal)]
                    async fn a(&self, #[query(#literal, list = #literal)] a: u8, #[header(#literal)] b: u8, #[body(content_type = #literal)] c: u8) -> Result<(), Error>;
                }
            };
            prop_assert!(!crate::entry::api(quote::quote!(path = #literal, rename_all = #literal), item).is_empty());
        }
    }
}

#[test]
fn nothing_and_nonsense() {
    for source in
        ["", ";", "trait", "trait A", "trait A {", "pub", "#[a]", "trait A { fn }", "fn f() {}", "trait A = B;"]
    {
        if let Ok(tokens) = source.parse::<TokenStream>() {
            let _ = crate::entry::api(TokenStream::new(), tokens.clone());
            let _ = crate::entry::endpoint(TokenStream::new(), tokens);
        }
    }
}
