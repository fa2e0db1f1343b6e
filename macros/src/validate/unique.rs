//! Names and endpoints that must be unique within a trait.

use std::collections::{BTreeSet, HashMap};

use crate::errors::Errors;
use crate::model::{Endpoint, Location, QueryStyle};
use crate::syntax::Api;

/// Methods of every client that an endpoint's method cannot be told from: those of `Client` itself, and of traits that it
/// implements and the prelude imports.
const OF_CLIENT: [&str; 6] = ["with", "clone", "to_owned", "clone_into", "into", "try_into"];

/// Reports two methods of one name, unless both have a `cfg`, and methods with the name of one of `Client`.
pub(crate) fn names(api: &Api, errors: &mut Errors) {
    // Whether all methods of the name have a `cfg`.
    let mut seen: HashMap<String, bool> = HashMap::new();
    for method in &api.methods {
        let name = method.name();
        let cfg = method.attrs.iter().any(|attr| attr.path().is_ident("cfg"));
        if OF_CLIENT.iter().any(|reserved| name == reserved) {
            let message = format!("endpoint method `{name}` has the name of a method of `Client`");
            errors.help(name, message, "rename it");
        }
        if name == "ENDPOINTS" {
            errors.help(name, "endpoint method `ENDPOINTS` has the name of a constant of the trait", "rename it");
        }
        match seen.get_mut(&name.to_string()) {
            None => {
                seen.insert(name.to_string(), cfg);
            }
            Some(all_have_cfg) => {
                if !(*all_have_cfg && cfg) {
                    errors.help(name, format_args!("duplicate method `{name}`"), "rename one of them");
                }
                *all_have_cfg &= cfg;
            }
        }
    }
}

/// What every call of an endpoint shows a server. Path arguments, optional arguments, and credentials are not part of
/// it.
#[derive(PartialEq, Eq, Hash)]
struct Identity<'a> {
    method: String,
    path: String,
    accept: &'a str,
    content_type: Option<&'a str>,
    /// The names, with their values if they are constant.
    headers: BTreeSet<(&'a str, Option<&'a str>)>,
    query: BTreeSet<(&'a str, Option<&'a str>)>,
}

impl<'a> Identity<'a> {
    fn of(endpoint: &'a Endpoint) -> Self {
        let headers = endpoint.headers.iter().map(|(name, value)| (name.as_str(), Some(value.as_str())));
        let query = endpoint.query.iter().map(|(name, value)| (name.as_str(), Some(value.as_deref().unwrap_or(""))));
        let mut identity = Self {
            method: endpoint.method.to_string(),
            path: endpoint.template.shape(),
            accept: endpoint.accept(),
            content_type: None,
            headers: headers.collect(),
            query: query.collect(),
        };
        for argument in &endpoint.arguments {
            match &argument.location {
                Location::Query { style: QueryStyle::Nested(_), .. } => {}
                Location::Query { name, shape, .. } if shape.is_required() => {
                    identity.query.insert((name, None));
                }
                Location::Header { name, shape, .. } if shape.is_required() => {
                    identity.headers.insert((name, None));
                }
                Location::Body { media_type, shape, .. } if shape.is_required() => {
                    identity.content_type = Some(media_type);
                }
                Location::Part { .. } => identity.content_type = Some("multipart/form-data"),
                _ => {}
            }
        }
        identity
    }
}

/// Reports two endpoints that a server cannot distinguish. Endpoints that both have a `cfg` are distinct.
pub(crate) fn overlaps(endpoints: &[Endpoint], errors: &mut Errors) {
    let mut seen: HashMap<Identity<'_>, Vec<&Endpoint>> = HashMap::new();
    for endpoint in endpoints {
        let same = seen.entry(Identity::of(endpoint)).or_default();
        let is_always = |endpoint: &Endpoint| endpoint.attrs.cfgs.is_empty();
        let overlaps = |other: &&&Endpoint| other.name != endpoint.name && (is_always(other) || is_always(endpoint));
        if let Some(other) = same.iter().find(overlaps) {
            let message = format!("endpoints `{}` and `{}` have the same method and path", other.name, endpoint.name);
            let help =
                "remove one of them, or use another `query(…)`, `headers(…)`, `accept`, or content type of the body";
            errors.help(&endpoint.path, message, help);
        }
        // Two names of each kind suffice to find an overlap with any endpoint.
        let like = || same.iter().filter(|other| is_always(other) == is_always(endpoint));
        if like().count() < 2 && like().all(|other| other.name != endpoint.name) {
            same.push(endpoint);
        }
    }
}
