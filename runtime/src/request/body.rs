//! The body of a request: bytes, which can be sent again, or a stream, which can be sent once.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderValue, Method, header};

/// The body of a request.
pub(crate) enum RequestBody {
    /// No body and no content type.
    Nothing,
    Bytes(Bytes),
    /// A stream; `None` once it is sent.
    OneShot(Mutex<Option<OneShot>>),
}

/// A body that can be sent once.
pub(crate) enum OneShot {
    Body(reqwest::Body),
    #[cfg(feature = "multipart")]
    Multipart(reqwest::multipart::Form),
}

impl RequestBody {
    pub(crate) fn once(body: OneShot) -> Self {
        Self::OneShot(Mutex::new(Some(body)))
    }

    /// Returns `true` if the request can be sent again.
    pub(crate) fn is_replayable(&self) -> bool {
        !matches!(self, Self::OneShot(_))
    }

    /// Returns the bytes, if they are known before they are sent.
    pub(crate) fn known(&self) -> Option<&[u8]> {
        match self {
            Self::Nothing => Some(&[]),
            Self::Bytes(bytes) => Some(bytes),
            Self::OneShot(_) => None,
        }
    }

    /// Moves the body into a request.
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
            Self::OneShot(once) => match once.lock().unwrap_or_else(PoisonError::into_inner).take() {
                None => {}
                Some(OneShot::Body(body)) => *outgoing.body_mut() = Some(body),
                #[cfg(feature = "multipart")]
                // Only reqwest's builder knows a form's length.
                Some(OneShot::Multipart(form)) => {
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

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Bytes(_) => "Bytes",
            Self::OneShot(_) => "OneShot",
        })
    }
}
