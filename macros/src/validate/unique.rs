//! Names and endpoints that must be unique within a trait.

use std::collections::HashMap;

use crate::errors::Errors;
use crate::model::Endpoint;
use crate::syntax::Api;

/// Methods of every client that an endpoint's method cannot be told from: those of `Client` itself, and of `Clone`.
const OF_CLIENT: [&str; 2] = ["with", "clone"];

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

/// Reports two endpoints that a server cannot distinguish: those with the same method and the same path except
/// for placeholder names. Endpoints that differ in `accept`, or that both have a `cfg`, are distinct.
pub(crate) fn overlaps(endpoints: &[Endpoint], errors: &mut Errors) {
    let mut seen: HashMap<(String, String, &str), Vec<&Endpoint>> = HashMap::new();
    for endpoint in endpoints {
        let key = (endpoint.method.to_string(), endpoint.template.shape(), endpoint.accept());
        let same = seen.entry(key).or_default();
        let overlaps = |other: &&&Endpoint| {
            other.name != endpoint.name && (other.attrs.cfgs.is_empty() || endpoint.attrs.cfgs.is_empty())
        };
        if let Some(other) = same.iter().find(overlaps) {
            let message = format!("endpoints `{}` and `{}` have the same method and path", other.name, endpoint.name);
            errors.help(&endpoint.path, message, "remove one of them, or use another `accept`");
        }
        same.push(endpoint);
    }
}
