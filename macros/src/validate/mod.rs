//! The second stage, and the only place where rules live: from the trait as written to a model in which
//! nothing is wrong, or mistakes.

mod answer;
mod argument;
mod endpoint;
mod header;
mod options;
mod place;
mod placeholder;
mod role;
mod signature;
mod unique;

use proc_macro2::Span;
use quote::{ToTokens, format_ident};
use syn::{Lifetime, TraitItem};

use crate::attr::Arguments;
use crate::errors::Errors;
use crate::model::{Api, Roles};
use crate::names::Names;
use crate::syntax;

pub(crate) use options::{Settings, settings};

/// Looks at the whole trait. There is a model if, and only if, there is no mistake.
pub(crate) fn api(api: &syntax::Api, settings: &Settings, errors: &mut Errors) -> Option<Api> {
    self::item(api, errors);
    let endpoints: Vec<_> =
        api.methods.iter().filter_map(|method| endpoint::endpoint(method, settings, errors)).collect();
    unique::names(api, errors);
    unique::shapes(&endpoints, errors);
    if !errors.is_empty() {
        return None;
    }
    let names = Names::of(api.item.to_token_stream());
    Some(Api {
        attrs: api.attrs.clone(),
        vis: api.vis.clone(),
        ident: api.ident.clone(),
        supertraits: api.item.supertraits.clone(),
        where_clause: api.item.generics.where_clause.clone(),
        options: settings.options(),
        endpoints,
        role: format_ident!("{}", names.fresh("R"), span = Span::mixed_site()),
        lifetime: Lifetime::new(&format!("'{}", names.fresh("a")), Span::mixed_site()),
    })
}

/// The trait's own rules.
fn item(api: &syntax::Api, errors: &mut Errors) {
    let item = &api.item;
    if let Some(word) = &item.unsafety {
        errors.help(word, "an API is no unsafe trait", "take `unsafe` away");
    }
    if let Some(word) = &item.modifiers.auto_token {
        errors.help(word, "an API is no auto trait", "take `auto` away");
    }
    if !item.generics.params.is_empty() {
        errors.help(
            &item.generics,
            "an API has no generic parameters: a client implements it once",
            "put the parameter on the methods that need it",
        );
    }
    for item in &item.items {
        match item {
            TraitItem::Fn(_) => {}
            TraitItem::Const(item) => other(&item.ident, "a constant", errors),
            TraitItem::Type(item) => other(&item.ident, "an associated type", errors),
            TraitItem::Macro(item) => other(&item.mac.path, "a macro's call", errors),
            item => errors.add(item, "an API holds endpoints only: methods with `#[endpoint]`"),
        }
    }
}

fn other(tokens: impl ToTokens, what: &str, errors: &mut Errors) {
    errors.help(
        tokens,
        format_args!("an API holds endpoints only, and this is {what}"),
        "move it out of the trait, or into a trait that this one extends",
    );
}

/// The roles that a method names, whatever else is wrong with it.
pub(crate) fn mentioned(method: &syntax::Method) -> Vec<syn::Path> {
    let tokens = method.endpoints.first().and_then(|attr| Some(attr.meta.require_list().ok()?.tokens.clone()));
    let mut errors = Errors::default();
    let mut arguments = Arguments::parse(tokens.unwrap_or_default(), &mut errors);
    let [entry] = arguments.take("", ["role"], &mut errors);
    match entry.and_then(|entry| role::roles(&entry, &mut errors)) {
        Some(Roles::Public(role)) => vec![role],
        Some(roles) => roles.iter().cloned().collect(),
        None => Vec::new(),
    }
}
