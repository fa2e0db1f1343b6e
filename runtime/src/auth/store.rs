//! Where a token is kept so that others find it: the next start, another process, another machine.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use secrecy::SecretString;
use secrecy::zeroize::Zeroize;
use tokio::time::Instant;

use super::lease::{Claim, Lease};

/// The longest lifetime of a token. A fetch per day is cheap, and bounds what a wrong lifetime can do.
pub(super) const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// What a [`TokenStore`] can fail with.
///
/// It is told by a `tracing` event at level `WARN`, text and all, and else ignored: it must not hold a secret.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// What the methods of a [`TokenStore`] return.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Keeps access tokens beyond the life of a client.
///
/// A client asks its store before it asks the authorization server, and gives it each new token. A restart, or
/// another process with the same store, then needs no token of its own; authorization servers tend to limit how
/// many they issue. A store never makes a call fail: what goes wrong in it is told by a `tracing` event, and it
/// is not waited for longer than two seconds.
///
/// [`MemoryTokenStore`] is the default, [`FileTokenStore`](crate::FileTokenStore) survives a restart and lets the
/// processes of a machine share a token. The crate `rolecall-redis` has a store for many machines.
///
/// A client looks into the store before each fetch, and takes what another has fetched. With [`claim`](Self::claim) a
/// store sees to it that only one of several fetches at a time. After one failure of the store the rest of a fetch does
/// without it. A renewal ahead of expiry waits for the store as long as the old token can be sent.
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
    /// The token kept under the key; `None` if there is none, or none of use.
    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>>;

    /// Keeps the token in place of any other under the key, unless that one has a later
    /// [generation](StoredToken::generation).
    fn save<'a>(&'a self, key: &'a TokenKey, token: &'a StoredToken) -> StoreFuture<'a, ()>;

    /// Asks whether this client may fetch a token now. The default always grants it.
    ///
    /// A lease must end by itself if its client is gone, and must last as long as its client fetches: up to the
    /// client's [`timeout`](crate::ClientBuilder::timeout).
    fn claim<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Claim> {
        let _ = key;
        Box::pin(std::future::ready(Ok(Claim::Granted(Lease::free()))))
    }
}

/// Whose token it is: a token is of use only with the credentials and the authorization server it came from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenKey {
    token_url: String,
    client_id: String,
    scope: Option<String>,
    parameters: BTreeMap<String, String>,
}

impl TokenKey {
    /// The key of a client's token.
    #[must_use]
    pub fn new(token_url: impl Into<String>, client_id: impl Into<String>, scope: Option<String>) -> Self {
        Self { token_url: token_url.into(), client_id: client_id.into(), scope, parameters: BTreeMap::new() }
    }

    /// Adds a further parameter of the request that makes its token different from others, such as `audience`.
    #[must_use]
    pub fn with_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.insert(name.into(), value.into());
        self
    }

    /// The URL of the token endpoint.
    #[must_use]
    pub fn token_url(&self) -> &str {
        &self.token_url
    }

    /// The client's id.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The scope that was asked for, if any.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// Returns the further parameters, by name.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// An access token as a [`TokenStore`] keeps it. Its `Debug` doesn't show the token, and its memory is wiped.
#[derive(Debug, Clone)]
pub struct StoredToken {
    access_token: SecretString,
    issued_at: SystemTime,
    lifetime: Duration,
    refresh_token: Option<SecretString>,
    generation: u64,
}

impl StoredToken {
    /// A token that was asked for at `issued_at` and lives for `lifetime` from then on. A lifetime above a day
    /// is taken for a day.
    #[must_use]
    pub fn new(access_token: impl Into<SecretString>, issued_at: SystemTime, lifetime: Duration) -> Self {
        let lifetime = lifetime.min(MAX_LIFETIME);
        Self { access_token: access_token.into(), issued_at, lifetime, refresh_token: None, generation: 0 }
    }

    /// Creates a token that was issued `age` ago, by the clock of the store that kept it. The clocks of the clients
    /// that share a store then need not agree.
    #[must_use]
    pub fn with_age(access_token: impl Into<SecretString>, age: Duration, lifetime: Duration) -> Self {
        let now = SystemTime::now();
        let issued_at = now.checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
        Self::new(access_token, issued_at, lifetime)
    }

    /// Returns how long ago it was asked for. A store that many machines share keeps this, and adds the time since by
    /// its own clock.
    #[must_use]
    pub fn age(&self) -> Duration {
        SystemTime::now().duration_since(self.issued_at).unwrap_or_default()
    }

    /// The token itself. A store reads it with [`ExposeSecret`](crate::ExposeSecret).
    #[must_use]
    pub fn access_token(&self) -> &SecretString {
        &self.access_token
    }

    /// When it was asked for.
    #[must_use]
    pub fn issued_at(&self) -> SystemTime {
        self.issued_at
    }

    /// How long it lives from then on, at most a day.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Adds the refresh token that came with it, which is the next one to use. Such a token is of use after its
    /// lifetime too, and a store keeps it.
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

    /// How long it still lives at `now`: never longer than its lifetime, and `None` if it has expired, or if it
    /// was issued in the future, for then the clock was set back and its age can't be known.
    #[must_use]
    pub fn remaining(&self, now: SystemTime) -> Option<Duration> {
        let age = now.duration_since(self.issued_at).ok()?;
        self.lifetime.checked_sub(age).filter(|remaining| !remaining.is_zero())
    }
}

/// Returns the text as a secret. Borrowed text is wiped by its owner; a copy of it is wiped here.
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

/// Keeps tokens in memory, for all clients of a process that share it. One of them fetches at a time.
///
/// A client that isn't given a store has one of its own.
#[derive(Default)]
pub struct MemoryTokenStore {
    tokens: Mutex<HashMap<TokenKey, StoredToken>>,
    leases: Arc<Mutex<Leases>>,
}

/// A fetch that takes longer is taken for lost.
const MEMORY_LEASE: Duration = Duration::from_secs(30);
/// How soon the store may have another client's token.
const MEMORY_POLL: Duration = Duration::from_millis(20);

/// Who fetches, by a number, and until when it is left to them; or until when nobody may.
#[derive(Default)]
struct Leases {
    granted: u64,
    of: HashMap<TokenKey, (Option<u64>, Instant)>,
}

impl MemoryTokenStore {
    /// An empty store.
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

/// Each step leaves what is locked whole, so what a panic left behind can be used.
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
