//! The arguments of `#[api]`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::parse::Parse;
use syn::{LitStr, Type};

use crate::attr::Arguments;
use crate::errors::Errors;
use crate::model::{Options, QueryEncoding, Roles};
use crate::path::Template;
use crate::syntax::{Api, hygienic};
use crate::text::{self, Case};
use crate::types;
use crate::validate::{header, query, role, value};

const OWNER: &str = "`#[api]`";

/// The arguments of `#[api]`. Invalid arguments are replaced by their defaults, since the fallback needs
/// some of them even then.
pub(crate) struct Settings {
    /// The runtime's path.
    pub(crate) runtime: TokenStream,
    /// The import behind that path if the author names another, so that one that does not exist is a single error.
    pub(crate) import: Option<TokenStream>,
    /// The runtime's path if it means the same in each module.
    pub(crate) anywhere: Option<TokenStream>,
    pub(crate) module: Ident,
    pub(crate) dyn_trait: Option<Ident>,
    pub(crate) rename_all: Option<Case>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) query: Vec<(String, Option<String>)>,
    pub(crate) query_encoding: QueryEncoding,
    pub(crate) accept: Option<String>,
    /// The type of the API's own errors.
    pub(crate) error: Option<Type>,
    /// The argument `schema`.
    pub(crate) schema: Option<Ident>,
    /// The prefix of all paths, as written and as parsed.
    pub(crate) prefix: Option<(LitStr, Option<Template>)>,
    pub(crate) role: DefaultRole,
    /// The paths in `role`, valid or not.
    pub(crate) mentioned: Vec<syn::Path>,
}

/// The role of the endpoints that name none.
pub(crate) enum DefaultRole {
    None,
    Valid(Roles),
    /// Its error has been reported, so that no endpoint lacks a role because of it.
    Invalid,
}

impl DefaultRole {
    pub(crate) fn roles(&self) -> Option<Roles> {
        match self {
            Self::Valid(roles) => Some(roles.clone()),
            Self::None | Self::Invalid => None,
        }
    }
}

impl Settings {
    /// Returns the name of an argument on the wire, if none is given.
    pub(crate) fn wire_name(&self, argument: &str) -> String {
        self.rename_all.map_or_else(|| argument.to_owned(), |case| case.apply(argument))
    }

    pub(crate) fn options(&self) -> Options {
        Options {
            runtime: self.runtime.clone(),
            anywhere: self.anywhere.clone(),
            module: self.module.clone(),
            dyn_trait: self.dyn_trait.clone(),
            error: self.error.clone(),
            schema: self.schema.clone(),
        }
    }
}

/// Validates the arguments of `#[api]`.
pub(crate) fn settings(api: &Api, errors: &mut Errors) -> Settings {
    let mut arguments = Arguments::parse(api.arguments.clone(), errors);
    if let [value] = arguments.values.as_slice()
        && syn::parse2::<LitStr>(value.clone()).is_ok()
    {
        let shown = types::shown(value);
        errors.help(
            value,
            format_args!("expected `key = value`, found `{shown}`"),
            format_args!("use `path = {shown}`"),
        );
    } else {
        arguments.no_values(errors);
    }
    let known = [
        "path",
        "role",
        "rename_all",
        "headers",
        "query",
        "query_encoding",
        "accept",
        "error",
        "crate",
        "endpoints",
        "dyn",
        "schema",
    ];
    let [path, role, rename_all, headers, query, query_encoding, accept, error, runtime, module, dyn_trait, schema] =
        arguments.take(OWNER, known, errors);

    let own_module = format_ident!("{}", module_name(&api.ident), span = hygienic(api.ident.span()));
    let module = module
        .and_then(|entry| entry.parsed(Ident::parse_any, "the name of a module", "users_endpoints", errors))
        .unwrap_or(own_module);
    let dyn_trait = dyn_trait.and_then(|entry| {
        let example = format!("Dyn{}", api.ident);
        let name = entry.parsed(Ident::parse_any, "the name of a trait", &example, errors)?;
        if name == api.ident {
            let message = format_args!("the dyn-compatible trait must not have the name of the trait, `{name}`");
            errors.help(&name, message, format_args!("use `dyn = {example}`"));
            return None;
        }
        Some(name)
    });
    let runtime =
        runtime.and_then(|entry| entry.parsed(syn::Path::parse_mod_style, "a path", "my_api::rolecall", errors));
    let (runtime, import, anywhere) = match runtime {
        None => (quote!(::rolecall), None, Some(quote!(::rolecall))),
        Some(path) => {
            // The compiler underlines an import from its path to its name.
            let at = path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span());
            let name = format_ident!("__rolecall_of_{}", module, span = Span::call_site().located_at(at));
            let anywhere = is_absolute(&path).then(|| path.to_token_stream());
            (name.to_token_stream(), Some(quote!(use #path as #name;)), anywhere)
        }
    };
    let rename_all = rename_all.and_then(|entry| {
        let name = entry.string("camelCase", errors)?;
        let case = Case::named(&name.value());
        if case.is_none() {
            let message = format!("unknown naming convention {:?}", name.value());
            errors.unknown(&name, message, &name.value(), &Case::NAMES, |closest| {
                format!("use `rename_all = {closest:?}`")
            });
        }
        case
    });
    let prefix = path.and_then(|entry| entry.string("/v1", errors)).map(|path| {
        let template = prefix(&path, errors);
        (path, template)
    });
    let mentioned = role.as_ref().map(role::mentioned).unwrap_or_default();
    let role = match role.map(|entry| role::roles(&entry, errors)) {
        Some(Some(roles)) => DefaultRole::Valid(roles),
        Some(None) => DefaultRole::Invalid,
        None if arguments.is_reported("role") => DefaultRole::Invalid,
        None => DefaultRole::None,
    };
    let headers = headers.map(|entry| header::fixed(&entry, errors)).unwrap_or_default();
    let query = query.map(|entry| query::fixed(&entry, errors)).unwrap_or_default();
    let query_encoding = query_encoding.and_then(|entry| value::query_encoding(&entry, errors));
    let query_encoding = query_encoding.unwrap_or(QueryEncoding::Form);
    let accept = accept.and_then(|entry| header::media_type(&entry, "application/vnd.api+json", errors));
    let error = error.and_then(|entry| entry.parsed(Type::parse, "a type", "ApiError", errors));
    let schema = schema.map(|entry| {
        entry.flag(errors);
        entry.key
    });
    Settings {
        runtime,
        import,
        anywhere,
        module,
        dyn_trait,
        rename_all,
        headers,
        query,
        query_encoding,
        accept,
        error,
        schema,
        prefix,
        role,
        mentioned,
    }
}

fn is_absolute(path: &syn::Path) -> bool {
    let starts_at_root = |word: &Ident| word == "crate" || word == "$crate";
    path.leading_colon.is_some() || path.segments.first().is_some_and(|first| starts_at_root(&first.ident))
}

fn module_name(ident: &Ident) -> String {
    let name = text::snake(&ident.unraw().to_string());
    // The name is a keyword, or consists of underscores.
    if syn::parse_str::<Ident>(&name).is_ok() { name } else { format!("{name}_endpoints") }
}

fn prefix(path: &LitStr, errors: &mut Errors) -> Option<Template> {
    let text = path.value();
    if text.len() > 1 && text.ends_with('/') {
        let help = format!("use `path = {:?}`", text.trim_end_matches('/'));
        errors.help(path, "path prefix must not end with `/`", help);
        return None;
    }
    if text == "/" {
        errors.help(path, "path prefix `/` has no effect", "remove `path`");
        return None;
    }
    template(path, errors)
}

/// Parses a path, and reports its error at the literal.
pub(crate) fn template(path: &LitStr, errors: &mut Errors) -> Option<Template> {
    match Template::parse(&path.value()) {
        Ok(template) => Some(template),
        Err(error) => {
            match error.help {
                Some(help) => errors.help(path, error.message, help),
                None => errors.add(path, error.message),
            }
            None
        }
    }
}
