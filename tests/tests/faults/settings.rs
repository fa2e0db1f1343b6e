//! Settings for some calls: they change what they name, for those calls alone.

use std::time::Duration;

use rolecall::{CallSettings, ErrorKind, HeaderValue, RateLimit, Retry};
use rolecall_tests::faults::{Expect, FaultsApi, Script, ScriptedResponse, TIMEOUT, Took, case};

use crate::{BODY, TWO_WAITS, fails, fine, refused, seconds};

/// The request's headers but for those that name the server and the client.
fn own_headers(request: &rolecall_tests::faults::Received) -> Vec<String> {
    let known = ["accept", "accept-encoding", "authorization", "content-length", "content-type", "host", "user-agent"];
    let own = request.headers.iter().filter(|(name, _)| !known.contains(&name.as_str()));
    own.map(|(name, value)| format!("{name}: {value}")).collect()
}

#[test]
fn a_header_goes_with_the_calls_of_that_client_alone() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).build().unwrap();
        let other = client.with(CallSettings::new().header("x-request-id", "6f1c").header("X-Number", 7_u16));
        world.call(other.create_item(&BODY)).await.is(fine(&[1]));
        world.call(other.clone().create_item(&BODY)).await.is(fine(&[2]));
        let proven = world.call(client.create_item(&BODY)).await.is(fine(&[3]));
        for number in [0, 1] {
            let request = server.request(number);
            assert_eq!(own_headers(&request), ["x-request-id: 6f1c", "x-number: 7"]);
            assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/items"));
            assert_eq!(request.text(), r#"{"count":1}"#);
            assert_eq!(request.header("content-type"), Some("application/json"));
            assert!(request.header("authorization").is_some_and(|value| value.starts_with("Bearer ")));
        }
        assert_eq!(own_headers(&server.request(2)), Vec::<String>::new());
        proven
    });
}

#[test]
fn a_header_takes_the_place_of_the_one_that_would_be_sent() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("[]"));
        let settings =
            CallSettings::new().header("x-trace", "theirs").header("user-agent", "a/1").header("accept", "a/b");
        let client = world.client(&server).build().unwrap().with(settings.clone());
        let proven = world.call(client.search("a", "the argument")).await.is(fine(&[1]));
        let request = server.request(0);
        assert_eq!(own_headers(&request), ["x-trace: theirs"]);
        assert_eq!((request.header("user-agent"), request.header("accept")), (Some("a/1"), Some("a/b")));
        proven
    });
}

#[test]
fn settings_come_on_top_of_earlier_ones() {
    case(async |world| {
        let server = world.server([ScriptedResponse::json("[]"), ScriptedResponse::silence()]);
        let first = CallSettings::new().header("x-a", "1").header("x-b", "1").timeout(seconds(2));
        let client = world.client(&server).build().unwrap().with(first.retry(Retry::never()));
        let client = client.with(CallSettings::new().header("x-b", "2").header("x-c", "2"));
        world.call(client.search("a", "t")).await.is(fine(&[1]));
        let mut headers = own_headers(&server.request(0));
        headers.sort();
        assert_eq!(headers, ["x-a: 1", "x-b: 2", "x-c: 2", "x-trace: t"]);
        let took = Took::About(seconds(2));
        world.call(client.get_item("1")).await.is(Expect { took, ..fails(&[2], ErrorKind::Timeout) })
    });
}

#[test]
fn a_timeout_replaces_the_clients_and_the_endpoints_own() {
    case(async |world| {
        let server = world.server(ScriptedResponse::silence());
        let client = world.client(&server).build().unwrap();
        let other = client.with(CallSettings::new().timeout(seconds(3)).retry(Retry::never()));
        let after = |requests, time| Expect { took: Took::About(time), ..fails(requests, ErrorKind::Timeout) };
        world.call(other.get_item("1")).await.is(after(&[1], seconds(3)));
        world.call(other.get_quickly()).await.is(after(&[2], seconds(3)));
        world.call(client.create_item(&BODY)).await.is(after(&[3], TIMEOUT))
    });
}

#[test]
fn a_deadline_holds_for_the_whole_call() {
    case(async |world| {
        let server = world.server(ScriptedResponse::silence());
        let client = world.client(&server).build().unwrap();
        let settings = CallSettings::new().timeout(seconds(3)).deadline(seconds(5));
        world.call(client.with(settings.clone()).get_item("1")).await.is(Expect {
            requests: &[2],
            ends: Err(ErrorKind::Timeout),
            attempts: 2,
            maybe_sent: true,
            took: Took::About(seconds(5)),
        })
    });
}

#[test]
fn no_retry_is_none_and_the_clients_other_calls_go_on_retrying() {
    case(async |world| {
        let server =
            world.server([ScriptedResponse::status(503), ScriptedResponse::status(503), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        let once = client.with(CallSettings::new().retry(Retry::never()));
        world.call(once.get_item("1")).await.is(fails(&[1], ErrorKind::Status));
        let again = Expect { attempts: 2, took: TWO_WAITS, ..fine(&[3]) };
        world.call(client.get_item("1")).await.is(again)
    });
}

#[test]
fn an_responses_limit_holds() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).build().unwrap();
        let small = client.with(CallSettings::new().max_response_size(3));
        world.call(small.get_item("1")).await.is(fails(&[1], ErrorKind::ResponseTooLarge));
        world.call(client.get_item("1")).await.is(fine(&[2]))
    });
}

#[test]
fn the_token_and_the_connections_are_shared() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let auth = world.server(Script::tokens(3600));
        let client = world.client_with(&server, &auth).build().unwrap();
        let other = client.with(CallSettings::new().timeout(seconds(1)));
        world.call(other.get_item("1")).await.is(fine(&[1, 1]));
        world.call(client.get_item("1")).await.is(fine(&[2, 1]));
        let proven = world.call(client.with(CallSettings::new()).get_item("1")).await.is(fine(&[3, 1]));
        assert_eq!(server.connections(), 1);
        proven
    });
}

#[test]
fn the_limit_is_shared() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).rate_limit(RateLimit::new(1, seconds(4))).build().unwrap();
        let other = client.with(CallSettings::new().header("x-a", "1"));
        world.call(client.get_item("1")).await.is(fine(&[1]));
        world.call(other.get_item("1")).await.is(Expect { took: Took::About(seconds(4)), ..fine(&[2]) })
    });
}

#[test]
fn the_retry_budget_is_shared() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(503));
        let client = world.client(&server).retry(Retry::default().budget(1)).build().unwrap();
        let other = client.with(CallSettings::new().retry(Retry::default().budget(100)));
        let again = Expect { attempts: 2, took: TWO_WAITS, ..fails(&[2], ErrorKind::Status) };
        world.call(client.get_item("1")).await.is(again);
        world.call(other.get_item("1")).await.is(fails(&[3], ErrorKind::Status))
    });
}

#[test]
fn settings_that_make_no_sense_are_reported_by_the_call_and_nothing_is_sent() {
    let cases = [
        (
            CallSettings::new().header("authorization", "Bearer h1dden-value-of-a-header"),
            "`authorization` cannot be overridden",
        ),
        (CallSettings::new().header("Content-Length", 3), "`content-length` cannot be overridden"),
        (CallSettings::new().header("content-type", "a/b"), "`content-type` cannot be overridden"),
        (CallSettings::new().header("host", "a.example"), "`host` cannot be overridden"),
        (CallSettings::new().header("keep-alive", "1"), "`keep-alive` cannot be overridden"),
        (CallSettings::new().header("a b", "h1dden-value-of-a-header"), "invalid header name"),
        (CallSettings::new().header("x-a", "h1dden-value-of-a-header\r\nx-b: 1"), "invalid character in header `x-a`"),
        (CallSettings::new().timeout(Duration::ZERO), "timeout must be greater than zero"),
        (CallSettings::new().deadline(Duration::ZERO).timeout(Duration::ZERO), "deadline must be greater than zero"),
    ];
    for (settings, reason) in cases {
        case(async |world| {
            world.secret("a value", "h1dden-value-of-a-header");
            let server = world.server(ScriptedResponse::item());
            let client = world.client(&server).build().unwrap().with(settings.clone());
            // A fault stays one under later settings.
            let client = client.with(CallSettings::new().timeout(seconds(1)));
            let seen = world.call(client.get_item("1")).await;
            assert!(seen.line().starts_with("get_item (GET /items/{id}) failed: "), "{}", seen.line());
            assert!(seen.line().contains(reason), "{}", seen.line());
            seen.is(refused(&[0], ErrorKind::Configuration))
        });
    }
}

#[test]
fn no_value_of_a_header_shows() {
    let mut key = HeaderValue::from_static("sesame-1234");
    key.set_sensitive(true);
    let settings = CallSettings::new().header("x-key", key).header("x-other", "sesame-1234");
    let text = format!("{settings:?} {settings:#?}");
    assert!(text.contains("x-key") && text.contains("x-other"), "{text}");
    assert!(!text.contains("sesame"), "{text}");
}
