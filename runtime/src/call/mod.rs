//! The way of a call: token, permit, attempt, action; again from the start while that can help, and all of it
//! before the deadline.

mod attempt;
pub(crate) mod failure;
pub(crate) mod outcome;
pub(crate) mod retry;
pub(crate) mod trace;

use std::pin::pin;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use tokio::time::{Instant, sleep_until};
use tracing::Instrument;

use crate::auth::{RequestCredentials, TokenError};
use crate::client::shared::Shared;
use crate::error::Error;
use crate::middleware::Watch;
use crate::random;
use crate::rate_limit::{Permit, headers};
use crate::request::Request;
use crate::response::RawResponse;
use crate::transport::Fault;
use outcome::Outcome;
use retry::RetryAction;

/// What the caller takes for an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ResponseMode {
    /// The status 404 too, not only those of success.
    pub(crate) not_found: bool,
    /// Its body as it comes; otherwise it is read whole.
    pub(crate) stream: bool,
}

impl Shared {
    /// Carries the call out.
    pub(crate) async fn execute(&self, request: &mut Request, mode: ResponseMode) -> Result<Box<RawResponse>, Error> {
        let span = trace::call_span(request.endpoint, self.role, self.urls.base());
        let mut call = Call::new(self, request, mode);
        // Pinned here, since what is instrumented is moved.
        let result = pin!(call.run()).instrument(span.clone()).await;
        let status = match &result {
            Ok(reply) => Some(reply.status),
            Err(error) => error.status(),
        };
        trace::record_result(&span, status, result.as_ref().err(), call.attempts);
        match result {
            Ok(mut reply) => {
                reply.span = span;
                Ok(reply)
            }
            Err(error) => Err(error.with_endpoint(call.request.endpoint).with_attempts(call.attempts, call.maybe_sent)),
        }
    }
}

/// A call on its way.
struct Call<'a> {
    shared: &'a Shared,
    request: &'a mut Request,
    mode: ResponseMode,
    deadline: Instant,
    /// The time that the call may still wait for a permit. `None` if the wait counts toward the deadline.
    queue_left: Option<Duration>,
    attempts: u32,
    maybe_sent: bool,
    token_renewed: bool,
}

impl<'a> Call<'a> {
    fn new(shared: &'a Shared, request: &'a mut Request, mode: ResponseMode) -> Self {
        let deadline = Instant::now() + shared.deadline;
        let queue_left = shared.queue_timeout;
        Self { shared, request, mode, deadline, queue_left, attempts: 0, maybe_sent: false, token_renewed: false }
    }

    async fn run(&mut self) -> Result<Box<RawResponse>, Error> {
        self.request.check()?;
        self.shared.check_settings()?;
        if !self.request.endpoint.is_public() {
            self.shared.check_headers(self.request.headers.iter().map(|(name, _)| name))?;
        }
        let mut refused = None;
        loop {
            let mut credentials = self.authorize(refused.take()).await?;
            let permit = self.acquire_permit().await?;
            if permit.as_ref().is_some_and(Permit::has_waited) {
                // A token may not outlive the wait.
                credentials = self.authorize(None).await?;
            }
            self.attempts += 1;
            let mut watch = Watch::new(&self.shared.middlewares, self.request.endpoint, self.attempts);
            let mut attempt = self
                .shared
                .attempt(
                    self.request,
                    credentials.as_ref(),
                    watch.as_deref_mut(),
                    permit,
                    self.mode.stream,
                    self.deadline,
                )
                .await;
            if let Some(watch) = watch {
                watch.end(&attempt);
            }
            let generation = credentials.as_ref().and_then(RequestCredentials::generation);
            if let Ok(reply) = &mut attempt {
                reply.attempts = self.attempts;
                reply.credentials = credentials;
            }
            let in_band = match &attempt {
                Ok(reply) if self.is_wanted(reply.status) => reply.in_band_failure(),
                _ => None,
            };
            let outcome = match (&attempt, &in_band) {
                (Ok(_), Some(failure)) => Outcome::InBandFailure { temporary: failure.temporary },
                (Ok(reply), None) => Outcome::Status(reply.status),
                (Err(failed), _) => failed.outcome,
            };
            let action = retry::classify(outcome, self.request.endpoint.idempotent);
            self.maybe_sent |= outcome.maybe_sent();
            let retryable = action.helps();
            let next = match (attempt, in_band) {
                (Ok(reply), Some(failure)) => self
                    .next_attempt(action, None, false, None)
                    .ok_or_else(|| failure::in_band_error(reply, &failure, retryable)),
                (Ok(reply), None) if self.is_wanted(reply.status) => {
                    self.shared.budget.deposit();
                    return Ok(reply);
                }
                (Ok(reply), None) if self.may_renew(reply.status) => {
                    self.token_renewed = true;
                    refused = generation.map(|generation| (generation, failure::status_error(reply, None, false)));
                    continue;
                }
                (Ok(reply), None) => {
                    let asked = self.server_delay(&reply);
                    let in_queue = self.waits_in_queue(reply.status, asked);
                    self.next_attempt(action, asked, in_queue, None)
                        .ok_or_else(|| failure::status_error(reply, asked, retryable))
                }
                (Err(failed), _) => self
                    .next_attempt(action, None, false, failed.fault.as_ref())
                    .ok_or_else(|| failure::attempt_error(self.shared, failed)),
            };
            let next = next.map_err(|error| error.with_retryable(retryable))?;
            trace::log_retry(outcome, self.attempts, next);
            sleep_until(next).await;
        }
    }

    /// What authorizes the next attempt. After a refusal of a token it is a newer one.
    async fn authorize(&self, refused: Option<(u64, Error)>) -> Result<Option<RequestCredentials>, Error> {
        if self.request.endpoint.is_public() {
            return Ok(None);
        }
        let authorization = &self.shared.authorization;
        if authorization.is_empty() {
            let optional = self.request.endpoint.optional_credentials;
            return if optional { Ok(None) } else { Err(failure::no_credentials()) };
        }
        let Some(source) = authorization.source() else { return Ok(Some(authorization.with_token(None))) };
        let token = match &refused {
            None => source.bearer(self.deadline).await,
            Some((generation, _)) => source.renew(*generation, self.deadline).await,
        };
        match (token, refused) {
            (Ok(token), _) => Ok(Some(authorization.with_token(Some(token)))),
            // The API refuses every token: what it says of that is more to the point.
            (Err(TokenError::Exhausted { .. }), Some((_, refusal))) => Err(refusal),
            (Err(error), _) => Err(failure::no_token(error)),
        }
    }

    /// Whether a new token may help against this status: once a call, if the client can get one.
    fn may_renew(&self, status: StatusCode) -> bool {
        status == StatusCode::UNAUTHORIZED
            && !self.token_renewed
            && self.request.body.is_replayable()
            && self.shared.retry.replay_unauthorized
            && !self.request.endpoint.is_public()
            && self.shared.authorization.source().is_some()
    }

    fn is_wanted(&self, status: StatusCode) -> bool {
        status.is_success() || (self.mode.not_found && status == StatusCode::NOT_FOUND)
    }

    /// A place under the client's limit, if it has one.
    async fn acquire_permit(&mut self) -> Result<Option<Permit<'a>>, Error> {
        let shared = self.shared;
        let Some(limiter) = &shared.rate_limiter else { return Ok(None) };
        let waiting = trace::wait_start();
        let attempt = shared.attempt_timeout(self.request.endpoint);
        let permit = match self.queue_left {
            None => limiter.acquire(self.deadline, attempt).await,
            Some(left) => {
                let queued = Instant::now();
                let permit = limiter.acquire(queued + left, attempt).await;
                let waited = queued.elapsed();
                self.queue_left = Some(left.saturating_sub(waited));
                self.deadline += waited;
                permit
            }
        };
        trace::log_wait(waiting);
        permit.map(Some).map_err(|late| failure::rate_limited(late.free_at, shared.queue_timeout))
    }

    /// How long the server wants to be left alone; where its limit is reached, by all calls of the client.
    fn server_delay(&self, reply: &RawResponse) -> Option<Duration> {
        let wall = SystemTime::now();
        let asked = headers::retry_after(&reply.headers, wall);
        if reply.status != StatusCode::TOO_MANY_REQUESTS {
            return asked;
        }
        let asked = asked.or_else(|| headers::rate_limit_reset(&reply.headers, wall))?;
        if let Some(limiter) = &self.shared.rate_limiter {
            limiter.pause_until(Instant::now() + asked);
        }
        Some(asked)
    }

    /// Returns `true` if the delay that the server requested is a wait for the rate limit, which the limiter enforces for
    /// all calls of the client: this call waits in the queue like the others.
    fn waits_in_queue(&self, status: StatusCode, asked: Option<Duration>) -> bool {
        let limited = status == StatusCode::TOO_MANY_REQUESTS && self.shared.rate_limiter.is_some();
        limited && self.queue_left.zip(asked).is_some_and(|(left, asked)| asked <= left)
    }

    /// When to try again, if that can help. `asked` is how long the server wants to be left alone; with `in_queue`, the
    /// call spends that time in the queue of the rate limit. `fault` is the lost connection, which the budget pays for
    /// once, whatever the number of calls that were on it.
    fn next_attempt(
        &mut self,
        action: RetryAction,
        asked: Option<Duration>,
        in_queue: bool,
        fault: Option<&Fault>,
    ) -> Option<Instant> {
        let retry = &self.shared.retry;
        let tries = self.attempts - u32::from(self.token_renewed);
        if !action.helps() || tries >= retry.max_attempts || !self.request.body.is_replayable() {
            return None;
        }
        let here = asked.filter(|_| !in_queue).unwrap_or_default();
        let pause = retry.delay(tries, random::unit_f64()).max(here);
        let at = Instant::now().checked_add(pause).filter(|at| *at < self.deadline)?;
        let free = action == RetryAction::RetryAfter && asked.is_some();
        let withdraw = || self.shared.budget.withdraw();
        (free || fault.map_or_else(withdraw, |fault| fault.charge(withdraw))).then_some(at)
    }
}
