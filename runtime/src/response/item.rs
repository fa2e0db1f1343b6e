//! The items of a stream, decoded one by one.

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::byte_stream::ByteStream;
use super::decode;
use super::sse::RawEvent;
use super::text::Text;
use crate::auth::RequestCredentials;
use crate::error::{Error, ErrorKind};

/// An event with its name and id: `Events<Event<T>>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<T> {
    /// The field `event`, or `message` if the event has none.
    pub name: String,
    /// The ID of this event or, if it has none, of the last one that has. It is empty if there was none.
    pub id: String,
    /// The decoded field `data`.
    pub data: T,
}

/// A type that an event can be decoded to: JSON in its data, [`Text`] for the unchanged data, or an [`Event`] of
/// either.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded from an event: it does not implement `serde::Deserialize`",
    label = "does not implement `serde::Deserialize`",
    note = "add `#[derive(serde::Deserialize)]` to `{Self}` if it is your type; use `Event<…>` for the event's name and id"
)]
pub trait FromEvent: Sized {
    #[doc(hidden)]
    fn from_event(event: &RawEvent) -> Result<Self, String>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromEvent for T {
    fn from_event(event: &RawEvent) -> Result<Self, String> {
        json("event data", event.data.as_bytes())
    }
}

impl FromEvent for Text {
    fn from_event(event: &RawEvent) -> Result<Self, String> {
        Ok(Self(event.data.clone()))
    }
}

impl<T: FromEvent> FromEvent for Event<T> {
    fn from_event(event: &RawEvent) -> Result<Self, String> {
        let (name, id) = (event.name.clone(), event.id.clone());
        Ok(Self { name, id, data: T::from_event(event)? })
    }
}

/// Decodes JSON, or returns the reason for the failure.
pub(crate) fn json<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| decode::explain::<T>(what, bytes, &error))
}

/// Returns the error for an item that cannot be decoded. An item that contains the token is not quoted.
#[cold]
pub(crate) fn decode_error(
    stream: &ByteStream,
    item: &[u8],
    credentials: Option<&RequestCredentials>,
    message: String,
) -> Error {
    let mut item = Bytes::copy_from_slice(item);
    if credentials.is_some_and(|credentials| credentials.redact_body(&mut item)) {
        return stream.error(ErrorKind::Decode, "could not decode an item of the response body");
    }
    stream.error(ErrorKind::Decode, message)
}
