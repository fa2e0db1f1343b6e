//! Tests of the source under tokio with a paused clock and a scripted origin.

mod outages;
mod runtimes;
mod stores;

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::SecretString;

use super::super::error::OAuthError;
use super::super::fetch::FetchFuture;
use super::super::store::MemoryTokenStore;
use super::*;

/// The next behavior of the authorization server.
#[derive(Clone)]
enum Act {
    /// A token after this number of milliseconds, with a lifetime in seconds.
    Token(&'static str, u64, u64),
    Fail(TokenError),
    Hang,
    Panic,
}

/// An authorization server that follows a script, then repeats its last behavior forever.
#[derive(Clone)]
struct Script {
    acts: Arc<Mutex<VecDeque<Act>>>,
    requests: Arc<AtomicUsize>,
}

impl Script {
    fn new(acts: impl IntoIterator<Item = Act>) -> Self {
        Self { acts: Arc::new(Mutex::new(acts.into_iter().collect())), requests: Arc::default() }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    fn source(&self) -> Arc<TokenSource> {
        self.source_with(Arc::new(MemoryTokenStore::new()))
    }

    fn source_with(&self, store: Arc<dyn TokenStore>) -> Arc<TokenSource> {
        let key = TokenKey::new("https://auth.example/token", "id", None);
        Arc::new(TokenSource::new(Box::new(self.clone()), store, key, "Bearer".to_owned(), s(30)))
    }
}

impl FetchToken for Script {
    fn fetch<'a>(&'a self, _: FetchReason, _: Option<&'a StoredToken>) -> FetchFuture<'a> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        let act = {
            let mut acts = self.acts.lock().unwrap();
            if acts.len() > 1 { acts.pop_front().unwrap() } else { acts.front().unwrap().clone() }
        };
        Box::pin(async move {
            let (asked, asked_wall) = (Instant::now(), SystemTime::now());
            match act {
                Act::Token(token, millis, lifetime) => {
                    tokio::time::sleep(Duration::from_millis(millis)).await;
                    let status = http::StatusCode::CREATED;
                    let (token, lifetime) = (SecretString::from(token), s(lifetime));
                    Ok(Fetched { token, lifetime, status, asked, asked_wall, refresh_token: None })
                }
                Act::Fail(why) => Err(why),
                Act::Hang => std::future::pending().await,
                Act::Panic => panic!("on purpose"),
            }
        })
    }
}

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn soon() -> Instant {
    Instant::now() + s(60)
}

fn sent(bearer: &TokenHeader) -> &str {
    bearer.header.to_str().unwrap()
}

fn down() -> TokenError {
    TokenError::unavailable()
}

fn refused() -> TokenError {
    let oauth = OAuthError { error: "invalid_client".to_owned(), description: String::new() };
    TokenError::Refused { status: http::StatusCode::UNAUTHORIZED, oauth: Some(oauth), retry_after: None }
}

/// Runs all tasks that are ready, without advancing time.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_cold_calls_cost_one_request() {
    let script = Script::new([Act::Token("t", 100, 3600)]);
    let source = script.source();
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let source = Arc::clone(&source);
            tokio::spawn(async move { source.bearer(soon()).await })
        })
        .collect();
    for call in calls {
        let bearer = call.await.unwrap().unwrap();
        assert_eq!((sent(&bearer), bearer.generation, bearer.header.is_sensitive()), ("Bearer t", 1, true));
    }
    assert_eq!(script.requests(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_calls_on_many_threads_cost_one_request() {
    for _ in 0..20 {
        let script = Script::new([Act::Token("t", 1, 3600)]);
        let source = script.source();
        let calls: Vec<_> = (0..1000)
            .map(|_| {
                let source = Arc::clone(&source);
                tokio::spawn(async move { source.bearer(soon()).await.map(|bearer| bearer.generation) })
            })
            .collect();
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap(), 1);
        }
        assert_eq!(script.requests(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_harms_no_other() {
    let script = Script::new([Act::Token("t", 100, 3600)]);
    let source = script.source();
    let first = tokio::spawn({
        let source = Arc::clone(&source);
        async move { source.bearer(soon()).await }
    });
    settle().await;
    let second = tokio::spawn({
        let source = Arc::clone(&source);
        async move { source.bearer(soon()).await }
    });
    settle().await;
    first.abort();
    assert_eq!(sent(&second.await.unwrap().unwrap()), "Bearer t");
    assert_eq!(script.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_runs_in_the_background_while_the_old_token_serves() {
    let script = Script::new([Act::Token("a", 0, 3600), Act::Token("b", 5000, 3600)]);
    let source = script.source();
    source.bearer(soon()).await.unwrap();
    tokio::time::advance(s(3400)).await;
    let start = Instant::now();
    for _ in 0..100 {
        assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer a");
    }
    assert_eq!((start.elapsed(), script.requests()), (s(0), 1), "nobody waits; the renewal is yet to run");
    tokio::time::sleep(s(6)).await;
    let renewed = source.bearer(soon()).await.unwrap();
    assert_eq!((sent(&renewed), renewed.generation, script.requests()), ("Bearer b", 2, 2));
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_is_never_sent_and_its_life_counts_from_the_question() {
    let script = Script::new([Act::Token("a", 10_000, 100), Act::Token("b", 0, 100)]);
    let source = script.source();
    source.bearer(soon()).await.unwrap();
    // 100 s from the request, less a tenth for transit, less the 10 s that the response took: 80 s are left.
    tokio::time::advance(Duration::from_millis(79_000)).await;
    assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer a");
    let source = Script::new([Act::Token("a", 10_000, 100), Act::Hang]).source();
    source.bearer(soon()).await.unwrap();
    tokio::time::advance(s(80)).await;
    assert!(matches!(source.bearer(Instant::now() + s(1)).await, Err(TokenError::Deadline)));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_arrives_expired_is_fetched_again_by_the_calls_that_wait_for_it() {
    for (millis, lifetime) in [(0, 0), (10_000, 10)] {
        let script = Script::new([Act::Token("a", millis, lifetime), Act::Token("b", 0, 3600)]);
        let source = script.source();
        let calls = (0..100).map(|_| {
            let source = Arc::clone(&source);
            tokio::spawn(async move { source.bearer(soon()).await })
        });
        for call in calls.collect::<Vec<_>>() {
            assert_eq!(sent(&call.await.unwrap().unwrap()), "Bearer b");
        }
        assert_eq!(script.requests(), 2);
    }
    let script = Script::new([Act::Token("a", 0, 0)]);
    let error = script.source().bearer(Instant::now() + s(1)).await.unwrap_err();
    assert_eq!(error.to_string(), "authorization server issued a token that has already expired");
    assert!(error.is_temporary() && error.retry_after().is_some());
}

#[tokio::test(start_paused = true)]
async fn many_rejections_at_once_cost_one_renewal() {
    let script = Script::new([Act::Token("a", 0, 3600), Act::Token("b", 50, 3600)]);
    let source = script.source();
    let old = source.bearer(soon()).await.unwrap();
    let calls: Vec<_> = (0..500)
        .map(|_| {
            let source = Arc::clone(&source);
            tokio::spawn(async move { source.renew(1, soon()).await })
        })
        .collect();
    settle().await;
    assert_eq!(source.bearer(soon()).await.unwrap().header, old.header, "others go on");
    for call in calls {
        assert_eq!(sent(&call.await.unwrap().unwrap()), "Bearer b");
    }
    // A late rejection of the previous token.
    assert_eq!(source.renew(1, soon()).await.unwrap().generation, 2);
    assert_eq!(script.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_api_that_rejects_everything_does_not_flood_the_authorization_server() {
    let script = Script::new([Act::Token("a", 0, 3600)]);
    let source = script.source();
    let mut generation = source.bearer(soon()).await.unwrap().generation;
    let mut exhausted = 0;
    for _ in 0..100 {
        match source.renew(generation, soon()).await {
            Ok(bearer) => generation = bearer.generation,
            Err(error) => {
                assert!(matches!(error, TokenError::Exhausted { retry_after: Some(wait) } if wait == s(60)));
                exhausted += 1;
            }
        }
    }
    assert_eq!((exhausted, script.requests()), (97, 4));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_the_wait_and_not_the_fetch() {
    let script = Script::new([Act::Token("t", 5000, 3600)]);
    let source = script.source();
    let start = Instant::now();
    assert!(matches!(source.bearer(start + s(1)).await, Err(TokenError::Deadline)));
    assert_eq!(start.elapsed(), s(1));
    assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer t");
    assert_eq!(script.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_there_is_served_without_waiting() {
    let source = Script::new([Act::Token("t", 0, 3600)]).source();
    source.bearer(soon()).await.unwrap();
    let past = Instant::now() - s(1);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let polled = pin!(source.bearer(past)).poll(&mut context);
    assert!(matches!(polled, std::task::Poll::Ready(Ok(_))), "and whatever the deadline");
}
