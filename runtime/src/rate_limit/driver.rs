//! Takes a client's turns at its pool, one at a time, in a task of its own: a caller that is dropped loses nothing, and
//! all that wait have their part in the next turn.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout, timeout_at};
use tracing::{debug, info, warn};

use super::lending::Step;
use super::pool::{Lent, PoolError, RateLimitPool, Turn};

/// A turn is not waited for longer.
const TURN_TIMEOUT: Duration = Duration::from_millis(250);

/// What a driver needs of its client.
pub(super) trait Client: Send + Sync + 'static {
    fn step(&self, driver: u64, now: Instant) -> Step;
    fn turned(&self, driver: u64, asked: Instant, now: Instant, lent: Option<&Lent>);
    fn stopped(&self, driver: u64, now: Instant);
}

/// Takes turns until there is nothing to say and nothing to ask.
pub(super) fn drive(driver: u64, client: Arc<impl Client>, pool: Arc<dyn RateLimitPool>, changed: Arc<Notify>) {
    let run = Run { driver, client };
    // Without a runtime the run is dropped, and with that stopped.
    if let Ok(runtime) = Handle::try_current() {
        runtime.spawn(run.run(pool, changed));
    }
}

/// Logs what a turn came to: each at level `DEBUG`, the first that fails and the first that succeeds again louder.
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

/// Dropped before its end, with its runtime, it leaves its turn to the next.
struct Run<C: Client> {
    driver: u64,
    client: Arc<C>,
}

impl<C: Client> Run<C> {
    async fn run(self, pool: Arc<dyn RateLimitPool>, changed: Arc<Notify>) {
        let mut reached = true;
        loop {
            // Made before the client is asked, so that no change is missed.
            let change = changed.notified();
            match self.client.step(self.driver, Instant::now()) {
                Step::Turn(turn) => {
                    let asked = Instant::now();
                    let lent = timeout(TURN_TIMEOUT, pool.turn(&turn)).await;
                    let lent = log(&mut reached, &turn, lent.unwrap_or_else(|_| Err("it took too long".into())));
                    self.client.turned(self.driver, asked, Instant::now(), lent.as_ref());
                }
                Step::Rest(until) => drop(timeout_at(until, change).await),
                Step::Done => return,
            }
        }
    }
}

impl<C: Client> Drop for Run<C> {
    fn drop(&mut self) {
        self.client.stopped(self.driver, Instant::now());
    }
}
