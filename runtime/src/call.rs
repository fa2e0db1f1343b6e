//! The way of a call: token, slot, attempt, verdict; again from the start while that can help, and all of it
//! before the deadline.

use std::time::{Duration, SystemTime};

use http::{HeaderValue, StatusCode};
use tokio::time::{Instant, sleep_until};
use tracing::Instrument;

use crate::client::{Authorization, Shared};
use crate::error::{Error, ErrorKind};
use crate::failure;
use crate::pace::Slot;
use crate::reply::Reply;
use crate::request::Request;
use crate::retry::{self, Outcome, Verdict};
use crate::{hints, telling};

/// What the caller takes for an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// The status 404 too, not only those of success.
    pub(crate) not_found: bool,
    /// Its body as it comes; otherwise it is read whole.
    pub(crate) stream: bool,
}

impl Shared {
    /// Carries the call out.
    pub(crate) async fn exchange(&self, request: Request, wanted: Wanted) -> Result<Reply, Error> {
        let span = telling::span(self, request.endpoint);
        let call = async {
            let request = request.finish()?;
            let mut call = Call::new(self, &request, wanted);
            let result = call.run().await;
            telling::end(&span, &result, call.attempts);
            result.map_err(|error| error.with_endpoint(request.endpoint).with_attempts(call.attempts, call.maybe_sent))
        };
        call.instrument(span.clone()).await
    }
}

/// A call on its way.
struct Call<'a> {
    shared: &'a Shared,
    request: &'a Request,
    wanted: Wanted,
    deadline: Instant,
    attempts: u32,
    maybe_sent: bool,
    renewed: bool,
}

impl<'a> Call<'a> {
    fn new(shared: &'a Shared, request: &'a Request, wanted: Wanted) -> Self {
        let deadline = Instant::now() + shared.deadline;
        Self { shared, request, wanted, deadline, attempts: 0, maybe_sent: false, renewed: false }
    }

    async fn run(&mut self) -> Result<Reply, Error> {
        loop {
            let bearer = self.authorize()?;
            let slot = self.slot().await?;
            self.attempts += 1;
            let attempt = self.shared.attempt(self.request, bearer, slot, self.wanted.stream, self.deadline).await;
            let outcome = match &attempt {
                Ok(reply) => Outcome::Status(reply.status),
                Err(failed) => failed.outcome,
            };
            self.maybe_sent |= outcome != Outcome::Unsent;
            let at = match attempt {
                Ok(mut reply) if self.is_wanted(reply.status) => {
                    self.shared.budget.refund();
                    reply.attempts = self.attempts;
                    return Ok(reply);
                }
                Ok(reply) => {
                    let asked = self.asked(&reply);
                    self.next_attempt(outcome, asked).ok_or_else(|| failure::answered(reply, asked))
                }
                Err(failed) => self.next_attempt(outcome, None).ok_or_else(|| failure::unanswered(self.shared, failed)),
            };
            let retryable = retry::judge(outcome, self.request.endpoint.idempotent).helps();
            sleep_until(at.map_err(|error| error.with_retryable(retryable))?).await;
        }
    }

    fn is_wanted(&self, status: StatusCode) -> bool {
        status.is_success() || (self.wanted.not_found && status == StatusCode::NOT_FOUND)
    }

    /// A place under the client's limit, if it has one.
    async fn slot(&self) -> Result<Option<Slot<'a>>, Error> {
        let Some(pace) = &self.shared.pace else { return Ok(None) };
        pace.slot(self.deadline).await.map(Some).map_err(|late| failure::no_slot(late.free_at))
    }

    /// How long the server wants to be left alone; where its limit is reached, by all calls of the client.
    fn asked(&self, reply: &Reply) -> Option<Duration> {
        let wall = SystemTime::now();
        let asked = hints::retry_after(&reply.headers, wall);
        if reply.status != StatusCode::TOO_MANY_REQUESTS {
            return asked;
        }
        let asked = asked.or_else(|| hints::rate_limit_reset(&reply.headers, wall))?;
        if let Some(pace) = &self.shared.pace {
            pace.pause_until(Instant::now() + asked);
        }
        Some(asked)
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

    /// When to try again, if that can help. `asked` is how long the server wants to be left alone.
    fn next_attempt(&mut self, outcome: Outcome, asked: Option<Duration>) -> Option<Instant> {
        let retry = &self.shared.retry;
        let verdict = retry::judge(outcome, self.request.endpoint.idempotent);
        let tries = self.attempts - u32::from(self.renewed);
        if !verdict.helps() || tries >= retry.attempts {
            return None;
        }
        let pause = retry.pause(tries, fastrand::f64()).max(asked.unwrap_or_default());
        let at = Instant::now().checked_add(pause).filter(|at| *at < self.deadline)?;
        let free = verdict == Verdict::AgainWhenAllowed && asked.is_some();
        (free || self.shared.budget.take()).then_some(at)
    }
}
