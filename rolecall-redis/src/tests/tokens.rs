//! Tokens, and the lease on fetching one.

use std::time::{Duration, SystemTime};

use rolecall::{Claim, ExposeSecret, Lease, StoredToken, TokenKey, TokenStore};

use super::server::RedisServer;
use crate::RedisTokenStore;

fn key() -> TokenKey {
    TokenKey::new("https://auth.example/token", "id", None)
}

fn lease(claim: Claim) -> Lease {
    match claim {
        Claim::Granted(lease) => lease,
        other => panic!("{other:?}"),
    }
}

async fn claim(store: &RedisTokenStore) -> Claim {
    store.claim(&key()).await.unwrap()
}

async fn kept(store: &RedisTokenStore) -> Option<(String, Duration)> {
    let token = store.load(&key()).await.unwrap()?;
    Some((token.access_token().expose_secret().to_owned(), token.age()))
}

async fn soon(mut what: impl AsyncFnMut() -> bool) {
    for _ in 0..100 {
        if what().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not within two seconds");
}

fn token(secret: &str, age: u64, lifetime: u64) -> StoredToken {
    StoredToken::with_age(secret.to_owned(), Duration::from_secs(age), Duration::from_secs(lifetime))
}

#[tokio::test]
async fn a_token_keeps_its_age_and_the_one_issued_later_stays() {
    let Some(server) = RedisServer::start() else { return };
    let store = crate::connect(&server.url()).await.unwrap().token_store();
    assert_eq!(kept(&store).await, None);
    store.save(&key(), &token("a", 100, 3600)).await.unwrap();
    let (secret, age) = kept(&store).await.unwrap();
    assert_eq!(secret, "a");
    assert!((100..102).contains(&age.as_secs()), "{age:?}");
    store.save(&key(), &token("older", 200, 7200)).await.unwrap();
    assert_eq!(kept(&store).await.unwrap().0, "a", "the older one lives longer");
    store.save(&key(), &token("newer", 50, 600)).await.unwrap();
    assert_eq!(kept(&store).await.unwrap().0, "newer");
    store.save(&key(), &token("dead", 0, 0)).await.unwrap();
    assert_eq!(kept(&store).await.unwrap().0, "newer");
    let other = key().with_parameter("audience", "x");
    assert!(store.load(&other).await.unwrap().is_none());
    // An expired token is removed.
    store.save(&key().with_parameter("short", ""), &token("short", 0, 1)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert!(store.load(&key().with_parameter("short", "")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_token_of_another_clocks_time_is_as_old_as_it_is() {
    let Some(server) = RedisServer::start() else { return };
    let store = crate::connect(&server.url()).await.unwrap().token_store();
    // The clock of the client that saves is an hour slow; that of the client that loads is correct.
    let now = SystemTime::now();
    store.save(&key(), &StoredToken::new("t", now - Duration::from_secs(60), Duration::from_secs(3600))).await.unwrap();
    let left = store.load(&key()).await.unwrap().unwrap().remaining(SystemTime::now()).unwrap();
    assert!((3535..=3540).contains(&left.as_secs()), "{left:?}");
}

#[tokio::test]
async fn one_client_fetches_and_a_failed_fetch_holds_all() {
    let Some(server) = RedisServer::start() else { return };
    let redis = crate::connect(&server.url()).await.unwrap();
    let (one, two) = (redis.token_store(), redis.token_store());
    let first = lease(claim(&one).await);
    assert!(matches!(claim(&two).await, Claim::Held(_)));
    assert!(matches!(claim(&one).await, Claim::Held(_)), "another client of the same process");
    // The lease lasts as long as its client fetches, however long that takes.
    tokio::time::sleep(Duration::from_millis(3500)).await;
    assert!(matches!(claim(&two).await, Claim::Held(_)));
    drop(first);
    let mut second = None;
    soon(async || match claim(&two).await {
        Claim::Granted(lease) => second.replace(lease).is_none(),
        _ => false,
    })
    .await;
    second.unwrap().failed(Duration::from_secs(7));
    soon(async || matches!(claim(&one).await, Claim::Refused(_))).await;
    match claim(&one).await {
        Claim::Refused(hold) => assert!(hold <= Duration::from_secs(7) && hold > Duration::from_secs(5), "{hold:?}"),
        other => panic!("{other:?}"),
    }
    // A token ends a hold.
    one.save(&key(), &token("t", 0, 3600)).await.unwrap();
    drop(lease(claim(&one).await));
}

#[tokio::test]
async fn a_dead_clients_lease_ends_after_three_seconds() {
    let Some(server) = RedisServer::start() else { return };
    let store = crate::connect(&server.url()).await.unwrap().token_store();
    let dead = std::thread::spawn({
        let url = server.url();
        // Its runtime is dropped in the middle of a fetch, and nothing is released.
        move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let store = crate::connect(&url).await.unwrap().token_store();
                std::mem::forget(lease(claim(&store).await));
            });
        }
    });
    dead.join().unwrap();
    assert!(matches!(claim(&store).await, Claim::Held(_)));
    tokio::time::sleep(Duration::from_millis(3100)).await;
    drop(lease(claim(&store).await));
}

#[tokio::test]
async fn short_holds_of_clients_that_just_started_grow_to_three_fetches_a_minute() {
    let Some(server) = RedisServer::start() else { return };
    let store = crate::connect(&server.url()).await.unwrap().token_store();
    let mut holds = Vec::new();
    for _ in 0..4 {
        lease(claim(&store).await).failed(Duration::from_millis(450));
        soon(async || matches!(claim(&store).await, Claim::Refused(_))).await;
        let Claim::Refused(hold) = claim(&store).await else { panic!("not held") };
        holds.push(hold.as_secs_f64().round());
        let name = crate::token_store::hold_key(&key());
        server.command(&["DEL", &name]);
    }
    assert_eq!(holds, [0.0, 10.0, 60.0, 60.0]);
}

#[tokio::test]
async fn a_refresh_token_outlives_its_token_and_gives_way_to_the_next_generation_alone() {
    let Some(server) = RedisServer::start() else { return };
    let store = crate::connect(&server.url()).await.unwrap().token_store();
    let refreshable =
        |secret: &str, generation| token(secret, 0, 1).with_refresh_token(format!("r-{secret}"), generation);
    store.save(&key(), &refreshable("one", 1)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    store.save(&key(), &refreshable("two", 2)).await.unwrap();
    store.save(&key(), &refreshable("late", 1)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let kept = store.load(&key()).await.unwrap().expect("it can be refreshed");
    assert_eq!(kept.refresh_token().unwrap().expose_secret(), "r-two");
    assert_eq!((kept.generation(), kept.access_token().expose_secret()), (2, "two"));
    assert!(kept.remaining(SystemTime::now()).is_none());
}
