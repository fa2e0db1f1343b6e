//! Tests that need a real server. Without `redis-server`, each test prints a message and ends.

mod like_the_model;
mod lost_state;
mod server;
mod tokens;
mod trouble;

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use rolecall::RateLimit;
use rolecall::pool::{Lent, PoolError, RateLimitPool, Turn};

use crate::connection::Script;
use crate::{Redis, RedisPool};
use server::RedisServer;

/// Creates a pool whose clock is the key `clock`, so that a test sets the time.
struct Clockwork {
    server: RedisServer,
    redis: Redis,
    now: Duration,
    runtime: tokio::runtime::Runtime,
    /// Whether the last turn was repeated.
    repeated: Cell<bool>,
}

const WITH_CLOCK: &str = concat!("local now = tonumber(redis.call('GET', 'clock'))\n", include_str!("../lua/turn.lua"));

impl Clockwork {
    fn start() -> Option<Self> {
        let server = RedisServer::start()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let redis = crate::connect_lazily(&server.url()).unwrap();
        let mut clockwork =
            Self { server, redis, now: Duration::from_secs(1_700_000_000), runtime, repeated: Cell::default() };
        clockwork.pass(Duration::ZERO);
        Some(clockwork)
    }

    fn pool(&self) -> RedisPool {
        let mut pool = self.redis.rate_limit("test").own_share(0);
        pool.script = Arc::new(Script::new(WITH_CLOCK));
        pool
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        let now = self.now.as_micros().to_string();
        self.server.command(&["SET", "clock", &now]);
    }

    fn turn(&self, pool: &RedisPool, turn: &Turn) -> Result<Lent, PoolError> {
        // The clock of a test can jump.
        pool.connection.clock().forget();
        let (lent, repeated) = self.runtime.block_on(repeated(pool, turn, &["did not respond"]));
        self.repeated.set(repeated);
        lent
    }
}

/// Takes a turn, and again while it fails with an error that only says how busy this machine is. It returns the same
/// permits. Also returns whether it was repeated.
async fn repeated(pool: &RedisPool, turn: &Turn, busy: &[&str]) -> (Result<Lent, PoolError>, bool) {
    for tries in 0..20 {
        match pool.turn(turn).await {
            Err(error) if busy.iter().any(|what| error.to_string().contains(what)) => {}
            lent => return (lent, tries > 0),
        }
    }
    panic!("the machine is too busy: 20 turns took longer than 250 ms");
}

/// Takes a turn of a test that is not about time.
async fn take(pool: &RedisPool, turn: &Turn) -> Result<Lent, PoolError> {
    repeated(pool, turn, &["did not respond", "too late"]).await.0
}

fn turn(client: u64, number: u64, limit: RateLimit) -> Turn {
    let mut turn = Turn::new(client, number, limit);
    turn.hold = Duration::from_secs(2);
    turn.within = Duration::from_secs(5);
    turn
}
