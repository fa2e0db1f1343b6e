//! An attempt as its middlewares see it.

use std::sync::Arc;

use http::{Extensions, HeaderMap};
use tokio::time::Instant;
use url::Url;

use super::{Attempt, AttemptOutcome, Middleware, Outgoing};
use crate::auth::RequestCredentials;
use crate::call::outcome::{AttemptError, Outcome};
use crate::endpoint::Endpoint;
use crate::request::Request;
use crate::request::reserved_headers;
use crate::response::RawResponse;

/// Shows an attempt to the middlewares. Whichever of them let it go on is told its end, should this be dropped too.
pub(crate) struct Watch {
    middlewares: Arc<[Arc<dyn Middleware>]>,
    /// How many of them have let the attempt go on, and have not been told its end.
    entered: usize,
    endpoint: &'static Endpoint,
    attempt: u32,
    started: Instant,
    extensions: Extensions,
}

impl Watch {
    /// What shows an attempt to the middlewares; nothing if there are none.
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

    /// Shows the request to all of them, in order.
    pub(crate) fn before(
        &mut self,
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
            // It would be lost without a word.
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

    /// Tells them the end.
    pub(crate) fn end(mut self, result: &Result<Box<RawResponse>, AttemptError>) {
        self.tell(match result {
            Ok(reply) => AttemptOutcome::Response { status: reply.status, headers: &reply.headers },
            Err(failed) => AttemptOutcome::Failed { kind: failed.outcome.kind(), cause: failed.cause.as_deref() },
        });
    }

    /// Tells them that the attempt goes on: this request was declined, and is sent once more.
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
