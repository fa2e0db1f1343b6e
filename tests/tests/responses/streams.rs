//! Server-sent events, newline-delimited JSON, and the time of streams.

use std::time::Duration;

use rolecall::{ByteStream, Error, ErrorKind, Event, Events, JsonLines, Text, api, endpoint};
use rolecall_tests::faults::{Expect, ScriptedResponse, TIMEOUT, TOKEN, World, case};
use rolecall_tests::roles::User;
use serde::Deserialize;

use crate::{fails, fine};

#[derive(Debug, PartialEq, Deserialize)]
struct Delta {
    n: u32,
}

#[api]
trait StreamsApi {
    #[endpoint(method = POST, path = "/chat", role = User, end = "[DONE]")]
    async fn chat(&self) -> Result<Events<Delta>, Error>;

    #[endpoint(method = POST, path = "/chat", role = User)]
    async fn chat_at_once(&self) -> Result<Delta, Error>;

    #[endpoint(method = GET, path = "/feed", role = User, reconnect)]
    async fn feed(&self) -> Result<Events<Event<Text>>, Error>;

    #[endpoint(method = GET, path = "/raw", role = User)]
    async fn raw(&self) -> Result<Events<Text>, Error>;

    #[endpoint(method = GET, path = "/watch", role = User)]
    async fn watch(&self) -> Result<JsonLines<Delta>, Error>;

    #[endpoint(method = GET, path = "/bytes", role = User)]
    async fn bytes(&self) -> Result<ByteStream, Error>;
}

fn events(body: &str) -> ScriptedResponse {
    ScriptedResponse::status(200).header("content-type", "text/event-stream; charset=utf-8").body(body).chunked()
}

/// Opens a stream, which takes one request.
async fn open<T>(world: &World, requests: usize, call: impl Future<Output = Result<T, Error>>) -> T {
    let seen = world.call(call).await;
    seen.is(fine(&[requests]));
    seen.into_value()
}

async fn texts(events: &mut Events<Text>) -> Vec<String> {
    let mut all = Vec::new();
    while let Some(event) = events.next().await {
        all.push(event.unwrap().0);
    }
    all
}

#[test]
fn events_are_decoded_until_the_one_that_ends_them() {
    case(async |world| {
        let server = world.server(events(
            ": hello\n\ndata: {\"n\":1}\n\ndata: {\"n\":\ndata: 2}\n\nevent: x\ndata: [DONE]\n\ndata: {\"n\":3}\n\n",
        ));
        let client = world.client(&server).build().unwrap();
        let mut chat = open(world, 1, client.chat()).await;
        assert_eq!(chat.next().await.unwrap().unwrap(), Delta { n: 1 });
        assert_eq!(chat.next().await.unwrap().unwrap(), Delta { n: 2 });
        assert!(chat.next().await.is_none());
        let request = server.request(0);
        assert_eq!((request.method.as_str(), request.header("accept")), ("POST", Some("text/event-stream")));
        server.now(ScriptedResponse::json("{\"n\":9}"));
        let seen = world.call(client.chat_at_once()).await;
        assert_eq!(server.request(1).header("accept"), Some("application/json"));
        seen.is(fine(&[2]))
    });
}

#[test]
fn all_line_ends_marks_and_cuts_are_read_as_the_standard_says() {
    for (body, expected) in [
        ("data: a\r\ndata: b\r\n\r\ndata: c\r\rdata: d\n\n", &["a\nb", "c", "d"][..]),
        ("\u{feff}data: a\n\ndata: \u{feff}b\n\n", &["a", "\u{feff}b"]),
        ("data: a\r\ndata: b\r\r\ndata: c\n\rdata: d\n\n", &["a\nb", "c", "d"]),
        ("data: a\n\ndata: cut\n", &["a"]),
        ("data: a\n\ndata: cut", &["a"]),
        ("data: a\n\r\n\r\n", &["a"]),
        ("data\n\ndata:  x\nnone\n\n", &["", " x"]),
        ("", &[]),
    ] {
        for pieces in [false, true] {
            case(async |world| {
                let response = events(body);
                let server =
                    world.server(if pieces { response.byte_by_byte(Duration::from_millis(20)) } else { response });
                let client = world.client(&server).build().unwrap();
                let seen = world.call(client.raw()).await;
                let took = rolecall_tests::faults::Took::UpTo(Duration::from_secs(5));
                let proven = seen.is(Expect { took, ..fine(&[1]) });
                assert_eq!(texts(&mut seen.into_value()).await, expected, "{body:?}");
                proven
            });
        }
    }
}

#[test]
fn bytes_that_are_not_utf8_are_replaced() {
    case(async |world| {
        let server = world.server(events("").body(b"data: \xff\xfea\n\ndata: b\n\n").chunked());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.raw()).await;
        let proven = seen.is(fine(&[1]));
        assert_eq!(texts(&mut seen.into_value()).await, ["\u{fffd}\u{fffd}a", "b"]);
        proven
    });
}

#[test]
fn an_event_that_does_not_fit_is_an_error_that_the_next_one_follows() {
    case(async |world| {
        let server = world.server(events(&format!(
            "data: {{\"n\":\"x\"}}\n\ndata: {{\"{TOKEN}\":\"{TOKEN}\"}}\n\ndata: {{\"n\":2}}\n\n"
        )));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.chat()).await;
        let proven = seen.is(fine(&[1]));
        let mut chat = seen.into_value();
        let error = chat.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(
            error.to_string().starts_with("chat (POST /chat) failed: could not decode event data at `n`"),
            "{error}"
        );
        let error = chat.next().await.unwrap().unwrap_err();
        assert!(!format!("{error:?}").contains(TOKEN), "{error:?}");
        assert_eq!(chat.next().await.unwrap().unwrap(), Delta { n: 2 });
        assert!(chat.next().await.is_none());
        proven
    });
}

#[test]
fn an_item_is_bounded_and_too_long_a_one_is_reported_once() {
    let long = "x".repeat(3000);
    for body in [format!("data: {long}"), format!("data: {}\n", "y".repeat(600)).repeat(3)] {
        case(async |world| {
            let server = world.server(events(&body));
            let client = world.client(&server).max_response_size(1000).build().unwrap();
            let seen = world.call(client.raw()).await;
            seen.is(fine(&[1]));
            let mut raw = seen.into_value();
            assert_eq!(raw.next().await.unwrap().unwrap_err().kind(), ErrorKind::ResponseTooLarge);
            assert!(raw.next().await.is_none());

            let seen = world.call(client.feed()).await;
            let proven = seen.is(fine(&[2]));
            let mut feed = seen.into_value();
            assert_eq!(feed.next().await.unwrap().unwrap_err().kind(), ErrorKind::ResponseTooLarge);
            assert!(feed.next().await.is_none());
            assert_eq!(server.count(), 2, "it does not reconnect to receive the same");
            proven
        });
    }
    case(async |world| {
        let server = world.server(ScriptedResponse::status(200).body(long.clone()));
        let client = world.client(&server).max_response_size(1000).build().unwrap();
        let seen = world.call(client.watch()).await;
        let proven = seen.is(fine(&[1]));
        let mut watch = seen.into_value();
        assert_eq!(watch.next().await.unwrap().unwrap_err().kind(), ErrorKind::ResponseTooLarge);
        assert!(watch.next().await.is_none());
        proven
    });
}

#[test]
fn a_response_that_is_no_stream_of_events_is_an_error() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("{}"));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.raw()).await;
        assert!(seen.line().contains("expected a response of `text/event-stream`, found `application/json`"));
        seen.is(fails(&[1], ErrorKind::Decode))
    });
}

#[test]
fn events_go_on_after_a_break_with_the_id_of_the_last_one() {
    case(async |world| {
        let server = world.server([
            events("retry: 100\nid: 7\ndata: a\n\nid: 9\ndata: cut").then_close(),
            ScriptedResponse::status(503),
            events("event: add\ndata: b\n\n"),
            events("id: 8\ndata: c\n\n"),
            ScriptedResponse::status(204),
        ]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.feed()).await;
        seen.is(fine(&[1]));
        let mut feed = seen.into_value();
        let all = world
            .call(async {
                let mut all = Vec::new();
                while let Some(event) = feed.next().await {
                    let Event { name, id, data } = event?;
                    all.push(format!("{name} {id} {}", data.0));
                }
                Ok(all)
            })
            .await;
        assert_eq!(*all.value(), ["message 7 a", "add 7 b", "message 8 c"]);
        let ids: Vec<Option<String>> =
            server.requests().iter().map(|request| request.header("last-event-id").map(str::to_owned)).collect();
        assert_eq!(ids, [None, Some("7"), Some("7"), Some("7"), Some("8")].map(|id| id.map(str::to_owned)));
        all.is(Expect {
            attempts: all.attempts(),
            took: rolecall_tests::faults::Took::UpTo(Duration::from_secs(3)),
            ..fine(&[5])
        })
    });
}

#[test]
fn connections_without_an_event_end_in_a_bounded_number() {
    case(async |world| {
        let server = world.server(events("retry: 10\n\n"));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.feed()).await;
        seen.is(fine(&[1]));
        let mut feed = seen.into_value();
        let end = world.call(async { Ok::<_, Error>(feed.next().await.is_none()) }).await;
        assert!(*end.value());
        end.is(Expect {
            attempts: end.attempts(),
            took: rolecall_tests::faults::Took::UpTo(Duration::from_secs(60)),
            ..fine(&[6])
        })
    });
}

#[test]
fn json_lines_are_read_with_every_line_end_and_the_last_one_without() {
    case(async |world| {
        let server = world.server(
            ScriptedResponse::status(200)
                .header("content-type", "application/json")
                .body("\u{feff}{\"n\":1}\r\n\n\u{1e}{\"n\":2}\n{\"n\":\n{\"n\":3}")
                .chunked(),
        );
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.watch()).await;
        let proven = seen.is(fine(&[1]));
        let mut watch = seen.into_value();
        assert_eq!(watch.next().await.unwrap().unwrap(), Delta { n: 1 });
        assert_eq!(watch.next().await.unwrap().unwrap(), Delta { n: 2 });
        assert_eq!(watch.next().await.unwrap().unwrap_err().kind(), ErrorKind::Decode);
        assert_eq!(watch.next().await.unwrap().unwrap(), Delta { n: 3 });
        assert!(watch.next().await.is_none());
        assert!(server.request(0).header("accept").unwrap().contains("ndjson"));
        proven
    });
}

#[test]
fn silence_ends_a_stream_with_one_error_and_comments_are_no_silence() {
    case(async |world| {
        let server = world.server(events("data: a\n\n").chunked_without_end().then_silence());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.raw()).await;
        let proven = seen.is(fine(&[1]));
        let mut raw = seen.into_value();
        assert_eq!(raw.next().await.unwrap().unwrap().0, "a");
        let error = raw.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.to_string().contains("(attempt timeout of 6 s)"), "{error}");
        assert!(raw.next().await.is_none());
        proven
    });
}

#[test]
fn a_reader_that_takes_its_time_is_not_reported_that_the_server_timed_out() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(200).body("a piece").chunked().repeated(2, TIMEOUT / 2));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.bytes()).await;
        let proven = seen.is(fine(&[1]));
        let mut stream = seen.into_value();
        world.pass(3 * TIMEOUT).await;
        let mut read = 0;
        while let Some(chunk) = stream.next().await {
            read += chunk.unwrap().len();
            world.pass(2 * TIMEOUT).await;
        }
        assert!(read >= "a piece".len(), "{read}");
        proven
    });
}
