//! JSON bodies.

use serde::de::DeserializeOwned;

use super::raw::{MAX_QUOTE, RawResponse};
use crate::error::{Error, ErrorKind, start_of};

/// Decodes JSON. A byte order mark before it is ignored (RFC 8259, section 8.1).
pub(crate) fn json<T: DeserializeOwned>(mut response: Box<RawResponse>) -> Result<T, Error> {
    if response.body.starts_with(b"\xef\xbb\xbf") {
        response.body = response.body.slice(3..);
    }
    // The path of the field with the error is determined only if decoding fails.
    match serde_json::from_slice(&response.body) {
        Ok(value) => Ok(value),
        Err(error) => Err(decode_error::<T>(response, error)),
    }
}

#[cold]
fn decode_error<T: DeserializeOwned>(mut response: Box<RawResponse>, error: serde_json::Error) -> Error {
    if response.remove_secret() {
        return response.into_error(ErrorKind::Decode, "could not decode response body".into(), None);
    }
    if response.body.is_empty() {
        return response.into_error(ErrorKind::Decode, "response body is empty; expected JSON".into(), None);
    }
    let mut message = explain::<T>("response body", &response.body, &error);
    // The text of a gateway's page is more useful than the position of its first character.
    if let Some(excerpt) = response.excerpt().filter(|excerpt| !excerpt.starts_with(['{', '[', '"'])) {
        message.push_str(": ");
        message.push_str(&excerpt);
    }
    // The message contains the parser's text, so the parser's error is not the source, too.
    response.into_error(ErrorKind::Decode, message.into(), None)
}

/// Returns why, and at which path, `json` could not be decoded as a `T`. `what` names the input.
pub(crate) fn explain<T: DeserializeOwned>(what: &str, json: &[u8], error: &serde_json::Error) -> String {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let path = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) if error.inner().is_data() => error.path().to_string(),
        _ => ".".to_owned(),
    };
    // The parser quotes the unexpected value at full length.
    let reason = error.to_string();
    let reason = start_of(&reason, MAX_QUOTE);
    match path.as_str() {
        "." | "" => format!("could not decode {what}: {reason}"),
        path => format!("could not decode {what} at `{}`: {reason}", start_of(path, MAX_QUOTE)),
    }
}
