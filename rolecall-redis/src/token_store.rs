//! A token store in Redis, with a lease for fetching tokens.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rolecall::{Claim, ExposeSecret, Lease, StoreFuture, StoredToken, TokenKey, TokenStore};
use tokio::runtime::Handle;
use tokio::time::sleep;
use tracing::debug;

use crate::Error;
use crate::connection::{Connection, Script};

/// The maximum time that a call waits for the store.
const LIMIT: Duration = Duration::from_millis(500);
/// The duration of a lease, after which another client takes over the fetch of one that has terminated.
const LEASE: Duration = Duration::from_secs(3);
/// The interval at which a lease is extended while its client fetches.
const EXTENDED_EVERY: Duration = Duration::from_secs(1);
/// The interval at which the token of another client's fetch is polled.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// A token store that shares one token between all processes with the same credentials, created by
/// [`Redis::token_store`](crate::Redis::token_store).
///
/// Of the clients that need a token, one fetches it, and the others wait for the result. The fetching client holds a
/// lease of 3 seconds, which it extends during the fetch; if its process ends, another client takes over. After a
/// failed fetch, all clients wait, so that there are at most three fetches per minute.
///
/// Redis stores the token unencrypted until it expires, and a refresh token for a year, under a key that contains the
/// token URL, the client ID, the scope, and further parameters. The age of a token is measured by the clock of Redis,
/// so the clocks of the machines need not agree.
#[derive(Clone)]
pub struct RedisTokenStore {
    connection: Arc<Connection>,
    scripts: Arc<Scripts>,
}

struct Scripts {
    load: Script,
    save: Script,
    claim: Script,
    extend: Script,
    release: Script,
}

struct Keys {
    token: String,
    lease: String,
    hold: String,
    failures: String,
}

impl RedisTokenStore {
    pub(crate) fn new(connection: Arc<Connection>) -> Self {
        let scripts = Scripts {
            load: Script::new(include_str!("lua/load.lua")),
            save: Script::new(include_str!("lua/save.lua")),
            claim: Script::new(include_str!("lua/claim.lua")),
            extend: Script::new(include_str!("lua/extend.lua")),
            release: Script::new(include_str!("lua/release.lua")),
        };
        Self { connection, scripts: Arc::new(scripts) }
    }

    async fn read(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        let keys = Keys::of(key);
        let write = |command: &mut redis::Cmd, _: Option<&str>| {
            command.arg(1).arg(&keys.token);
        };
        let found: Option<(u64, u64, String, String, u64)> =
            self.connection.run(&self.scripts.load, LIMIT, write).await?;
        Ok(found.map(|(age, lifetime, token, refresh_token, generation)| {
            let token = StoredToken::with_age(token, Duration::from_millis(age), Duration::from_millis(lifetime));
            if refresh_token.is_empty() { token } else { token.with_refresh_token(refresh_token, generation) }
        }))
    }

    async fn keep(&self, key: &TokenKey, token: &StoredToken) -> Result<(), Error> {
        let keys = Keys::of(key);
        // The time in transit counts toward the age of a token, however late it is saved.
        let write = |command: &mut redis::Cmd, _: Option<&str>| {
            command.arg(3).arg(&keys.token).arg(&keys.hold).arg(&keys.failures);
            command.arg(millis(token.age()).saturating_add(1)).arg(millis(token.lifetime()));
            command.arg(token.access_token().expose_secret());
            command.arg(token.refresh_token().map_or("", ExposeSecret::expose_secret)).arg(token.generation());
        };
        let _: u64 = self.connection.run(&self.scripts.save, LIMIT, write).await?;
        Ok(())
    }

    async fn take_lease(&self, key: &TokenKey) -> Result<Claim, Error> {
        let (keys, owner) = (Keys::of(key), owner());
        let write = |command: &mut redis::Cmd, _: Option<&str>| {
            command.arg(2).arg(&keys.lease).arg(&keys.hold).arg(&owner).arg(millis(LEASE));
        };
        let (granted, wait): (i64, u64) = self.connection.run(&self.scripts.claim, LIMIT, write).await?;
        Ok(match granted {
            1 => Claim::Granted(self.lease(keys, owner)),
            0 => Claim::Held(LOOK_AGAIN),
            _ => Claim::Refused(Duration::from_millis(wait)),
        })
    }

    /// The lease is extended until it ends, and then released. If Redis is unreachable, it expires.
    fn lease(&self, keys: Keys, owner: String) -> Lease {
        let this = self.clone();
        let extends = {
            let (this, lease, owner) = (self.clone(), keys.lease.clone(), owner.clone());
            tokio::spawn(async move {
                loop {
                    sleep(EXTENDED_EVERY).await;
                    let write = |command: &mut redis::Cmd, _: Option<&str>| {
                        command.arg(1).arg(&lease).arg(&owner).arg(millis(LEASE));
                    };
                    if matches!(this.connection.run(&this.scripts.extend, LIMIT, write).await, Ok(0_u64)) {
                        debug!("the lease on fetching a token is another client's by now");
                        return;
                    }
                }
            })
        };
        Lease::new(move |failed| {
            extends.abort();
            let Ok(runtime) = Handle::try_current() else { return };
            runtime.spawn(async move {
                let write = |command: &mut redis::Cmd, _: Option<&str>| {
                    command.arg(3).arg(&keys.lease).arg(&keys.hold).arg(&keys.failures).arg(&owner);
                    match failed {
                        Some(hold) => command.arg(millis(hold)),
                        None => command.arg(-1),
                    };
                };
                if let Err(error) = this.connection.run::<u64>(&this.scripts.release, LIMIT, write).await {
                    debug!(error = error.to_string(), "the lease on fetching a token was not released");
                }
            });
        })
    }
}

impl TokenStore for RedisTokenStore {
    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        Box::pin(async move { Ok(self.read(key).await?) })
    }

    fn save<'a>(&'a self, key: &'a TokenKey, token: &'a StoredToken) -> StoreFuture<'a, ()> {
        Box::pin(async move { Ok(self.keep(key, token).await?) })
    }

    fn claim<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Claim> {
        Box::pin(async move { Ok(self.take_lease(key).await?) })
    }
}

impl fmt::Debug for RedisTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisTokenStore").finish_non_exhaustive()
    }
}

impl Keys {
    /// Each part is preceded by its length, so that no two sets of credentials share a key.
    fn of(key: &TokenKey) -> Self {
        let mut name = String::new();
        let parts = [Some(key.token_url()), Some(key.client_id()), key.scope()].into_iter();
        let parameters = key.parameters().flat_map(|(name, value)| [Some(name), Some(value)]);
        for part in parts.chain(parameters) {
            match part {
                Some(part) => name.push_str(&format!("{}:{part},", part.len())),
                None => name.push_str("-,"),
            }
        }
        // A brace would end the hash tag of the key in a cluster.
        let name = name.replace('%', "%25").replace('{', "%7B").replace('}', "%7D");
        let key = |what: &str| format!("rolecall:{{token:{name}}}:{what}");
        Self { token: key("token"), lease: key("lease"), hold: key("hold"), failures: key("failures") }
    }
}

#[cfg(test)]
pub(crate) fn hold_key(key: &TokenKey) -> String {
    Keys::of(key).hold
}

/// Returns a unique name for a lease.
fn owner() -> String {
    use std::hash::{BuildHasher, RandomState};
    let number = || RandomState::new().hash_one(0_u8);
    format!("{:016x}{:016x}", number(), number())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_key_makes_another_name() {
        let key = |url: &str, id: &str, scope: Option<&str>| TokenKey::new(url, id, scope.map(str::to_owned));
        let names = [
            key("u", "i", None),
            key("u", "i", Some("")),
            key("u", "i", Some("s")),
            key("u", "is", None),
            key("ui", "", Some("s")),
            key("u", "i", None).with_parameter("audience", "a"),
            key("u", "i", None).with_parameter("audience", "b"),
            key("u", "i", None).with_parameter("a", "b").with_parameter("c", "d"),
            key("u", "i", None).with_parameter("a", "b1:c1:d"),
            key("u}", "i", None),
            key("u%7D", "i", None),
        ]
        .map(|key| Keys::of(&key).token);
        for (i, name) in names.iter().enumerate() {
            assert!(!names[..i].contains(name), "{name}");
            assert_eq!(name.matches(['{', '}']).count(), 2, "{name}");
        }
    }
}
