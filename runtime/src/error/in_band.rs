//! Failures that a server reports with a success status.

use std::fmt::Display;

use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

/// The error type of an API that reports failures in responses with a success status, such as `{"ok": false}` or the
/// `errors` of GraphQL.
///
/// Implement it for the type in `#[api(error = …)]`. Each complete response with a success status is then passed to
/// [`find`](Self::find) before it is decoded, and a failure that `find` returns ends the call with an error of the
/// kind [`Api`](crate::ErrorKind::Api).
///
/// ```
/// use std::fmt;
///
/// use rolecall::{Error, HeaderMap, InBandError, Public, StatusCode, api, endpoint};
///
/// /// `{"ok": false, "error": "channel_not_found"}`
/// #[derive(Debug, serde::Deserialize)]
/// pub struct ChatError {
///     ok: bool,
///     error: String,
/// }
///
/// impl fmt::Display for ChatError {
///     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
///         f.write_str(&self.error)
///     }
/// }
///
/// impl InBandError for ChatError {
///     fn find(_: StatusCode, _: &HeaderMap, body: &[u8]) -> Option<Self> {
///         serde_json::from_slice(body).ok().filter(|error: &Self| !error.ok)
///     }
///
///     fn is_temporary(&self) -> bool {
///         self.error == "service_unavailable"
///     }
/// }
///
/// #[api(error = ChatError)]
/// pub trait ChatApi {
///     /// Returns the members of a channel.
///     #[endpoint(method = GET, path = "/channels/{id}/members", role = Public)]
///     async fn members(&self, id: &str) -> Result<Vec<String>, Error>;
/// }
/// ```
pub trait InBandError: DeserializeOwned + Display {
    /// Returns the failure that a response with a success status reports, or `None` if the call has succeeded.
    fn find(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Option<Self>;

    /// Returns `true` if the same call can succeed later. Such a call is retried like one with status 503, if its
    /// endpoint is idempotent. The default is `false`.
    fn is_temporary(&self) -> bool {
        false
    }
}

/// A failure in a response with a success status.
#[doc(hidden)]
#[derive(Debug)]
pub struct InBandFailure {
    pub(crate) text: String,
    pub(crate) temporary: bool,
}

/// The functions by which an API's error type reads a response.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct ErrorType {
    pub(crate) describe: Describe,
    pub(crate) find: Option<Find>,
}

/// Returns the text of the error type, if the body of a failure can be decoded as one.
pub(crate) type Describe = fn(&[u8]) -> Option<String>;

/// Finds a failure in a response with a success status.
pub(crate) type Find = fn(StatusCode, &HeaderMap, &[u8]) -> Option<InBandFailure>;

impl ErrorType {
    /// Creates the functions of an error type. `find` is set if the type implements [`InBandError`].
    #[doc(hidden)]
    #[must_use]
    pub const fn new(describe: Describe, find: Option<Find>) -> Self {
        Self { describe, find }
    }
}

pub(crate) fn describe<T: DeserializeOwned + Display>(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<T>(body).ok().map(|error| error.to_string()).filter(|text| !text.is_empty())
}

/// `InBandProbe::<T>::FIND` finds failures of `T` if it implements [`InBandError`], and is `None` otherwise: an
/// associated constant of the type takes precedence over one of a trait.
#[doc(hidden)]
#[derive(Debug)]
pub struct InBandProbe<T>(T);

impl<T: InBandError> InBandProbe<T> {
    #[doc(hidden)]
    pub const FIND: Option<Find> = Some(|status, headers, body| {
        let failure = T::find(status, headers, body)?;
        Some(InBandFailure { text: failure.to_string(), temporary: failure.is_temporary() })
    });
}

/// The fallback of [`InBandProbe`].
#[doc(hidden)]
pub trait NotInBand {
    #[doc(hidden)]
    const FIND: Option<Find> = None;
}

impl<T> NotInBand for InBandProbe<T> {}
