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
            errors.help(name, format_args!("the method `{name}` is there twice"), "give one of them another name");
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
                && other.accept == endpoint.accept
                && (other.attrs.cfgs.is_empty() || endpoint.attrs.cfgs.is_empty())
        };
        if let Some(other) = endpoints.iter().take(i).find(same) {
            errors.add(
                &endpoint.path,
                format_args!(
                    "`{}` is `{} {}`, and `{}` is that already",
                    endpoint.name,
                    endpoint.method,
                    endpoint.path.value(),
                    other.name
                ),
            );
        }
    }
}
