//! A shared connection, replaced when it breaks. Its errors do not affect later commands.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::{Cmd, ErrorKind, FromRedisValue, ServerErrorKind, Value};
use tokio::time::timeout;

use crate::Error;
use crate::clock::ServerClock;
use crate::server::{CONNECT_TIMEOUT, Server, Wire};

/// A script, and the hash by which Redis identifies it.
pub(crate) struct Script {
    source: &'static str,
    hash: String,
}

impl Script {
    pub(crate) fn new(source: &'static str) -> Self {
        Self { source, hash: redis::Script::new(source).get_hash().to_owned() }
    }
}

pub(crate) struct Connection {
    server: Server,
    live: Mutex<Option<Live>>,
    /// Locked by the task that connects.
    connecting: tokio::sync::Mutex<()>,
    clock: Mutex<ServerClock>,
    /// The run ID of the server whose clock this is.
    run: Mutex<Option<Arc<str>>>,
    made: AtomicU64,
}

#[derive(Clone)]
struct Live {
    wire: Wire,
    number: u64,
    /// The identity of this server, which changes with a restart. `None` if the user may not query it.
    run: Option<Arc<str>>,
}

impl Connection {
    pub(crate) fn new(server: Server) -> Arc<Self> {
        Arc::new(Self {
            server,
            live: Mutex::default(),
            connecting: tokio::sync::Mutex::new(()),
            clock: Mutex::default(),
            run: Mutex::default(),
            made: AtomicU64::new(0),
        })
    }

    pub(crate) fn clock(&self) -> MutexGuard<'_, ServerClock> {
        locked(&self.clock)
    }

    /// Connects, unless a connection exists.
    pub(crate) async fn ready(self: &Arc<Self>) -> Result<(), Error> {
        self.live().await.map(drop)
    }

    /// Runs a script, within `limit`. A broken connection is replaced, and the script is sent again, so it must be
    /// safe to run twice. `write` adds keys and arguments, and gets the server's run ID.
    pub(crate) async fn run<T: FromRedisValue>(
        self: &Arc<Self>,
        script: &Script,
        limit: Duration,
        write: impl Fn(&mut Cmd, Option<&str>),
    ) -> Result<T, Error> {
        let used = AtomicU64::new(0);
        match timeout(limit, self.tries(script, &write, &used)).await {
            Ok(value) => Ok(T::from_redis_value(value?).map_err(|error| Error::new(error.to_string()))?),
            Err(_) => {
                // The response may never arrive, so the next command gets a new connection.
                self.discard(used.into_inner());
                Err(Error::broken(format!("{} did not respond within {} ms", self.server, limit.as_millis())))
            }
        }
    }

    async fn tries(
        self: &Arc<Self>,
        script: &Script,
        write: &impl Fn(&mut Cmd, Option<&str>),
        used: &AtomicU64,
    ) -> Result<Value, Error> {
        let mut again = true;
        loop {
            let mut live = self.live().await?;
            used.store(live.number, Ordering::Relaxed);
            match evaluate(&mut live, script, write).await {
                Ok(value) => return Ok(value),
                Err(error) if error.broken => {
                    self.discard(live.number);
                    if !again {
                        return Err(error);
                    }
                    again = false;
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn live(self: &Arc<Self>) -> Result<Live, Error> {
        if let Some(live) = self.current() {
            return Ok(live);
        }
        // A separate task, because the callers may time out before it completes; the next caller then finds the
        // connection.
        let this = Arc::clone(self);
        let connects = tokio::spawn(async move {
            let _connecting = this.connecting.lock().await;
            if let Some(live) = this.current() {
                return Ok(live);
            }
            let live = match timeout(CONNECT_TIMEOUT, this.connect()).await {
                Ok(live) => {
                    live.map_err(|error| Error::broken(format!("no connection to {}: {error}", this.server)))?
                }
                Err(_) => return Err(Error::broken(format!("no connection to {} in time", this.server))),
            };
            *locked(&this.live) = Some(live.clone());
            Ok(live)
        });
        connects.await.unwrap_or_else(|_| Err(Error::broken("the runtime is being shut down")))
    }

    fn current(&self) -> Option<Live> {
        locked(&self.live).clone()
    }

    fn discard(&self, number: u64) {
        locked(&self.live).take_if(|live| live.number == number);
    }

    async fn connect(&self) -> Result<Live, Error> {
        let mut wire = self.server.connect().await?;
        let number = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        if !wire.is_single() {
            return Ok(Live { wire, number, run: None });
        }
        let info = wire.send(redis::cmd("INFO").arg("server")).await;
        let run = match info {
            Ok(info) => run_id(&String::from_redis_value(info).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoPerm) => None,
            Err(error) => return Err(error.into()),
        };
        let mut known = locked(&self.run);
        if *known != run {
            self.clock().forget();
            known.clone_from(&run);
        }
        drop(known);
        Ok(Live { wire, number, run })
    }
}

/// Invokes a script by its hash if Redis knows it, or by its text otherwise, or if the user may not use `EVALSHA`.
async fn evaluate(live: &mut Live, script: &Script, write: &impl Fn(&mut Cmd, Option<&str>)) -> Result<Value, Error> {
    let mut command = redis::cmd("EVALSHA");
    command.arg(&script.hash);
    write(&mut command, live.run.as_deref());
    let error = match live.wire.send(&command).await {
        Ok(Value::ServerError(error)) => redis::RedisError::from(error),
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let by_text = [ServerErrorKind::NoScript, ServerErrorKind::NoPerm].map(ErrorKind::Server).contains(&error.kind());
    if !by_text {
        return Err(error.into());
    }
    let mut command = redis::cmd("EVAL");
    command.arg(script.source);
    write(&mut command, live.run.as_deref());
    match live.wire.send(&command).await? {
        Value::ServerError(error) => Err(redis::RedisError::from(error).into()),
        value => Ok(value),
    }
}

fn run_id(info: &str) -> Option<Arc<str>> {
    info.lines().find_map(|line| line.strip_prefix("run_id:")).map(|id| Arc::from(id.trim()))
}

/// Each step leaves the locked value consistent, so it can be used after a panic.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
