//! Runs a client's turns at its pool, one at a time, in a task of its own: cancelling a caller loses nothing, and all
//! waiting callers share the next turn.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tracing::{debug, info, warn};

use super::lending::Step;
use super::pool::{Lent, PoolError, RateLimitPool, Turn};
use crate::runtime;

/// The timeout of a turn.
const TURN_TIMEOUT: Duration = Duration::from_millis(250);

/// The client, as the driver uses it.
pub(super) trait Client: Send + Sync + 'static {
    fn step(&self, driver: u64, now: Instant) -> Step;
    fn turned(&self, driver: u64, asked: Instant, now: Instant, lent: Option<&Lent>);
    fn stopped(&self, driver: u64, now: Instant);
}

/// Takes turns until there is nothing to report and nothing to request, and no share to keep.
pub(super) fn drive(driver: u64, client: Weak<impl Client>, pool: Arc<dyn RateLimitPool>, changed: Arc<Notify>) {
    let run = Run { driver, client };
    // Without a runtime, the run is dropped, and thereby stopped.
    runtime::spawn(run.run(pool, changed));
}

/// Logs the result of a turn at level `DEBUG`. The first failure, and the first success after one, are logged at a
/// higher level.
fn log(reached: &mut bool, turn: &Turn, lent: Result<Lent, PoolError>) -> Option<Lent> {
    match lent {
        Ok(lent) => {
            if !*reached {
                info!("the rate limit pool is reached again");
            }
            *reached = true;
            let (wanted, got, returned) = (turn.wanted, lent.starts.len(), turn.returned.len());
            match lent.closed {
                None => debug!(wanted, lent = got, returned, "rate limit pool: turn"),
                Some(closed) => {
                    let closed_s = closed.as_secs_f64();
                    warn!(wanted, closed_s, "rate limit pool: closed, because its state is new or was lost");
                }
            }
            Some(lent)
        }
        Err(error) => {
            let error = error.to_string();
            if *reached {
                warn!(error, "the rate limit pool cannot be reached; this client has its own share only");
            } else {
                debug!(error, "the rate limit pool cannot be reached");
            }
            *reached = false;
            None
        }
    }
}

/// If it is dropped before its end, with its runtime, the next driver takes its turn.
struct Run<C: Client> {
    driver: u64,
    client: Weak<C>,
}

impl<C: Client> Run<C> {
    async fn run(self, pool: Arc<dyn RateLimitPool>, changed: Arc<Notify>) {
        let mut reached = true;
        // Held until all is reported, but not while there is only a share to keep.
        let mut held = None;
        while let Some(client) = held.take().or_else(|| self.client.upgrade()) {
            // Created before the client is read, so that no change is missed.
            let change = changed.notified();
            match client.step(self.driver, Instant::now()) {
                Step::Turn(turn) => {
                    let asked = Instant::now();
                    let lent = timeout(TURN_TIMEOUT, pool.turn(&turn)).await;
                    let lent = log(&mut reached, &turn, lent.unwrap_or_else(|_| Err("it took too long".into())));
                    client.turned(self.driver, asked, Instant::now(), lent.as_ref());
                }
                Step::Rest(until) => drop(timeout_at(until, change).await),
                Step::Keep(until) => {
                    drop(client);
                    sleep_until(until).await;
                    continue;
                }
                Step::Done => return,
            }
            held = Some(client);
        }
    }
}

impl<C: Client> Drop for Run<C> {
    fn drop(&mut self) {
        if let Some(client) = self.client.upgrade() {
            client.stopped(self.driver, Instant::now());
        }
    }
}
