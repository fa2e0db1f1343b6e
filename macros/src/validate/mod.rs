//! The second stage and the only home of rules: turns the parsed trait into a valid model, or reports all
//! errors.

mod argument;
mod attribute;
mod endpoint;
mod foreign;
mod header;
mod known_types;
mod location;
mod nested;
mod options;
mod pairs;
mod part;
mod placeholder;
mod query;
pub(crate) mod response;
mod role;
mod signature;
mod unique;
pub(crate) mod value;
mod verb;

use proc_macro2::{Ident, Span};
use quote::{ToTokens, format_ident};
use syn::{GenericParam, Lifetime, TraitItem};

use crate::attr::Arguments;
use crate::errors::Errors;
use crate::model::Api;
use crate::syntax::{self, LINT_LEVELS};
use crate::unique::UsedNames;

pub(crate) use foreign::{AUTOMOCK, is_foreign};
pub(crate) use known_types::{is_invalid, traits};
pub(crate) use options::{Settings, settings};

/// Validates the trait. Returns a model if and only if there is no error.
pub(crate) fn api(api: &syntax::Api, settings: &Settings, errors: &mut Errors) -> Option<Api> {
    if foreign::rewritten(api, errors) {
        return None;
    }
    self::item(api, errors);
    let endpoints: Vec<_> =
        api.methods.iter().filter_map(|method| endpoint::endpoint(method, settings, errors)).collect();
    if let Some(name) = &settings.dyn_trait {
        dyn_trait(api, name, errors);
    }
    unique::names(api, errors);
    unique::overlaps(&endpoints, errors);
    if !errors.is_empty() {
        return None;
    }
    let names = UsedNames::of(api.item.to_token_stream());
    Some(Api {
        attrs: api.attrs.clone(),
        lints: api
            .attrs
            .iter()
            .filter(|attr| LINT_LEVELS.iter().any(|level| attr.path().is_ident(level)))
            .cloned()
            .collect(),
        deprecated: api.attrs.iter().find(|attr| attr.path().is_ident("deprecated")).cloned(),
        vis: api.vis.clone(),
        ident: api.ident.clone(),
        supertraits: api.item.supertraits.clone(),
        where_clause: api.item.generics.where_clause.clone(),
        options: settings.options(),
        endpoints,
        role: format_ident!("{}", names.unique_name("R"), span = Span::mixed_site()),
        implementor: format_ident!("{}", names.unique_name("T"), span = Span::mixed_site()),
        lifetime: Lifetime::new(&format!("'{}", names.unique_name("a")), Span::mixed_site()),
    })
}

/// Validates the trait without its methods.
fn item(api: &syntax::Api, errors: &mut Errors) {
    let item = &api.item;
    for attr in &api.attrs {
        foreign::check(attr, errors);
    }
    for attr in &api.second {
        errors.help(attr.path(), "duplicate `#[api]` attribute", "remove one of them");
    }
    if let Some(word) = &item.unsafety {
        errors.help(word, "`#[api]` trait cannot be `unsafe`", "remove `unsafe`");
    }
    if let Some(word) = &item.modifiers.auto_token {
        errors.help(word, "`#[api]` trait cannot be an auto trait", "remove `auto`");
    }
    if !item.generics.params.is_empty() {
        errors.help(
            &item.generics,
            "`#[api]` trait cannot have generic parameters",
            "move them to the methods that need them",
        );
    }
    for item in &item.items {
        match item {
            TraitItem::Fn(_) => {}
            TraitItem::Const(item) => other(&item.ident, "constant", errors),
            TraitItem::Type(item) => other(&item.ident, "associated type", errors),
            TraitItem::Macro(item) => other(&item.mac.path, "macro call", errors),
            item => other(item, "item", errors),
        }
    }
}

/// Reports type parameters of methods, which a trait object cannot have.
fn dyn_trait(api: &syntax::Api, name: &Ident, errors: &mut Errors) {
    for method in &api.methods {
        let typed = |param: &&GenericParam| !matches!(param, GenericParam::Lifetime(_));
        if let Some(param) = method.generics().params.iter().find(typed) {
            let message =
                format!("method `{}` of the dyn-compatible `{name}` cannot have type parameters", method.name());
            errors.help(param, message, "use a type or `&dyn Trait` instead, or remove `dyn` from `#[api]`");
        }
    }
}

fn other(tokens: impl ToTokens, what: &str, errors: &mut Errors) {
    errors.help(
        tokens,
        format_args!("unexpected {what} in an `#[api]` trait"),
        "move it out of the trait, or into a supertrait",
    );
}

/// Returns the paths of a method's roles, even if the method is invalid, so that their imports count as used.
pub(crate) fn mentioned(method: &syntax::Method) -> Vec<syn::Path> {
    let tokens = method.endpoints.first().and_then(|attr| Some(attr.meta.require_list().ok()?.tokens.clone()));
    let mut errors = Errors::default();
    let mut arguments = Arguments::parse(tokens.unwrap_or_default(), &mut errors);
    let [entry] = arguments.take("", ["role"], &mut errors);
    entry.as_ref().map(role::mentioned).unwrap_or_default()
}
