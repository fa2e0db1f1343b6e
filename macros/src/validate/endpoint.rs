//! One endpoint: its attribute, its signature, and the rules that concern both.

use quote::ToTokens;
use syn::LitStr;

use crate::attr::Entry;
use crate::errors::Errors;
use crate::model::{self, Content, Location, MethodAttrs, Verb, Wrapper};
use crate::path::Template;
use crate::syntax::{LINT_LEVELS, LOCATIONS, Method, is_named};
use crate::validate::argument::ParsedArgument;
use crate::validate::attribute::EndpointAttribute;
use crate::validate::options::{Settings, template};
use crate::validate::pairs::List;
use crate::validate::{argument, attribute, foreign, part, placeholder, response, signature};

/// Validates one method. All its parts are validated, so that no error hides another.
pub(crate) fn endpoint(method: &Method, settings: &Settings, errors: &mut Errors) -> Option<model::Endpoint> {
    if !signature::is_endpoint(method) && method.endpoints.is_empty() && method.misspelt.is_none() {
        attribute::no_attribute(method, errors);
        return None;
    }
    let before = errors.len();
    let attribute_values = attribute::attribute(method, &settings.role, errors);
    let attrs = attrs(method, errors);
    let output = signature::signature(method, errors);
    let response = output.as_ref().and_then(|output| response::of_type(&output.content, errors));
    let own = attribute_values.path.as_ref().map(|path| (path, own_template(path, settings, errors)));
    let whole = own.as_ref().and_then(|(_, own)| with_prefix(own.as_ref()?, settings));
    let mut arguments = argument::arguments(method, settings, whole.as_ref(), errors);
    placeholder::match_arguments(
        method,
        own.as_ref().map(|(path, _)| *path),
        settings,
        whole.as_ref(),
        &arguments,
        errors,
    );
    argument::body_fits(method, attribute_values.method.as_ref(), errors);
    part::parts_fit(method, attribute_values.method.as_ref(), errors);
    if let (Some(verb), Some(response), Some(output)) = (&attribute_values.method, &response, &output) {
        head_has_no_body(verb, response, output, errors);
    }
    if let Some(response) = &response {
        response::fits(&attribute_values, response, errors);
    }
    idempotency_key(&attribute_values, &settings.headers, &arguments, errors);
    let headers = fixed(List::Headers, &settings.headers, &attribute_values.headers, &arguments, errors);
    let query = fixed(List::Query, &settings.query, &attribute_values.query, &arguments, errors);
    let query_encoding = match &attribute_values.query_encoding {
        Some((entry, encoding)) => {
            needs_query(entry, &query, &arguments, errors);
            *encoding
        }
        None => settings.query_encoding,
    };
    if let (Some(response), Some(output)) = (&response, &output) {
        response::fits_encoding(&headers, response, &output.content, errors);
    }
    let (own, whole) = (own?, whole?);
    if errors.len() > before {
        return None;
    }
    let prefix = settings.prefix.as_ref().map(|(path, _)| path.value()).unwrap_or_default();
    let arguments = arguments.drain(..).map(|found| found.argument).collect::<Option<Vec<_>>>()?;
    let output = output?;
    Some(model::Endpoint {
        attribute: attribute_values.attribute?,
        attrs,
        name: method.name().clone(),
        generics: method.generics().clone(),
        receiver: method.receiver.as_ref().and_then(crate::syntax::receiver_lifetime).cloned(),
        method: attribute_values.method?,
        template: whole,
        path: LitStr::new(&(prefix + &own.0.value()), own.0.span()),
        roles: attribute_values.role?,
        arguments,
        headers,
        query,
        query_encoding,
        timeout: attribute_values.timeout,
        deadline: attribute_values.deadline,
        idempotent: attribute_values.idempotent || attribute_values.idempotency_key.is_some(),
        idempotency_key: attribute_values.idempotency_key.map(|(_, name)| name),
        accept: attribute_values.accept.or_else(|| settings.accept.clone()),
        none: attribute_values.none.map(|(_, statuses)| statuses).unwrap_or_default(),
        end: attribute_values.end.map(|(_, end)| end),
        reconnect: attribute_values.reconnect.is_some(),
        redirects: attribute_values.redirects,
        base: attribute_values.base,
        response: response?,
        output: output.whole,
        error: output.error,
    })
}

/// Reports the encoding of a query that no call has.
fn needs_query<V>(entry: &Entry, fixed: &[(String, V)], arguments: &[ParsedArgument<'_>], errors: &mut Errors) {
    let is_query = |found: &ParsedArgument<'_>| found.attribute.is_some_and(|attribute| is_named(attribute, "query"));
    if fixed.is_empty() && !arguments.iter().any(is_query) {
        errors.help(entry, "`query_encoding` has no effect without a query", "remove it");
    }
}

fn own_template(path: &LitStr, settings: &Settings, errors: &mut Errors) -> Option<Template> {
    if path.value().is_empty() && settings.prefix.is_some() {
        return Some(Template::default());
    }
    template(path, errors)
}

fn with_prefix(own: &Template, settings: &Settings) -> Option<Template> {
    match &settings.prefix {
        None => Some(own.clone()),
        Some((_, prefix)) => Some(own.with_prefix(prefix.as_ref()?)),
    }
}

fn head_has_no_body(verb: &Verb, response: &model::ResponseType, output: &signature::Output, errors: &mut Errors) {
    if verb.is_any(&["HEAD"]) && !matches!(response.content, Content::Empty) {
        let suggestion = match response.wrapper {
            Wrapper::None => "()",
            Wrapper::Optional => "Option<()>",
            _ => "Response<()>",
        };
        errors.help(
            &output.content,
            "response to `HEAD` cannot have a body",
            format_args!("use `{suggestion}`, or `method = GET`"),
        );
    }
}

fn attrs(method: &Method, errors: &mut Errors) -> MethodAttrs {
    let mut attrs = MethodAttrs::default();
    for attr in &method.attrs {
        let path = attr.path();
        if path.is_ident("doc") {
            attrs.docs.push(attr.clone());
        } else if path.is_ident("cfg") {
            attrs.cfgs.push(attr.clone());
        } else if path.is_ident("deprecated") {
            attrs.deprecated = Some(attr.clone());
        } else if LINT_LEVELS.iter().any(|lint| path.is_ident(lint)) {
            attrs.lints.push(attr.clone());
        } else if LOCATIONS.iter().any(|name| is_named(attr, name)) {
            let name = path.to_token_stream();
            errors.help(
                path,
                format_args!("unexpected attribute `#[{name}]` on a method"),
                format_args!("move it to an argument: `#[{name}] argument: Type`"),
            );
        } else {
            foreign::check(attr, errors);
            attrs.others.push(attr.clone());
        }
    }
    attrs
}

/// Reports a key that is not needed, or that another header of the same name would always replace.
fn idempotency_key(
    attribute: &EndpointAttribute,
    of_trait: &[(String, String)],
    arguments: &[ParsedArgument<'_>],
    errors: &mut Errors,
) {
    let Some((literal, name)) = &attribute.idempotency_key else { return };
    if let Some(verb) = attribute.method.as_ref().filter(|verb| verb.is_any(&["GET", "HEAD", "OPTIONS", "QUERY"])) {
        errors.help(literal, format_args!("`{verb}` requests need no idempotency key"), "remove `idempotency_key`");
    }
    if attribute.headers.iter().chain(of_trait).any(|(other, _)| other == name) {
        errors.help(literal, format_args!("duplicate header `{name}`"), "remove it from `headers(…)`");
    }
    for found in arguments {
        if let Some(Location::Header { name: other, shape, .. }) =
            found.argument.as_ref().map(|argument| &argument.location)
            && other == name
            && !shape.optional
        {
            let help = "use an `Option`, for calls with a key of their own, or remove `idempotency_key`";
            errors.help(found.tokens(), format_args!("argument always replaces the header `{name}`"), help);
        }
    }
}

/// Returns the pairs that every call sends: those of the trait, except for those that the endpoint or an argument sets,
/// and those of the endpoint.
fn fixed<V: Clone>(
    list: List,
    of_trait: &[(String, V)],
    own: &[(String, V)],
    arguments: &[ParsedArgument<'_>],
    errors: &mut Errors,
) -> Vec<(String, V)> {
    let by_argument = |name: &str| {
        arguments.iter().find(|found| {
            found.argument.as_ref().is_some_and(|argument| list.name_of(&argument.location) == Some(name))
        })
    };
    for (name, _) in own {
        if let Some(argument) = by_argument(name) {
            let help = format!("remove it here or from `{}(…)` of this endpoint", list.key());
            errors.help(argument.tokens(), format_args!("duplicate {} `{name}`", list.one()), help);
        }
    }
    let inherited =
        of_trait.iter().filter(|(name, _)| own.iter().all(|(other, _)| other != name) && by_argument(name).is_none());
    inherited.chain(own).cloned().collect()
}
