//! Executes the decisions of the state machine: one fetch in a task of its own, which all callers wait for.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use http::HeaderValue;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};
use tracing::{debug, warn};

use super::error::TokenError;
use super::fetch::{FetchToken, Fetched};
use super::header::{TokenHeader, token_header};
use super::lease::{Claim, Lease};
use super::reason::FetchReason;
use super::state::{Action, Fetch, IssuedToken, Jitter, State};
use super::store::{StoreFuture, StoredToken, TokenKey, TokenStore};
use crate::runtime;

#[cfg(test)]
mod tests;

/// The timeout of store operations.
const STORE_TIMEOUT: Duration = Duration::from_secs(2);

/// The minimum and maximum interval at which the store is polled while another client fetches a token.
const STORE_POLL: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(200));

/// The delay after which a renewal before expiry that was left to other clients, or postponed until the store works, is
/// retried.
const POSTPONED: Duration = Duration::from_secs(1);

/// The minimum time to wait for another client's fetch, so that a store can detect that the client is gone, and another
/// client can fetch in its place.
const OTHERS_TIMEOUT: Duration = Duration::from_secs(10);

/// The time a fetch may take beyond its own timeouts before it counts as lost.
const GRACE: Duration = Duration::from_secs(1);

/// The longest backoff that a call waits for; if the next attempt is further away, the call fails immediately.
const BACKOFF_TIMEOUT: Duration = Duration::from_secs(15);

/// The tokens of one client, shared by its clones.
///
/// - At most one fetch is in progress, regardless of the number of calls that wait for it. It runs in a task of its
///   own, so cancelling a call does not affect other calls. If the task's runtime is shut down or stalls, the next call
///   starts another fetch.
/// - A token is renewed before it expires, by the first call in its last five minutes (or last quarter). That call and
///   others keep using the old token. A client without calls renews nothing.
/// - While the authorization server is down, it receives at most 3 requests per minute, and at most 3 between the time
///   the renewal is due and the end of the old token. A call without a token waits for the next attempt if that is at
///   most 15 seconds away and before the call's deadline; otherwise it fails immediately with the last error.
/// - After the server rejects the credentials, there is one attempt after 30 seconds and then one per minute; calls
///   fail immediately with the rejection.
///   refusal at once.
#[derive(Clone)]
pub(crate) struct TokenSource {
    inner: Arc<Inner>,
}

struct Inner {
    state: Mutex<State>,
    /// Notifies waiting callers that a fetch has ended.
    changed: Notify,
    origin: Box<dyn FetchToken>,
    store: Arc<dyn TokenStore>,
    key: TokenKey,
    /// The scheme of the `Authorization` header.
    scheme: String,
    /// The timeout of waiting for another client's fetch.
    others: Duration,
}

/// The outcome of a fetch that did not fail.
enum Obtained {
    Token(IssuedToken, &'static str),
    /// There is no new token yet, and the old one can still be sent.
    Postponed,
}

impl TokenSource {
    /// `fetch_timeout` is the maximum duration of one fetch.
    pub(super) fn new(
        origin: Box<dyn FetchToken>,
        store: Arc<dyn TokenStore>,
        key: TokenKey,
        scheme: String,
        fetch_timeout: Duration,
    ) -> Self {
        let others = fetch_timeout.saturating_add(GRACE).max(OTHERS_TIMEOUT);
        let timeout = fetch_timeout.saturating_add(2 * STORE_TIMEOUT + GRACE).min(Duration::from_secs(3600));
        let state = Mutex::new(State::new(timeout));
        Self { inner: Arc::new(Inner { state, changed: Notify::new(), origin, store, key, scheme, others }) }
    }

    /// Returns a token that can be sent. If there is one, this neither waits nor allocates.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError`] if no token can be obtained by the deadline.
    pub(crate) fn bearer(&self, deadline: Instant) -> impl Future<Output = Result<TokenHeader, TokenError>> {
        self.get(None, deadline)
    }

    /// Returns a token newer than the generation `rejected`, which the API rejected with 401. If there is no newer one,
    /// one renewal is made for all callers that need it. Others keep using the old token meanwhile, because the API may
    /// have rejected it for this endpoint only. At most three such renewals are made per minute.
    ///
    /// # Errors
    ///
    /// Returns [`TokenError`] if no token can be obtained by the deadline.
    pub(crate) fn renew(
        &self,
        rejected: u64,
        deadline: Instant,
    ) -> impl Future<Output = Result<TokenHeader, TokenError>> {
        self.get(Some(rejected), deadline)
    }

    async fn get(&self, rejected: Option<u64>, deadline: Instant) -> Result<TokenHeader, TokenError> {
        match self.inner.with(|state| state.ask(Instant::now(), rejected)) {
            Action::Serve(bearer) => return Ok(bearer),
            Action::ServeAndFetch(bearer, fetch) => {
                self.start(fetch);
                return Ok(bearer);
            }
            Action::Fetch(fetch) => self.start(fetch),
            Action::Wait(_) | Action::Backoff(..) => {}
        }
        loop {
            // Created before the state is read, so that it is notified of every fetch that ends from here on.
            let changed = self.inner.changed.notified();
            let now = Instant::now();
            match self.inner.with(|state| state.ask(now, rejected)) {
                Action::Serve(bearer) => return Ok(bearer),
                Action::ServeAndFetch(bearer, fetch) => {
                    self.start(fetch);
                    return Ok(bearer);
                }
                Action::Fetch(fetch) => self.start(fetch),
                Action::Wait(_) if now >= deadline => return Err(TokenError::Deadline),
                Action::Wait(until) => drop(timeout_at(until.min(deadline), changed).await),
                Action::Backoff(until, why) => {
                    if !why.is_temporary() || until > deadline || until > now + BACKOFF_TIMEOUT {
                        return Err(why.with_retry_after(until.saturating_duration_since(now)));
                    }
                    sleep_until(until).await;
                }
            }
        }
    }

    fn start(&self, fetch: Fetch) {
        let run = Run { inner: Arc::clone(&self.inner), fetch: Some(fetch) };
        // Without a runtime, the run is dropped, and thereby lost.
        runtime::spawn(run.run());
    }
}

impl Inner {
    /// Each step leaves the state consistent, so it can be used after a panic.
    fn with<T>(&self, step: impl FnOnce(&mut State) -> T) -> T {
        step(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns a token from the store if another client saved a newer one there; otherwise fetches it from the server.
    /// Of the clients that share the store, one fetches, and the others wait for its token.
    async fn obtain(
        &self,
        number: u64,
        reason: FetchReason,
        lease: &mut Option<Lease>,
    ) -> Result<Obtained, TokenError> {
        let stored = self.look_into_store(number, lease).await?;
        let known = match stored {
            Stored::Token(grant) => return Ok(Obtained::Token(grant, "store")),
            // As long as the old token can be sent, no client needs a fetch of its own.
            Stored::Busy | Stored::Failed if reason == FetchReason::Expiring => return Ok(Obtained::Postponed),
            Stored::Busy | Stored::Failed if self.origin.needs_store() => {
                return Err(TokenError::Store { retry_after: None });
            }
            Stored::Nothing(ref known) => known.as_ref(),
            Stored::Busy | Stored::Failed => None,
        };
        debug!(reason = reason.as_str(), token_url = self.key.token_url(), "asking for a token");
        let fetched = match self.origin.fetch(reason, known).await {
            Err(why @ TokenError::ConsentRequired { .. }) => self.fetch_with_a_newer(reason, why).await?,
            fetched => fetched?,
        };
        let grant = self.grant(&fetched);
        // Saved before it is used, so that a program that ends after its first call leaves the token to the next one. A
        // store that has failed is not waited for again.
        let of_use = grant.is_ok() || fetched.refresh_token.is_some();
        if of_use && !matches!(stored, Stored::Failed) {
            self.save(number, &fetched).await;
        }
        Ok(Obtained::Token(grant?, "authorization server"))
    }

    /// Another client of the store may have used the refresh token already, and saved the next one.
    async fn fetch_with_a_newer(&self, reason: FetchReason, why: TokenError) -> Result<Fetched, TokenError> {
        let stored = self.in_store("load", self.store.load(&self.key)).await.flatten();
        let newer = stored.filter(|stored| stored.generation() > self.origin.generation());
        let result = match &newer {
            Some(newer) => self.origin.fetch(reason, Some(newer)).await,
            None => Err(why),
        };
        if let Err(why @ TokenError::ConsentRequired { .. }) = &result {
            self.origin.give_up(why);
        }
        result
    }

    /// Saves the token. Losing a refresh token locks its user out, so saving it is attempted up to three times.
    async fn save(&self, number: u64, fetched: &Fetched) {
        let stored = StoredToken::new(fetched.token.clone(), fetched.asked_wall, fetched.lifetime);
        let (stored, tries) = match fetched.refresh_token.clone() {
            Some((token, generation)) => (stored.with_refresh_token(token, generation), 3),
            None => (stored, 1),
        };
        for _ in 0..tries {
            self.with(|state| state.is_alive(number, Instant::now()));
            if self.in_store("save", self.store.save(&self.key, &stored)).await.is_some() {
                return;
            }
        }
    }

    /// Reads the store, acquires the lease for the next fetch, and reads again, because another client may have been
    /// faster.
    async fn look_into_store(&self, number: u64, lease: &mut Option<Lease>) -> Result<Stored, TokenError> {
        let until = Instant::now() + self.others;
        let mut stored;
        loop {
            match self.in_store("load", self.store.load(&self.key)).await {
                Some(found) => {
                    if let Some(grant) = found.as_ref().and_then(|found| self.adopt(found)) {
                        return Ok(Stored::Token(grant));
                    }
                    stored = found;
                }
                None => return Ok(Stored::Failed),
            }
            if lease.is_some() {
                return Ok(Stored::Nothing(stored));
            }
            match self.in_store("claim", self.store.claim(&self.key)).await {
                Some(Claim::Granted(granted)) => {
                    let free = granted.is_free();
                    *lease = Some(granted);
                    if free {
                        return Ok(Stored::Nothing(stored));
                    }
                }
                Some(Claim::Held(_)) if Instant::now() >= until => return Ok(Stored::Busy),
                Some(Claim::Held(wait)) => {
                    sleep(wait.clamp(STORE_POLL.0, STORE_POLL.1)).await;
                    self.with(|state| state.is_alive(number, Instant::now()));
                }
                Some(Claim::Refused(hold)) => return Err(TokenError::unavailable().with_retry_after(hold)),
                None => return Ok(Stored::Failed),
            }
        }
    }

    fn adopt(&self, stored: &StoredToken) -> Option<IssuedToken> {
        let (now, remaining) = (Instant::now(), stored.remaining(SystemTime::now())?);
        let header = token_header(&self.scheme, stored.access_token())?;
        let grant = IssuedToken { header, lifetime: stored.lifetime(), expires: now + remaining };
        self.with(|state| state.is_newer(&grant, now)).then_some(grant)
    }

    fn grant(&self, fetched: &Fetched) -> Result<IssuedToken, TokenError> {
        let what = "`access_token` contains a character that is not allowed in a header";
        let header: HeaderValue = token_header(&self.scheme, &fetched.token).ok_or_else(|| TokenError::Malformed {
            what: what.into(),
            status: fetched.status,
            retry_after: None,
        })?;
        let grant = IssuedToken { header, lifetime: fetched.lifetime, expires: fetched.asked + fetched.lifetime };
        let useful = State::useful(&grant, Instant::now());
        if useful { Ok(grant) } else { Err(TokenError::Expired { retry_after: None }) }
    }

    async fn in_store<T>(&self, what: &'static str, work: StoreFuture<'_, T>) -> Option<T> {
        let error = match timeout(STORE_TIMEOUT, work).await {
            Ok(Ok(value)) => return Some(value),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it took too long".to_owned(),
        };
        warn!(what, error, "token store failed; continuing without it");
        None
    }
}

/// The result of reading the store.
enum Stored {
    Token(IssuedToken),
    /// No token that can be sent, but possibly one that can be refreshed.
    Nothing(Option<StoredToken>),
    /// Another client's fetch has exceeded its time limit.
    Busy,
    Failed,
}

/// A fetch in progress. If it is dropped before its end, the state records it as lost.
struct Run {
    inner: Arc<Inner>,
    fetch: Option<Fetch>,
}

impl Run {
    async fn run(mut self) {
        let Some((number, reason)) = self.fetch.as_ref().map(|fetch| (fetch.number, fetch.reason)) else { return };
        let mut lease = None;
        let result = self.inner.obtain(number, reason, &mut lease).await;
        self.fetch = None;
        let (now, chance) = (Instant::now(), Jitter::pick());
        match result {
            Ok(Obtained::Postponed) => {
                self.inner.with(|state| state.postponed(number, now, POSTPONED));
                debug!(reason = reason.as_str(), "no new token yet");
            }
            Ok(Obtained::Token(grant, from)) => {
                let lives = grant.expires.saturating_duration_since(now);
                self.inner.with(|state| state.fetched(number, now, grant, chance));
                debug!(reason = reason.as_str(), from, lives_s = lives.as_secs(), "obtained a new token");
            }
            Err(why) => {
                let (shown, cause) = (why.to_string(), why.source().map(ToString::to_string));
                let held = self.inner.with(|state| {
                    state.failed(number, now, why, chance);
                    state.held(now)
                });
                if let Some(lease) = lease.take() {
                    lease.failed(held);
                }
                let next_try_s = held.as_secs_f64();
                warn!(reason = reason.as_str(), error = shown, cause, next_try_s, "could not obtain a new token");
            }
        }
        self.inner.changed.notify_waiters();
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if let Some(fetch) = self.fetch.take() {
            self.inner.with(|state| state.lost(fetch.number, Instant::now()));
            self.inner.changed.notify_waiters();
            debug!(reason = fetch.reason.as_str(), "token request was cancelled");
        }
    }
}
