//! The bound of nested values in brackets.

#[cfg(feature = "nested")]
use serde::Serialize;

use crate::endpoint::ListStyle;
use crate::request::Request;

/// The bound of `nested` queries and forms: with the feature `nested`, every type that implements `serde::Serialize`.
#[cfg_attr(
    feature = "nested",
    diagnostic::on_unimplemented(
        message = "`{Self}` cannot be serialized into a request",
        label = "does not implement `serde::Serialize`",
        note = "add `#[derive(serde::Serialize)]` to `{Self}` if it is your type"
    )
)]
#[cfg_attr(
    not(feature = "nested"),
    diagnostic::on_unimplemented(
        message = "the feature `nested` of `rolecall` is not enabled",
        label = "cannot be nested without it",
        note = "enable the feature: `rolecall = {{ version = \"…\", features = [\"nested\"] }}`"
    )
)]
pub trait EncodeBrackets {
    #[doc(hidden)]
    fn query(&self, request: &mut Request, name: &'static str, key: Option<&'static str>, lists: ListStyle);
    #[doc(hidden)]
    fn form(&self, request: &mut Request, name: &'static str, media_type: &'static str, lists: ListStyle);
}

#[cfg(feature = "nested")]
#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> EncodeBrackets for T {
    fn query(&self, request: &mut Request, name: &'static str, key: Option<&'static str>, lists: ListStyle) {
        request.nested_query(name, key, lists, self);
    }

    fn form(&self, request: &mut Request, name: &'static str, media_type: &'static str, lists: ListStyle) {
        request.nested_form(name, media_type, lists, self);
    }
}
