//! An answer: its head, and its body read whole or left to be read.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tracing::Span;
use url::Url;

use super::body::FAILURE_LIMIT;
use crate::auth::RequestCredentials;
use crate::call::trace;
use crate::endpoint::Endpoint;
use crate::error::{Cause, Error, ErrorKind, InBandFailure, Problem, on_one_line, start_of};
use crate::role::BoxFuture;
use crate::transport::ResponseBody;

/// How much of a body that is no problem document an error shows, in characters.
const EXCERPT: usize = 120;

/// How much of what an API says of a failure, or a parser of a body, an error shows, in characters.
pub(crate) const MAX_QUOTE: usize = 240;

/// Sends requests like the one that a response answers: by the same client, with the same method, headers, and body, and
/// with the endpoint's limits.
pub(crate) trait Follow: Send + Sync {
    /// The URL of the request.
    fn url(&self) -> &Url;

    /// Sends the request to this URL of the same origin, with one header more.
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
    /// The body itself, where the caller reads it.
    pub(crate) rest: Option<ResponseBody>,
    /// How long to wait for each piece of it.
    pub(crate) attempt_timeout: Duration,
    /// The maximum length of a body that is read whole, and of an item of a stream, in bytes.
    pub(crate) max_size: usize,
    /// What sends further requests like this one, for pages and reconnections.
    pub(crate) follow: Option<Arc<dyn Follow>>,
    /// How often the request was sent until this answer came.
    pub(crate) attempts: u32,
    /// What authorized the request, so that an answer that echoes it doesn't carry it into an error.
    pub(crate) credentials: Option<RequestCredentials>,
    /// The call's span, once the call has got its answer: what is wrong with that is written into it.
    pub(crate) span: Span,
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse").field("status", &self.status).finish_non_exhaustive()
    }
}

impl RawResponse {
    /// The status, for generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn status_code(&self) -> u16 {
        self.status.as_u16()
    }

    /// The error for a status of success that no variant has.
    #[doc(hidden)]
    #[must_use]
    pub fn unexpected_status(mut self: Box<Self>) -> Error {
        self.remove_secret();
        let message = format!("unexpected status {}", self.status);
        self.into_error(ErrorKind::Decode, message.into(), None)
    }

    /// The error for an answer that is not what the caller asked for.
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

    /// Removes the body if it repeats the credentials; whether it did. Nothing may then be said of what was in it.
    pub(crate) fn remove_secret(&mut self) -> bool {
        self.credentials.as_ref().is_some_and(|credentials| credentials.redact_body(&mut self.body))
    }

    /// What the API reported about a failure: in the words of its own error type, or as a problem, or the beginning of
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

    /// The failure that a response with a status of success reports, if its API has such failures.
    pub(crate) fn in_band_failure(&self) -> Option<InBandFailure> {
        let find = self.endpoint.error_type?.find?;
        if self.rest.is_some() || !self.status.is_success() {
            return None;
        }
        find(self.status, &self.headers, &self.body)
    }

    /// The beginning of a body of text, on one line.
    pub(crate) fn excerpt(&self) -> Option<String> {
        let valid = match std::str::from_utf8(&self.body) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(self.body.get(..error.valid_up_to())?).ok()?,
        };
        let line = on_one_line(valid);
        (!line.is_empty()).then(|| start_of(&line, EXCERPT).into_owned())
    }
}
