//! The bounds of the parts of a multipart body.

#[cfg(feature = "parts")]
use std::fmt::Display;

#[cfg(feature = "parts")]
use serde::Serialize;

#[cfg(feature = "parts")]
use super::{Serde, Show};
use crate::request::Request;
#[cfg(feature = "parts")]
use crate::request::file_part::FilePart;

/// The bound of values in a part: with the feature `parts`, every type that implements `serde::Serialize`, with one
/// string, number, or boolean as the result, or `std::fmt::Display`.
#[cfg_attr(
    feature = "parts",
    diagnostic::on_unimplemented(
        message = "`{Self}` cannot be a value in a part",
        label = "implements neither `serde::Serialize` nor `std::fmt::Display`",
        note = "for a file, use `rolecall::FilePart`; otherwise add `#[derive(serde::Serialize)]` to `{Self}` if it is your type"
    )
)]
#[cfg_attr(
    not(feature = "parts"),
    diagnostic::on_unimplemented(
        message = "the feature `parts` of `rolecall` is not enabled",
        label = "cannot be a part without it",
        note = "enable the feature: `rolecall = {{ version = \"…\", features = [\"parts\"] }}`"
    )
)]
pub trait PartValue<By> {
    #[doc(hidden)]
    fn part(&self, by: By, request: &mut Request, name: &'static str);
}

#[cfg(feature = "parts")]
#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> PartValue<Serde> for T {
    fn part(&self, _: Serde, request: &mut Request, name: &'static str) {
        request.serialized_part(name, self);
    }
}

#[cfg(feature = "parts")]
#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> PartValue<Show> for T {
    fn part(&self, _: Show, request: &mut Request, name: &'static str) {
        request.part(name, &self);
    }
}

/// The bound of JSON in a part: with the feature `parts`, every type that implements `serde::Serialize`.
#[cfg_attr(
    feature = "parts",
    diagnostic::on_unimplemented(
        message = "`{Self}` cannot be serialized into a request",
        label = "does not implement `serde::Serialize`",
        note = "add `#[derive(serde::Serialize)]` to `{Self}` if it is your type"
    )
)]
#[cfg_attr(
    not(feature = "parts"),
    diagnostic::on_unimplemented(
        message = "the feature `parts` of `rolecall` is not enabled",
        label = "cannot be a part without it",
        note = "enable the feature: `rolecall = {{ version = \"…\", features = [\"parts\"] }}`"
    )
)]
pub trait JsonPart {
    #[doc(hidden)]
    fn part(&self, request: &mut Request, name: &'static str);
}

#[cfg(feature = "parts")]
#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> JsonPart for T {
    fn part(&self, request: &mut Request, name: &'static str) {
        request.json_part(name, self);
    }
}

/// The bound of arguments of the type `FilePart`: only `rolecall::FilePart`, which the feature `parts` provides.
#[diagnostic::on_unimplemented(
    message = "expected `rolecall::FilePart`, found another type named `FilePart`",
    label = "not `rolecall::FilePart`",
    note = "enable the feature `parts` of `rolecall`, and import a type of your own under another name: `use … as …`"
)]
pub trait IsFilePart {
    #[doc(hidden)]
    fn part(self, request: &mut Request, name: &'static str);
}

#[cfg(feature = "parts")]
impl IsFilePart for FilePart {
    fn part(self, request: &mut Request, name: &'static str) {
        request.file_part(name, self);
    }
}
