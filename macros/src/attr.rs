//! Attribute arguments: keys and values with their spans, and the errors common to all attributes.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::{LitByteStr, LitStr};

use crate::errors::Errors;
use crate::{text, types};

/// Names of other libraries and languages for an argument, by its name here.
const SYNONYMS: [(&str, &[&str]); 3] = [
    ("method", &["verb", "http_method"]),
    ("path", &["url", "uri", "route", "prefix", "base_path", "base"]),
    ("role", &["auth", "authorization", "permission", "permissions", "scope", "scopes", "security"]),
];

/// What is not an argument of an attribute, and where it belongs.
const ELSEWHERE: [(&[&str], &str); 2] = [
    (&["base_url", "host", "server"], "remove it; the base URL is an argument of `Client::builder`"),
    (
        &["retry", "retries", "max_attempts"],
        "remove it; retries are set by `ClientBuilder::retry` or `CallSettings::retry`",
    ),
];

/// The arguments of one attribute.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// Values without a key: `"x-name"`, `roles::User`.
    pub(crate) values: Vec<TokenStream>,
    pub(crate) entries: Vec<Entry>,
    /// Keys that an error has been reported for; no other error is reported for them.
    reported: Vec<String>,
    /// A value is missing: the attribute is being written.
    incomplete: bool,
    /// Another sign than `=` has been reported; it is one error, however often it is written.
    other_sign: bool,
}

/// `key`, `key = value` or `key(list)`.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

/// The value of a key.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Flag,
    Assigned(TokenStream),
    List(Group),
}

impl ToTokens for Entry {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.key.to_tokens(tokens);
        match &self.value {
            Value::Flag => {}
            Value::Assigned(value) => value.to_tokens(tokens),
            Value::List(list) => list.to_tokens(tokens),
        }
    }
}

impl Arguments {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut arguments = Self {
            values: Vec::new(),
            entries: Vec::new(),
            reported: Vec::new(),
            incomplete: false,
            other_sign: false,
        };
        for part in split(tokens, errors) {
            arguments.part(part, errors);
        }
        arguments
    }

    fn part(&mut self, part: Vec<TokenTree>, errors: &mut Errors) {
        let whole: TokenStream = part.iter().cloned().collect();
        let mut part = part.into_iter();
        let key = match part.next() {
            Some(TokenTree::Ident(key)) => key,
            Some(TokenTree::Literal(literal)) if part.len() == 0 => return self.values.push(literal.to_token_stream()),
            _ => {
                let found = types::shown(&whole);
                return errors.add(whole, format_args!("expected `key = value`, found `{found}`"));
            }
        };
        if is_path(part.as_slice()) {
            return self.values.push(whole);
        }
        let value = match (part.next(), part.len()) {
            (None, _) => Value::Flag,
            // `key: value`, `key => value`
            (Some(TokenTree::Punct(punct)), 1..) if self.is_other_sign(&key, &punct, &mut part, errors) => {
                Value::Assigned(part.by_ref().collect())
            }
            (Some(TokenTree::Punct(punct)), 0) if punct.as_char() == '=' => {
                self.reported.push(key.to_string());
                self.incomplete = true;
                return errors.add(whole, format_args!("expected a value after `{key} =`"));
            }
            (Some(TokenTree::Punct(punct)), _) if punct.as_char() == '=' => {
                let mut value: Vec<TokenTree> = part.by_ref().collect();
                if let Some(at) = next_key(&value) {
                    let rest = value.split_off(at);
                    if let Some(next) = rest.first() {
                        errors.help(next, format_args!("no comma before `{next}`"), format_args!("use `, {next}`"));
                    }
                    self.reported.push(key.to_string());
                    self.entries.push(Entry { key, value: Value::Assigned(value.into_iter().collect()) });
                    return self.part(rest, errors);
                }
                Value::Assigned(value.into_iter().collect())
            }
            (Some(TokenTree::Group(group)), 0) if group.delimiter() == Delimiter::Parenthesis => Value::List(group),
            (Some(TokenTree::Group(group)), 0) => {
                self.reported.push(key.to_string());
                let list = types::shown(group.stream());
                let message = format!("expected parentheses after `{key}`");
                return errors.help(whole, message, format_args!("use `{key}({list})`"));
            }
            (Some(_), _) => {
                self.reported.push(key.to_string());
                return errors.add(whole, format_args!("expected `=` or `,` after `{key}`"));
            }
        };
        self.entries.push(Entry { key, value });
    }

    /// Reports another sign than `=` between a key and its value.
    fn is_other_sign(
        &mut self,
        key: &Ident,
        sign: &Punct,
        rest: &mut std::vec::IntoIter<TokenTree>,
        errors: &mut Errors,
    ) -> bool {
        let arrow = |next: &TokenTree| matches!(next, TokenTree::Punct(next) if next.as_char() == '>');
        let shown = match sign.as_char() {
            ':' => ":",
            '=' if sign.spacing() == Spacing::Joint && rest.len() > 1 && rest.as_slice().first().is_some_and(arrow) => {
                rest.next();
                "=>"
            }
            _ => return false,
        };
        if !std::mem::replace(&mut self.other_sign, true) {
            let value: TokenStream = rest.as_slice().iter().cloned().collect();
            let help = format!("use `{key} = {}`", types::shown(value));
            errors.help(sign, format_args!("expected `=` after `{key}`, found `{shown}`"), help);
        }
        true
    }

    /// Removes and returns the entries with known keys, in the order of `known`. Reports all others.
    ///
    /// `owner` is the attribute as it is shown in messages: `` `#[endpoint]` ``.
    pub(crate) fn take<const N: usize>(
        &mut self,
        owner: &str,
        known: [&'static str; N],
        errors: &mut Errors,
    ) -> [Option<Entry>; N] {
        let mut found = [const { None }; N];
        for entry in std::mem::take(&mut self.entries) {
            let key = entry.key.to_string();
            let slot = known.iter().position(|known| *known == key).and_then(|at| found.get_mut(at));
            match slot {
                Some(slot @ None) => *slot = Some(entry),
                Some(Some(_)) => errors.help(&entry, format_args!("duplicate argument `{key}`"), "remove one of them"),
                None => self.unknown(owner, &entry, &known, errors),
            }
        }
        found
    }

    fn unknown(&mut self, owner: &str, entry: &Entry, known: &[&'static str], errors: &mut Errors) {
        let key = entry.key.to_string();
        let message = format!("unknown argument `{key}` in {owner}");
        if let Some((_, help)) = ELSEWHERE.iter().find(|(names, _)| names.contains(&key.as_str())) {
            return errors.help(&entry.key, message, help);
        }
        let synonym = SYNONYMS.iter().find(|(name, others)| known.contains(name) && others.contains(&key.as_str()));
        if let Some((name, _)) = synonym {
            self.mark_reported(name);
            return errors.help(&entry.key, message, format_args!("use `{name}`"));
        }
        self.reported.extend(text::closest_match(&key, known.iter().copied()).map(str::to_owned));
        errors.unknown(&entry.key, message, &key, known, |closest| {
            format!("an argument with a similar name exists: `{closest}`")
        });
    }

    /// Returns the only value without a key, as the string of a name.
    pub(crate) fn name(&self, owner: &str, errors: &mut Errors) -> Option<LitStr> {
        let mut values = self.values.iter();
        let first = values.next()?;
        for second in values {
            errors.help(second, format_args!("unexpected second name in {owner}"), "remove one of them");
        }
        let string = syn::parse2::<LitStr>(first.clone()).ok();
        if string.is_none() {
            let shown = types::shown(first);
            let last = shown.rsplit("::").next().unwrap_or_default();
            let name = if owner == "`#[header]`" { last.to_lowercase().replace('_', "-") } else { last.to_owned() };
            let message = format!("expected a string as the name in {owner}, found `{shown}`");
            errors.help(first, message, format_args!("use `\"{name}\"`"));
        }
        string
    }

    /// Returns `true` if an error has been reported for this key.
    pub(crate) fn is_reported(&self, key: &str) -> bool {
        self.reported.iter().any(|reported| reported == key)
    }

    /// Returns `true` if a value is missing, so that other arguments may be yet to come.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    pub(crate) fn mark_reported(&mut self, key: &str) {
        self.reported.push(key.to_owned());
    }

    /// Reports values without a key.
    pub(crate) fn no_values(&self, errors: &mut Errors) {
        for value in &self.values {
            let message = format!("expected `key = value`, found `{}`", types::shown(value));
            errors.help(value, message, "remove it");
        }
    }
}

impl Entry {
    /// Returns the value as a string. `example` is shown if it is not one.
    pub(crate) fn string(&self, example: &str, errors: &mut Errors) -> Option<LitStr> {
        let key = &self.key;
        if let Value::Assigned(value) = &self.value {
            if let Ok(string) = syn::parse2::<LitStr>(value.clone()) {
                return Some(string);
            }
            let message = format!("expected a string for `{key}`, found `{}`", types::shown(value));
            let bytes =
                syn::parse2::<LitByteStr>(value.clone()).ok().and_then(|bytes| String::from_utf8(bytes.value()).ok());
            let example = bytes.unwrap_or_else(|| example.to_owned());
            errors.help(value, message, format_args!("use `{key} = {example:?}`"));
        } else {
            errors.help(self, format_args!("`{key}` needs a value"), format_args!("use `{key} = {example:?}`"));
        }
        None
    }

    /// Returns the tokens of the value. `example` is shown if there are none.
    pub(crate) fn assigned(&self, example: &str, errors: &mut Errors) -> Option<&TokenStream> {
        if let Value::Assigned(value) = &self.value {
            return Some(value);
        }
        let key = &self.key;
        errors.help(self, format_args!("`{key}` needs a value"), format_args!("use `{key} = {example}`"));
        None
    }

    /// Parses the value with `parser`.
    pub(crate) fn parsed<P: Parser>(
        &self,
        parser: P,
        what: &str,
        example: &str,
        errors: &mut Errors,
    ) -> Option<P::Output> {
        let value = self.assigned(example, errors)?;
        let Ok(parsed) = parser.parse2(value.clone()) else {
            let key = &self.key;
            let message = format!("expected {what} for `{key}`, found `{}`", types::shown(value));
            errors.help(value, message, format_args!("use `{key} = {example}`"));
            return None;
        };
        Some(parsed)
    }

    /// Reports a value where only the key is expected.
    pub(crate) fn flag(&self, errors: &mut Errors) {
        if !matches!(self.value, Value::Flag) {
            let key = &self.key;
            errors.help(self, format_args!("unexpected value of `{key}`"), format_args!("use `{key}` alone"));
        }
    }
}

/// Returns `true` if a path continues here: `::User`.
fn is_path(rest: &[TokenTree]) -> bool {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
    rest.len() > 2 && rest.iter().take(2).all(is_colon)
}

/// Returns the index in a value at which another `key =` starts.
fn next_key(value: &[TokenTree]) -> Option<usize> {
    let starts = |pair: &[TokenTree]| match pair {
        [TokenTree::Ident(_), TokenTree::Punct(punct)] => punct.as_char() == '=' && punct.spacing() == Spacing::Alone,
        _ => false,
    };
    value.windows(2).skip(1).position(starts).map(|at| at + 1)
}

/// Splits at commas outside groups and angle brackets. Semicolons in their place are one error.
pub(crate) fn split(tokens: TokenStream, errors: &mut Errors) -> Vec<Vec<TokenTree>> {
    let (mut parts, mut part, mut depth, mut semicolons) = (Vec::new(), Vec::new(), 0_usize, 0);
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ';' && depth == 0 && !part.is_empty() => {
                if semicolons == 0 {
                    errors.help(punct, "expected `,`, found `;`", "use `,`");
                }
                semicolons += 1;
                parts.push(std::mem::take(&mut part));
                continue;
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' && depth == 0 => {
                end_part(&mut parts, &mut part, punct, errors);
                continue;
            }
            TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
            TokenTree::Punct(punct) if punct.as_char() == '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        part.push(token);
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

fn end_part(parts: &mut Vec<Vec<TokenTree>>, part: &mut Vec<TokenTree>, comma: &Punct, errors: &mut Errors) {
    if part.is_empty() {
        errors.help(comma, "unexpected `,`", "remove it");
    } else {
        parts.push(std::mem::take(part));
    }
}

#[cfg(test)]
mod tests;
