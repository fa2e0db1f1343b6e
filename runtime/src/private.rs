//! What generated code calls. No promise is made of anything in here.

use std::fmt::Display;

use serde::Serialize;

pub use crate::answer::{Answer, Empty, Json, Optional, PlainText, Raw, Whole};
pub use crate::byte_stream::Streamed;
use crate::call::Wanted;
pub use crate::request::Request;
use crate::{Client, Error, Role};

/// Sends the request and reads the answer the way `A`.
///
/// # Errors
///
/// All that [`Error`] tells of.
pub async fn send<A: Answer, R: Role>(client: &Client<R>, request: Request) -> Result<A::Output, Error> {
    let wanted = Wanted { not_found: A::NOT_FOUND, stream: A::STREAM };
    A::read(client.exchange(request, wanted).await?)
}

/// A value of the query, written through serde where its type offers that, else through `Display`.
///
/// Which of the traits below applies is decided by the number of references that method look-up
/// takes off `&&&Value`: the first that fits wins.
#[derive(Debug)]
pub struct Value<'a, T: ?Sized>(pub &'a T);

/// The first choice.
pub trait BySerde {
    /// Appends `name=value`.
    fn query(&self, request: &mut Request, name: &'static str);
}

impl<T: Serialize + ?Sized> BySerde for &&Value<'_, T> {
    fn query(&self, request: &mut Request, name: &'static str) {
        request.pairs(name, &[(name, self.0)]);
    }
}

/// The second choice.
pub trait ByDisplay {
    /// Appends `name=value`.
    fn query(&self, request: &mut Request, name: &'static str);
}

impl<T: Display + ?Sized> ByDisplay for &Value<'_, T> {
    fn query(&self, request: &mut Request, name: &'static str) {
        request.pairs(name, &[(name, self.0.to_string())]);
    }
}

/// No choice: only there for the compiler's message.
pub trait ByNeither<T: ?Sized> {
    /// Can't be called.
    fn query(&self, request: &mut Request, name: &'static str)
    where
        T: crate::QueryValue;
}

impl<T: ?Sized> ByNeither<T> for Value<'_, T> {
    fn query(&self, _: &mut Request, _: &'static str)
    where
        T: crate::QueryValue,
    {
    }
}
