//! Nothing takes longer than it may: an attempt, and the call as a whole.

use std::time::Duration;

use rolecall::{ErrorKind, Retry};
use rolecall_tests::faults::{DEADLINE, Expect, FaultsApi, NewItem, ScriptedResponse, TIMEOUT, Took, case};
use tokio::time::Instant;

use crate::{BODY, fine, refused, seconds};

/// A call whose only attempt took its time.
fn one_attempt(requests: &[usize]) -> Expect<'_> {
    Expect { requests, ends: Err(ErrorKind::Timeout), attempts: 1, maybe_sent: true, took: Took::About(TIMEOUT) }
}

#[test]
fn an_attempt_that_is_not_responded_in_time_is_made_again_if_that_does_no_harm() {
    case(async |world| {
        let server = world.server(ScriptedResponse::silence());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert!(seen.error().is_timeout() && seen.error().is_retryable());
        seen.is(Expect {
            requests: &[3],
            ends: Err(ErrorKind::Timeout),
            attempts: 3,
            maybe_sent: true,
            took: Took::Between(3 * TIMEOUT, 3 * TIMEOUT + seconds(1)),
        })
    });
}

#[test]
fn the_deadline_cuts_an_attempt_short() {
    case(async |world| {
        let server = world.server(ScriptedResponse::silence());
        let client = world.client(&server).deadline(seconds(8)).build().unwrap();
        world.call(client.get_item("1")).await.is(Expect {
            requests: &[2],
            ends: Err(ErrorKind::Timeout),
            attempts: 2,
            maybe_sent: true,
            took: Took::About(seconds(8)),
        })
    });
}

#[test]
fn a_time_longer_than_the_deadline_is_the_deadline() {
    case(async |world| {
        let server = world.server(ScriptedResponse::silence());
        for time in [seconds(60), Duration::MAX] {
            let client = world.client(&server).timeout(time).deadline(seconds(2)).build().unwrap();
            world.call(client.create_item(&BODY)).await.is(Expect {
                requests: &[server.count()],
                ends: Err(ErrorKind::Timeout),
                attempts: 1,
                maybe_sent: true,
                took: Took::About(seconds(2)),
            });
        }
        let client = world.client(&server).deadline(Duration::ZERO).build();
        world.built(client).is(refused(&[2], ErrorKind::Configuration))
    });
}

#[test]
fn an_endpoint_may_have_a_time_of_its_own() {
    case(async |world| {
        let server = world.server(ScriptedResponse::silence());
        let client = world.client(&server).build().unwrap();
        world.call(client.get_quickly()).await.is(Expect {
            requests: &[3],
            ends: Err(ErrorKind::Timeout),
            attempts: 3,
            maybe_sent: true,
            took: Took::Between(seconds(3), seconds(4)),
        })
    });
}

#[test]
fn a_head_that_comes_byte_by_byte_has_no_more_time() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item().byte_by_byte(seconds(1)));
        let client = world.client(&server).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(one_attempt(&[1]))
    });
}

#[test]
fn a_body_that_stalls_has_no_more_time() {
    for response in [
        ScriptedResponse::item().claiming(100).then_silence(),
        ScriptedResponse::item().chunked_without_end().then_silence(),
        ScriptedResponse::json("").claiming(7).then_silence(),
    ] {
        case(async |world| {
            let server = world.server(response.clone());
            let client = world.client(&server).build().unwrap();
            world.call(client.create_item(&BODY)).await.is(one_attempt(&[1]))
        });
    }
}

#[test]
fn a_body_that_trickles_has_no_more_time() {
    case(async |world| {
        let trickle = format!("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{}", " ".repeat(1000));
        let server = world.server(ScriptedResponse::raw(trickle).byte_by_byte(Duration::from_millis(100)));
        let client = world.client(&server).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(one_attempt(&[1]))
    });
}

#[test]
fn a_request_that_no_server_reads_has_no_more_time() {
    case(async |world| {
        let server = world.server(ScriptedResponse::raw("").head_read().then_deaf());
        let client = world.client(&server).build().unwrap();
        let large = NewItem { note: "x".repeat(16 << 20), ..BODY };
        world.call(client.create_item(&large)).await.is(one_attempt(&[1]))
    });
}

#[test]
fn a_wait_between_attempts_counts_too() {
    case(async |world| {
        let server =
            world.server([ScriptedResponse::status(503).header("retry-after", "19"), ScriptedResponse::silence()]);
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(Expect {
            requests: &[2],
            ends: Err(ErrorKind::Timeout),
            attempts: 2,
            maybe_sent: true,
            took: Took::About(DEADLINE),
        })
    });
}

#[test]
fn a_failure_whose_body_stalls_is_still_that_failure() {
    for status in [400, 500] {
        case(async |world| {
            let server =
                world.server(ScriptedResponse::status(status).body("{\"detail\":").claiming(100).then_silence());
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            assert_eq!(seen.error().status().unwrap(), status);
            seen.is(Expect {
                requests: &[1],
                ends: Err(ErrorKind::Status),
                attempts: 1,
                maybe_sent: true,
                took: Took::UpTo(TIMEOUT + Duration::from_millis(250)),
            })
        });
    }
}

#[test]
fn a_connection_that_does_not_come_about_is_given_up_after_ten_seconds() {
    case(async |world| {
        let client = world.client_of(world.full()).timeout(seconds(15)).retry(Retry::never()).build().unwrap();
        let seen = world.call(client.create_item(&BODY)).await;
        assert!(seen.error().is_retryable());
        seen.is(Expect {
            requests: &[],
            ends: Err(ErrorKind::Connect),
            attempts: 1,
            maybe_sent: false,
            took: Took::About(seconds(10)),
        })
    });
}

#[test]
fn an_attempt_that_ran_out_of_time_is_taken_for_sent_whatever_it_waited_for() {
    case(async |world| {
        let client = world.client_of(world.full()).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(one_attempt(&[]))
    });
}

#[test]
fn a_stream_has_no_deadline_but_may_not_fall_silent() {
    case(async |world| {
        let pieces =
            ScriptedResponse::status(200).body("piece").chunked_without_end().repeated(10, seconds(5)).then_silence();
        let server = world.server(pieces);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_stream()).await;
        seen.is(fine(&[1]));
        let (mut stream, started, mut length) = (seen.into_value(), Instant::now(), 0);
        let error = loop {
            match stream.next().await.unwrap() {
                Ok(piece) => length += piece.len(),
                Err(error) => break error,
            }
        };
        assert_eq!(length, 50);
        let took = started.elapsed();
        assert!(took >= seconds(45) + TIMEOUT && took <= seconds(46) + TIMEOUT, "{took:?}");
        assert!(stream.next().await.is_none());
        world.call(async { Err::<(), _>(error) }).await.is(Expect {
            requests: &[1],
            ends: Err(ErrorKind::Timeout),
            attempts: 1,
            maybe_sent: true,
            took: Took::AtOnce,
        })
    });
}
