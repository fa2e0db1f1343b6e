//! What a server that says "too many requests" or "unavailable" is spared.

use std::time::Duration;

use rolecall::{ErrorKind, Retry};
use rolecall_tests::faults::{Expect, FaultsApi, Script, ScriptedResponse, Seen, Took, case};

use crate::{BODY, TWO_WAITS, fails, fine, seconds};

fn too_many() -> ScriptedResponse {
    ScriptedResponse::status(429)
}

/// A retry that comes so long after the first attempt.
fn waited(time: Duration) -> Expect<'static> {
    Expect { requests: &[2], ends: Ok(()), attempts: 2, maybe_sent: true, took: Took::About(time) }
}

#[test]
fn a_429_is_waited_out_by_all_methods() {
    case(async |world| {
        let server = world.server([too_many().header("retry-after", "3"), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(waited(seconds(3)))
    });
}

#[test]
fn a_date_to_retry_after_is_measured_by_the_servers_clock() {
    case(async |world| {
        let response = too_many()
            .header("date", "Tue, 15 Nov 1994 08:12:31 GMT")
            .header("retry-after", "Tue, 15 Nov 1994 08:12:35 GMT");
        let server = world.server([response.clone(), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(waited(seconds(4)))
    });
}

#[test]
fn the_reset_of_the_servers_window_is_waited_for() {
    for (reset, wait) in [("5", seconds(5)), ("1700000007", seconds(7))] {
        case(async |world| {
            let response =
                too_many().header("date", "Tue, 14 Nov 2023 22:13:20 GMT").header("x-ratelimit-reset", reset);
            let server = world.server([response.clone(), ScriptedResponse::item()]);
            let client = world.client(&server).build().unwrap();
            world.call(client.create_item(&BODY)).await.is(waited(wait))
        });
    }
}

#[test]
fn retry_after_counts_more_than_the_reset() {
    case(async |world| {
        let response = too_many().header("x-ratelimit-reset", "9").header("retry-after", "2");
        let server = world.server([response.clone(), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(waited(seconds(2)))
    });
}

#[test]
fn a_wait_past_the_deadline_fails_at_once_and_says_when() {
    for (name, value) in [("retry-after", "60"), ("x-ratelimit-reset", "60"), ("retry-after", "20")] {
        case(async |world| {
            let server = world.server(too_many().header(name, value));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            let wait = seconds(value.parse().unwrap());
            assert_eq!(seen.error().retry_after(), Some(wait));
            assert!(seen.error().is_rate_limited() && seen.error().is_retryable());
            assert!(seen.line().ends_with(&format!("retry after {value} s")), "{}", seen.line());
            seen.is(fails(&[1], ErrorKind::RateLimited))
        });
    }
}

#[test]
fn a_wait_of_years_is_no_wait() {
    for value in ["99999999999999999999", "31536000", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        case(async |world| {
            let server = world.server(too_many().header("retry-after", value));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            assert!(seen.error().retry_after().unwrap() >= seconds(60 * 60));
            seen.is(fails(&[1], ErrorKind::RateLimited))
        });
    }
}

#[test]
fn without_a_word_or_with_nonsense_a_429_is_tried_like_other_failures() {
    let responses =
        ["soon", "-1", "1e999", "NaN", "", "12 parsecs"].map(|value| too_many().header("retry-after", value));
    for response in responses.into_iter().chain([too_many()]) {
        case(async |world| {
            let server = world.server(response.clone());
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            assert_eq!(seen.error().retry_after(), None);
            seen.is(Expect {
                requests: &[3],
                ends: Err(ErrorKind::RateLimited),
                attempts: 3,
                maybe_sent: true,
                took: TWO_WAITS,
            })
        });
    }
}

#[test]
fn a_429_that_does_not_end_is_given_up_after_three_attempts() {
    case(async |world| {
        let server = world.server(too_many().header("retry-after", "2"));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.create_item(&BODY)).await;
        assert_eq!(seen.error().retry_after(), Some(seconds(2)));
        seen.is(Expect {
            requests: &[3],
            ends: Err(ErrorKind::RateLimited),
            attempts: 3,
            maybe_sent: true,
            // Two waits, and two delays on top.
            took: Took::Between(seconds(4), seconds(4) + Duration::from_millis(700)),
        })
    });
}

#[test]
fn calls_that_wait_out_the_same_429_come_back_spread_and_none_too_early() {
    case(async |world| {
        let mut refused = 0;
        let server = world.server(Script::by(move |_| {
            refused += 1;
            if refused <= 100 { too_many().header("retry-after", "3") } else { ScriptedResponse::item() }
        }));
        let client = world.client(&server).build().unwrap();
        let calls = (0..100).map(|_| {
            let client = client.clone();
            async move { client.create_item(&BODY).await }
        });
        let all = world.calls(calls).await;
        let (first, last) = (all.iter().map(Seen::took).min().unwrap(), all.iter().map(Seen::took).max().unwrap());
        assert!(last - first >= Duration::from_millis(100), "from {first:?} to {last:?}");
        let mut proven = None;
        for seen in &all {
            let took = Took::Between(seconds(3), Duration::from_millis(3700));
            proven = Some(seen.is(Expect { requests: &[200], ends: Ok(()), attempts: 2, maybe_sent: true, took }));
        }
        proven.unwrap()
    });
}

#[test]
fn a_call_dropped_before_its_retry_gives_back_what_it_took_from_the_budget() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(503).header("retry-after", "5"));
        let client = world.client(&server).retry(Retry::default().budget(1)).build().unwrap();
        for _ in 0..3 {
            let call = tokio::time::timeout(seconds(1), client.get_item("1"));
            assert!(call.await.is_err(), "it waits for its retry");
        }
        server.now([ScriptedResponse::status(503), ScriptedResponse::item()]);
        world.call(client.get_item("1")).await.is(Expect { attempts: 2, took: TWO_WAITS, ..fine(&[5]) })
    });
}

#[test]
fn an_unavailable_server_is_left_alone_as_long_as_it_asks() {
    case(async |world| {
        let response = ScriptedResponse::status(503).header("retry-after", "2").header("x-ratelimit-reset", "9");
        let server = world.server([response.clone(), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(waited(seconds(2)))
    });
}

#[test]
fn an_unavailable_server_that_asks_for_too_long_is_not_retried() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(503).header("retry-after", "90"));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(seen.error().retry_after(), Some(seconds(90)));
        seen.is(fails(&[1], ErrorKind::Status))
    });
}

#[test]
fn a_dead_server_sees_the_calls_and_the_budget_and_no_more() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(503));
        let client = world.client(&server).build().unwrap();
        let calls = (0..50).map(|_| {
            let client = client.clone();
            async move { client.get_item("1").await }
        });
        let all = world.calls(calls).await;
        assert_eq!(all.iter().map(|seen| seen.attempts()).sum::<u32>(), 70);
        for seen in &all {
            assert!(seen.error().is_retryable(), "it may help later, even if now it was not tried");
            seen.is(Expect {
                requests: &[70],
                ends: Err(ErrorKind::Status),
                attempts: seen.attempts(),
                maybe_sent: true,
                took: TWO_WAITS,
            });
        }
        // Once it is spent, a failure is returned at once.
        world.call(client.get_item("1")).await.is(fails(&[71], ErrorKind::Status))
    });
}

#[test]
fn ten_calls_that_succeed_allow_another_retry() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(503));
        let client = world.client(&server).retry(Retry::default().budget(1)).build().unwrap();
        world.call(client.get_item("1")).await.is(Expect {
            requests: &[2],
            ends: Err(ErrorKind::Status),
            attempts: 2,
            maybe_sent: true,
            took: Took::UpTo(Duration::from_millis(300)),
        });
        for done in 1..=10 {
            server.now(ScriptedResponse::status(503));
            let requests = 2 * (done - 1) + 3;
            world.call(client.get_item("1")).await.is(fails(&[requests], ErrorKind::Status));
            server.now(ScriptedResponse::item());
            world.call(client.get_item("1")).await.is(fine(&[requests + 1]));
        }
        server.now(ScriptedResponse::status(503));
        world.call(client.get_item("1")).await.is(Expect {
            requests: &[24],
            ends: Err(ErrorKind::Status),
            attempts: 2,
            maybe_sent: true,
            took: Took::UpTo(Duration::from_millis(300)),
        })
    });
}

#[test]
fn waiting_out_a_429_is_free_of_the_budget() {
    case(async |world| {
        let server = world.server([too_many().header("retry-after", "1"), ScriptedResponse::item()]);
        let client = world.client(&server).retry(Retry::default().budget(0)).build().unwrap();
        world.call(client.get_item("1")).await.is(waited(seconds(1)))
    });
}
