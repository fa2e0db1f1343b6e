//! The open connections to one server.
//!
//! A connection of HTTP/1.1 is in here while no call uses it; the last one used is the first one taken. One of HTTP/2
//! stays, and all calls share it. Until a server has shown which of the two it speaks, one connection is made for all
//! calls that wait, and they share its outcome.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use hyper::client::conn::{http1, http2};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::error::{Fault, SharedError};
use super::request_body::Body;

pub(super) type Exclusive = http1::SendRequest<Body>;

/// A connection of HTTP/2.
pub(crate) struct Multiplexed {
    pub(super) sender: http2::SendRequest<Body>,
    pub(super) fault: Fault,
    /// It has come to its end in order, a `GOAWAY` without an error: what it has not sent was not sent.
    pub(super) ended_in_order: Arc<AtomicBool>,
    suspect: AtomicBool,
}

impl Multiplexed {
    pub(super) fn new(sender: http2::SendRequest<Body>, ended_in_order: Arc<AtomicBool>) -> Self {
        Self { sender, fault: Fault::default(), ended_in_order, suspect: AtomicBool::new(false) }
    }

    /// Keeps new calls from this connection, since one had no response in time: it may be dead without a sign. Calls
    /// that are on it may still end well.
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

/// What a call that needs a connection does.
pub(super) enum Checkout {
    /// It takes this one.
    Open(Connection),
    /// It makes one for itself.
    Connect,
    /// It makes one for all, and reports the outcome.
    ConnectForAll(Connecting),
    /// It waits for the outcome of another call.
    Wait(Outcome),
}

/// The outcome of a connection that is being made for all: there is one now, or there is none.
pub(super) type Outcome = watch::Receiver<Option<Result<(), SharedError>>>;

/// A connection for all is being made. Dropped without an outcome, as by a runtime that ends, it lets the next call try.
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
    /// One connection may be enough for all calls: the server speaks HTTP/2, or it is not known.
    one_for_all: bool,
    connecting: Option<Outcome>,
    /// A task looks for connections that have been idle for too long.
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
                // The others are older still.
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

    /// Takes a new connection that calls can share.
    pub(super) fn share(self: &Arc<Self>, connection: Arc<Multiplexed>) {
        let mut state = self.state();
        state.one_for_all = true;
        state.multiplexed = Some((connection, Instant::now()));
        self.sweep(state);
    }

    /// Notes that the server speaks HTTP/1.1.
    pub(super) fn is_exclusive(&self) {
        self.state().one_for_all = false;
    }

    /// Takes a connection whose response has been read to its end.
    pub(super) fn put(self: &Arc<Self>, mut connection: Exclusive) {
        if connection.is_ready() {
            let mut state = self.state();
            if state.idle.len() < self.max_idle && !self.idle_timeout.is_zero() {
                state.idle.push((connection, Instant::now()));
                self.sweep(state);
            }
        } else if !connection.is_closed() {
            // It still sends the request, or its task has not run since the end of the response.
            let pool = Arc::downgrade(self);
            let within = self.idle_timeout;
            tokio::spawn(async move {
                let ready = timeout(within, connection.ready()).await;
                if let (Ok(Ok(())), Some(pool)) = (ready, pool.upgrade())
                    && connection.is_ready()
                {
                    pool.put(connection);
                }
            });
        }
    }

    /// Starts the task that closes idle connections, unless there is one.
    fn sweep(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        if !std::mem::replace(&mut state.swept, true) {
            drop(state);
            let sweeper = Sweeper(Arc::downgrade(self));
            tokio::spawn(sweeper.run(self.idle_timeout.max(Duration::from_millis(1))));
        }
    }

    /// Closes what has been idle for too long; returns how long to wait for the next, if there is one.
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

/// Closes idle connections as long as there are any, and the runtime that it is on.
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
    /// The outcome, once there is one.
    pub(super) fn outcome(&self) -> Outcome {
        self.outcome.subscribe()
    }

    /// Reports the outcome to all who wait. If it is a connection, it is in the pool already.
    pub(super) fn report(self, outcome: Result<(), SharedError>) {
        // Whoever comes now does not find this outcome any more.
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
