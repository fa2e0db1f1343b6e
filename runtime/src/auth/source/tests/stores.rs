//! Tests of tokens that are shared through a store.

use std::future::{pending, ready};

use super::*;

fn key() -> TokenKey {
    TokenKey::new("https://auth.example/token", "id", None)
}

async fn kept(store: &MemoryTokenStore) -> (String, Duration) {
    use secrecy::ExposeSecret;
    let token = store.load(&key()).await.unwrap().unwrap();
    (token.access_token().expose_secret().to_owned(), token.lifetime())
}

async fn keep(store: &MemoryTokenStore, token: &str, age: u64, lifetime: u64) {
    let issued = SystemTime::now() - s(age);
    store.save(&key(), &StoredToken::new(token, issued, s(lifetime))).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_restart_needs_no_new_token() {
    let script = Script::new([Act::Token("t", 0, 3600)]);
    let store = Arc::new(MemoryTokenStore::new());
    script.source_with(store.clone()).bearer(soon()).await.unwrap();
    assert_eq!(kept(&store).await, ("t".to_owned(), s(3600)));
    assert_eq!(sent(&script.source_with(store).bearer(soon()).await.unwrap()), "Bearer t");
    assert_eq!(script.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_kept_token_is_used_for_the_rest_of_its_life_and_renewed_in_time() {
    let script = Script::new([Act::Token("b", 0, 3600)]);
    let store = Arc::new(MemoryTokenStore::new());
    keep(&store, "a", 3000, 3600).await;
    let source = script.source_with(store.clone());
    assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer a");
    tokio::time::sleep(s(400)).await;
    assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer a");
    settle().await;
    assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer b");
    assert_eq!((kept(&store).await.0.as_str(), script.requests()), ("b", 1));
}

#[tokio::test(start_paused = true)]
async fn an_expired_or_future_token_in_the_store_is_not_used() {
    for (age, lifetime) in [(3600, 3600), (3595, 3600), (9999, 3600)] {
        let script = Script::new([Act::Token("new", 0, 3600)]);
        let store = Arc::new(MemoryTokenStore::new());
        keep(&store, "old", age, lifetime).await;
        let bearer = script.source_with(store).bearer(soon()).await.unwrap();
        assert_eq!((sent(&bearer), bearer.generation), ("Bearer new", 1));
    }
    let script = Script::new([Act::Token("new", 0, 3600)]);
    let store = Arc::new(MemoryTokenStore::new());
    let future = StoredToken::new("old", SystemTime::now() + s(60), s(3600));
    store.save(&key(), &future).await.unwrap();
    assert_eq!(sent(&script.source_with(store).bearer(soon()).await.unwrap()), "Bearer new");
}

#[tokio::test(start_paused = true)]
async fn what_another_client_renewed_is_taken_over() {
    let script = Script::new([Act::Token("a", 0, 3600), Act::Token("b", 0, 3600)]);
    let store = Arc::new(MemoryTokenStore::new());
    let (one, two) = (script.source_with(store.clone()), script.source_with(store));
    let first = one.bearer(soon()).await.unwrap();
    assert_eq!(two.bearer(soon()).await.unwrap().header, first.header);
    // The store's age is by the wall clock, which is not paused: the second token has to be younger by more than that.
    tokio::time::advance(Duration::from_secs(60)).await;
    assert_eq!(sent(&one.renew(1, soon()).await.unwrap()), "Bearer b");
    assert_eq!(sent(&two.renew(1, soon()).await.unwrap()), "Bearer b", "rejected here too, and renewed already");
    assert_eq!(script.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_is_not_taken_from_the_store_again_nor_an_older_one() {
    let script = Script::new([Act::Token("new", 0, 3600)]);
    let store = Arc::new(MemoryTokenStore::new());
    keep(&store, "revoked", 100, 3600).await;
    let source = script.source_with(store.clone());
    assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer revoked");
    keep(&store, "older", 200, 3600).await;
    assert_eq!(sent(&source.renew(1, soon()).await.unwrap()), "Bearer new");
    assert_eq!((kept(&store).await.0.as_str(), script.requests()), ("new", 1));
}

#[tokio::test(start_paused = true)]
async fn a_kept_token_that_no_header_can_carry_is_not_used() {
    let script = Script::new([Act::Token("new", 0, 3600)]);
    let store = Arc::new(MemoryTokenStore::new());
    keep(&store, "a\r\nX: y", 0, 3600).await;
    assert_eq!(sent(&script.source_with(store).bearer(soon()).await.unwrap()), "Bearer new");
}

/// A store that fails or never responds.
struct Broken {
    hangs: bool,
}

impl Broken {
    fn fail<'a, T: Send + 'a>(&self) -> StoreFuture<'a, T> {
        if self.hangs { Box::pin(pending()) } else { Box::pin(ready(Err("out of order".into()))) }
    }
}

impl TokenStore for Broken {
    fn load<'a>(&'a self, _: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        self.fail()
    }

    fn save<'a>(&'a self, _: &'a TokenKey, _: &'a StoredToken) -> StoreFuture<'a, ()> {
        self.fail()
    }
}

#[tokio::test(start_paused = true)]
async fn a_failing_store_fails_no_call() {
    // The last one is as slow as possible without counting as lost.
    for (hangs, millis, longest) in [(false, 0, 0), (true, 0, 2000), (true, 29_900, 31_900)] {
        let script = Script::new([Act::Token("t", millis, 3600)]);
        let source = script.source_with(Arc::new(Broken { hangs }));
        let start = Instant::now();
        assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer t");
        assert_eq!((start.elapsed(), script.requests()), (Duration::from_millis(longest), 1));
    }
}

/// A store that works or fails as a test requires, and counts its calls.
#[derive(Default)]
struct Fickle {
    kept: MemoryTokenStore,
    fails: std::sync::atomic::AtomicBool,
    asked: AtomicUsize,
}

impl Fickle {
    fn ask<'a, T: Send + 'a>(&'a self, work: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.fails.load(Ordering::SeqCst) { Box::pin(ready(Err("out of order".into()))) } else { work }
    }
}

impl TokenStore for Fickle {
    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        self.ask(self.kept.load(key))
    }

    fn save<'a>(&'a self, key: &'a TokenKey, token: &'a StoredToken) -> StoreFuture<'a, ()> {
        self.ask(self.kept.save(key, token))
    }

    fn claim<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Claim> {
        self.ask(self.kept.claim(key))
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_once_is_not_asked_again_in_the_same_fetch() {
    let script = Script::new([Act::Token("t", 0, 3600)]);
    let store = Arc::new(Fickle::default());
    store.fails.store(true, Ordering::SeqCst);
    script.source_with(store.clone()).bearer(soon()).await.unwrap();
    assert_eq!(store.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn eight_clients_that_share_a_store_fetch_one_token() {
    let script = Script::new([Act::Token("t", 700, 3600)]);
    let store = Arc::new(MemoryTokenStore::new());
    let sources: Vec<_> = (0..8).map(|_| script.source_with(store.clone())).collect();
    let calls: Vec<_> = sources
        .iter()
        .cloned()
        .flat_map(|source| (0..50).map(move |_| Arc::clone(&source)))
        .map(|source| tokio::spawn(async move { source.bearer(soon()).await.map(|bearer| bearer.header) }))
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), "Bearer t");
    }
    assert_eq!(script.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_dies_while_it_fetches_leaves_that_to_another() {
    let script = Script::new([Act::Hang, Act::Token("t", 0, 3600)]);
    let store = Arc::new(MemoryTokenStore::new());
    let dead = tokio::time::timeout(s(1), store.claim(&key())).await.unwrap().unwrap();
    let waits = tokio::spawn({
        let source = Script::new([Act::Token("t", 0, 3600)]).source_with(store.clone());
        async move { source.bearer(soon()).await.map(|bearer| bearer.header) }
    });
    tokio::time::sleep(s(5)).await;
    assert!(!waits.is_finished());
    drop(dead);
    assert_eq!(waits.await.unwrap().unwrap(), "Bearer t");
    drop(script);
}

#[tokio::test(start_paused = true)]
async fn a_failed_fetch_makes_all_clients_of_the_store_wait() {
    let script = Script::new([Act::Fail(down()), Act::Token("t", 0, 3600)]);
    let store = Arc::new(MemoryTokenStore::new());
    let (one, two) = (script.source_with(store.clone()), script.source_with(store));
    let start = Instant::now();
    assert!(one.bearer(start + Duration::from_millis(1900)).await.is_err());
    assert!(two.bearer(start + Duration::from_millis(1900)).await.is_err());
    assert_eq!(script.requests(), 1, "the second client has not asked");
    two.bearer(soon()).await.unwrap();
    assert!((s(2)..=s(4)).contains(&start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_renewal_ahead_waits_for_the_store_as_long_as_the_old_token_can_be_sent() {
    let script = Script::new([Act::Token("a", 0, 3600), Act::Token("b", 0, 3600)]);
    let store = Arc::new(Fickle::default());
    let source = script.source_with(store.clone());
    source.bearer(soon()).await.unwrap();
    store.fails.store(true, Ordering::SeqCst);
    tokio::time::advance(s(3400)).await;
    for _ in 0..100 {
        assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer a");
        tokio::time::sleep(s(1)).await;
    }
    assert_eq!(script.requests(), 1, "nobody needs a new one yet");
    store.fails.store(false, Ordering::SeqCst);
    source.bearer(soon()).await.unwrap();
    settle().await;
    assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer b");
    // A store that does not recover costs the old token, but no call.
    store.fails.store(true, Ordering::SeqCst);
    tokio::time::advance(s(3595)).await;
    assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer b");
    assert_eq!(script.requests(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_issued_later_is_newer_even_if_it_expires_sooner() {
    let script = Script::new([Act::Token("long", 0, 7200), Act::Token("never", 0, 1)]);
    let store = Arc::new(MemoryTokenStore::new());
    let source = script.source_with(store.clone());
    source.bearer(soon()).await.unwrap();
    tokio::time::advance(s(60)).await;
    keep(&store, "short", 0, 3600).await;
    assert_eq!(sent(&source.renew(1, soon()).await.unwrap()), "Bearer short");
    assert_eq!(script.requests(), 1);
}
