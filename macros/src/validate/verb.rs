//! The HTTP method: `method = GET`, or `method = "LIST"` for one that is not standard.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::LitStr;
use syn::ext::IdentExt;
use syn::parse::Parser;

use crate::attr::Entry;
use crate::errors::Errors;
use crate::model::Verb;
use crate::validate::header;
use crate::{text, types};

/// The methods that are written without quotes.
pub(crate) const STANDARD: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"];

/// Returns the standard method of this name, in any case.
pub(crate) fn any_case(name: &Ident) -> Option<&'static str> {
    let name = name.to_string();
    STANDARD.into_iter().find(|standard| standard.eq_ignore_ascii_case(&name))
}

pub(crate) fn verb(entry: &Entry, errors: &mut Errors) -> Option<Verb> {
    let value = entry.assigned("GET", errors)?;
    match syn::parse2::<LitStr>(value.clone()) {
        Ok(name) => other(name, errors),
        Err(_) => standard(value, errors).map(Verb::Standard),
    }
}

fn standard(value: &TokenStream, errors: &mut Errors) -> Option<Ident> {
    let ident = Ident::parse_any.parse2(value.clone()).ok();
    if let Some(ident) = &ident
        && STANDARD.iter().any(|name| ident == name)
    {
        return Some(ident.clone());
    }
    let name = types::shown(value);
    // `Method::POST`, `http::Method::POST`.
    let upper = name.rsplit("::").next().unwrap_or_default().trim().to_uppercase();
    if is_refused(value, &upper, errors) {
        return None;
    }
    if ident.is_some() && STANDARD.contains(&upper.as_str()) {
        errors.help(value, "HTTP method must be an uppercase identifier", format_args!("use `method = {upper}`"));
        return None;
    }
    let message = format!("unknown HTTP method `{name}`");
    match text::closest_match(&upper, STANDARD) {
        Some(closest) => errors.help(value, message, format_args!("use `{closest}`")),
        None => {
            let mut help = format!("expected one of {}", text::join_quoted(&STANDARD, "and"));
            if ident.is_some() {
                help += &format!("; another method is a string: `method = \"{upper}\"`");
            }
            errors.help(value, message, help);
        }
    }
    None
}

/// Reports a method that no endpoint can have.
fn is_refused(value: &TokenStream, upper: &str, errors: &mut Errors) -> bool {
    let is_refused = ["CONNECT", "TRACE"].contains(&upper);
    if is_refused {
        let help = format!("expected one of {}", text::join_quoted(&STANDARD, "and"));
        errors.help(value, format_args!("HTTP method `{upper}` cannot be used for an endpoint"), help);
    }
    is_refused
}

/// A method in quotes: a token of RFC 9110, section 5.6.2, in capitals, as method names are case-sensitive.
fn other(literal: LitStr, errors: &mut Errors) -> Option<Verb> {
    let name = literal.value();
    let meant = name.trim().replace(' ', "-").to_ascii_uppercase();
    let meant: String = meant.chars().filter(|char| header::is_token(*char)).collect();
    if is_refused(&literal.to_token_stream(), &meant, errors) {
        return None;
    }
    let help = match meant.as_str() {
        "" => "use `method = GET`, or a name such as `\"LIST\"`".to_owned(),
        meant if STANDARD.contains(&meant) => format!("use `method = {meant}`"),
        meant => format!("use `method = \"{meant}\"`"),
    };
    if name.is_empty() {
        errors.help(&literal, "missing HTTP method", help);
    } else if let Some(char) = name.chars().find(|char| !header::is_token(*char)) {
        errors.help(&literal, format_args!("invalid character {char:?} in HTTP method"), help);
    } else if STANDARD.contains(&meant.as_str()) {
        errors.help(&literal, "HTTP method must be an uppercase identifier", help);
    } else if name != meant {
        errors.help(&literal, "HTTP method must be in uppercase", help);
    } else {
        return Some(Verb::Other(literal));
    }
    None
}
