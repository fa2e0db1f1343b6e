//! The bound of several headers as one argument.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;

use http::HeaderMap;

use crate::request::Request;

/// The bound of `#[header(flatten)]`: a [`HeaderMap`], or a list or a map of names (`AsRef<str>`) and values (`Display`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a list of headers",
    label = "neither a `HeaderMap`, nor a list or a map of names and values",
    note = "use `HeaderMap`, `&[(&str, &str)]`, `Vec<(String, String)>`, `BTreeMap<String, String>`, or `HashMap<String, String>`"
)]
pub trait HeaderFields {
    #[doc(hidden)]
    fn headers(&self, request: &mut Request, argument: &'static str, sensitive: bool);
}

impl HeaderFields for HeaderMap {
    fn headers(&self, request: &mut Request, argument: &'static str, sensitive: bool) {
        request.header_fields(argument, self, sensitive);
    }
}

impl<N: AsRef<str>, V: Display> HeaderFields for [(N, V)] {
    fn headers(&self, request: &mut Request, argument: &'static str, sensitive: bool) {
        let pairs = self.iter().map(|(name, value)| (name.as_ref(), value.to_string()));
        request.header_fields(argument, pairs, sensitive);
    }
}

impl<N: AsRef<str>, V: Display, const LEN: usize> HeaderFields for [(N, V); LEN] {
    fn headers(&self, request: &mut Request, argument: &'static str, sensitive: bool) {
        self.as_slice().headers(request, argument, sensitive);
    }
}

impl<N: AsRef<str>, V: Display> HeaderFields for Vec<(N, V)> {
    fn headers(&self, request: &mut Request, argument: &'static str, sensitive: bool) {
        self.as_slice().headers(request, argument, sensitive);
    }
}

impl<N: AsRef<str>, V: Display> HeaderFields for BTreeMap<N, V> {
    fn headers(&self, request: &mut Request, argument: &'static str, sensitive: bool) {
        let pairs = self.iter().map(|(name, value)| (name.as_ref(), value.to_string()));
        request.header_fields(argument, pairs, sensitive);
    }
}

impl<N: AsRef<str>, V: Display, S> HeaderFields for HashMap<N, V, S> {
    fn headers(&self, request: &mut Request, argument: &'static str, sensitive: bool) {
        let pairs = self.iter().map(|(name, value)| (name.as_ref(), value.to_string()));
        request.header_fields(argument, pairs, sensitive);
    }
}
