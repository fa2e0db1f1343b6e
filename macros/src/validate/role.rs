//! `role = Partner`, `role = any(User, Partner)`, `role = Public`, `role = any(Public, User)`.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{LitStr, Path, Token, Type};

use crate::attr::{self, Entry, Value};
use crate::errors::Errors;
use crate::model::Roles;
use crate::types;

pub(crate) fn roles(entry: &Entry, errors: &mut Errors) -> Option<Roles> {
    let value = match &entry.value {
        Value::Assigned(value) => value,
        Value::List(list) => {
            let help = format!("use `role = {}`", any_of(&list.stream()));
            errors.help(entry, "expected `=` after `role`", help);
            return None;
        }
        Value::Flag => {
            errors.help(entry, "`role` needs a value", "use `role = …`, `role = any(…, …)`, or `role = Public`");
            return None;
        }
    };
    match call(value) {
        Some((word, group)) if word == "any" && group.delimiter() != Delimiter::Parenthesis => {
            let help = format!("use `{}`", any_of(&group.stream()));
            errors.help(value, "expected parentheses after `any`", help);
            None
        }
        Some((word, group)) if word == "any" => set(&word, group.stream(), errors),
        Some((word, group)) => {
            let list = group.stream();
            let help = match list.is_empty() {
                true => format!("use `role = {word}`"),
                false => format!("use `role = {}`", any_of(&list)),
            };
            errors.help(value, format_args!("unknown role set `{word}(…)`"), help);
            None
        }
        None => {
            if let Some(first) = comma_less_alternatives(value) {
                errors.help(value, "multiple roles must be wrapped in `any(…)`", format_args!("use `role = {first}`"));
                return None;
            }
            let role = role(value, errors)?;
            Some(if is_public(&role) { Roles::Public(role) } else { Roles::Any(role, Vec::new()) })
        }
    }
}

/// `any(…)`, or the role itself if there is only one.
fn any_of(list: &TokenStream) -> String {
    match Punctuated::<Path, Token![,]>::parse_terminated.parse2(list.clone()) {
        Ok(paths) if paths.len() == 1 => paths.to_token_stream().to_string().replace(" :: ", "::"),
        _ => format!("any({})", list.to_string().replace(" ,", ",").replace(" :: ", "::")),
    }
}

/// `word(list)`.
fn call(value: &TokenStream) -> Option<(Ident, Group)> {
    let mut tokens = value.clone().into_iter();
    match (tokens.next()?, tokens.next()?, tokens.next()) {
        (TokenTree::Ident(word), TokenTree::Group(group), None) if group.delimiter() != Delimiter::None => {
            Some((word, group))
        }
        _ => None,
    }
}

/// `User | Partner`, `User + Partner`, `[User, Partner]`, `(User, Partner)` as `any(User, Partner)`.
fn comma_less_alternatives(value: &TokenStream) -> Option<String> {
    fn paths<S: syn::parse::Parse + syn::token::Token>(value: TokenStream) -> Option<Vec<Path>> {
        Punctuated::<Path, S>::parse_separated_nonempty.parse2(value).ok().map(|paths| paths.into_iter().collect())
    }
    let mut tokens = value.clone().into_iter();
    let paths = match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) => {
            Punctuated::<Path, Token![,]>::parse_terminated.parse2(group.stream()).ok()?.into_iter().collect()
        }
        _ => paths::<Token![|]>(value.clone()).or_else(|| paths::<Token![+]>(value.clone()))?,
    };
    let names: Vec<String> =
        paths.iter().map(|path| path.to_token_stream().to_string().replace(" :: ", "::")).collect();
    (names.len() > 1).then(|| format!("any({})", names.join(", ")))
}

fn role(value: &TokenStream, errors: &mut Errors) -> Option<Path> {
    if let Ok(ty) = syn::parse2::<Type>(value.clone())
        && let Type::Path(path) = types::strip_groups(&ty)
        && path.qself.is_none()
    {
        if path.path.is_ident("any") {
            errors.help(value, "expected roles after `any`", "use `any(User, Partner)`");
            return None;
        }
        if path.path.segments.first().is_some_and(|first| first.ident == "Self") {
            errors.help(value, "role cannot depend on `Self`", "use a type that implements `rolecall::Role`");
            return None;
        }
        return Some(path.path.clone());
    }
    match syn::parse2::<LitStr>(value.clone()) {
        Ok(string) => {
            let help = format!("use `{}`", string.value());
            errors.help(value, "expected a role type, found a string literal", help);
        }
        Err(_) => {
            let help = "use a type that implements `rolecall::Role`";
            errors.help(value, format_args!("expected a role type, found `{}`", types::shown(value)), help);
        }
    }
    None
}

pub(crate) fn is_public(role: &Path) -> bool {
    role.segments.last().is_some_and(|segment| segment.ident == "Public")
}

fn set(word: &Ident, list: TokenStream, errors: &mut Errors) -> Option<Roles> {
    let before = errors.len();
    let parts = attr::split(list, errors);
    let mut roles: Vec<Path> = Vec::new();
    for part in &parts {
        let part: TokenStream = part.iter().cloned().collect();
        if let Some(names) = without_commas(&part) {
            errors.help(part, "missing `,` between roles", format_args!("use `{}`", names.join(", ")));
            continue;
        }
        let Some(role) = role(&part, errors) else { continue };
        if roles.iter().any(|other| other.to_token_stream().to_string() == role.to_token_stream().to_string()) {
            let name = role.to_token_stream().to_string().replace(" :: ", "::");
            errors.help(&role, format_args!("duplicate role `{name}`"), "remove one of them");
        } else {
            roles.push(role);
        }
    }
    if parts.is_empty() {
        let help = "use `any(User, Partner)`, or `role = Public` for an endpoint without authorization";
        errors.help(word, "`any()` must contain a role", help);
    }
    if errors.len() > before {
        return None;
    }
    let public = roles.iter().position(is_public).map(|at| roles.remove(at));
    let mut roles = roles.into_iter();
    Some(match public {
        Some(public) if roles.len() == 0 => Roles::Public(public),
        Some(public) => Roles::Optional(public, roles.collect()),
        None => Roles::Any(roles.next()?, roles.collect()),
    })
}

/// `User Partner`, where a comma is missing.
fn without_commas(part: &TokenStream) -> Option<Vec<String>> {
    let names = part.clone().into_iter().map(|token| match token {
        TokenTree::Ident(name) => Some(name.to_string()),
        _ => None,
    });
    names.collect::<Option<Vec<_>>>().filter(|names| names.len() > 1)
}

/// Returns the paths in `role`, even if it is invalid, so that their imports count as used.
pub(crate) fn mentioned(entry: &Entry) -> Vec<Path> {
    match &entry.value {
        Value::Assigned(value) => paths(value.clone()),
        Value::List(list) => paths(list.stream()),
        Value::Flag => Vec::new(),
    }
}

/// Returns all paths in the tokens, except for the names before parentheses.
fn paths(tokens: TokenStream) -> Vec<Path> {
    let (mut paths, mut path) = (Vec::new(), TokenStream::new());
    for token in tokens {
        match token {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | '|' | '+' | '&') => {
                paths.extend(syn::parse2(std::mem::take(&mut path)));
            }
            TokenTree::Group(group) => {
                path = TokenStream::new();
                paths.extend(self::paths(group.stream()));
            }
            token => path.extend([token]),
        }
    }
    paths.extend(syn::parse2(path));
    paths
}
