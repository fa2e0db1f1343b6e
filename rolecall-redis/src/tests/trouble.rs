//! Servers that refuse, hang, or forget scripts.

use std::time::{Duration, Instant};

use rolecall::RateLimit;
use rolecall::pool::RateLimitPool;
use rolecall::{TokenKey, TokenStore};

use super::server::RedisServer;
use super::{take, turn};
use crate::connection::Script;

fn limit() -> RateLimit {
    RateLimit::new(10, Duration::from_secs(1))
}

#[tokio::test]
async fn scripts_that_were_flushed_are_sent_again() {
    let Some(server) = RedisServer::start() else { return };
    let pool = crate::connect(&server.url()).await.unwrap().rate_limit("x");
    take(&pool, &turn(1, 1, limit())).await.unwrap();
    server.command(&["SCRIPT", "FLUSH"]);
    take(&pool, &turn(1, 2, limit())).await.unwrap();
}

#[tokio::test]
async fn a_user_without_evalsha_uses_eval() {
    let Some(server) = RedisServer::start() else { return };
    let rights = ["ACL", "SETUSER", "app", "on", ">pw", "~rolecall:*", "+@all", "-evalsha", "-script", "-info"];
    server.command(&rights);
    let url = server.url().replace("redis://", "redis://app:pw@");
    let redis = crate::connect(&url).await.unwrap();
    take(&redis.rate_limit("x"), &turn(1, 1, limit())).await.unwrap();
    redis.token_store().load(&TokenKey::new("u", "i", None)).await.unwrap();
}

#[tokio::test]
async fn the_documented_rights_suffice_and_missing_ones_are_named() {
    let Some(server) = RedisServer::start() else { return };
    let mut rights = vec!["ACL", "SETUSER", "app", "on", ">pw"];
    rights.extend(crate::error::RIGHTS.split(' '));
    server.command(&rights);
    server.command(&["ACL", "SETUSER", "poor", "on", ">pw", "~rolecall:*", "+ping"]);
    let url = |user: &str| server.url().replace("redis://", &format!("redis://{user}:pw@"));
    let redis = crate::connect(&url("app")).await.unwrap();
    let pool = redis.rate_limit("x");
    for number in 1..4 {
        let mut turn = turn(1, number, limit());
        turn.wanted = 3;
        turn.first = number * 10;
        turn.returned = (turn.first - 10..turn.first - 7).map(|number| (number, Duration::from_millis(300))).collect();
        take(&pool, &turn).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1100)).await;
    }
    let store = redis.token_store();
    let key = TokenKey::new("u", "i", None);
    drop(store.claim(&key).await.unwrap());
    let token = rolecall::StoredToken::with_age("t", Duration::ZERO, Duration::from_secs(60));
    store.save(&key, &token).await.unwrap();
    assert!(store.load(&key).await.unwrap().is_some());

    let poor = crate::connect_lazily(&url("poor")).unwrap();
    let error = take(&poor.rate_limit("x"), &turn(1, 1, limit())).await.unwrap_err().to_string();
    assert!(error.contains(crate::error::RIGHTS), "{error}");
    let error = crate::connect(&server.url().replace("redis://", "redis://app:wrong@")).await.unwrap_err().to_string();
    assert!(!error.contains("wrong@") && error.contains("127.0.0.1"), "{error}");
}

#[tokio::test]
async fn invalid_urls_are_refused_and_an_absent_server_is_named() {
    for url in ["", "localhost", "http://localhost", "redis://host:port"] {
        let error = crate::connect_lazily(url).unwrap_err().to_string();
        assert!(error.contains("redis://user:password@host:6379/0"), "{error}");
    }
    let error = crate::connect("redis://:secret@127.0.0.1:1/").await.unwrap_err().to_string();
    assert!(error.contains("127.0.0.1:1") && !error.contains("secret"), "{error}");
}

#[tokio::test]
async fn a_server_that_hangs_is_waited_for_no_longer_than_promised_and_then_used_again() {
    let Some(server) = RedisServer::start() else { return };
    let redis = crate::connect(&server.url()).await.unwrap();
    let (pool, store) = (redis.rate_limit("x"), redis.token_store());
    take(&pool, &turn(1, 1, limit())).await.unwrap();
    server.command(&["CLIENT", "PAUSE", "1500", "ALL"]);
    let asked = Instant::now();
    let error = pool.turn(&turn(1, 2, limit())).await.unwrap_err();
    assert!(error.to_string().contains("did not respond within 250 ms"), "{error}");
    assert!(asked.elapsed() < Duration::from_millis(350), "{:?}", asked.elapsed());
    let asked = Instant::now();
    store.load(&TokenKey::new("u", "i", None)).await.unwrap_err();
    assert!(asked.elapsed() < Duration::from_millis(600), "{:?}", asked.elapsed());
    tokio::time::sleep(Duration::from_millis(1000)).await;
    take(&pool, &turn(1, 3, limit())).await.unwrap();
}

#[tokio::test]
async fn an_error_of_the_connection_reaches_no_later_command() {
    let Some(server) = RedisServer::start() else { return };
    let connection = crate::connect(&server.url()).await.unwrap().connection;
    let script = Script::new("return redis.call('INCR', 'commands')");
    for number in 1..20 {
        // Far longer than a machine can be too busy for: only a command on a connection that is gone takes that long.
        let count: i64 = connection
            .run(&script, Duration::from_secs(60), |command, _| {
                command.arg(0);
            })
            .await
            .unwrap();
        assert_eq!(count, number, "each command is carried out once");
        server.command(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
    }
}

#[test]
fn an_own_share_larger_than_the_limit_is_refused() {
    let pool = crate::connect_lazily("redis://127.0.0.1:1/").unwrap().rate_limit("x");
    let share = |processes, share| {
        RateLimitPool::own_share(&pool.clone().processes(processes).own_share(share), limit())
            .map_err(|error| error.to_string())
    };
    assert_eq!(share(5, 2), Ok(2));
    assert!(share(5, 3).unwrap_err().contains("`own_share`"));
    assert_eq!(RateLimitPool::own_share(&pool.clone().processes(2), limit()).unwrap(), 2);
    assert_eq!(RateLimitPool::own_share(&pool.processes(32), limit()).unwrap(), 0);
}
