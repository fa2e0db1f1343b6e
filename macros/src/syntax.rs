//! The first stage: parses the trait and separates the attributes of this crate from all others.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, FnArg, Generics, ItemTrait, Lifetime, Pat, Receiver, Signature, TraitItem, Type, Visibility};

use crate::errors::Errors;
use crate::recover::{recover, without_qualifiers};
use crate::text;

/// The attributes that set lint levels.
pub(crate) const LINT_LEVELS: [&str; 5] = ["allow", "expect", "warn", "deny", "forbid"];

/// The attributes that give an argument its location.
pub(crate) const LOCATIONS: [&str; 4] = ["query", "header", "body", "part"];

/// A trait under `#[api]`.
pub(crate) struct Api {
    /// The arguments of `#[api]`.
    pub(crate) arguments: TokenStream,
    /// All other attributes, documentation among them.
    pub(crate) attrs: Vec<Attribute>,
    /// Repeated `#[api]` attributes.
    pub(crate) second: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) item: ItemTrait,
    pub(crate) methods: Vec<Method>,
}

/// A method of the trait.
pub(crate) struct Method {
    pub(crate) endpoints: Vec<Attribute>,
    /// An attribute that was probably meant to be `#[endpoint]`.
    pub(crate) misspelt: Option<Attribute>,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) sig: Signature,
    pub(crate) receiver: Option<Receiver>,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) body: Option<syn::Block>,
}

/// An argument of a method after its receiver.
pub(crate) struct Argument {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) pat: Pat,
    pub(crate) ty: Type,
}

impl Argument {
    /// The argument's name, unless it is a pattern.
    pub(crate) fn ident(&self) -> Option<&Ident> {
        match &self.pat {
            Pat::Ident(pat) if pat.by_ref.is_none() && pat.mutability.is_none() && pat.subpat.is_none() => {
                Some(&pat.ident)
            }
            _ => None,
        }
    }
}

/// Parses the trait. Reports an item that is not a trait, and the syntax errors in one that is.
pub(crate) fn parse(arguments: TokenStream, item: TokenStream, errors: &mut Errors) -> Option<Api> {
    let mut item: ItemTrait = match syn::parse2(item.clone()) {
        Ok(item) => item,
        Err(error) => match no_trait(item.clone()) {
            Some((word, what)) => {
                let message = format!("expected a trait after `#[api]`, found {what}");
                match what {
                    "an implementation" => errors.help(word, message, "remove `#[api]`; it belongs on the trait"),
                    _ => errors.add(word, message),
                }
                return None;
            }
            None => match recover(item, errors) {
                Some(item) => item,
                None => {
                    errors.push(error);
                    return None;
                }
            },
        },
    };
    for item in &mut item.items {
        if let TraitItem::Verbatim(tokens) = item
            && let Some(parsed) = without_qualifiers(tokens, errors)
        {
            *item = parsed;
        }
    }
    let methods = item.items.iter().filter_map(|item| match item {
        TraitItem::Fn(method) => Some(method.clone().into()),
        _ => None,
    });
    for attr in &mut item.attrs {
        // `#![allow(…)]` at the start of the body.
        attr.style = syn::AttrStyle::Outer;
    }
    let (second, attrs) = item.attrs.iter().cloned().partition(|attr| is_named(attr, "api"));
    Some(Api {
        arguments,
        attrs,
        second,
        vis: item.vis.clone(),
        ident: item.ident.clone(),
        methods: methods.collect(),
        item,
    })
}

impl From<syn::TraitItemFn> for Method {
    fn from(method: syn::TraitItemFn) -> Self {
        let (endpoints, mut attrs): (Vec<_>, Vec<_>) =
            method.attrs.into_iter().partition(|attr| is_named(attr, "endpoint"));
        let misspelt = if endpoints.is_empty() { attrs.iter().position(is_nearly_endpoint) } else { None };
        let misspelt = misspelt.map(|at| attrs.remove(at));
        let mut sig = method.sig;
        let (mut receiver, mut arguments) = (None, Vec::new());
        for input in std::mem::take(&mut sig.inputs) {
            match input {
                FnArg::Receiver(found) => receiver = Some(found),
                FnArg::Typed(found) => {
                    arguments.push(Argument { attrs: found.attrs, pat: *found.pat, ty: *found.ty });
                }
            }
        }
        Self { endpoints, misspelt, attrs, sig, receiver, arguments, body: method.default }
    }
}

/// Returns `true` if the last segment of the attribute's path is `name`.
pub(crate) fn is_named(attr: &Attribute, name: &str) -> bool {
    attr.path().segments.last().is_some_and(|segment| segment.ident == name)
}

fn is_nearly_endpoint(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|segment| {
        let name = segment.ident.to_string();
        !name.starts_with("expect") && text::closest_match(&name, ["endpoint"]).is_some()
    })
}

/// Returns the keyword of an item that is not a trait, and what the item is called.
fn no_trait(item: TokenStream) -> Option<(TokenTree, &'static str)> {
    let parser = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        input.parse::<TokenStream>()
    };
    for token in parser.parse2(item).ok()? {
        let TokenTree::Ident(word) = &token else { continue };
        let what = match word.to_string().as_str() {
            "trait" => return None,
            "struct" => "a struct",
            "enum" => "an enum",
            "union" => "a union",
            "impl" => "an implementation",
            "fn" => "a function",
            "mod" => "a module",
            "type" => "a type alias",
            "static" => "a static",
            "use" => "an import",
            "unsafe" | "async" | "extern" | "default" | "auto" | "const" => continue,
            _ => "another item",
        };
        return Some((token, what));
    }
    None
}

/// The receiver's lifetime: `'a` of `&'a self`.
pub(crate) fn receiver_lifetime(receiver: &Receiver) -> Option<&Lifetime> {
    match &receiver.kind {
        syn::ReceiverKind::Reference(_, lifetime, _) => lifetime.as_ref(),
        _ => None,
    }
}

/// Returns `span` with the macro's hygiene: locals resolve at the macro, all else at the call site.
pub(crate) fn hygienic(span: Span) -> Span {
    span.resolved_at(Span::mixed_site())
}

impl Method {
    pub(crate) fn name(&self) -> &Ident {
        &self.sig.ident
    }

    pub(crate) fn generics(&self) -> &Generics {
        &self.sig.generics
    }

    /// Returns the lifetimes in the signature that nothing declares, each once.
    pub(crate) fn undeclared_lifetimes(&self) -> Vec<Lifetime> {
        let mut lifetimes = Lifetimes::default();
        for argument in &self.arguments {
            lifetimes.collect(argument.ty.to_token_stream());
        }
        lifetimes.collect(self.receiver.to_token_stream());
        lifetimes.collect(self.sig.output.to_token_stream());
        lifetimes.collect(self.sig.generics.where_clause.to_token_stream());
        lifetimes.declared.extend(self.generics().lifetimes().map(|param| param.lifetime.ident.to_string()));
        let Lifetimes { used, mut declared } = lifetimes;
        declared.extend(["static".to_owned(), "_".to_owned()]);
        used.into_iter().filter(|lifetime| declared.insert(lifetime.ident.to_string())).collect()
    }
}

/// The lifetimes in some tokens: those in `for<…>`, and all.
#[derive(Default)]
struct Lifetimes {
    used: Vec<Lifetime>,
    declared: BTreeSet<String>,
}

impl Lifetimes {
    fn collect(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        let mut in_for = false;
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => self.collect(group.stream()),
                TokenTree::Ident(word) if word == "for" => in_for = true,
                TokenTree::Punct(punct) if punct.as_char() == '>' => in_for = false,
                TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                    let Some(TokenTree::Ident(name)) = tokens.next() else { continue };
                    if in_for {
                        self.declared.insert(name.to_string());
                    }
                    let mut lifetime = Lifetime::new(&format!("'{name}"), name.span());
                    lifetime.apostrophe = punct.span();
                    self.used.push(lifetime);
                }
                _ => {}
            }
        }
    }
}
