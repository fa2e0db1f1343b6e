//! The open connections to one server.
//!
//! An HTTP/1.1 connection is in the pool while no call uses it; the most recently used one is taken first. An HTTP/2
//! connection stays in the pool, and all calls share it. Until the protocol of a server is known, one connection is
//! made for all waiting calls, and they share its outcome.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use hyper::client::conn::{http1, http2};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::error::{Fault, SharedError};
use super::request_body::Body;
use crate::runtime;

pub(super) type Exclusive = http1::SendRequest<Body>;

/// An HTTP/2 connection.
pub(crate) struct Multiplexed {
    pub(super) sender: http2::SendRequest<Body>,
    pub(super) fault: Fault,
    /// Whether the connection has ended in order, by a `GOAWAY` without an error: requests it still holds were not
    /// sent.
    pub(super) ended_in_order: Arc<AtomicBool>,
    suspect: AtomicBool,
}

impl Multiplexed {
    pub(super) fn new(sender: http2::SendRequest<Body>, ended_in_order: Arc<AtomicBool>) -> Self {
        Self { sender, fault: Fault::default(), ended_in_order, suspect: AtomicBool::new(false) }
    }

    /// Excludes this connection from new calls, because a response timed out on it: it may be dead without notice.
    /// Calls in progress on it may still succeed.
    pub(crate) fn suspect(&self) {
        self.suspect.store(true, Ordering::Relaxed);
    }

    fn is_usable(&self) -> bool {
        !self.suspect.load(Ordering::Relaxed) && self.sender.is_ready()
    }
}

/// An open connection.
pub(super) enum Connection {
    Exclusive(Exclusive),
    Multiplexed(Arc<Multiplexed>),
}

/// The way a call gets a connection.
pub(super) enum Checkout {
    /// It uses this connection.
    Open(Connection),
    /// It makes a connection for itself.
    Connect,
    /// It makes a connection for all calls, and reports the outcome.
    ConnectForAll(Connecting),
    /// It waits for the outcome of another call.
    Wait(Outcome),
}

/// The outcome of a connection made for all calls: success or an error.
pub(super) type Outcome = watch::Receiver<Option<Result<(), SharedError>>>;

/// A connection for all calls is being made. If this is dropped without an outcome, as by a runtime that ends, the next
/// call makes one.
pub(super) struct Connecting {
    pool: Arc<Pool>,
    outcome: watch::Sender<Option<Result<(), SharedError>>>,
}

pub(super) struct Pool {
    state: Mutex<State>,
    idle_timeout: Duration,
    max_idle: usize,
}

struct State {
    idle: Vec<(Exclusive, Instant)>,
    multiplexed: Option<(Arc<Multiplexed>, Instant)>,
    /// Whether one connection may suffice for all calls: the server uses HTTP/2, or its protocol is unknown.
    one_for_all: bool,
    connecting: Option<Outcome>,
    /// Whether a task closes connections that have been idle for too long.
    swept: bool,
}

impl Pool {
    pub(super) fn new(may_multiplex: bool, idle_timeout: Duration, max_idle: usize) -> Arc<Self> {
        let state =
            State { idle: Vec::new(), multiplexed: None, one_for_all: may_multiplex, connecting: None, swept: false };
        Arc::new(Self { state: Mutex::new(state), idle_timeout, max_idle })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn checkout(self: &Arc<Self>) -> Checkout {
        let now = Instant::now();
        let mut state = self.state();
        if let Some((multiplexed, used)) = &mut state.multiplexed {
            if multiplexed.is_usable() {
                *used = now;
                return Checkout::Open(Connection::Multiplexed(Arc::clone(multiplexed)));
            }
            state.multiplexed = None;
        }
        while let Some((connection, since)) = state.idle.pop() {
            if now.saturating_duration_since(since) >= self.idle_timeout {
                // The others have been idle even longer.
                state.idle.clear();
            } else if connection.is_ready() {
                return Checkout::Open(Connection::Exclusive(connection));
            }
        }
        if !state.one_for_all {
            return Checkout::Connect;
        }
        if let Some(outcome) = &state.connecting {
            return Checkout::Wait(outcome.clone());
        }
        let (sender, outcome) = watch::channel(None);
        state.connecting = Some(outcome);
        Checkout::ConnectForAll(Connecting { pool: Arc::clone(self), outcome: sender })
    }

    /// Adds a new connection that calls can share.
    pub(super) fn share(self: &Arc<Self>, connection: Arc<Multiplexed>) {
        let mut state = self.state();
        state.one_for_all = true;
        state.multiplexed = Some((connection, Instant::now()));
        self.sweep(state);
    }

    /// Records that the server uses HTTP/1.1.
    pub(super) fn is_exclusive(&self) {
        self.state().one_for_all = false;
    }

    /// Adds a connection whose response has been read to the end.
    pub(super) fn put(self: &Arc<Self>, mut connection: Exclusive) {
        if connection.is_ready() {
            let mut state = self.state();
            if state.idle.len() < self.max_idle && !self.idle_timeout.is_zero() {
                state.idle.push((connection, Instant::now()));
                self.sweep(state);
            }
        } else if !connection.is_closed() {
            // It is still sending the request, or its task has not run since the end of the response.
            let pool = Arc::downgrade(self);
            let within = self.idle_timeout;
            // A body can be read to its end outside of a runtime.
            runtime::spawn(async move {
                let ready = timeout(within, connection.ready()).await;
                if let (Ok(Ok(())), Some(pool)) = (ready, pool.upgrade())
                    && connection.is_ready()
                {
                    pool.put(connection);
                }
            });
        }
    }

    /// Starts the task that closes idle connections, unless it is running.
    fn sweep(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        let Ok(runtime) = Handle::try_current() else { return };
        if !std::mem::replace(&mut state.swept, true) {
            drop(state);
            let sweeper = Sweeper(Arc::downgrade(self));
            runtime.spawn(sweeper.run(self.idle_timeout.max(Duration::from_millis(1))));
        }
    }

    /// Closes connections that have been idle for too long. Returns the time until the next one is due, if there is
    /// one.
    fn close_idle(&self) -> Option<Duration> {
        let now = Instant::now();
        let mut state = self.state();
        let State { idle, multiplexed, .. } = &mut *state;
        idle.retain(|(connection, since)| {
            !connection.is_closed() && now.saturating_duration_since(*since) < self.idle_timeout
        });
        if let Some((connection, used)) = multiplexed {
            if Arc::strong_count(connection) > 1 {
                *used = now;
            }
            if !connection.is_usable() || now.saturating_duration_since(*used) >= self.idle_timeout {
                *multiplexed = None;
            }
        }
        let first = idle.first().map(|(_, since)| *since);
        let first = first.into_iter().chain(multiplexed.as_ref().map(|(_, used)| *used)).min()?;
        Some((first + self.idle_timeout).saturating_duration_since(now).max(Duration::from_millis(1)))
    }
}

/// Closes idle connections as long as there are any, and as long as its runtime runs.
struct Sweeper(Weak<Pool>);

impl Sweeper {
    async fn run(self, mut wait: Duration) {
        loop {
            sleep(wait).await;
            let Some(pool) = self.0.upgrade() else { return };
            let Some(next) = pool.close_idle() else { return };
            wait = next;
        }
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        if let Some(pool) = self.0.upgrade() {
            pool.state().swept = false;
        }
    }
}

impl Connecting {
    /// Returns a receiver for the outcome.
    pub(super) fn outcome(&self) -> Outcome {
        self.outcome.subscribe()
    }

    /// Reports the outcome to all waiting calls. On success, the connection is in the pool already.
    pub(super) fn report(self, outcome: Result<(), SharedError>) {
        // Later calls must not see this outcome.
        self.pool.state().connecting = None;
        self.outcome.send_replace(Some(outcome));
    }
}

impl Drop for Connecting {
    fn drop(&mut self) {
        if self.outcome.borrow().is_none() {
            self.pool.state().connecting = None;
        }
    }
}
