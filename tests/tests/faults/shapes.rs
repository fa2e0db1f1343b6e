//! Bodies that don't fit what the endpoint promises.

use std::cell::RefCell;

use rolecall::ErrorKind;
use rolecall_tests::faults::{FaultsApi, ScriptedResponse, case};

use crate::{BODY, fails, fine};

/// Calls for an item with this response; what the error says in one line.
fn misfit(response: ScriptedResponse) -> String {
    let line = RefCell::new(String::new());
    case(async |world| {
        let server = world.server(response.clone());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert!(!seen.error().is_retryable());
        assert_eq!(seen.error().status().unwrap(), 200);
        assert!(seen.error().body().len() <= 64 << 10, "a bounded excerpt is kept");
        let shown = seen.line();
        assert!(shown.len() < 1000 && !shown.contains('\n'), "{shown:.2000}");
        line.replace(shown);
        for error in std::iter::successors(std::error::Error::source(seen.error()), |error| error.source()) {
            assert!(error.to_string().len() < 1000, "{error:.2000}");
        }
        seen.is(fails(&[1], ErrorKind::Decode))
    });
    line.into_inner()
}

#[test]
fn a_page_instead_of_json_is_shown_by_its_beginning() {
    let page = format!("<html>\n<title>Maintenance</title>{}", "<p>".repeat(100_000));
    let line = misfit(ScriptedResponse::status(200).header("content-type", "text/html").body(page));
    assert!(line.contains("<html> <title>Maintenance</title>"), "{line}");
}

#[test]
fn nothing_instead_of_json_is_said_in_words() {
    assert!(misfit(ScriptedResponse::json("")).contains("response body is empty"));
    assert!(misfit(ScriptedResponse::json("").chunked()).contains("response body is empty"));
}

#[test]
fn json_that_ends_too_early_or_too_late_does_not_fit() {
    for body in [r#"{"id":"1","count":"#, r#"{"id":"1","count":7}{}"#, r#"{"id":"1","count":7}}"#, " ", "\u{feff}{}"] {
        let line = misfit(ScriptedResponse::json(body));
        assert!(line.contains("could not decode response body"), "{line}");
    }
}

#[test]
fn json_that_is_not_utf8_does_not_fit() {
    misfit(ScriptedResponse::status(200).body(b"{\"id\":\"\xff\xfe\",\"count\":7}"));
    misfit(ScriptedResponse::status(200).body(b"\xff\xfe{\0}\0"));
}

#[test]
fn json_nested_without_end_does_not_exhaust_the_stack() {
    let deep = 200_000;
    misfit(ScriptedResponse::json(&format!("{{\"id\":\"1\",\"count\":7,\"parts\":{}", "[{\"parts\":".repeat(deep))));
    misfit(ScriptedResponse::json(&format!("{{\"unknown\":{}", "[".repeat(deep))));
    misfit(ScriptedResponse::json(&"[".repeat(deep)));
}

#[test]
fn a_failure_nested_without_end_does_not_exhaust_the_stack() {
    for body in [format!("{{\"type\":{}", "[".repeat(200_000)), "{\"a\":".repeat(50_000)] {
        case(async |world| {
            let server = world.server(ScriptedResponse::status(400).body(body.clone()));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            assert!(seen.error().problem().is_none());
            assert!(seen.error().problem_as::<rolecall_tests::faults::Item>().is_none());
            seen.is(fails(&[1], ErrorKind::Status))
        });
    }
}

#[test]
fn a_wrong_shape_names_the_path_to_it() {
    for (body, path) in [
        (r#"{"id":"1","count":"seven"}"#, "count"),
        (r#"{"id":"1","count":-1}"#, "count"),
        (r#"{"id":"1","count":4294967296}"#, "count"),
        (r#"{"id":"1","count":7,"parts":[{"id":"2","count":1},{"id":"3","count":null}]}"#, "parts[1].count"),
        (r#"{"id":"1","count":7,"parts":{}}"#, "parts"),
        (r#"{"id":"1","count":7,"parts":[{"count":1}]}"#, "parts[0]"),
    ] {
        let line = misfit(ScriptedResponse::json(body));
        assert!(line.contains(&format!("at `{path}`")), "{line}");
    }
    assert!(misfit(ScriptedResponse::json("{}")).contains("missing field `id`"));
    assert!(misfit(ScriptedResponse::json("[]")).contains("could not decode response body"));
}

#[test]
fn a_value_that_does_not_fit_is_not_shown_at_length() {
    let long = "x".repeat(1 << 20);
    misfit(ScriptedResponse::json(&format!(r#"{{"id":"1","count":"{long}"}}"#)));
    misfit(ScriptedResponse::json(&format!(r#""{long}""#)));
}

#[test]
fn a_404_is_an_response_where_the_endpoint_says_so() {
    case(async |world| {
        let missing = ScriptedResponse::status(404).header("content-type", "text/html").body("<h1>no</h1>");
        let server = world.server([missing.clone(), ScriptedResponse::item(), ScriptedResponse::status(410), missing]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.find_item("1")).await;
        assert_eq!(*seen.value(), None);
        seen.is(fine(&[1]));
        let seen = world.call(client.find_item("1")).await;
        assert_eq!(seen.value().as_ref().unwrap().count, 7);
        seen.is(fine(&[2]));
        world.call(client.find_item("1")).await.is(fails(&[3], ErrorKind::Status));
        world.call(client.get_item("1")).await.is(fails(&[4], ErrorKind::Status))
    });
}

#[test]
fn a_call_without_a_result_takes_any_body() {
    for response in [
        ScriptedResponse::status(200),
        ScriptedResponse::status(204),
        ScriptedResponse::status(201).body("<html>"),
        ScriptedResponse::status(202).body(b"\xff").chunked(),
        ScriptedResponse::json("{").unframed(),
    ] {
        case(async |world| {
            let server = world.server(response.clone());
            let client = world.client(&server).build().unwrap();
            world.call(client.delete_item("1")).await.is(fine(&[1]));
            world.call(client.replace_item("1", &BODY)).await.is(fine(&[2]))
        });
    }
}

#[test]
fn text_and_bytes_are_what_was_sent() {
    case(async |world| {
        let server = world
            .server([ScriptedResponse::status(200).body("\u{e4}\n"), ScriptedResponse::status(200).body(b"a\xff\0")]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_text()).await;
        assert_eq!(seen.value().0, "\u{e4}\n");
        seen.is(fine(&[1]));
        let seen = world.call(client.get_bytes()).await;
        assert_eq!(*seen.value(), b"a\xff\0".as_slice());
        seen.is(fine(&[2]));
        let seen = world.call(client.get_text()).await;
        assert!(seen.line().contains("response body is not valid UTF-8"), "{}", seen.line());
        seen.is(fails(&[3], ErrorKind::Decode))
    });
}

#[test]
fn the_head_of_an_response_can_be_had_too() {
    case(async |world| {
        let response = ScriptedResponse::status(201).header("x-total", "9").body(r#"{"id":"1","count":7}"#);
        let server = world.server(response.clone());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_whole()).await;
        assert_eq!(seen.value().status(), 201);
        assert_eq!(seen.value().headers()["x-total"], "9");
        assert_eq!(seen.value().body().count, 7);
        seen.is(fine(&[1]))
    });
}
