//! The way of a call: token, slot, attempt, verdict; again from the start while that can help, and all of it
//! before the deadline.

use std::time::Duration;

use http::{HeaderValue, StatusCode};
use tokio::time::{Instant, sleep_until};
use tracing::Instrument;

use crate::attempt::Attempt;
use crate::client::{Authorization, Shared};
use crate::error::{Error, ErrorKind};
use crate::failure;
use crate::reply::Reply;
use crate::request::Request;
use crate::retry::{self, Outcome, Verdict};
use crate::{retry_after, telling};

impl Shared {
    /// Carries the call out. The reply has a status of success, or 404 where `not_found` is an answer too.
    pub(crate) async fn exchange(&self, request: Request, not_found: bool) -> Result<Reply, Error> {
        let span = telling::span(self, request.endpoint);
        let call = async {
            let request = request.finish()?;
            let mut call = Call::new(self, &request);
            let result = call.run(not_found).await;
            telling::end(&span, &result, call.attempts);
            result.map_err(|error| error.with_attempts(call.attempts, call.maybe_sent))
        };
        call.instrument(span.clone()).await
    }
}

/// A call on its way.
struct Call<'a> {
    shared: &'a Shared,
    request: &'a Request,
    deadline: Instant,
    attempts: u32,
    maybe_sent: bool,
    renewed: bool,
}

impl<'a> Call<'a> {
    fn new(shared: &'a Shared, request: &'a Request) -> Self {
        let deadline = Instant::now() + shared.deadline;
        Self { shared, request, deadline, attempts: 0, maybe_sent: false, renewed: false }
    }

    async fn run(&mut self, not_found: bool) -> Result<Reply, Error> {
        loop {
            let bearer = self.authorize()?;
            self.attempts += 1;
            let attempt_ends = Instant::now() + self.request.endpoint.timeout.unwrap_or(self.shared.timeout);
            let attempt = self.shared.attempt(self.request, bearer, attempt_ends.min(self.deadline)).await;
            self.maybe_sent |= attempt.outcome() != Outcome::Unsent;
            let attempt = match attempt {
                Attempt::Answered(reply)
                    if reply.status.is_success() || (not_found && reply.status == StatusCode::NOT_FOUND) =>
                {
                    self.shared.budget.refund();
                    return Ok(reply);
                }
                other => other,
            };
            match self.next_attempt(&attempt) {
                Ok(at) => sleep_until(at).await,
                Err(retry_after) => return Err(failure::of(self.shared, self.request.endpoint, attempt, retry_after)),
            }
        }
    }

    fn authorize(&self) -> Result<Option<HeaderValue>, Error> {
        if self.request.endpoint.is_public() {
            return Ok(None);
        }
        match &self.shared.authorization {
            Authorization::Nothing => Err(Error::new(ErrorKind::Authorization, "the client has no credentials")),
            Authorization::Token(bearer) => Ok(Some(bearer.clone())),
        }
    }

    /// When to try again, or, if that is no use, how long the server wants to be left alone.
    fn next_attempt(&mut self, attempt: &Attempt) -> Result<Instant, Option<Duration>> {
        let asked = match attempt {
            Attempt::Answered(reply) => retry_after::read(reply.status, &reply.headers),
            Attempt::Failed(..) => None,
        };
        let retry = &self.shared.retry;
        let verdict = retry::judge(attempt.outcome(), self.request.endpoint.idempotent);
        let tries = self.attempts - u32::from(self.renewed);
        if verdict == Verdict::Final || tries >= retry.attempts {
            return Err(asked);
        }
        let pause = retry.pause(tries, fastrand::f64()).max(asked.unwrap_or_default());
        let at = Instant::now().checked_add(pause).filter(|at| *at < self.deadline).ok_or(asked)?;
        let free = verdict == Verdict::AgainWhenAllowed && asked.is_some();
        if free || self.shared.budget.take() { Ok(at) } else { Err(asked) }
    }
}
