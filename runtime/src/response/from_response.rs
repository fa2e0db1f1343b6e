//! The ways to read a response, chosen by generated code from a method's return type.

use http::{Response, StatusCode};

use super::conditional::Conditional;
use super::mode::{ResponseMode, is_none};
use super::raw::RawResponse;
use crate::error::Error;

/// A way to decode a response. Generated code creates a value of it.
pub trait FromResponse {
    /// The type that the call returns.
    type Output;

    /// Returns what the call needs to know before the response arrives.
    fn mode(&self) -> ResponseMode {
        ResponseMode::default()
    }

    /// Returns which successful responses have no content, so that an `Option` is `None`.
    fn absence(&self) -> Absence {
        Absence::NoContent
    }

    /// Decodes a response that the [mode](Self::mode) accepts.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the body does not have the expected shape.
    fn read(self, response: Box<RawResponse>) -> Result<Self::Output, Error>;
}

/// The successful responses without content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// No status: an empty body is a value.
    Never,
    /// Responses with status 204 or 205.
    NoContent,
    /// Responses with status 204 or 205, an empty body, or the JSON `null`.
    EmptyBody,
}

impl Absence {
    fn is_absent(self, response: &RawResponse) -> bool {
        let no_content = matches!(response.status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT);
        match self {
            Self::Never => false,
            Self::NoContent => no_content,
            Self::EmptyBody => no_content || matches!(response.body.trim_ascii(), b"" | b"null"),
        }
    }
}

/// Decodes a response with a function.
#[derive(Debug)]
pub struct Decoder<T> {
    pub(crate) read: fn(Box<RawResponse>) -> Result<T, Error>,
    pub(crate) mode: ResponseMode,
    pub(crate) absence: Absence,
}

impl<T> Decoder<T> {
    /// Creates a decoder of complete bodies, for which a success without content is a value, too.
    pub(crate) fn new(read: fn(Box<RawResponse>) -> Result<T, Error>) -> Self {
        Self { read, mode: ResponseMode::default(), absence: Absence::NoContent }
    }

    /// Creates a decoder of complete bodies of responses with one of these statuses.
    #[doc(hidden)]
    #[must_use]
    pub fn by_status(statuses: &'static [u16], read: fn(Box<RawResponse>) -> Result<T, Error>) -> Self {
        let mode = ResponseMode { statuses, ..ResponseMode::default() };
        Self { mode, absence: Absence::Never, ..Self::new(read) }
    }

    /// Creates a decoder of bodies that the caller reads.
    pub(crate) fn streamed(read: fn(Box<RawResponse>) -> Result<T, Error>) -> Self {
        Self { mode: ResponseMode { stream: true, ..ResponseMode::default() }, ..Self::new(read) }
    }
}

// No bound on `T`: the compiler reports the bounds of `crate::bounds`, whose traits create the value.
impl<T> FromResponse for Decoder<T> {
    type Output = T;

    fn mode(&self) -> ResponseMode {
        self.mode
    }

    fn absence(&self) -> Absence {
        self.absence
    }

    fn read(self, response: Box<RawResponse>) -> Result<T, Error> {
        (self.read)(response)
    }
}

/// Ignores the body.
#[derive(Debug)]
pub struct Empty;

impl FromResponse for Empty {
    type Output = ();

    fn absence(&self) -> Absence {
        Absence::Never
    }

    fn read(self, _: Box<RawResponse>) -> Result<(), Error> {
        Ok(())
    }
}

/// Returns `None` for status 404, the statuses in `none = […]`, and a success without content; otherwise, uses another
/// decoder.
#[derive(Debug)]
pub struct Optional<A>(pub A);

impl<A: FromResponse> FromResponse for Optional<A> {
    type Output = Option<A::Output>;

    fn mode(&self) -> ResponseMode {
        ResponseMode { optional: true, ..self.0.mode() }
    }

    fn read(self, response: Box<RawResponse>) -> Result<Self::Output, Error> {
        let absent = response.status.is_success() && self.0.absence().is_absent(&response);
        if absent || is_none(response.status, response.endpoint) {
            return Ok(None);
        }
        self.0.read(response).map(Some)
    }
}

/// Returns status and headers with the result of another decoder.
#[derive(Debug)]
pub struct FullResponse<A>(pub A);

impl<A: FromResponse> FromResponse for FullResponse<A> {
    type Output = Response<A::Output>;

    fn mode(&self) -> ResponseMode {
        self.0.mode()
    }

    fn absence(&self) -> Absence {
        self.0.absence()
    }

    fn read(self, response: Box<RawResponse>) -> Result<Self::Output, Error> {
        let (status, headers) = (response.status, response.headers_for_caller());
        let mut full = Response::new(self.0.read(response)?);
        *full.status_mut() = status;
        *full.headers_mut() = headers;
        Ok(full)
    }
}

/// Returns [`Conditional::NotModified`] for status 304; otherwise, uses another decoder.
#[derive(Debug)]
pub struct IfModified<A>(pub A);

impl<A: FromResponse> FromResponse for IfModified<A> {
    type Output = Conditional<A::Output>;

    fn mode(&self) -> ResponseMode {
        ResponseMode { statuses: &[304], ..self.0.mode() }
    }

    fn absence(&self) -> Absence {
        self.0.absence()
    }

    fn read(self, response: Box<RawResponse>) -> Result<Self::Output, Error> {
        if response.status == StatusCode::NOT_MODIFIED {
            return Ok(Conditional::NotModified);
        }
        let header = |name| response.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (etag, last_modified) = (header(http::header::ETAG), header(http::header::LAST_MODIFIED));
        Ok(Conditional::Modified { value: self.0.read(response)?, etag, last_modified })
    }
}
