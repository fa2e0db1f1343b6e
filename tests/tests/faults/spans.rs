//! What a call tells the program that it runs in.

use rolecall::{ErrorKind, RateLimit};
use rolecall_tests::faults::{EventRecord, Expect, FaultsApi, NewItem, ScriptedResponse, SpanRecord, case};

use crate::{BODY, TWO_WAITS, fails, fine, refused};

fn fields<'a>(span: &'a SpanRecord, names: &[&str]) -> Vec<Option<&'a str>> {
    names.iter().map(|name| span.field(name)).collect()
}

const OUTCOME: [&str; 3] = ["http.response.status_code", "http.request.resend_count", "error.type"];

#[test]
fn a_call_is_a_span_with_the_names_of_opentelemetry() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        let spans = world.capture().calls();
        let [span] = spans.as_slice() else { panic!("{spans:?}") };
        for (name, value) in [
            ("otel.kind", "client"),
            ("otel.name", "get_item"),
            ("http.request.method", "GET"),
            ("url.template", "/items/{id}"),
            ("server.address", "127.0.0.1"),
            ("server.port", &server.port().to_string()),
            ("role", "USER"),
        ] {
            assert_eq!(span.field(name), Some(value), "{name}");
        }
        assert_eq!(fields(span, &OUTCOME), [Some("200"), None, None]);
        world.call(client.delete_item("1")).await.is(fine(&[2]))
    });
}

#[test]
fn a_span_tells_how_often_the_request_was_sent_again() {
    case(async |world| {
        let server = world.server([ScriptedResponse::status(503), ScriptedResponse::reset(), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        let expect = Expect { requests: &[3], ends: Ok(()), attempts: 3, maybe_sent: true, took: TWO_WAITS };
        let proven = world.call(client.get_item("1")).await.is(expect);
        assert_eq!(fields(&world.capture().calls()[0], &OUTCOME), [Some("200"), Some("2"), None]);
        proven
    });
}

#[test]
fn a_span_tells_why_a_call_failed() {
    let long = "x".repeat(100);
    for (response, outcome) in [
        (ScriptedResponse::status(404), [Some("404"), None, Some("404")]),
        (ScriptedResponse::reset(), [None, None, Some("transport")]),
        (ScriptedResponse::silence(), [None, None, Some("timeout")]),
        (ScriptedResponse::item().body(long.clone()).claiming(9 << 20), [None, None, Some("response_too_large")]),
        (ScriptedResponse::json("{}"), [Some("200"), None, Some("decode")]),
    ] {
        case(async |world| {
            let server = world.server(response.clone());
            let client = world.client(&server).timeout(crate::seconds(1)).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            assert_eq!(fields(&world.capture().calls()[0], &OUTCOME), outcome);
            let kind = seen.error().kind();
            seen.is(Expect { took: rolecall_tests::faults::Took::UpTo(crate::seconds(2)), ..fails(&[1], kind) })
        });
    }
}

#[test]
fn a_refused_argument_and_a_missing_connection_are_reported_too() {
    case(async |world| {
        let client = world.client_of(world.nowhere()).build().unwrap();
        world.call(client.get_item("..")).await.is(refused(&[], ErrorKind::Argument));
        assert_eq!(fields(&world.capture().calls()[0], &OUTCOME), [None, None, Some("argument")]);
        let expect =
            Expect { requests: &[], ends: Err(ErrorKind::Connect), attempts: 3, maybe_sent: false, took: TWO_WAITS };
        let proven = world.call(client.get_item("1")).await.is(expect);
        assert_eq!(fields(&world.capture().calls()[1], &OUTCOME), [None, Some("2"), Some("connect")]);
        proven
    });
}

#[test]
fn waits_and_retries_are_events() {
    case(async |world| {
        let server = world.server([ScriptedResponse::status(503).header("retry-after", "2"), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        let events = world.capture().events();
        assert!(events.iter().any(|event| format!("{event:?}").contains("503")), "{events:?}");
        seen.is(Expect {
            requests: &[2],
            ends: Ok(()),
            attempts: 2,
            maybe_sent: true,
            took: rolecall_tests::faults::Took::About(crate::seconds(2)),
        })
    });
}

#[test]
fn a_wait_for_the_rate_limit_is_an_event_and_a_permit_at_once_is_none() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let limit = RateLimit::new(1, crate::seconds(2));
        let client = world.client(&server).rate_limit(limit).build().unwrap();
        let is_wait = |event: &EventRecord| event.field("message") == Some("waited for a rate-limit permit");
        let waits = || world.capture().events().iter().filter(|event| is_wait(event)).count();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        assert_eq!(waits(), 0);
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(waits(), 1);
        seen.is(Expect { took: rolecall_tests::faults::Took::About(crate::seconds(2)), ..fine(&[2]) })
    });
}

#[test]
fn a_new_token_and_a_failed_renewal_are_events() {
    case(async |world| {
        let api = world.server(ScriptedResponse::item());
        let auth = world.server([ScriptedResponse::status(503), ScriptedResponse::token(1, 3600)]);
        let client = world.client_with(&api, &auth).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        let events = world.capture().events();
        let told = |level, message| {
            let is_it = |event: &&EventRecord| event.level == level && event.field("message") == Some(message);
            events.iter().find(is_it).unwrap_or_else(|| panic!("{message}: {events:?}"))
        };
        let failed = told(tracing::Level::WARN, "could not obtain a new token");
        assert_eq!(failed.field("reason"), Some("missing"));
        assert!(failed.field("error").unwrap().contains("503"), "{failed:?}");
        let next_try: f64 = failed.field("next_try_s").unwrap().parse().unwrap();
        assert!((1.9..=2.5).contains(&next_try), "{next_try}");
        let renewed = told(tracing::Level::DEBUG, "obtained a new token");
        assert_eq!([renewed.field("reason"), renewed.field("from")], [Some("missing"), Some("authorization server")]);
        seen.is(Expect {
            took: rolecall_tests::faults::Took::Between(crate::seconds(2), crate::seconds(4)),
            ..fine(&[1, 2])
        })
    });
}

/// What no span, event or error may show.
const ARGUMENT: &str = "argument-of-the-call-7f3a";

#[test]
fn no_value_of_an_argument_is_reported() {
    for response in [
        ScriptedResponse::item(),
        ScriptedResponse::status(404),
        ScriptedResponse::status(503),
        ScriptedResponse::reset(),
        ScriptedResponse::raw("nonsense\r\n\r\n").then_close(),
        ScriptedResponse::json("[1]"),
        ScriptedResponse::status(302).header("location", "/"),
    ] {
        case(async |world| {
            let server = world.server(response.clone());
            let client = world.client(&server).build().unwrap();
            let body = NewItem { note: ARGUMENT.to_owned(), ..BODY };
            let (one, two) = (world.call(client.get_item(ARGUMENT)).await, world.call(client.create_item(&body)).await);
            let three = world.call(client.search(ARGUMENT, ARGUMENT)).await;
            let four = world.call(client.search(ARGUMENT, &format!("{ARGUMENT}\n"))).await;
            assert!(server.requests().iter().any(|request| request.target.contains(ARGUMENT)));
            assert!(!world.capture().told().contains(ARGUMENT), "{}", world.capture().told());
            assert!(!world.capture().text().contains(ARGUMENT), "{}", world.capture().text());
            let requests = [server.count()];
            let proof =
                |ends, attempts| Expect { requests: &requests, ends, attempts, maybe_sent: true, took: TWO_WAITS };
            one.is(proof(one.result().map(|_| ()), one.attempts()));
            two.is(proof(two.result().map(|_| ()), two.attempts()));
            three.is(proof(three.result().map(|_| ()), three.attempts()));
            four.is(refused(&requests, ErrorKind::Argument))
        });
    }
}
