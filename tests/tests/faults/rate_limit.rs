//! The pace: never more than so many requests in any window, as the server sees them.

use std::time::Duration;

use rolecall::{ErrorKind, RateLimit};
use rolecall_tests::faults::{Expect, FaultsApi, Gate, ScriptedResponse, Server, Took, case};
use tokio::time::timeout;

use crate::{BODY, TWO_WAITS, fails, fine, refused, seconds};

fn limit(requests: u32, window: u64) -> RateLimit {
    RateLimit::new(requests, seconds(window))
}

/// One request that had to wait for its slot.
fn waited(requests: &[usize], wait: Duration) -> Expect<'_> {
    Expect { took: Took::About(wait), ..fine(requests) }
}

/// The most requests that lie in any window of that length.
pub(crate) fn most_in(server: &Server, window: Duration) -> usize {
    let times: Vec<_> = server.requests().into_iter().map(|request| request.at).collect();
    let in_window = |start: usize| times[start..].iter().filter(|at| **at - times[start] < window).count();
    (0..times.len()).map(in_window).max().unwrap_or_default()
}

#[test]
fn no_window_ever_holds_more_than_the_limit() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).rate_limit(limit(5, 6)).build().unwrap();
        let calls = (0..20).map(|_| {
            let client = client.clone();
            async move { client.get_item("1").await }
        });
        let mut proven = None;
        for seen in world.calls(calls).await {
            proven = Some(seen.is(Expect { took: Took::UpTo(seconds(19)), ..fine(&[20]) }));
        }
        assert_eq!(most_in(&server, seconds(6)), 5);
        proven.unwrap()
    });
}

#[test]
fn those_who_wait_are_served_in_order() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).rate_limit(limit(1, 3)).build().unwrap();
        let calls = (0..6).map(|n| {
            let client = client.clone();
            async move { client.get_item(&n.to_string()).await }
        });
        let mut proven = None;
        for (n, seen) in (0..).zip(world.calls(calls).await) {
            let wait = seconds(3 * n);
            proven = Some(seen.is(Expect { took: Took::Between(wait, wait + seconds(1)), ..fine(&[6]) }));
        }
        let order: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
        assert_eq!(order, (0..6).map(|n| format!("/items/{n}")).collect::<Vec<_>>());
        proven.unwrap()
    });
}

#[test]
fn a_permit_past_the_deadline_fails_at_once_and_reports_when() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).rate_limit(limit(1, 60)).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        let seen = world.call(client.create_item(&BODY)).await;
        assert!(seen.error().is_rate_limited() && seen.error().is_retryable());
        let wait = seen.error().retry_after().unwrap();
        assert!(wait > seconds(59) && wait <= seconds(60), "{wait:?}");
        assert!(seen.line().ends_with("retry after 60 s"), "{}", seen.line());
        seen.is(refused(&[1], ErrorKind::RateLimited))
    });
}

#[test]
fn a_retry_takes_a_permit() {
    case(async |world| {
        let server = world.server([ScriptedResponse::status(503), ScriptedResponse::item()]);
        let client = world.client(&server).rate_limit(limit(2, 5)).build().unwrap();
        let first = Expect { requests: &[2], ends: Ok(()), attempts: 2, maybe_sent: true, took: TWO_WAITS };
        world.call(client.get_item("1")).await.is(first);
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(most_in(&server, seconds(5)), 2);
        seen.is(Expect { took: Took::Between(seconds(4), seconds(6)), ..fine(&[3]) })
    });
}

#[test]
fn a_request_that_never_left_takes_none() {
    case(async |world| {
        let client = world.client_of(world.nowhere()).rate_limit(limit(1, 60)).build().unwrap();
        let expect =
            Expect { requests: &[], ends: Err(ErrorKind::Connect), attempts: 3, maybe_sent: false, took: TWO_WAITS };
        world.call(client.get_item("1")).await.is(expect);
        world.call(client.create_item(&BODY)).await.is(expect)
    });
}

#[test]
fn a_request_whose_call_was_dropped_takes_one() {
    case(async |world| {
        let server = world.server([ScriptedResponse::silence(), ScriptedResponse::item()]);
        let client = world.client(&server).rate_limit(limit(1, 5)).build().unwrap();
        assert!(timeout(seconds(1), client.get_item("1")).await.is_err());
        world.call(client.get_item("1")).await.is(waited(&[2], std::time::Duration::from_millis(5500)))
    });
}

#[test]
fn a_call_that_is_dropped_before_its_request_leaves_takes_none() {
    case(async |world| {
        let (api, gate) = (world.server(ScriptedResponse::item()), Gate::new());
        let auth = world.server([ScriptedResponse::token(1, 6), ScriptedResponse::token(2, 3600).after(&gate)]);
        let client = world.client_with(&api, &auth).rate_limit(limit(1, 10)).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1, 1]));
        // It gets its slot after 10 s. The token has ended meanwhile, and the next one is not there yet.
        let dropped = timeout(seconds(12), client.get_item("2")).await;
        assert!(dropped.is_err(), "{dropped:?}");
        assert_eq!((api.count(), auth.count()), (1, 2));
        gate.open();
        world.call(client.get_item("3")).await.is(fine(&[2, 2]))
    });
}

#[test]
fn a_cancelled_waiter_passes_its_permit_on() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).rate_limit(limit(1, 5)).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        for _ in 0..3 {
            assert!(timeout(seconds(1), client.get_item("2")).await.is_err());
        }
        let seen = world.call(client.get_item("3")).await;
        assert_eq!(server.request(1).target, "/items/3");
        seen.is(Expect { took: Took::Between(Duration::from_millis(1500), seconds(2)), ..fine(&[2]) })
    });
}

#[test]
fn the_server_can_lower_the_pace() {
    case(async |world| {
        let none_left = ScriptedResponse::item().header("x-ratelimit-remaining", "0").header("x-ratelimit-reset", "4");
        let server = world.server([none_left, ScriptedResponse::item()]);
        let client = world.client(&server).rate_limit(limit(50, 60)).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        world.call(client.get_item("1")).await.is(waited(&[2], seconds(4)));
        world.call(client.get_item("1")).await.is(fine(&[3]))
    });
}

#[test]
fn the_server_can_never_raise_it() {
    case(async |world| {
        let many_left =
            ScriptedResponse::item().header("x-ratelimit-remaining", "1000").header("x-ratelimit-reset", "1");
        let server = world.server(many_left);
        let client = world.client(&server).rate_limit(limit(2, 5)).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        world.call(client.get_item("1")).await.is(fine(&[2]));
        world
            .call(client.get_item("1"))
            .await
            .is(Expect { took: Took::Between(Duration::from_millis(4500), Duration::from_millis(5250)), ..fine(&[3]) })
    });
}

#[test]
fn invalid_headers_of_a_limit_are_ignored() {
    case(async |world| {
        let mut responses = Vec::new();
        for (remaining, reset) in [("-1", "5"), ("0", "-5"), ("0", "soon"), ("none", "5"), ("0", "999999999")] {
            responses.push(
                ScriptedResponse::item().header("x-ratelimit-remaining", remaining).header("x-ratelimit-reset", reset),
            );
        }
        let server = world.server(responses);
        let client = world.client(&server).rate_limit(limit(50, 60)).build().unwrap();
        for n in 1..=6 {
            world.call(client.get_item("1")).await.is(fine(&[n]));
        }
        world.call(client.get_item("1")).await.is(fine(&[7]))
    });
}

#[test]
fn a_429_holds_all_calls_back() {
    case(async |world| {
        let server = world.server([ScriptedResponse::status(429).header("retry-after", "3"), ScriptedResponse::item()]);
        let client = world.client(&server).rate_limit(limit(50, 60)).build().unwrap();
        let body = BODY;
        let (one, two) = tokio::join!(world.call(client.create_item(&body)), async {
            server.has_received(1).await;
            tokio::time::sleep(seconds(1)).await;
            world.call(client.get_item("1")).await
        });
        one.is(Expect { requests: &[3], ends: Ok(()), attempts: 2, maybe_sent: true, took: Took::About(seconds(3)) });
        two.is(waited(&[3], seconds(2)))
    });
}

#[test]
fn a_429_beyond_the_deadline_stops_other_calls_too() {
    case(async |world| {
        let server =
            world.server([ScriptedResponse::status(429).header("retry-after", "100"), ScriptedResponse::item()]);
        let client = world.client(&server).rate_limit(limit(50, 60)).build().unwrap();
        world.call(client.get_item("1")).await.is(fails(&[1], ErrorKind::RateLimited));
        let seen = world.call(client.get_item("1")).await;
        assert!(seen.error().retry_after().unwrap() > seconds(98));
        seen.is(refused(&[1], ErrorKind::RateLimited));
        world.pass(seconds(100)).await;
        world.call(client.get_item("1")).await.is(fine(&[2]))
    });
}

#[test]
fn the_wait_for_a_permit_is_under_the_deadline_and_reported() {
    case(async |world| {
        let server = world.server([ScriptedResponse::item(), ScriptedResponse::silence()]);
        let client = world.client(&server).rate_limit(limit(1, 5)).deadline(seconds(8)).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        let seen = world.call(client.get_item("1")).await;
        assert!(world.capture().told().contains("waited"), "{}", world.capture().told());
        seen.is(Expect {
            requests: &[2],
            ends: Err(ErrorKind::Timeout),
            attempts: 1,
            maybe_sent: true,
            took: Took::About(seconds(8)),
        })
    });
}

#[test]
fn a_limit_that_makes_no_sense_is_refused() {
    case(async |world| {
        let build = |limit| world.client_of("https://api.example.com").rate_limit(limit).build();
        world.built(build(limit(0, 60))).is(refused(&[], ErrorKind::Configuration));
        world.built(build(limit(1, 0))).is(refused(&[], ErrorKind::Configuration));
        world.built(build(RateLimit::new(1, Duration::MAX))).is(refused(&[], ErrorKind::Configuration))
    });
}
