//! Which failures are tried again, and how often.

use std::time::Duration;

use rolecall::{ErrorKind, Retry};
use rolecall_tests::faults::{Expect, FaultsApi, ScriptedResponse, TIMEOUT, Took, case};

use crate::{BODY, TWO_WAITS, fails, fine};

#[test]
fn a_request_that_never_left_is_retried_whatever_its_method() {
    case(async |world| {
        let client = world.client_of(world.nowhere()).build().unwrap();
        let expect =
            Expect { requests: &[], ends: Err(ErrorKind::Connect), attempts: 3, maybe_sent: false, took: TWO_WAITS };
        let seen = world.call(client.get_item("1")).await;
        assert!(seen.error().is_retryable() && seen.error().is_connect());
        seen.is(expect);
        let seen = world.call(client.create_item(&BODY)).await;
        assert!(seen.error().is_retryable());
        assert!(seen.line().contains("refused"), "{}", seen.line());
        seen.is(expect)
    });
}

#[test]
fn a_get_whose_connection_was_reset_is_sent_again() {
    case(async |world| {
        let server = world.server([ScriptedResponse::reset(), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(seen.value().count, 7);
        seen.is(Expect { requests: &[2], ends: Ok(()), attempts: 2, maybe_sent: true, took: TWO_WAITS })
    });
}

#[test]
fn a_post_that_may_have_arrived_is_never_sent_twice() {
    for response in [
        ScriptedResponse::reset(),
        ScriptedResponse::close(),
        ScriptedResponse::item().claiming(100).then_close(),
        ScriptedResponse::item().claiming(100).then_reset(),
        ScriptedResponse::item().chunked_without_end().then_close(),
        ScriptedResponse::raw("HTTP/1.1 2").then_close(),
        ScriptedResponse::raw("nonsense\r\n\r\n").then_close(),
    ] {
        case(async |world| {
            let server = world.server(response.clone());
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            assert!(!seen.error().is_retryable(), "{:?}", seen.error());
            assert_eq!(server.request(0).text(), r#"{"count":1}"#);
            seen.is(fails(&[1], ErrorKind::Transport))
        });
    }
}

#[test]
fn a_post_reset_before_it_was_read_may_have_arrived() {
    case(async |world| {
        let server = world.server(ScriptedResponse::reset().unread());
        let client = world.client(&server).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fails(&[1], ErrorKind::Transport))
    });
}

#[test]
fn a_post_that_timed_out_is_never_sent_twice() {
    case(async |world| {
        let server = world.server(ScriptedResponse::silence());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.create_item(&BODY)).await;
        assert!(seen.error().is_timeout() && !seen.error().is_retryable());
        seen.is(Expect {
            requests: &[1],
            ends: Err(ErrorKind::Timeout),
            attempts: 1,
            maybe_sent: true,
            took: Took::About(TIMEOUT),
        })
    });
}

#[test]
fn a_post_marked_idempotent_is_sent_again() {
    case(async |world| {
        let server = world.server([ScriptedResponse::status(503), ScriptedResponse::reset(), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.create_item_once(&BODY)).await;
        assert!(server.requests().iter().all(|request| request.text() == r#"{"count":1}"#));
        seen.is(Expect { requests: &[3], ends: Ok(()), attempts: 3, maybe_sent: true, took: TWO_WAITS })
    });
}

#[test]
fn an_unavailable_server_is_tried_three_times_by_idempotent_calls() {
    for status in [502, 503, 504] {
        case(async |world| {
            let server = world.server(ScriptedResponse::status(status));
            let client = world.client(&server).build().unwrap();
            let expect = |requests| Expect {
                requests,
                ends: Err(ErrorKind::Status),
                attempts: 3,
                maybe_sent: true,
                took: TWO_WAITS,
            };
            let seen = world.call(client.get_item("1")).await;
            assert_eq!(seen.error().status().unwrap(), status);
            assert!(seen.error().is_retryable() && seen.line().ends_with("(3 attempts)"), "{}", seen.line());
            seen.is(expect(&[3]));
            world.call(client.replace_item("1", &BODY)).await.is(expect(&[6]));
            world.call(client.delete_item("1")).await.is(expect(&[9]))
        });
    }
}

#[test]
fn an_unavailable_server_is_tried_once_by_calls_that_are_not_idempotent() {
    for status in [502, 503, 504] {
        case(async |world| {
            let server = world.server(ScriptedResponse::status(status));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            assert!(!seen.error().is_retryable());
            seen.is(fails(&[1], ErrorKind::Status));
            world.call(client.change_item("1", &BODY)).await.is(fails(&[2], ErrorKind::Status))
        });
    }
}

#[test]
fn other_failures_of_the_server_or_the_caller_are_never_retried() {
    for status in [400, 402, 403, 404, 405, 408, 409, 410, 418, 421, 422, 425, 451, 499, 500, 501, 505, 507, 511, 599] {
        case(async |world| {
            let server = world.server(ScriptedResponse::status(status));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            assert!(!seen.error().is_retryable());
            assert_eq!(seen.error().status().unwrap(), status);
            seen.is(fails(&[1], ErrorKind::Status));
            world.call(client.create_item_once(&BODY)).await.is(fails(&[2], ErrorKind::Status))
        });
    }
}

#[test]
fn a_token_that_nothing_renews_is_refused_once() {
    case(async |world| {
        let server =
            world.server(ScriptedResponse::status(401).header("www-authenticate", "Bearer error=\"invalid_token\""));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        seen.is(fails(&[1], ErrorKind::Status))
    });
}

#[test]
fn no_retry_means_one_attempt() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(503));
        for retry in [Retry::never(), Retry::default().max_attempts(0), Retry::default().budget(0)] {
            let client = world.client(&server).retry(retry).build().unwrap();
            world.call(client.get_item("1")).await.is(fails(&[server.count()], ErrorKind::Status));
        }
        let client = world.client(&server).retry(Retry::default().max_attempts(7)).build().unwrap();
        world.call(client.get_item("1")).await.is(Expect {
            requests: &[10],
            ends: Err(ErrorKind::Status),
            attempts: 7,
            maybe_sent: true,
            took: Took::UpTo(Duration::from_millis(13_000)),
        })
    });
}

#[test]
fn a_connection_that_the_server_closed_meanwhile_costs_a_get_nothing() {
    case(async |world| {
        let server = world.server([ScriptedResponse::item().then_close(), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        world.call(client.create_item(&BODY)).await.is(fine(&[2]))
    });
}

#[test]
fn a_server_that_does_not_speak_tls_gets_no_request() {
    case(async |world| {
        let server = world.server(ScriptedResponse::raw("HTTP/1.1 400 Bad Request\r\n\r\n").unread().then_close());
        let client = world.client_of(server.url().replace("http:", "https:")).build().unwrap();
        let seen = world.call(client.create_item(&BODY)).await;
        // What the server has counted are greetings of TLS.
        assert!(server.requests().iter().all(|request| request.method.is_empty()));
        seen.is(Expect {
            requests: &[3],
            ends: Err(ErrorKind::Connect),
            attempts: 3,
            maybe_sent: false,
            took: TWO_WAITS,
        })
    });
}
