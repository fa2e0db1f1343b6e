//! Executes a call: token, permit, attempt, and retry decision, repeated while a retry can help, within one deadline.

mod attempt;
pub(crate) mod failure;
mod follow;
pub(crate) mod outcome;
mod redirect;
pub(crate) mod retry;
pub(crate) mod trace;

use std::pin::pin;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use tokio::time::{Instant, sleep, sleep_until};
use tracing::Instrument;

use crate::auth::{RequestCredentials, TokenError};
use crate::client::shared::Shared;
use crate::error::Error;
use crate::middleware::Watch;
use crate::random;
use crate::rate_limit::{Permit, RateLimiter, WaiterId, headers};
use crate::request::{Destination, Request};
use crate::response::{RawResponse, ResponseMode};
use crate::role::BoxFuture;
use crate::runtime;
use crate::transport::Fault;
use failure::TimeLimit;
use outcome::Outcome;
use retry::{RetryAction, Withdrawal};

pub(crate) use follow::Answered;

/// The maximum random delay between a permit and its request. A permit from a pool is handed back if it is kept longer.
const MAX_SPREAD: Duration = Duration::from_secs(1);

impl Shared {
    /// Executes the call.
    ///
    /// Boxed in this crate: an `async fn` is compiled again in each crate that awaits it, with all that it awaits.
    #[inline(never)]
    pub(crate) fn execute<'a>(
        &'a self,
        request: &'a mut Request,
        mode: ResponseMode,
    ) -> BoxFuture<'a, Result<Box<RawResponse>, Error>> {
        // Written to the heap without a copy on the stack.
        let future = Box::write(Box::new_uninit(), async move {
            let Some(urls) = self.urls_of(request.endpoint) else { return Err(failure::no_base(request.endpoint)) };
            let span = trace::call_span(request.endpoint, self.role, urls.base());
            let mut call = Call::new(self, request, mode);
            // Pinned here, because `instrument` moves the future.
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
                Err(error) => {
                    Err(error.with_endpoint(call.request.endpoint).with_attempts(call.attempts, call.maybe_sent))
                }
            }
        });
        Box::into_pin(future)
    }
}

/// The next attempt of a call.
struct Next<'a> {
    /// The time before which it is not made.
    at: Instant,
    /// Whether the call waits for that time in the queue of the rate limit, at its place.
    in_queue: bool,
    /// The random delay after a wait in the queue. It spreads the calls whose permits come at the same time.
    spread: Duration,
    /// The withdrawal from the retry budget that pays for it.
    withdrawal: Option<Withdrawal<'a>>,
}

/// A call in progress.
struct Call<'a> {
    shared: &'a Shared,
    request: &'a mut Request,
    mode: ResponseMode,
    deadline: Instant,
    /// The total time of the call, from its start to its deadline.
    time: Duration,
    /// The time that the call may still wait for a permit. `None` if the wait counts toward the deadline.
    queue_left: Option<Duration>,
    /// The place in the queue of the rate limit, which all attempts keep.
    place: Option<WaiterId>,
    attempts: u32,
    maybe_sent: bool,
    token_renewed: bool,
    /// The number of redirects that were followed.
    hops: u32,
}

impl<'a> Call<'a> {
    fn new(shared: &'a Shared, request: &'a mut Request, mode: ResponseMode) -> Self {
        let time = shared.call_deadline(request.endpoint);
        Self {
            shared,
            request,
            mode,
            deadline: Instant::now() + time,
            time,
            queue_left: shared.queue_timeout,
            place: None,
            attempts: 0,
            maybe_sent: false,
            token_renewed: false,
            hops: 0,
        }
    }

    async fn run(&mut self) -> Result<Box<RawResponse>, Error> {
        runtime::check()?;
        self.request.check()?;
        self.shared.check_settings()?;
        self.shared.check_length(self.request)?;
        if !self.request.endpoint.is_public() {
            self.shared.check_headers(self.request.headers.iter().map(|(name, _)| name))?;
        }
        let mut refused = None;
        let mut withdrawal: Option<Withdrawal<'a>> = None;
        let mut spread = Duration::ZERO;
        loop {
            let mut credentials = self.authorize(refused.take()).await?;
            let permit = self.acquire_permit().await?;
            let is_spread = !spread.is_zero();
            if is_spread {
                let left = self.deadline.saturating_duration_since(Instant::now());
                sleep(std::mem::take(&mut spread).min(left / 2)).await;
            }
            if is_spread || permit.as_ref().is_some_and(Permit::has_waited) {
                // The token may have expired during the wait.
                credentials = self.authorize(None).await?;
            }
            self.attempts += 1;
            if let Some(withdrawal) = withdrawal.take() {
                withdrawal.spend();
            }
            let (until, limit) = self.time_limit();
            let mut watch = Watch::new(&self.shared.middlewares, self.request.endpoint, self.attempts);
            let mut attempt = self
                .shared
                .attempt(self.request, credentials.as_ref(), watch.as_deref_mut(), permit, self.mode, until)
                .await;
            if let Some(watch) = watch {
                watch.end(&attempt, credentials.as_ref());
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
                (Ok(reply), None) if headers::is_limit(reply.status, &reply.headers) => {
                    Outcome::RateLimited(reply.status)
                }
                (Ok(reply), None) => Outcome::Status(reply.status),
                (Err(failed), _) => failed.outcome,
            };
            let idempotent = self.request.endpoint.idempotent || self.request.is_redirected_get();
            let action = retry::classify(outcome, idempotent, &self.shared.retry.statuses);
            self.maybe_sent |= outcome.maybe_sent();
            // A redirect that changes the request to `GET` follows its processing: the last request can be retried, but
            // not the whole call.
            let retryable = action.helps() && (self.request.endpoint.idempotent || !self.request.is_redirected_get());
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
                    refused = generation
                        .map(|generation| (generation, failure::status_error(reply, false, None, None, false)));
                    continue;
                }
                (Ok(reply), None) => {
                    let refusal = match self.redirect(&reply) {
                        Some(Ok(destination)) => {
                            self.request.destination = Some(Box::new(destination));
                            self.hops += 1;
                            continue;
                        }
                        Some(Err(refusal)) => Some(refusal),
                        None => None,
                    };
                    let limited = matches!(outcome, Outcome::RateLimited(_));
                    let asked = self.server_delay(&reply, limited);
                    let in_queue = self.waits_in_queue(limited, asked);
                    self.next_attempt(action, asked, in_queue, None)
                        .ok_or_else(|| failure::status_error(reply, limited, refusal, asked, retryable))
                }
                (Err(failed), _) => self
                    .next_attempt(action, None, false, failed.fault.as_ref())
                    .ok_or_else(|| failure::attempt_error(self.shared, self.request.endpoint, failed, limit)),
            };
            let next = next.map_err(|error| error.with_retryable(retryable))?;
            (withdrawal, spread) = (next.withdrawal, next.spread);
            trace::log_retry(outcome, self.attempts, next.at);
            if !next.in_queue {
                sleep_until(next.at).await;
            }
        }
    }

    /// Returns the credentials of the next attempt. After the server has rejected a token, they contain a newer one.
    async fn authorize(&self, refused: Option<(u64, Error)>) -> Result<Option<RequestCredentials>, Error> {
        if self.request.endpoint.is_public() || self.request.is_foreign() {
            return Ok(None);
        }
        let authorization = &self.shared.authorization;
        if authorization.is_empty() {
            let optional = self.request.endpoint.optional_credentials || authorization.is_external();
            return if optional { Ok(None) } else { Err(failure::no_credentials()) };
        }
        let Some(source) = authorization.source() else { return Ok(Some(authorization.with_token(None))) };
        let token = match &refused {
            None => source.bearer(self.deadline).await,
            Some((generation, _)) => source.renew(*generation, self.deadline).await,
        };
        match (token, refused) {
            (Ok(token), _) => Ok(Some(authorization.with_token(Some(token)))),
            // No token is left to try: the API's own error describes the failure better.
            (Err(TokenError::Exhausted { .. }), Some((_, refusal))) => Err(refusal),
            (Err(error), _) => Err(failure::no_token(error)),
        }
    }

    /// Returns `true` if a new token may help after this status. This happens at most once per call.
    fn may_renew(&self, status: StatusCode) -> bool {
        status == StatusCode::UNAUTHORIZED
            && !self.token_renewed
            && !self.request.is_foreign()
            && self.request.body.is_replayable()
            && self.shared.retry.replay_unauthorized
            && !self.request.endpoint.is_public()
            && self.shared.authorization.source().is_some()
    }

    /// Returns the destination of a redirect, or the reason why it is not followed.
    fn redirect(&self, reply: &RawResponse) -> Option<Result<Destination, String>> {
        let (url, urls) = (self.shared.url(self.request)?, self.shared.urls_of(self.request.endpoint)?);
        redirect::of(self.request, reply, &url, urls.base(), self.hops)
    }

    /// Returns the end of an attempt that starts now, and the time limit that sets it.
    fn time_limit(&self) -> (Instant, TimeLimit) {
        let timeout = self.shared.attempt_timeout(self.request.endpoint);
        let until = Instant::now().checked_add(timeout).map_or(self.deadline, |end| end.min(self.deadline));
        if until < self.deadline || timeout == self.time {
            (until, TimeLimit::Attempt(timeout))
        } else {
            (until, TimeLimit::Deadline(self.time))
        }
    }

    fn is_wanted(&self, status: StatusCode) -> bool {
        self.mode.accepts(status, self.request.endpoint)
    }

    /// Returns the client's rate limiter, if it has one. The limit does not apply to other origins.
    fn rate_limiter(&self) -> Option<&'a RateLimiter> {
        self.shared.rate_limiter.as_deref().filter(|_| !self.request.is_foreign())
    }

    /// Acquires a permit of the client's rate limit, if it has one.
    async fn acquire_permit(&mut self) -> Result<Option<Permit<'a>>, Error> {
        let shared = self.shared;
        let Some(limiter) = self.rate_limiter() else { return Ok(None) };
        let waiting = trace::wait_start();
        let attempt = shared.attempt_timeout(self.request.endpoint);
        let permit = match self.queue_left {
            None => limiter.acquire(&mut self.place, self.deadline, attempt).await,
            Some(left) => {
                let queued = Instant::now();
                let permit = limiter.acquire(&mut self.place, queued + left, attempt).await;
                let waited = queued.elapsed();
                self.queue_left = Some(left.saturating_sub(waited));
                self.deadline += waited;
                permit
            }
        };
        trace::log_wait(waiting);
        permit.map(Some).map_err(|late| failure::rate_limited(late.free_at, shared.queue_timeout))
    }

    /// Returns the delay that the server requests. If its rate limit is reached, the delay applies to all calls of the
    /// client.
    fn server_delay(&self, reply: &RawResponse, limited: bool) -> Option<Duration> {
        let wall = SystemTime::now();
        let asked = headers::retry_after(&reply.headers, wall);
        if !limited {
            return asked;
        }
        let asked = asked.or_else(|| headers::rate_limit_reset(&reply.headers, wall))?;
        if let Some(limiter) = self.rate_limiter() {
            limiter.pause_until(Instant::now() + asked);
        }
        Some(asked)
    }

    /// Returns `true` if the delay that the server requested is a wait for the rate limit, which the limiter enforces for
    /// all calls of the client: this call waits in the queue like the others, at its place.
    fn waits_in_queue(&self, limited: bool, asked: Option<Duration>) -> bool {
        let fits = |asked: Duration| self.queue_left.is_none_or(|left| asked <= left);
        limited && self.rate_limiter().is_some() && asked.is_some_and(fits)
    }

    /// Returns the next attempt, or `None` if no retry follows. `asked` is the delay that the server requests; with
    /// `in_queue`, the call spends it in the queue of the rate limit. `fault` is a lost connection, for which the budget
    /// is charged once, regardless of the number of calls on it.
    fn next_attempt(
        &mut self,
        action: RetryAction,
        asked: Option<Duration>,
        in_queue: bool,
        fault: Option<&Fault>,
    ) -> Option<Next<'a>> {
        let shared = self.shared;
        let retry = &shared.retry;
        let tries = self.attempts - u32::from(self.token_renewed) - self.hops;
        if !action.helps() || tries >= retry.max_attempts || !self.request.body.is_replayable() {
            return None;
        }
        let is_in_time = |at: &Instant| *at < self.deadline;
        let (wait, delay) = (asked.unwrap_or_default(), retry.delay(tries, random::unit_f64()));
        let allowed = Instant::now().checked_add(wait)?;
        let (at, spread) = if in_queue {
            // With a queue timeout, the wait in the queue does not count toward the deadline.
            if self.queue_left.is_none() && !is_in_time(&allowed) {
                return None;
            }
            (allowed, delay.min(MAX_SPREAD))
        } else {
            let left = self.deadline.checked_duration_since(allowed)?;
            // A random delay on top of the server's spreads the calls that wait for the same time, and makes none
            // exceed its deadline.
            let delay = if wait.is_zero() { delay } else { delay.min(left / 2) };
            (allowed.checked_add(delay).filter(is_in_time)?, Duration::ZERO)
        };
        if action == RetryAction::RetryAfter && asked.is_some() {
            return Some(Next { at, in_queue, spread, withdrawal: None });
        }
        let mut withdrawn = false;
        let mut withdraw = || {
            withdrawn = shared.budget.withdraw();
            withdrawn
        };
        let paid = match fault {
            Some(fault) => fault.charge(withdraw),
            None => withdraw(),
        };
        let withdrawal = || withdrawn.then(|| Withdrawal::new(&shared.budget, fault.cloned()));
        paid.then(|| Next { at, in_queue, spread, withdrawal: withdrawal() })
    }
}
