//! Reports an attempt to the middlewares.

use std::sync::Arc;

use http::{Extensions, HeaderMap, Method};
use tokio::time::Instant;

use super::{Attempt, AttemptOutcome, Middleware, Outgoing, Url};
use crate::auth::RequestCredentials;
use crate::call::outcome::{AttemptError, Outcome};
use crate::endpoint::Endpoint;
use crate::request::Request;
use crate::request::reserved_headers;
use crate::response::RawResponse;

/// Reports an attempt to the middlewares. Each middleware whose `before` succeeded gets one `after`, even if this
/// value is dropped.
pub(crate) struct Watch {
    middlewares: Arc<[Arc<dyn Middleware>]>,
    /// The number of middlewares whose `before` succeeded and whose `after` has not been called.
    entered: usize,
    endpoint: &'static Endpoint,
    attempt: u32,
    started: Instant,
    extensions: Extensions,
}

impl Watch {
    /// Creates a watch for an attempt, or returns `None` if there are no middlewares.
    pub(crate) fn new(
        middlewares: &Arc<[Arc<dyn Middleware>]>,
        endpoint: &'static Endpoint,
        attempt: u32,
    ) -> Option<Box<Self>> {
        if middlewares.is_empty() {
            return None;
        }
        Some(Box::new(Self {
            middlewares: Arc::clone(middlewares),
            entered: 0,
            endpoint,
            attempt,
            started: Instant::now(),
            extensions: Extensions::new(),
        }))
    }

    /// Calls `before` of all middlewares, in order.
    pub(crate) fn before(
        &mut self,
        method: &Method,
        headers: &mut HeaderMap,
        url: &Url,
        of: &Request,
        credentials: Option<&RequestCredentials>,
    ) -> Result<(), AttemptError> {
        let refused = |cause| AttemptError::new(Outcome::RejectedByMiddleware, Some(cause));
        for middleware in self.middlewares.iter() {
            middleware
                .before(&mut Outgoing {
                    endpoint: self.endpoint,
                    attempt: self.attempt,
                    method,
                    headers,
                    url,
                    payload: &of.body,
                    credentials,
                    extensions: &mut self.extensions,
                })
                .map_err(refused)?;
            self.entered += 1;
        }
        for name in headers.keys() {
            if let Some(reason) = reserved_headers::framing_reason(name) {
                return Err(refused(format!("header `{name}` cannot be set by a middleware: {reason}").into()));
            }
            // The credentials would silently replace it.
            if credentials.is_some_and(|credentials| credentials.sets(name)) {
                let message = format!(
                    "header `{name}` is set by the client's credentials, and cannot be set by a middleware; use \
                     `ClientBuilder::credentials` or `CallSettings::credentials`"
                );
                return Err(refused(message.into()));
            }
        }
        Ok(())
    }

    /// Calls `after` with the result of the attempt. Header values that repeat the credentials are removed from it.
    pub(crate) fn end(
        mut self,
        result: &Result<Box<RawResponse>, AttemptError>,
        credentials: Option<&RequestCredentials>,
    ) {
        let reply = result.as_ref().ok();
        let redacted = reply.zip(credentials).and_then(|(reply, credentials)| credentials.redacted(&reply.headers));
        self.tell(match result {
            Ok(reply) => {
                AttemptOutcome::Response { status: reply.status, headers: redacted.as_ref().unwrap_or(&reply.headers) }
            }
            Err(failed) => AttemptOutcome::Failed { kind: failed.outcome.kind(), cause: failed.cause.as_deref() },
        });
    }

    /// Calls `after` for a declined request. The attempt continues, and the request is resent.
    pub(crate) fn again(&mut self, declined: &AttemptError) {
        self.tell(AttemptOutcome::Failed { kind: declined.outcome.kind(), cause: declined.cause.as_deref() });
        self.started = Instant::now();
        self.extensions.clear();
    }

    fn tell(&mut self, outcome: AttemptOutcome<'_>) {
        let ended = Attempt {
            endpoint: self.endpoint,
            attempt: self.attempt,
            elapsed: self.started.elapsed(),
            outcome,
            extensions: &self.extensions,
        };
        let entered = std::mem::take(&mut self.entered);
        for middleware in self.middlewares.iter().take(entered).rev() {
            middleware.after(&ended);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.tell(AttemptOutcome::Cancelled);
    }
}
