//! The body of a request: bytes, which can be sent again, or a stream, which can be sent once.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use http_body::Body as _;

#[cfg(feature = "parts")]
use super::parts::Parts;
use crate::transport::Body;
#[cfg(feature = "multipart")]
use crate::transport::multipart_body;

/// The body of a request.
pub(crate) enum RequestBody {
    /// No body and no content type.
    Nothing,
    Bytes(Bytes),
    /// The parts of a multipart body.
    #[cfg(feature = "parts")]
    Parts(Parts),
    /// A stream; `None` once it is sent.
    OneShot(Mutex<Option<OneShot>>),
}

/// A body that can be sent once.
pub(crate) enum OneShot {
    Body(Body),
    #[cfg(feature = "multipart")]
    Multipart(reqwest::multipart::Form),
}

impl RequestBody {
    pub(crate) fn once(body: OneShot) -> Self {
        Self::OneShot(Mutex::new(Some(body)))
    }

    /// Returns `true` if the request can be sent again.
    pub(crate) fn is_replayable(&self) -> bool {
        match self {
            Self::Nothing | Self::Bytes(_) => true,
            #[cfg(feature = "parts")]
            Self::Parts(parts) => parts.is_replayable(),
            Self::OneShot(_) => false,
        }
    }

    /// Returns `true` if there is no body.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// Returns the same body, unless it can be sent only once.
    pub(crate) fn again(&self) -> Option<Self> {
        match self {
            Self::Nothing => Some(Self::Nothing),
            Self::Bytes(bytes) => Some(Self::Bytes(bytes.clone())),
            #[cfg(feature = "parts")]
            Self::Parts(parts) => parts.again().map(Self::Parts),
            Self::OneShot(_) => None,
        }
    }

    /// Returns the bytes, if they are known before they are sent.
    pub(crate) fn known(&self) -> Option<&[u8]> {
        match self {
            Self::Nothing => Some(&[]),
            Self::Bytes(bytes) => Some(bytes),
            #[cfg(feature = "parts")]
            Self::Parts(_) => None,
            Self::OneShot(_) => None,
        }
    }

    /// Returns the body for a request, if there is one, and sets the headers that follow from it.
    pub(crate) fn take(&self, method: &Method, headers: &mut HeaderMap) -> Option<Body> {
        let body = self.content(headers);
        // RFC 9110, section 8.6. Some servers respond with 411 to a request without `Content-Length`, which the transports
        // send only for a body that is not empty.
        let is_empty = match &body {
            None => matches!(*method, Method::POST | Method::PUT | Method::PATCH),
            Some(body) => body.size_hint().exact() == Some(0),
        };
        if is_empty {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        body
    }

    #[cfg_attr(not(any(feature = "multipart", feature = "parts")), expect(unused_variables))]
    fn content(&self, headers: &mut HeaderMap) -> Option<Body> {
        match self {
            Self::Nothing => None,
            Self::Bytes(bytes) => Some(bytes.clone().into()),
            #[cfg(feature = "parts")]
            Self::Parts(parts) => {
                let body = parts.take()?;
                headers.extend(parts.media_type().map(|media_type| (header::CONTENT_TYPE, media_type)));
                Some(body)
            }
            Self::OneShot(once) => match once.lock().unwrap_or_else(PoisonError::into_inner).take()? {
                OneShot::Body(body) => Some(body),
                #[cfg(feature = "multipart")]
                OneShot::Multipart(form) => {
                    let (media_type, length, body) = multipart_body(form);
                    headers.extend(length.map(|length| (header::CONTENT_LENGTH, length)));
                    headers.insert(header::CONTENT_TYPE, media_type);
                    Some(body)
                }
            },
        }
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Bytes(_) => "Bytes",
            #[cfg(feature = "parts")]
            Self::Parts(_) => "Parts",
            Self::OneShot(_) => "OneShot",
        })
    }
}
