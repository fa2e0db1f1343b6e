//! Stores that share tokens with the next start of the program, another process, or another machine.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use secrecy::SecretString;
use secrecy::zeroize::Zeroize;
use tokio::time::Instant;

use super::lease::{Claim, Lease};

/// The maximum lifetime of a token. One fetch per day is cheap, and limits the effect of an invalid lifetime.
pub(super) const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The error of a [`TokenStore`].
///
/// It is logged with its text in a `tracing` event at level `WARN` and otherwise ignored, so it must not contain a
/// secret.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// The future that the methods of a [`TokenStore`] return.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Stores access tokens beyond the life of a client.
///
/// A client reads its store before it requests a token from the authorization server, and saves each new token to it. A
/// restarted program, or another process with the same store, then does not need a token of its own; authorization
/// servers often limit how many they issue. A store never makes a call fail, except where a refresh token cannot be
/// used safely without it: its errors are logged as `tracing` events, and its operations time out after two seconds.
///
/// [`MemoryTokenStore`] is the default. [`FileTokenStore`](crate::FileTokenStore) survives a restart and lets the
/// processes of a machine share a token. The crate `rolecall-redis` has a store for many machines.
///
/// A client reads the store before each fetch, and uses the token that another client has fetched. With
/// [`claim`](Self::claim), a store ensures that only one of several clients fetches at a time. After one failure of the
/// store, the rest of a fetch proceeds without it. A renewal before expiry waits for the store as long as the old token
/// can be sent.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::{Mutex, PoisonError};
/// use std::time::{Duration, SystemTime};
///
/// use rolecall::{ExposeSecret, StoreFuture, StoredToken, TokenKey, TokenStore};
///
/// /// A table, as a database would have it.
/// #[derive(Default)]
/// struct Table(Mutex<HashMap<TokenKey, (String, SystemTime, Duration)>>);
///
/// impl TokenStore for Table {
///     fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
///         let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
///         let token = rows.get(key).map(|(secret, at, lifetime)| StoredToken::new(secret.clone(), *at, *lifetime));
///         Box::pin(async { Ok(token) })
///     }
///
///     fn save<'a>(&'a self, key: &'a TokenKey, token: &'a StoredToken) -> StoreFuture<'a, ()> {
///         let row = (token.access_token().expose_secret().to_owned(), token.issued_at(), token.lifetime());
///         self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), row);
///         Box::pin(async { Ok(()) })
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// Returns the token stored under the key, or `None` if there is no usable token.
    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>>;

    /// Saves the token under the key and replaces any other, unless that one has a later
    /// [generation](StoredToken::generation).
    fn save<'a>(&'a self, key: &'a TokenKey, token: &'a StoredToken) -> StoreFuture<'a, ()>;

    /// Requests permission for this client to fetch a token now. The default always grants it.
    ///
    /// A lease must end by itself if its client is gone, and must last as long as its client fetches: up to the
    /// client's [`timeout`](crate::ClientBuilder::timeout).
    fn claim<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Claim> {
        let _ = key;
        Box::pin(std::future::ready(Ok(Claim::Granted(Lease::free()))))
    }
}

/// The identity of a token, which is valid only for these credentials and this authorization server.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenKey {
    token_url: String,
    client_id: String,
    scope: Option<String>,
    /// Sorted by name.
    parameters: Vec<(String, String)>,
}

impl TokenKey {
    /// Creates the key of a client's token.
    #[must_use]
    pub fn new(token_url: impl Into<String>, client_id: impl Into<String>, scope: Option<String>) -> Self {
        Self { token_url: token_url.into(), client_id: client_id.into(), scope, parameters: Vec::new() }
    }

    /// Adds another parameter of the request that distinguishes its token, such as `audience`.
    #[must_use]
    pub fn with_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        match self.parameters.binary_search_by(|(other, _)| other.cmp(&name)) {
            Ok(place) => self.parameters[place].1 = value,
            Err(place) => self.parameters.insert(place, (name, value)),
        }
        self
    }

    /// Returns the URL of the token endpoint.
    #[must_use]
    pub fn token_url(&self) -> &str {
        &self.token_url
    }

    /// Returns the client ID.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Returns the requested scope, if any.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// Returns the further parameters, sorted by name.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// An access token as a [`TokenStore`] keeps it. Its `Debug` output omits the token, and its memory is wiped on drop.
#[derive(Debug, Clone)]
pub struct StoredToken {
    access_token: SecretString,
    issued_at: SystemTime,
    lifetime: Duration,
    refresh_token: Option<SecretString>,
    generation: u64,
}

impl StoredToken {
    /// Creates a token that was requested at `issued_at` and has this `lifetime` from then on. The lifetime is capped
    /// at one day.
    #[must_use]
    pub fn new(access_token: impl Into<SecretString>, issued_at: SystemTime, lifetime: Duration) -> Self {
        let lifetime = lifetime.min(MAX_LIFETIME);
        Self { access_token: access_token.into(), issued_at, lifetime, refresh_token: None, generation: 0 }
    }

    /// Creates a token that was issued `age` ago, by the clock of the store. The clocks of the clients that share a
    /// store then need not agree.
    #[must_use]
    pub fn with_age(access_token: impl Into<SecretString>, age: Duration, lifetime: Duration) -> Self {
        let now = SystemTime::now();
        let issued_at = now.checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
        Self::new(access_token, issued_at, lifetime)
    }

    /// Returns the time since the token was requested. A store that many machines share saves this age, and adds the
    /// time that has passed since by its own clock.
    #[must_use]
    pub fn age(&self) -> Duration {
        SystemTime::now().duration_since(self.issued_at).unwrap_or_default()
    }

    /// Returns the token. A store reads it with [`ExposeSecret`](crate::ExposeSecret).
    #[must_use]
    pub fn access_token(&self) -> &SecretString {
        &self.access_token
    }

    /// Returns the time at which the token was requested.
    #[must_use]
    pub fn issued_at(&self) -> SystemTime {
        self.issued_at
    }

    /// Returns the lifetime, counted from the request; at most one day.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Adds the refresh token that came with the access token, which is the next one to use. Such a token remains
    /// useful after its lifetime, and a store keeps it.
    ///
    /// `generation` counts the refresh tokens since the user's consent.
    #[must_use]
    pub fn with_refresh_token(mut self, refresh_token: impl Into<SecretString>, generation: u64) -> Self {
        self.refresh_token = Some(refresh_token.into());
        self.generation = generation;
        self
    }

    /// Returns the refresh token, if there is one.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&SecretString> {
        self.refresh_token.as_ref()
    }

    /// Returns the number of the refresh token, counted from the user's consent. A store must not replace a token with
    /// one of an earlier generation.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Returns the remaining lifetime at `now`, never more than the whole lifetime. Returns `None` if the token has
    /// expired, or if it was issued in the future: the clock was then set back, and the token's age is unknown.
    #[must_use]
    pub fn remaining(&self, now: SystemTime) -> Option<Duration> {
        let age = now.duration_since(self.issued_at).ok()?;
        self.lifetime.checked_sub(age).filter(|remaining| !remaining.is_zero())
    }
}

/// Returns the text as a secret. The owner of borrowed text wipes it; an owned copy is wiped here.
pub(super) fn wiped(text: Cow<'_, str>) -> SecretString {
    match text {
        Cow::Borrowed(text) => text.into(),
        Cow::Owned(mut text) => {
            let secret = text.as_str().into();
            text.zeroize();
            secret
        }
    }
}

/// Stores tokens in memory, for all clients of a process that share it. Only one of them fetches at a time.
///
/// By default, each client has a store of its own.
#[derive(Default)]
pub struct MemoryTokenStore {
    tokens: Mutex<HashMap<TokenKey, StoredToken>>,
    leases: Arc<Mutex<Leases>>,
}

/// The time after which a fetch counts as lost.
const MEMORY_LEASE: Duration = Duration::from_secs(30);
/// The interval at which the store is polled for another client's token.
const MEMORY_POLL: Duration = Duration::from_millis(20);

/// The client that fetches, by number, and when its lease expires; or the time until which no client may fetch.
#[derive(Default)]
struct Leases {
    granted: u64,
    of: HashMap<TokenKey, (Option<u64>, Instant)>,
}

impl MemoryTokenStore {
    /// Creates an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl TokenStore for MemoryTokenStore {
    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        let token = locked(&self.tokens).get(key).cloned();
        Box::pin(std::future::ready(Ok(token)))
    }

    fn save<'a>(&'a self, key: &'a TokenKey, token: &'a StoredToken) -> StoreFuture<'a, ()> {
        let mut tokens = locked(&self.tokens);
        if tokens.get(key).is_none_or(|kept| kept.generation() <= token.generation()) {
            tokens.insert(key.clone(), token.clone());
        }
        Box::pin(std::future::ready(Ok(())))
    }

    fn claim<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Claim> {
        let claim = Leases::claim(&self.leases, key, Instant::now());
        Box::pin(std::future::ready(Ok(claim)))
    }
}

impl Leases {
    fn claim(this: &Arc<Mutex<Self>>, key: &TokenKey, now: Instant) -> Claim {
        let mut leases = locked(this);
        match leases.of.get(key) {
            Some((Some(_), until)) if *until > now => return Claim::Held(MEMORY_POLL),
            Some((None, until)) if *until > now => return Claim::Refused(until.duration_since(now)),
            _ => {}
        }
        leases.granted += 1;
        let number = leases.granted;
        leases.of.insert(key.clone(), (Some(number), now + MEMORY_LEASE));
        let (this, key) = (Arc::clone(this), key.clone());
        Claim::Granted(Lease::new(move |failed| {
            let mut leases = locked(&this);
            if leases.of.get(&key).is_some_and(|(owner, _)| *owner == Some(number)) {
                match failed.and_then(|hold| Instant::now().checked_add(hold)) {
                    Some(until) => leases.of.insert(key, (None, until)),
                    None => leases.of.remove(&key),
                };
            }
        }))
    }
}

/// Each step leaves the locked value consistent, so it can be used after a panic.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for MemoryTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTokenStore").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_kept_token_never_lives_longer_than_its_lifetime() {
        let token = StoredToken::new("t", at(1000), Duration::from_secs(60));
        assert_eq!(token.remaining(at(1000)), Some(Duration::from_secs(60)));
        assert_eq!(token.remaining(at(1059)), Some(Duration::from_secs(1)));
        assert_eq!(token.remaining(at(1060)), None);
        assert_eq!(token.remaining(at(9999)), None);
        assert_eq!(token.remaining(at(999)), None, "the clock was set back");
        let long = StoredToken::new("t", at(1000), Duration::MAX);
        assert_eq!(long.remaining(at(1000)), Some(MAX_LIFETIME));
    }

    #[test]
    fn debug_shows_no_token() {
        let token = StoredToken::new("s3cret", at(0), Duration::from_secs(1));
        assert!(!format!("{token:?}").contains("s3cret"));
    }

    #[tokio::test]
    async fn memory_keeps_one_token_for_each_key() {
        let store = MemoryTokenStore::new();
        let key = |url: &str, id: &str, scope: Option<&str>| TokenKey::new(url, id, scope.map(str::to_owned));
        let token = StoredToken::new("a", at(0), Duration::from_secs(1));
        store.save(&key("u", "i", None), &token).await.unwrap();
        assert!(store.load(&key("u", "i", None)).await.unwrap().is_some());
        for other in [key("v", "i", None), key("u", "j", None), key("u", "i", Some("s"))] {
            assert!(store.load(&other).await.unwrap().is_none());
        }
    }
}
