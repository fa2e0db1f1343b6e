//! How an answer is read, chosen by generated code from a method's return type.

use std::fmt;
use std::ops::Deref;

use http::{Response, StatusCode};
use serde::de::DeserializeOwned;

use super::raw::{MAX_QUOTE, RawResponse};
use crate::error::{Cause, Error, ErrorKind, start_of};

/// A body of text, whatever its media type; bytes that are not UTF-8 are an error of the kind
/// [`ErrorKind::Decode`].
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(pub String);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

/// A way to read an answer. A value of it is made by generated code.
pub trait FromResponse {
    /// What the caller gets.
    type Output;

    /// Whether the status 404 is an answer too.
    const NOT_FOUND: bool = false;

    /// Whether the body is left to the caller to read.
    const STREAM: bool = false;

    /// Reads a reply whose status is one of success, or 404 where that is an answer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] for a body that doesn't fit.
    fn read(self, reply: Box<RawResponse>) -> Result<Self::Output, Error>;
}

/// A body, read by a function.
#[derive(Debug)]
pub struct Decoder<T>(pub(crate) fn(Box<RawResponse>) -> Result<T, Error>);

// No bound on `T`: those of `bounds`, whose traits make the value, are the ones that the compiler is to speak of.
impl<T> FromResponse for Decoder<T> {
    type Output = T;

    fn read(self, reply: Box<RawResponse>) -> Result<T, Error> {
        (self.0)(reply)
    }
}

/// Reads JSON.
pub(crate) fn json<T: DeserializeOwned>(reply: Box<RawResponse>) -> Result<T, Error> {
    // The path to the field that doesn't fit is looked for only once it is needed.
    match serde_json::from_slice(&reply.body) {
        Ok(value) => Ok(value),
        Err(error) => Err(decode_error::<T>(reply, error)),
    }
}

#[cold]
fn decode_error<T: DeserializeOwned>(mut reply: Box<RawResponse>, error: serde_json::Error) -> Error {
    if reply.remove_secret() {
        return reply.into_error(ErrorKind::Decode, "could not decode response body".into(), None);
    }
    if reply.body.is_empty() {
        return reply.into_error(ErrorKind::Decode, "response body is empty; expected JSON".into(), None);
    }
    let mut deserializer = serde_json::Deserializer::from_slice(&reply.body);
    let path = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) if error.inner().is_data() => error.path().to_string(),
        _ => ".".to_owned(),
    };
    // The parser shows the value that it didn't expect, however long it is.
    let said = error.to_string();
    let cause: Option<Cause> = (said.len() <= MAX_QUOTE).then(|| error.into());
    let said = start_of(&said, MAX_QUOTE);
    let mut message = match path.as_str() {
        "." | "" => format!("could not decode response body: {said}"),
        path => format!("could not decode response body at `{}`: {said}", start_of(path, MAX_QUOTE)),
    };
    // A page of a gateway says more than where its first character is.
    if let Some(excerpt) = reply.excerpt().filter(|excerpt| !excerpt.starts_with(['{', '[', '"'])) {
        message.push_str(": ");
        message.push_str(&excerpt);
    }
    reply.into_error(ErrorKind::Decode, message.into(), cause)
}

/// Any body, ignored.
#[derive(Debug)]
pub struct Empty;

impl FromResponse for Empty {
    type Output = ();

    fn read(self, _: Box<RawResponse>) -> Result<(), Error> {
        Ok(())
    }
}

/// Reads text.
pub(crate) fn text(mut reply: Box<RawResponse>) -> Result<Text, Error> {
    match std::str::from_utf8(&reply.body) {
        Ok(text) => Ok(Text(text.to_owned())),
        Err(error) => {
            reply.remove_secret();
            let message = format!("response body is not valid UTF-8: {error}");
            Err(reply.into_error(ErrorKind::Decode, message.into(), Some(error.into())))
        }
    }
}

/// `None` for the status 404, else another way.
#[derive(Debug)]
pub struct Optional<A>(pub A);

impl<A: FromResponse> FromResponse for Optional<A> {
    type Output = Option<A::Output>;

    const NOT_FOUND: bool = true;
    const STREAM: bool = A::STREAM;

    fn read(self, reply: Box<RawResponse>) -> Result<Self::Output, Error> {
        if reply.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        self.0.read(reply).map(Some)
    }
}

/// Status and headers beside another way.
#[derive(Debug)]
pub struct FullResponse<A>(pub A);

impl<A: FromResponse> FromResponse for FullResponse<A> {
    type Output = Response<A::Output>;

    const NOT_FOUND: bool = A::NOT_FOUND;
    const STREAM: bool = A::STREAM;

    fn read(self, reply: Box<RawResponse>) -> Result<Self::Output, Error> {
        let (status, headers) = (reply.status, reply.headers.clone());
        let mut response = Response::new(self.0.read(reply)?);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}
