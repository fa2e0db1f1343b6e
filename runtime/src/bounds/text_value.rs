//! The bound of values in the path and in headers.

use std::fmt::Display;

use serde::Serialize;

use super::{Serde, Show, Unsupported};
use crate::request::Request;

/// The bound of values in the path and in headers: every type that implements `std::fmt::Display`, or
/// `serde::Serialize` with one string, number, or boolean as the result.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a value in the path or in a header",
    label = "implements neither `std::fmt::Display` nor `serde::Serialize`",
    note = "implement `std::fmt::Display`, or add `#[derive(serde::Serialize)]` to `{Self}` if it is your type and serializes to one string or number"
)]
pub trait TextValue<By> {
    #[doc(hidden)]
    fn segment(&self, by: By, request: &mut Request, name: &'static str);
    #[doc(hidden)]
    fn rest(&self, by: By, request: &mut Request, name: &'static str);
    #[doc(hidden)]
    fn header(&self, by: By, request: &mut Request, name: &'static str, sensitive: bool);
}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> TextValue<Show> for T {
    fn segment(&self, _: Show, request: &mut Request, name: &'static str) {
        request.segment(name, &self);
    }

    fn rest(&self, _: Show, request: &mut Request, name: &'static str) {
        request.rest(name, &self);
    }

    fn header(&self, _: Show, request: &mut Request, name: &'static str, sensitive: bool) {
        request.header(name, &self, sensitive);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> TextValue<Serde> for T {
    fn segment(&self, _: Serde, request: &mut Request, name: &'static str) {
        request.serialized_segment(name, self);
    }

    fn rest(&self, _: Serde, request: &mut Request, name: &'static str) {
        request.serialized_rest(name, self);
    }

    fn header(&self, _: Serde, request: &mut Request, name: &'static str, sensitive: bool) {
        request.serialized_header(name, self, sensitive);
    }
}

/// Selects how a type is written to the path or a header, as [`Probe`](super::Probe) does for the query, but by
/// `Display` first: such a type is text already.
#[doc(hidden)]
#[derive(Debug)]
pub struct TextProbe<'a, T: ?Sized>(pub &'a T);

/// The first candidate.
#[doc(hidden)]
pub trait TextViaDisplay {
    /// Returns the way to write the type.
    fn __text_style(&self) -> Show;
}

impl<T: Display + ?Sized> TextViaDisplay for &&TextProbe<'_, T> {
    fn __text_style(&self) -> Show {
        Show
    }
}

/// The second candidate.
#[doc(hidden)]
pub trait TextViaSerde {
    /// Returns the way to write the type.
    fn __text_style(&self) -> Serde;
}

impl<T: Serialize + ?Sized> TextViaSerde for &TextProbe<'_, T> {
    fn __text_style(&self) -> Serde {
        Serde
    }
}

/// The last candidate, for unsupported types.
#[doc(hidden)]
pub trait TextViaNone {
    /// Returns the way to write the type.
    fn __text_style(&self) -> Unsupported;
}

impl<T: ?Sized> TextViaNone for TextProbe<'_, T> {
    fn __text_style(&self) -> Unsupported {
        Unsupported
    }
}
