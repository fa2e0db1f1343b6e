//! What an error tells its caller.

use std::cell::RefCell;
use std::error::Error as _;
use std::io;

use rolecall::{Client, Error, ErrorKind, StatusCode};
use rolecall_tests::faults::{Expect, FaultsApi, ScriptedResponse, case};
use rolecall_tests::roles::User;
use serde::Deserialize;

use crate::{BODY, TWO_WAITS, fails};

#[test]
fn an_error_is_a_pointer_and_a_client_too() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Error>();
    shared::<Client<User>>();
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    assert_eq!(size_of::<Client<User>>(), size_of::<usize>());
}

/// What an error says of this response, on one line.
fn line(response: ScriptedResponse) -> String {
    let line = RefCell::new(String::new());
    case(async |world| {
        let server = world.server(response.clone());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.create_item(&BODY)).await;
        line.replace(seen.line());
        let kind = seen.error().kind();
        seen.is(fails(&[1], kind))
    });
    line.into_inner()
}

#[test]
fn an_error_is_one_line_that_names_endpoint_and_reason() {
    assert_eq!(line(ScriptedResponse::status(404)), "create_item (POST /items) failed: 404 Not Found");
    assert_eq!(
        line(ScriptedResponse::status(409).body(r#"{"type":"conflict","detail":"there is\na '1' already"}"#)),
        "create_item (POST /items) failed: 409 Conflict: conflict: there is a '1' already"
    );
    assert_eq!(
        line(ScriptedResponse::status(500).body("<html>\n\t<b>\u{1b}[31mOh\u{7} no\n")),
        "create_item (POST /items) failed: 500 Internal Server Error: <html> <b>\\u{1b}[31mOh\\u{7} no"
    );
    assert_eq!(line(ScriptedResponse::status(499)), "create_item (POST /items) failed: 499");
    assert_eq!(
        line(ScriptedResponse::json(r#"{"id":1}"#)),
        "create_item (POST /items) failed: could not decode response body at `id`: invalid type: integer `1`, expected a string at \
         line 1 column 7"
    );
    assert_eq!(
        line(ScriptedResponse::json("")),
        "create_item (POST /items) failed: response body is empty; expected JSON"
    );
    assert!(
        line(ScriptedResponse::reset())
            .starts_with("create_item (POST /items) failed: connection closed before the response was complete")
    );
}

#[test]
fn a_long_or_broken_body_is_shown_by_its_beginning() {
    let long = line(ScriptedResponse::status(400).body("\u{e4} ".repeat(50_000)));
    assert!(long.chars().count() < 300 && long.ends_with('\u{2026}'), "{long}");
    assert!(line(ScriptedResponse::status(400).body(b"good \xff bad")).ends_with("400 Bad Request: good"));
    let long = line(ScriptedResponse::status(400).body(format!(r#"{{"detail":"{}"}}"#, "x".repeat(50_000))));
    assert!(long.len() < 1000, "{long:.2000}");
}

#[test]
fn what_the_api_says_of_a_failure_can_be_asked_for() {
    #[derive(Deserialize)]
    struct Own {
        code: u32,
    }
    for (body, kind, detail) in [
        (r#"{"type":"gone","detail":"no such user","code":7}"#, "gone", "no such user"),
        (r#"{"type":"about:blank","title":"Gone","status":410,"code":7}"#, "about:blank", "Gone"),
        (r#"{"error":"invalid_request","error_description":"no id","code":7}"#, "invalid_request", "no id"),
    ] {
        case(async |world| {
            let server = world.server(ScriptedResponse::status(410).header("x-request-id", "r1").body(body));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            let error = seen.error();
            let problem = error.problem().unwrap();
            assert_eq!((problem.kind(), problem.detail()), (kind, detail));
            assert_eq!(error.problem_as::<Own>().unwrap().code, 7);
            assert!(error.problem_as::<Vec<u8>>().is_none());
            assert_eq!(error.status(), Some(StatusCode::GONE));
            assert_eq!(error.headers()["x-request-id"], "r1");
            assert_eq!(error.body(), body);
            assert_eq!(error.endpoint().unwrap().path, "/items/{id}");
            seen.is(fails(&[1], ErrorKind::Status))
        });
    }
}

#[test]
fn the_sources_of_an_error_end_with_what_the_system_said() {
    case(async |world| {
        let client = world.client_of(world.nowhere()).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        let sources: Vec<_> = std::iter::successors(seen.error().source(), |error| (*error).source()).collect();
        let system = sources.iter().find_map(|error| error.downcast_ref::<io::Error>()).unwrap();
        assert_eq!(system.kind(), io::ErrorKind::ConnectionRefused);
        assert!(seen.line().contains("could not connect to 127.0.0.1"), "{}", seen.line());
        seen.is(Expect {
            requests: &[],
            ends: Err(ErrorKind::Connect),
            attempts: 3,
            maybe_sent: false,
            took: TWO_WAITS,
        })
    });
}

#[test]
fn a_name_that_is_none_is_no_connection() {
    case(async |world| {
        // Reserved for names that never resolve (RFC 6761, section 6.4).
        let client = world.client_of("https://api.invalid").build().unwrap();
        let seen = world.call(client.create_item(&BODY)).await;
        let kind = seen.error().kind();
        assert!(kind == ErrorKind::Connect || kind == ErrorKind::Timeout, "a machine's resolver may take its time");
        seen.is(Expect {
            requests: &[],
            ends: Err(kind),
            attempts: seen.attempts(),
            maybe_sent: seen.error().maybe_sent(),
            took: rolecall_tests::faults::Took::UpTo(rolecall_tests::faults::DEADLINE),
        })
    });
}
