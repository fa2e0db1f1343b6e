//! The destination of a redirect.

use http::header;

use super::from_response::Decoder;
use super::raw::RawResponse;
use crate::error::ErrorKind;

/// The header `Location` of a response, unchanged: a URL, or a reference relative to the URL of the request. A variant
/// of a [`ByStatus`](crate::ByStatus) enum contains it for a status such as 302.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Location(pub String);

impl Location {
    pub(crate) fn decoder() -> Decoder<Self> {
        Decoder::new(|response: Box<RawResponse>| {
            match response.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()) {
                Some(location) => Ok(Self(location.to_owned())),
                None => Err(response.into_error(ErrorKind::Decode, "response has no valid `Location`".into(), None)),
            }
        })
    }
}
