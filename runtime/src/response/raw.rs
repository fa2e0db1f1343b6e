//! A response: its head, and its body, read completely or left to the caller.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tracing::Span;

use super::body::FAILURE_LIMIT;
use crate::auth::RequestCredentials;
use crate::call::trace;
use crate::endpoint::Endpoint;
use crate::error::{Cause, Error, ErrorKind, InBandFailure, Problem, on_one_line, start_of};
use crate::role::BoxFuture;
use crate::transport::ResponseBody;
use crate::url::Url;

/// The maximum length of an excerpt, in an error, of a body that is not a problem document, in characters.
const EXCERPT: usize = 120;

/// The maximum length of an API's or a parser's message that an error quotes, in characters.
pub(crate) const MAX_QUOTE: usize = 240;

/// Sends requests like the one that a response belongs to: by the same client, with the same method, headers, and
/// body, and with the endpoint's limits.
pub(crate) trait Follow: Send + Sync {
    /// Returns the URL of the request.
    fn url(&self) -> &Url;

    /// Sends the request to this URL of the same origin, with one additional header.
    fn send(
        &self,
        url: Url,
        header: Option<(HeaderName, HeaderValue)>,
    ) -> BoxFuture<'static, Result<Box<RawResponse>, Error>>;
}

/// A response.
pub struct RawResponse {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The unread body, if the caller reads it.
    pub(crate) rest: Option<ResponseBody>,
    /// The timeout of each chunk of it.
    pub(crate) attempt_timeout: Duration,
    /// The maximum length of a body that is read completely, and of an item of a stream, in bytes.
    pub(crate) max_size: usize,
    /// Sends further requests like this one, for pages and reconnections.
    pub(crate) follow: Option<Arc<dyn Follow>>,
    /// The number of attempts, including the one with this response.
    pub(crate) attempts: u32,
    /// The credentials of the request, so that a response that echoes them does not put them into an error.
    pub(crate) credentials: Option<RequestCredentials>,
    /// The call's span once the call has its response: errors of decoding are recorded in it.
    pub(crate) span: Span,
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse").field("status", &self.status).finish_non_exhaustive()
    }
}

impl RawResponse {
    /// Returns the status, for generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn status_code(&self) -> u16 {
        self.status.as_u16()
    }

    /// Returns the error for a success status without a variant.
    #[doc(hidden)]
    #[must_use]
    pub fn unexpected_status(mut self: Box<Self>) -> Error {
        self.remove_secret();
        let message = format!("unexpected status {}", self.status);
        self.into_error(ErrorKind::Decode, message.into(), None)
    }

    /// Returns the error for a response that cannot be decoded.
    pub(crate) fn into_error(
        mut self: Box<Self>,
        kind: ErrorKind,
        message: Cow<'static, str>,
        cause: Option<Cause>,
    ) -> Error {
        trace::record_decode_error(&self.span, kind);
        if let Some(credentials) = &self.credentials {
            credentials.redact_headers(&mut self.headers);
        }
        if self.body.len() > FAILURE_LIMIT {
            self.body = Bytes::copy_from_slice(self.body.get(..FAILURE_LIMIT).unwrap_or_default());
        }
        Error::new(kind, message)
            .with_endpoint(self.endpoint)
            .with_cause(cause)
            .with_attempts(self.attempts, true)
            .with_response(self.status, self.headers, self.body)
    }

    /// Returns the headers for the caller. Values that repeat the credentials are marked as sensitive.
    pub(crate) fn headers_for_caller(&self) -> HeaderMap {
        let mut headers = self.headers.clone();
        if let Some(credentials) = &self.credentials {
            credentials.mark_echoes(&mut headers);
        }
        headers
    }

    /// Removes the body if it contains the credentials. Returns `true` if it was removed; an error must then not quote
    /// it.
    pub(crate) fn remove_secret(&mut self) -> bool {
        self.credentials.as_ref().is_some_and(|credentials| credentials.redact_body(&mut self.body))
    }

    /// Returns what the API reported about a failure: the text of its own error type, a problem, or the beginning of
    /// the body.
    pub(crate) fn reported(&self) -> Option<String> {
        let own = self.endpoint.error_type.and_then(|error| (error.describe)(&self.body));
        own.or_else(|| {
            let problem = Problem::parse(&self.body);
            let excerpt = || self.excerpt();
            match &problem {
                Some(problem) if !problem.is_partial() => Some(problem.to_string()),
                Some(problem) => excerpt().map(|excerpt| match excerpt.contains(problem.kind()) {
                    true => excerpt,
                    false => format!("{problem}: {excerpt}"),
                }),
                None => excerpt(),
            }
        })
    }

    /// Returns the failure that a response with a success status reports, if its API has such failures.
    pub(crate) fn in_band_failure(&self) -> Option<InBandFailure> {
        let find = self.endpoint.error_type?.find?;
        if self.rest.is_some() || !self.status.is_success() {
            return None;
        }
        find(self.status, &self.headers, &self.body)
    }

    /// Returns the beginning of a text body, on one line.
    pub(crate) fn excerpt(&self) -> Option<String> {
        let valid = match std::str::from_utf8(&self.body) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(self.body.get(..error.valid_up_to())?).ok()?,
        };
        let line = on_one_line(valid);
        (!line.is_empty()).then(|| start_of(&line, EXCERPT).into_owned())
    }
}
