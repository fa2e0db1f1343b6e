//! What the compiler asks of the types that an `#[api]` trait names.
//!
//! There is nothing to implement here: the types of this crate, of serde and of the standard library have
//! these traits already. They are there so that the compiler speaks of what the author of an API wrote.

use std::fmt::Display;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::request::Request;
use crate::response::decode::{self, Decoder, Text};
use crate::response::{ByteStream, Streamed};
use crate::role::Public;

/// What a body of JSON or of a form, and a flattened query, must be: every type that implements `serde::Serialize`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be sent: it does not implement `serde::Serialize`",
    label = "does not implement `serde::Serialize`",
    note = "a type of your own can derive it: `#[derive(serde::Serialize)]`"
)]
pub trait Encode {
    #[doc(hidden)]
    fn json(&self, request: &mut Request, name: &'static str, media_type: &'static str);
    #[doc(hidden)]
    fn form(&self, request: &mut Request, name: &'static str, media_type: &'static str);
    #[doc(hidden)]
    fn pairs(&self, request: &mut Request, name: &'static str);
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
}

/// What an answer in JSON must be: every type that implements `serde::Deserialize` and borrows nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be read from JSON: it does not implement `serde::Deserialize`",
    label = "does not implement `serde::Deserialize`",
    note = "a type of your own can derive it: `#[derive(serde::Deserialize)]`"
)]
pub trait Decode: Sized {
    #[doc(hidden)]
    #[must_use]
    fn json() -> Decoder<Self>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> Decode for T {
    fn json() -> Decoder<Self> {
        Decoder(decode::json)
    }
}

/// What an answer called `Text` must be: [`Text`], and no other type of that name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `rolecall::Text`, but an answer of this name is read as text",
    label = "not `rolecall::Text`",
    note = "a type of your own needs another name here: `use … as …`"
)]
pub trait IsText: Sized {
    #[doc(hidden)]
    #[must_use]
    fn text() -> Decoder<Self>;
}

impl IsText for Text {
    fn text() -> Decoder<Self> {
        Decoder(decode::text)
    }
}

/// What an answer called `Bytes` must be: [`Bytes`](crate::Bytes), and no other type of that name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `rolecall::Bytes`, but an answer of this name is read as bytes",
    label = "not `rolecall::Bytes`",
    note = "a type of your own needs another name here: `use … as …`"
)]
pub trait IsBytes: Sized {
    #[doc(hidden)]
    #[must_use]
    fn bytes() -> Decoder<Self>;
}

impl IsBytes for bytes::Bytes {
    fn bytes() -> Decoder<Self> {
        Decoder(|reply| Ok(reply.body))
    }
}

/// What an answer called `ByteStream` must be: [`ByteStream`], and no other type of that name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `rolecall::ByteStream`, but an answer of this name is a stream of bytes",
    label = "not `rolecall::ByteStream`",
    note = "a type of your own needs another name here: `use … as …`"
)]
pub trait IsByteStream: Sized {
    #[doc(hidden)]
    #[must_use]
    fn stream() -> Streamed<Self>;
}

impl IsByteStream for ByteStream {
    fn stream() -> Streamed<Self> {
        Streamed::new()
    }
}

/// What `role = Public` must name: [`Public`], and no other type of that name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `rolecall::Public`",
    label = "not `rolecall::Public`",
    note = "a role of this name can't be told from `rolecall::Public`, which opens an endpoint to everyone"
)]
pub trait IsPublic {
    #[doc(hidden)]
    const ROLES: &'static [&'static str] = &[];
}

impl IsPublic for Public {}

/// What `#[body(multipart)]` must stand before: `rolecall::Multipart`, which the feature `multipart` brings.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `rolecall::Multipart`",
    label = "not `rolecall::Multipart`",
    note = "`rolecall::Multipart` comes with the feature `multipart` of `rolecall`"
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

/// What a value of the query must be: every type that implements `serde::Serialize` or `std::fmt::Display`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a value of the query",
    label = "implements neither `serde::Serialize` nor `std::fmt::Display`"
)]
pub trait QueryValue<By> {
    #[doc(hidden)]
    fn query(&self, by: By, request: &mut Request, name: &'static str);
}

/// A type that serde can write. An enum gives its variant's name, `rename` and all.
#[doc(hidden)]
#[derive(Debug)]
pub struct Serde;

/// A type that serde can't write, but that can be displayed.
#[doc(hidden)]
#[derive(Debug)]
pub struct Show;

/// A type that offers neither.
#[doc(hidden)]
#[derive(Debug)]
pub struct Unsupported;

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> QueryValue<Serde> for T {
    fn query(&self, _: Serde, request: &mut Request, name: &'static str) {
        request.pairs(name, &[(name, self)]);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> QueryValue<Show> for T {
    fn query(&self, _: Show, request: &mut Request, name: &'static str) {
        request.pairs(name, &[(name, self.to_string())]);
    }
}

/// Finds out how a type can be a value of the query. Which of the traits below answers is decided by the number
/// of references that method look-up takes off `&&Of`: the first that fits wins.
#[doc(hidden)]
#[derive(Debug)]
pub struct Probe<'a, T: ?Sized>(pub &'a T);

/// The first choice.
#[doc(hidden)]
pub trait ViaSerde {
    /// How.
    fn by(&self) -> Serde;
}

impl<T: Serialize + ?Sized> ViaSerde for &&Probe<'_, T> {
    fn by(&self) -> Serde {
        Serde
    }
}

/// The second choice.
#[doc(hidden)]
pub trait ViaDisplay {
    /// How.
    fn by(&self) -> Show;
}

impl<T: Display + ?Sized> ViaDisplay for &Probe<'_, T> {
    fn by(&self) -> Show {
        Show
    }
}

/// No choice.
#[doc(hidden)]
pub trait ViaNone {
    /// How.
    fn by(&self) -> Unsupported;
}

impl<T: ?Sized> ViaNone for Probe<'_, T> {
    fn by(&self) -> Unsupported {
        Unsupported
    }
}
