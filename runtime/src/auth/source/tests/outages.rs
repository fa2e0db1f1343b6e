//! Tests of failures of the authorization server.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_outage_costs_a_bounded_number_of_requests_whatever_the_number_of_calls() {
    let script = Script::new([Act::Fail(down())]);
    let source = script.source();
    let start = Instant::now();
    let mut failed = 0;
    let mut calls = Vec::new();
    for _ in 0..3000 {
        let source = Arc::clone(&source);
        calls.push(tokio::spawn(async move { source.bearer(soon()).await.is_err() }));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for call in calls {
        failed += usize::from(call.await.unwrap());
    }
    assert_eq!(failed, 3000);
    let minutes = start.elapsed().as_secs() / 60;
    assert!((4..=3 + minutes as usize).contains(&script.requests()), "{} in {minutes} min", script.requests());
}

#[tokio::test(start_paused = true)]
async fn a_call_rides_through_a_short_outage() {
    let script = Script::new([Act::Fail(down()), Act::Fail(down()), Act::Token("t", 0, 3600)]);
    let source = script.source();
    let start = Instant::now();
    assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer t");
    assert!(start.elapsed() >= s(12) && start.elapsed() <= s(16), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_last_failure_comes_at_once_if_the_next_try_is_far_off_or_past_the_deadline() {
    let script = Script::new([Act::Fail(down())]);
    let source = script.source();
    let start = Instant::now();
    let error = source.bearer(start + s(1)).await.unwrap_err();
    assert_eq!(start.elapsed(), s(0), "the next try is past the deadline");
    assert!(error.retry_after().unwrap() >= s(2));
    source.bearer(start + s(600)).await.unwrap_err();
    let start = Instant::now();
    let error = source.bearer(start + s(600)).await.unwrap_err();
    assert_eq!(start.elapsed(), s(0), "the next try is a minute off");
    assert!(error.retry_after().unwrap() >= s(60));
    assert_eq!(script.requests(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_old_token_is_kept_through_an_outage_at_three_requests() {
    let script = Script::new([Act::Token("a", 0, 3599), Act::Fail(down())]);
    let source = script.source();
    source.bearer(soon()).await.unwrap();
    for _ in 0..35_880 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer a");
    }
    assert_eq!(script.requests(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_comes_at_once_is_not_repeated_and_recovers() {
    let script = Script::new([Act::Fail(refused()), Act::Token("t", 0, 3600)]);
    let source = script.source();
    let start = Instant::now();
    for _ in 0..100 {
        let error = source.bearer(soon()).await.unwrap_err();
        let shown = "authorization server rejected the credentials (401 Unauthorized): invalid_client";
        assert_eq!(error.to_string(), shown);
    }
    assert_eq!((start.elapsed(), script.requests()), (s(0), 1));
    tokio::time::sleep(s(29)).await;
    source.bearer(soon()).await.unwrap_err();
    assert_eq!(start.elapsed(), s(29), "at once, though the next try is near");
    tokio::time::sleep(s(9)).await;
    assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer t");
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_fails_only_the_calls_that_were_rejected() {
    let script = Script::new([Act::Token("a", 0, 3600), Act::Fail(refused())]);
    let source = script.source();
    source.bearer(soon()).await.unwrap();
    for _ in 0..10 {
        assert!(matches!(source.renew(1, soon()).await, Err(TokenError::Refused { .. })));
        assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer a");
    }
    assert_eq!(script.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured() {
    let busy = TokenError::Unavailable {
        oauth: None,
        status: Some(http::StatusCode::TOO_MANY_REQUESTS),
        cause: None,
        timed_out: false,
        retry_after: Some(s(120)),
    };
    let script = Script::new([Act::Fail(busy), Act::Token("t", 0, 3600)]);
    let source = script.source();
    let error = source.bearer(soon()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(s(120)));
    tokio::time::advance(s(100)).await;
    let error = source.bearer(Instant::now() + s(10)).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(s(20)), "and the error says how long, from now");
    assert_eq!(script.requests(), 1);
    tokio::time::advance(s(10)).await;
    assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer t");
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_panics_wedges_nothing_and_is_not_repeated_without_end() {
    let script = Script::new([Act::Panic, Act::Panic, Act::Panic, Act::Token("t", 0, 3600)]);
    let source = script.source();
    let start = Instant::now();
    assert_eq!(sent(&source.bearer(soon()).await.unwrap()), "Bearer t");
    assert_eq!((start.elapsed(), script.requests()), (s(2), 4));
}
