//! The queue timeout: the time that a call may wait for the rate limit, apart from its deadline.

use std::time::Duration;

use rolecall::{CallSettings, ErrorKind, RateLimit};
use rolecall_tests::faults::{Answer, Expect, FaultsApi, Took, case};

use crate::pace::most_in;
use crate::{fine, refused, seconds};

#[test]
fn a_calls_deadline_stands_still_while_it_waits_in_the_queue() {
    case(async |world| {
        let server = world.server(Answer::item());
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
        let server = world.server(Answer::item());
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
        let server = world.server(Answer::item());
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
        let server = world.server([Answer::status(429).header("retry-after", "15"), Answer::item()]);
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
        let server = world.server(Answer::status(429).header("retry-after", "90"));
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
        let server = world.server(Answer::item());
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
