//! What a request carries: bytes, which can be sent again, or something that can be sent once.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderValue, Method, header};

/// A request's body.
pub(crate) enum Payload {
    /// None, not even a content type.
    Nothing,
    Bytes(Bytes),
    /// A stream; nothing once it is sent.
    Once(Mutex<Option<Once>>),
}

/// A body that can be sent once.
pub(crate) enum Once {
    Body(reqwest::Body),
    #[cfg(feature = "multipart")]
    Multipart(reqwest::multipart::Form),
}

impl Payload {
    pub(crate) fn once(body: Once) -> Self {
        Self::Once(Mutex::new(Some(body)))
    }

    /// Whether the request can't be sent again.
    pub(crate) fn is_once(&self) -> bool {
        matches!(self, Self::Once(_))
    }

    /// The bytes, if they are known before they are sent.
    pub(crate) fn known(&self) -> Option<&[u8]> {
        match self {
            Self::Nothing => Some(&[]),
            Self::Bytes(bytes) => Some(bytes),
            Self::Once(_) => None,
        }
    }

    /// Puts the body into a request.
    pub(crate) fn put_into(
        &self,
        outgoing: &mut reqwest::Request,
        http: &reqwest::Client,
    ) -> Result<(), reqwest::Error> {
        match self {
            // RFC 9110, section 8.6. There are gateways that answer 411 to a request that doesn't say so.
            Self::Nothing if matches!(*outgoing.method(), Method::POST | Method::PUT | Method::PATCH) => {
                outgoing.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            Self::Nothing => {}
            Self::Bytes(bytes) => *outgoing.body_mut() = Some(bytes.clone().into()),
            Self::Once(once) => match once.lock().unwrap_or_else(PoisonError::into_inner).take() {
                None => {}
                Some(Once::Body(body)) => *outgoing.body_mut() = Some(body),
                #[cfg(feature = "multipart")]
                // Only reqwest's builder knows a form's length.
                Some(Once::Multipart(form)) => {
                    let empty = reqwest::Request::new(outgoing.method().clone(), outgoing.url().clone());
                    let so_far = std::mem::replace(outgoing, empty);
                    *outgoing = reqwest::RequestBuilder::from_parts(http.clone(), so_far).multipart(form).build()?;
                }
            },
        }
        let _ = http;
        Ok(())
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Bytes(_) => "Bytes",
            Self::Once(_) => "Once",
        })
    }
}
