//! The queue timeout: the time that a call may wait for the rate limit, apart from its deadline.

use std::time::Duration;

use rolecall::{CallSettings, Client, ErrorKind, RateLimit};
use rolecall_tests::faults::{Expect, FaultsApi, Script, ScriptedResponse, Seen, Server, Took, World, case};

use rolecall_tests::roles::User;

use crate::rate_limit::most_in;
use crate::{fine, refused, seconds};

#[test]
fn a_calls_deadline_stands_still_while_it_waits_in_the_queue() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let limit = RateLimit::new(2, seconds(4));
        let client =
            world.client(&server).rate_limit(limit).deadline(seconds(2)).queue_timeout(seconds(600)).build().unwrap();
        let calls = (0..10).map(|_| {
            let client = client.clone();
            async move { client.get_item("1").await }
        });
        let mut proven = None;
        for seen in world.calls(calls).await {
            proven = Some(seen.is(Expect { took: Took::UpTo(seconds(17)), ..fine(&[10]) }));
        }
        assert_eq!((most_in(&server, seconds(4)), client.queued_calls()), (2, 0));
        proven.unwrap()
    });
}

#[test]
fn a_wait_longer_than_the_queue_timeout_fails_at_once_and_names_it() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let limit = RateLimit::new(1, seconds(60));
        let client = world.client(&server).rate_limit(limit).queue_timeout(seconds(30)).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        let seen = world.call(client.get_item("1")).await;
        assert!(seen.error().is_retryable() && seen.error().retry_after().unwrap() > seconds(59));
        let line = seen.line();
        assert!(line.ends_with("no permit within the queue timeout of 30 s, retry after 60 s"), "{line}");
        seen.is(refused(&[1], ErrorKind::RateLimited))
    });
}

#[test]
fn a_queue_timeout_of_zero_fails_fast_and_passes_while_there_is_a_permit() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world
            .client(&server)
            .rate_limit(RateLimit::new(2, seconds(10)))
            .queue_timeout(seconds(600))
            .build()
            .unwrap();
        let fast = client.with(CallSettings::new().queue_timeout(Duration::ZERO));
        world.call(fast.get_item("1")).await.is(fine(&[1]));
        world.call(fast.get_item("1")).await.is(fine(&[2]));
        let seen = world.call(fast.get_item("1")).await;
        let line = seen.line();
        assert!(line.contains("rate limit reached; no permit at once, retry after 10 s"), "{line}");
        seen.is(refused(&[2], ErrorKind::RateLimited));
        // The client that the settings were made from still waits.
        world.call(client.get_item("1")).await.is(Expect { took: Took::Between(seconds(9), seconds(11)), ..fine(&[3]) })
    });
}

/// The server's own limit is a wait for the rate limit, too.
#[test]
fn a_429_is_waited_for_in_the_queue_beyond_the_deadline() {
    case(async |world| {
        let server =
            world.server([ScriptedResponse::status(429).header("retry-after", "15"), ScriptedResponse::item()]);
        let client = world
            .client(&server)
            .rate_limit(RateLimit::new(50, seconds(60)))
            .deadline(seconds(5))
            .queue_timeout(seconds(600))
            .build()
            .unwrap();
        let expected =
            Expect { requests: &[2], ends: Ok(()), attempts: 2, maybe_sent: true, took: Took::About(seconds(15)) };
        world.call(client.get_item("1")).await.is(expected)
    });
}

#[test]
fn a_429_that_asks_for_more_than_the_queue_timeout_is_the_servers_error() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(429).header("retry-after", "90"));
        let client = world
            .client(&server)
            .rate_limit(RateLimit::new(50, seconds(60)))
            .queue_timeout(seconds(60))
            .build()
            .unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(seen.error().retry_after(), Some(seconds(90)));
        seen.is(crate::fails(&[1], ErrorKind::RateLimited))
    });
}

#[test]
fn the_queue_is_visible_and_a_cancelled_call_leaves_it() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world
            .client(&server)
            .rate_limit(RateLimit::new(1, seconds(15)))
            .queue_timeout(seconds(600))
            .build()
            .unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move { client.get_item("1").await })
            })
            .collect();
        tokio::time::sleep(seconds(1)).await;
        assert_eq!(client.queued_calls(), 3);
        for call in waiting {
            call.abort();
        }
        tokio::time::sleep(seconds(1)).await;
        assert_eq!(client.queued_calls(), 0);
        world.call(client.get_item("1")).await.is(Expect { took: Took::UpTo(seconds(14)), ..fine(&[2]) })
    });
}

/// The numbers of the items that were requested, in order.
fn order(server: &Server) -> String {
    server.requests().iter().filter_map(|request| request.target.chars().last()).collect()
}

/// Calls for the items 0 to 4, made at once.
async fn five(world: &World, client: &Client<User>) -> Vec<Seen<rolecall_tests::faults::Item>> {
    let calls = (0..5).map(|number| {
        let client = client.clone();
        async move { client.get_item(&number.to_string()).await }
    });
    world.calls(calls).await
}

#[test]
fn a_retried_call_keeps_its_place_before_those_that_came_after_it() {
    let wait = |response: ScriptedResponse, wait: &str| response.header("retry-after", wait);
    let again = "001234";
    for (response, expected) in [
        (ScriptedResponse::status(503), again),
        (ScriptedResponse::reset(), again),
        (ScriptedResponse::status(429), again),
        (wait(ScriptedResponse::status(429), "2"), again),
        (wait(ScriptedResponse::status(429), "5"), again),
        // The others go on while this one waits.
        (wait(ScriptedResponse::status(503), "4"), "010234"),
    ] {
        for queue_timeout in [None, Some(seconds(600))] {
            case(async |world| {
                let server = world.server([response.clone(), ScriptedResponse::item()]);
                let limit = RateLimit::new(1, seconds(3));
                let client = world.client(&server).rate_limit(limit).queue_timeout(queue_timeout).build().unwrap();
                let mut proven = None;
                for (number, seen) in five(world, &client).await.into_iter().enumerate() {
                    let attempts = if number == 0 { 2 } else { 1 };
                    proven = Some(seen.is(Expect { attempts, took: Took::UpTo(seconds(20)), ..fine(&[6]) }));
                }
                assert_eq!(order(&server), expected, "{response:?}");
                assert_eq!(most_in(&server, seconds(3)), 1);
                proven.unwrap()
            });
        }
    }
}

#[test]
fn a_call_that_is_replayed_with_a_new_token_keeps_its_place() {
    case(async |world| {
        let server = world.server([ScriptedResponse::status(401), ScriptedResponse::item()]);
        let auth = world.server(Script::tokens(3600));
        let client = world.client_with(&server, &auth).rate_limit(RateLimit::new(1, seconds(3))).build().unwrap();
        let mut proven = None;
        for (number, seen) in five(world, &client).await.into_iter().enumerate() {
            let attempts = if number == 0 { 2 } else { 1 };
            proven = Some(seen.is(Expect { attempts, took: Took::UpTo(seconds(20)), ..fine(&[6, 2]) }));
        }
        assert_eq!(order(&server), "001234");
        proven.unwrap()
    });
}

#[test]
fn calls_that_wait_out_a_429_in_the_queue_come_back_spread_and_none_too_early() {
    for queue_timeout in [None, Some(seconds(600))] {
        case(async |world| {
            let mut refused = 0;
            let server = world.server(Script::by(move |_| {
                refused += 1;
                if refused <= 100 {
                    ScriptedResponse::status(429).header("retry-after", "3")
                } else {
                    ScriptedResponse::item()
                }
            }));
            let limit = RateLimit::new(200, seconds(60));
            let client = world.client(&server).rate_limit(limit).queue_timeout(queue_timeout).build().unwrap();
            let calls = (0..100).map(|_| {
                let client = client.clone();
                async move { client.get_item("1").await }
            });
            let all = world.calls(calls).await;
            let times: Vec<_> = server.requests()[100..].iter().map(|request| request.at).collect();
            let (first, last) = (*times.iter().min().unwrap(), *times.iter().max().unwrap());
            assert!(last - first >= Duration::from_millis(100), "within {:?}", last - first);
            let mut proven = None;
            for seen in &all {
                let took = Took::Between(seconds(3), Duration::from_millis(3700));
                proven = Some(seen.is(Expect { attempts: 2, took, ..fine(&[200]) }));
            }
            proven.unwrap()
        });
    }
}
