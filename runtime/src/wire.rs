//! What types must offer to go over the wire, in traits of their own, so that the compiler speaks of what the
//! author wrote and not of generated code. No type implements them by hand.

use std::fmt::Display;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer::Json;
use crate::request::Request;

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
    type Json;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> Decode for T {
    type Json = Json<T>;
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
#[derive(Debug)]
pub struct Serde;

/// A type that serde can't write, but that can be displayed.
#[derive(Debug)]
pub struct Show;

/// A type that offers neither.
#[derive(Debug)]
pub struct Neither;

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
#[derive(Debug)]
pub struct Of<'a, T: ?Sized>(pub &'a T);

/// The first choice.
pub trait BySerde {
    /// How.
    fn by(&self) -> Serde;
}

impl<T: Serialize + ?Sized> BySerde for &&Of<'_, T> {
    fn by(&self) -> Serde {
        Serde
    }
}

/// The second choice.
pub trait ByDisplay {
    /// How.
    fn by(&self) -> Show;
}

impl<T: Display + ?Sized> ByDisplay for &Of<'_, T> {
    fn by(&self) -> Show {
        Show
    }
}

/// No choice.
pub trait ByNeither {
    /// How.
    fn by(&self) -> Neither;
}

impl<T: ?Sized> ByNeither for Of<'_, T> {
    fn by(&self) -> Neither {
        Neither
    }
}
