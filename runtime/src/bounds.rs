//! The bounds of the types in an `#[api]` trait.
//!
//! There is nothing to implement: types of this crate, serde, and the standard library already implement these traits.
//! They exist so that the compiler's errors refer to the code that the author of an API wrote.

mod headers;
mod nested;
mod part;
mod schema;
mod text_value;

use std::fmt::Display;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Describe, describe};
use crate::request::Request;
pub use crate::response::FromEvent;
use crate::response::from_response::{Absence, Decoder};
use crate::response::{ByteStream, Events, JsonLines, Location, Page, PageBody, Text, decode, text};
use crate::role::Public;
pub use headers::HeaderFields;
pub use nested::EncodeBrackets;
pub use part::{IsFilePart, JsonPart, PartValue};
pub use schema::{HasSchema, HasSchemaNested, ResponseSchema, SchemaFeature};
pub use text_value::TextValue;
#[doc(hidden)]
pub use text_value::{TextProbe, TextViaDisplay, TextViaNone, TextViaSerde};

/// The bound of JSON, form bodies, and flattened queries: every type that implements `serde::Serialize`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be serialized into a request",
    label = "does not implement `serde::Serialize`",
    note = "add `#[derive(serde::Serialize)]` to `{Self}` if it is your type"
)]
pub trait Encode {
    #[doc(hidden)]
    fn json(&self, request: &mut Request, name: &'static str, media_type: &'static str);
    #[doc(hidden)]
    fn form(&self, request: &mut Request, name: &'static str, media_type: &'static str);
    #[doc(hidden)]
    fn pairs(&self, request: &mut Request, name: &'static str);
    #[doc(hidden)]
    fn query(&self, request: &mut Request, name: &'static str);
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> Encode for T {
    fn json(&self, request: &mut Request, name: &'static str, media_type: &'static str) {
        request.json(name, media_type, self);
    }

    fn form(&self, request: &mut Request, name: &'static str, media_type: &'static str) {
        request.form(name, media_type, self);
    }

    fn pairs(&self, request: &mut Request, name: &'static str) {
        request.pairs(name, self);
    }

    fn query(&self, request: &mut Request, name: &'static str) {
        request.json_query(name, self);
    }
}

/// [`Encode`] for a type that contains others: the compiler then names the inner type that cannot be serialized.
pub trait EncodeNested {
    #[doc(hidden)]
    fn json(&self, request: &mut Request, name: &'static str, media_type: &'static str);
    #[doc(hidden)]
    fn form(&self, request: &mut Request, name: &'static str, media_type: &'static str);
    #[doc(hidden)]
    fn query(&self, request: &mut Request, name: &'static str);
}

impl<T: Serialize + ?Sized> EncodeNested for T {
    fn json(&self, request: &mut Request, name: &'static str, media_type: &'static str) {
        request.json(name, media_type, self);
    }

    fn form(&self, request: &mut Request, name: &'static str, media_type: &'static str) {
        request.form(name, media_type, self);
    }

    fn query(&self, request: &mut Request, name: &'static str) {
        request.json_query(name, self);
    }
}

/// The bound of JSON responses: every type that implements `serde::de::DeserializeOwned`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be deserialized from a response",
    label = "does not implement `serde::Deserialize`",
    note = "add `#[derive(serde::Deserialize)]` to `{Self}` if it is your type"
)]
pub trait Decode: Sized {
    #[doc(hidden)]
    #[must_use]
    fn json() -> Decoder<Self>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> Decode for T {
    fn json() -> Decoder<Self> {
        Decoder { absence: Absence::EmptyBody, ..Decoder::new(decode::json) }
    }
}

#[diagnostic::do_not_recommend]
impl Decode for Location {
    fn json() -> Decoder<Self> {
        Self::decoder()
    }
}

/// The bound of the type in `#[api(error = …)]`: every type that implements `serde::Deserialize` and
/// `std::fmt::Display`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error type of an API: it does not implement `serde::Deserialize` and \
               `std::fmt::Display`",
    label = "does not implement `serde::Deserialize` and `std::fmt::Display`"
)]
pub trait ErrorBody: Sized {
    #[doc(hidden)]
    const DESCRIBE: Describe;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + Display> ErrorBody for T {
    const DESCRIBE: Describe = describe::<T>;
}

/// [`Decode`] for a type that contains others: the compiler then names the inner type that cannot be deserialized.
pub trait DecodeNested: Sized {
    #[doc(hidden)]
    #[must_use]
    fn json() -> Decoder<Self>;
}

impl<T: DeserializeOwned> DecodeNested for T {
    fn json() -> Decoder<Self> {
        <Self as Decode>::json()
    }
}

/// The bound of responses named `Text`: only [`Text`].
#[diagnostic::on_unimplemented(
    message = "expected `rolecall::Text`, found another type named `Text`",
    label = "not `rolecall::Text`",
    note = "import your type under another name: `use … as …`"
)]
pub trait IsText: Sized {
    #[doc(hidden)]
    #[must_use]
    fn text() -> Decoder<Self>;
}

impl IsText for Text {
    fn text() -> Decoder<Self> {
        Decoder::new(text::text)
    }
}

/// The bound of responses named `Bytes`: only [`Bytes`](crate::Bytes).
#[diagnostic::on_unimplemented(
    message = "expected `rolecall::Bytes`, found another type named `Bytes`",
    label = "not `rolecall::Bytes`",
    note = "import your type under another name: `use … as …`"
)]
pub trait IsBytes: Sized {
    #[doc(hidden)]
    #[must_use]
    fn bytes() -> Decoder<Self>;
}

impl IsBytes for bytes::Bytes {
    fn bytes() -> Decoder<Self> {
        Decoder::new(|response| Ok(response.body))
    }
}

/// The bound of responses named `ByteStream`: only [`ByteStream`].
#[diagnostic::on_unimplemented(
    message = "expected `rolecall::ByteStream`, found another type named `ByteStream`",
    label = "not `rolecall::ByteStream`",
    note = "import your type under another name: `use … as …`"
)]
pub trait IsByteStream: Sized {
    #[doc(hidden)]
    #[must_use]
    fn stream() -> Decoder<Self>;
}

impl IsByteStream for ByteStream {
    fn stream() -> Decoder<Self> {
        Decoder::streamed(|response| Ok(Self::new(response)))
    }
}

/// The bound of responses named `Page<…>`: only [`Page`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `rolecall::Page`, but a response of this name is read page by page",
    label = "not `rolecall::Page`",
    note = "import a type of your own under another name: `use … as …`"
)]
pub trait IsPage: Sized {
    #[doc(hidden)]
    #[must_use]
    fn page() -> Decoder<Self>;
}

impl<T: PageBody> IsPage for Page<T> {
    fn page() -> Decoder<Self> {
        Self::decoder()
    }
}

/// The bound of responses named `Events<…>`: only [`Events`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `rolecall::Events`, but a response of this name is read as server-sent events",
    label = "not `rolecall::Events`",
    note = "import a type of your own under another name: `use … as …`"
)]
pub trait IsEvents: Sized {
    #[doc(hidden)]
    #[must_use]
    fn events() -> Decoder<Self>;
}

impl<T: FromEvent> IsEvents for Events<T> {
    fn events() -> Decoder<Self> {
        Self::decoder()
    }
}

/// The bound of responses named `JsonLines<…>`: only [`JsonLines`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `rolecall::JsonLines`, but a response of this name is read line by line",
    label = "not `rolecall::JsonLines`",
    note = "import a type of your own under another name: `use … as …`"
)]
pub trait IsJsonLines: Sized {
    #[doc(hidden)]
    #[must_use]
    fn lines() -> Decoder<Self>;
}

impl<T: DeserializeOwned> IsJsonLines for JsonLines<T> {
    fn lines() -> Decoder<Self> {
        Self::decoder()
    }
}

/// The bound of `role = Public` and `any(Public, …)`: only [`Public`].
#[diagnostic::on_unimplemented(
    message = "expected `rolecall::Public`, found another type named `Public`",
    label = "not `rolecall::Public`",
    note = "import your role under another name: `use … as …`"
)]
pub trait IsPublic {
    #[doc(hidden)]
    const ROLES: &'static [&'static str] = &[];
    #[doc(hidden)]
    const IS_PUBLIC: bool = true;
}

impl IsPublic for Public {}

/// The bound of `#[body(multipart)]`: only `rolecall::Multipart`, which the feature `multipart` provides.
#[diagnostic::on_unimplemented(
    message = "expected `rolecall::Multipart`, found `{Self}`",
    label = "not `rolecall::Multipart`",
    note = "enable the feature `multipart` of `rolecall`, and use `rolecall::Multipart`"
)]
pub trait IsMultipart {
    #[doc(hidden)]
    fn multipart(self, request: &mut Request);
}

#[cfg(feature = "multipart")]
impl IsMultipart for reqwest::multipart::Form {
    fn multipart(self, request: &mut Request) {
        request.multipart(self);
    }
}

/// The bound of query values: every type that implements `serde::Serialize` or `std::fmt::Display`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a query parameter",
    label = "implements neither `serde::Serialize` nor `std::fmt::Display`",
    note = "add `#[derive(serde::Serialize)]` to `{Self}` if it is your type; the fields of a struct need `#[query(flatten)]`"
)]
pub trait QueryValue<By> {
    #[doc(hidden)]
    fn query(&self, by: By, request: &mut Request, name: &'static str);
}

/// A type that serde serializes. An enum serializes to its variant's name, including `rename`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Serde;

/// A type without `Serialize` that implements `Display`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Show;

/// A type that implements neither.
#[doc(hidden)]
#[derive(Debug)]
pub struct Unsupported;

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> QueryValue<Serde> for T {
    fn query(&self, _: Serde, request: &mut Request, name: &'static str) {
        request.value(name, self);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> QueryValue<Show> for T {
    fn query(&self, _: Show, request: &mut Request, name: &'static str) {
        request.pairs(name, &[(name, self.to_string())]);
    }
}

/// Selects how a type is written to the query. The number of references that method lookup removes from `&&Probe`
/// determines which of the traits below applies: the first that is implemented.
#[doc(hidden)]
#[derive(Debug)]
pub struct Probe<'a, T: ?Sized>(pub &'a T);

/// The first candidate.
#[doc(hidden)]
pub trait ViaSerde {
    /// Returns the way to write the type.
    fn __style(&self) -> Serde;
}

impl<T: Serialize + ?Sized> ViaSerde for &&Probe<'_, T> {
    fn __style(&self) -> Serde {
        Serde
    }
}

/// The second candidate.
#[doc(hidden)]
pub trait ViaDisplay {
    /// Returns the way to write the type.
    fn __style(&self) -> Show;
}

impl<T: Display + ?Sized> ViaDisplay for &Probe<'_, T> {
    fn __style(&self) -> Show {
        Show
    }
}

/// The last candidate, for unsupported types.
#[doc(hidden)]
pub trait ViaNone {
    /// Returns the way to write the type.
    fn __style(&self) -> Unsupported;
}

impl<T: ?Sized> ViaNone for Probe<'_, T> {
    fn __style(&self) -> Unsupported {
        Unsupported
    }
}
