//! Tests of the limiter under tokio with a paused clock.

mod lending;
mod shared;

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use tokio::time::Instant;

use super::lending::FLIGHT;
use super::limiter::*;
use super::*;

/// Irrelevant without a pool.
const ATTEMPT: Duration = Duration::ZERO;

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn limiter(requests: u32, window: Duration) -> RateLimiter {
    RateLimiter::new(RateLimit::new(requests, window))
}

fn far() -> Instant {
    Instant::now() + s(100_000)
}

fn told(remaining: &str, reset: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-ratelimit-remaining", HeaderValue::from_str(remaining).unwrap());
    headers.insert("x-ratelimit-reset", HeaderValue::from_str(reset).unwrap());
    headers
}

/// Drops the permit of a cancelled caller whose request may still reach the server.
fn lose(mut permit: Permit<'_>) {
    assert!(permit.mark_sent(Instant::now()));
}

#[test]
fn limits_that_make_no_sense_are_refused() {
    assert!(RateLimit::new(50, s(60)).check().is_ok());
    assert_eq!(RateLimit::new(50, s(60)).to_string(), "50 requests in 60s");
    assert!(RateLimit::new(1, Duration::from_nanos(1)).check().is_ok());
    assert!(RateLimit::new(1, s(31 * 86400)).check().is_ok());
    for limit in [RateLimit::new(0, s(60)), RateLimit::new(1, s(0)), RateLimit::new(1, Duration::MAX)] {
        assert!(limit.check().is_err(), "{limit}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_passes_and_the_next_waits_for_a_window_after_the_first_answer() {
    let limiter = limiter(3, s(60));
    let start = Instant::now();
    let mut permits = Vec::new();
    for _ in 0..3 {
        permits.push(limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    }
    assert_eq!(start.elapsed(), s(0));
    tokio::time::advance(s(2)).await;
    permits.remove(0).response_received(&HeaderMap::new());
    let _fourth = limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap();
    assert_eq!(start.elapsed(), s(62));
}

#[tokio::test(start_paused = true)]
async fn a_permit_dropped_after_sending_comes_back_a_little_later_unless_it_is_released_unused() {
    let limiter = limiter(1, s(60));
    let start = Instant::now();
    drop(limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    let mut never_left = limiter.acquire(&mut None, start, ATTEMPT).await.unwrap();
    assert!(never_left.mark_sent(Instant::now()));
    never_left.release_unused();
    lose(limiter.acquire(&mut None, start, ATTEMPT).await.unwrap());
    assert_eq!(limiter.acquire(&mut None, start + s(59), ATTEMPT).await.unwrap_err().free_at, start + s(60) + FLIGHT);
    lose(limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    assert_eq!(start.elapsed(), s(60) + FLIGHT);
}

#[tokio::test(start_paused = true)]
async fn a_permit_that_is_released_goes_to_the_first_waiter() {
    let limiter = Arc::new(limiter(1, s(60)));
    let start = Instant::now();
    let permit = limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap();
    let waiter = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { limiter.acquire(&mut None, far(), ATTEMPT).await.map(Permit::release_unused) }
    });
    tokio::time::sleep(s(1)).await;
    permit.release_unused();
    waiter.await.unwrap().unwrap();
    assert_eq!(start.elapsed(), s(1));
}

#[tokio::test(start_paused = true)]
async fn no_permit_before_the_deadline_is_reported_at_once() {
    let limiter = limiter(2, s(60));
    let start = Instant::now();
    lose(limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    lose(limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    let error = limiter.acquire(&mut None, start + s(59), ATTEMPT).await.unwrap_err();
    assert_eq!((error.free_at, start.elapsed()), (start + s(60) + FLIGHT, s(0)));

    // Behind four waiting callers, two of which are served per minute.
    let limiter = Arc::new(limiter);
    let line = (0..4).map(|_| Arc::clone(&limiter));
    let line: Vec<_> = line
        .map(|limiter| tokio::spawn(async move { limiter.acquire(&mut None, far(), ATTEMPT).await.map(lose) }))
        .collect();
    tokio::task::yield_now().await;
    let error = limiter.acquire(&mut None, start + s(179), ATTEMPT).await.unwrap_err();
    assert_eq!((error.free_at, start.elapsed()), (start + s(180) + FLIGHT, s(0)));
    drop(line);
}

#[tokio::test(start_paused = true)]
async fn a_pause_stops_everybody_and_is_never_shortened() {
    let limiter = limiter(10, s(60));
    let start = Instant::now();
    limiter.pause_until(start + s(20));
    limiter.pause_until(start + s(5));
    assert_eq!(limiter.acquire(&mut None, start + s(19), ATTEMPT).await.unwrap_err().free_at, start + s(20));
    lose(limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    assert_eq!(start.elapsed(), s(20));
    limiter.pause_until(start + s(1 << 40));
    let _ = limiter.acquire(&mut None, Instant::now() + s(2 * 86400), ATTEMPT).await.unwrap();
    assert_eq!(start.elapsed(), s(20) + headers::MAX_RETRY_AFTER, "a pause is believed for a day");
}

#[tokio::test(start_paused = true)]
async fn a_pause_reaches_those_who_wait_already() {
    let limiter = Arc::new(limiter(1, s(60)));
    let start = Instant::now();
    lose(limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    let wait = |deadline| {
        let limiter = Arc::clone(&limiter);
        tokio::spawn(async move {
            limiter
                .acquire(&mut None, deadline, ATTEMPT)
                .await
                .map(lose)
                .map_err(|error| (error.free_at, Instant::now()))
        })
    };
    let (short, long) = (wait(start + s(90)), wait(far()));
    tokio::time::sleep(s(1)).await;
    limiter.pause_until(start + s(100));
    assert_eq!(short.await.unwrap(), Err((start + s(100), start + s(1))), "at once, and when");
    long.await.unwrap().unwrap();
    assert_eq!(start.elapsed(), s(100));
}

#[tokio::test(start_paused = true)]
async fn headers_lower_the_limit_until_their_reset() {
    let limiter = limiter(50, s(60));
    let start = Instant::now();
    limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap().response_received(&told("2", "30"));
    lose(limiter.acquire(&mut None, start, ATTEMPT).await.unwrap());
    lose(limiter.acquire(&mut None, start, ATTEMPT).await.unwrap());
    assert_eq!(limiter.acquire(&mut None, start, ATTEMPT).await.unwrap_err().free_at, start + s(30));
    lose(limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    assert_eq!(start.elapsed(), s(30));
    let _more = (
        limiter.acquire(&mut None, Instant::now(), ATTEMPT).await.unwrap(),
        limiter.acquire(&mut None, Instant::now(), ATTEMPT).await.unwrap(),
    );
}

#[tokio::test(start_paused = true)]
async fn requests_in_flight_are_taken_off_what_the_server_left() {
    let limiter = limiter(50, s(60));
    let start = Instant::now();
    let (first, _second, _third) = (
        limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap(),
        limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap(),
        limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap(),
    );
    first.response_received(&told("3", "30"));
    let _one = limiter.acquire(&mut None, start, ATTEMPT).await.unwrap();
    assert_eq!(limiter.acquire(&mut None, start, ATTEMPT).await.unwrap_err().free_at, start + s(30));
}

#[tokio::test(start_paused = true)]
async fn a_thousand_callers_are_served_in_order_and_never_too_fast() {
    let limiter = Arc::new(limiter(50, s(60)));
    let start = Instant::now();
    let mut callers = Vec::new();
    for _ in 0..1000 {
        let limiter = Arc::clone(&limiter);
        callers.push(tokio::spawn(async move {
            let permit = limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap();
            let at = Instant::now();
            tokio::time::sleep(Duration::from_millis(100)).await;
            permit.response_received(&HeaderMap::new());
            at
        }));
    }
    let mut times = Vec::new();
    for caller in callers {
        times.push(caller.await.unwrap());
    }
    assert!(times.is_sorted(), "in the order in which they came");
    assert!(times.windows(51).all(|window| window[50] - window[0] >= s(60)));
    let longest = s(19 * 60) + Duration::from_millis(20 * 110);
    assert!(start.elapsed() <= longest, "no slower than need be: {:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_call_leaves_its_place_and_permit_to_others() {
    let limiter = Arc::new(limiter(1, s(60)));
    let start = Instant::now();
    lose(limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    let waiters: Vec<_> = (0..100)
        .map(|_| {
            let limiter = Arc::clone(&limiter);
            tokio::spawn(async move { limiter.acquire(&mut None, far(), ATTEMPT).await.map(lose) })
        })
        .collect();
    tokio::time::sleep(s(1)).await;
    for waiter in waiters {
        waiter.abort();
    }
    lose(limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    assert_eq!(start.elapsed(), s(60) + FLIGHT);
}

#[test]
fn a_line_whose_head_died_with_its_runtime_moves_on() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let limiter = Arc::new(limiter(1, Duration::from_millis(50)));
    let (first, second) = (runtime(), runtime());
    first.block_on(async { lose(limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap()) });
    let head = Arc::clone(&limiter);
    first.spawn(async move { head.acquire(&mut None, far(), ATTEMPT).await.map(lose) });
    first.block_on(tokio::task::yield_now());
    second.block_on(async {
        // The first runtime is alive, but is not polled: its task is granted a permit and keeps it.
        let deadline = Instant::now() + Duration::from_millis(120);
        assert!(limiter.acquire(&mut None, deadline, ATTEMPT).await.is_err());
    });
    drop(first);
    second.block_on(async {
        lose(limiter.acquire(&mut None, Instant::now() + s(10), ATTEMPT).await.unwrap());
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn threads_share_one_pace() {
    let window = Duration::from_millis(60);
    let limiter = Arc::new(limiter(20, window));
    let callers: Vec<_> = (0..200)
        .map(|number| {
            let limiter = Arc::clone(&limiter);
            tokio::spawn(async move {
                let permit = limiter.acquire(&mut None, far(), ATTEMPT).await.unwrap();
                let at = Instant::now();
                match number % 3 {
                    0 => permit.release_unused(),
                    1 => lose(permit),
                    _ => permit.response_received(&HeaderMap::new()),
                }
                (number % 3 != 0).then_some(at)
            })
        })
        .collect();
    let mut times = Vec::new();
    for caller in callers {
        times.extend(caller.await.unwrap());
    }
    times.sort();
    assert!(times.windows(21).all(|few| few[20] - few[0] + Duration::from_millis(1) >= window));
}
