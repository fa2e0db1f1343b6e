//! Names and endpoints that must be unique within a trait.

use crate::errors::Errors;
use crate::model::Endpoint;
use crate::syntax::Api;

/// Reports two methods of one name, unless both have a `cfg`.
pub(crate) fn names(api: &Api, errors: &mut Errors) {
    for (i, method) in api.methods.iter().enumerate() {
        let cfg = |attrs: &[syn::Attribute]| attrs.iter().any(|attr| attr.path().is_ident("cfg"));
        let earlier = api.methods.iter().take(i).find(|other| other.name() == method.name());
        if let Some(earlier) = earlier
            && !(cfg(&earlier.attrs) && cfg(&method.attrs))
        {
            let name = method.name();
            errors.help(name, format_args!("duplicate method `{name}`"), "rename one of them");
        }
    }
}

/// Reports two endpoints that a server cannot distinguish: those with the same method and the same path except
/// for placeholder names. Endpoints that differ in `accept`, or that both have a `cfg`, are distinct.
pub(crate) fn overlaps(endpoints: &[Endpoint], errors: &mut Errors) {
    for (i, endpoint) in endpoints.iter().enumerate() {
        let same = |other: &&Endpoint| {
            other.name != endpoint.name
                && other.method == endpoint.method
                && other.template.shape() == endpoint.template.shape()
                && other.accept() == endpoint.accept()
                && (other.attrs.cfgs.is_empty() || endpoint.attrs.cfgs.is_empty())
        };
        if let Some(other) = endpoints.iter().take(i).find(same) {
            let message = format!("endpoints `{}` and `{}` have the same method and path", other.name, endpoint.name);
            errors.help(&endpoint.path, message, "remove one of them, or use another `accept`");
        }
    }
}
