//! `Option`, `none = […]`, and conditional requests.

use rolecall::{Bytes, Conditional, Error, ErrorKind, Response, Text, api, endpoint};
use rolecall_tests::faults::{ScriptedResponse, case};
use rolecall_tests::roles::User;

use crate::{fails, fine};

#[api]
trait MaybeApi {
    #[endpoint(method = GET, path = "/json", role = User)]
    async fn json(&self) -> Result<Option<u8>, Error>;

    #[endpoint(method = GET, path = "/bytes", role = User)]
    async fn bytes(&self) -> Result<Option<Bytes>, Error>;

    #[endpoint(method = GET, path = "/text", role = User)]
    async fn text(&self) -> Result<Option<Response<Text>>, Error>;

    #[endpoint(method = DELETE, path = "/nothing", role = User)]
    async fn nothing(&self) -> Result<Option<()>, Error>;

    #[endpoint(method = GET, path = "/gone", role = User, none = [304, 410])]
    async fn gone(&self) -> Result<Option<u8>, Error>;

    #[endpoint(method = GET, path = "/feed", role = User)]
    async fn feed(&self, #[header("if-none-match")] etag: Option<&str>) -> Result<Conditional<u8>, Error>;

    #[endpoint(method = GET, path = "/feed/{id}", role = User)]
    async fn maybe_feed(&self, id: u8) -> Result<Option<Response<Conditional<u8>>>, Error>;
}

#[test]
fn a_success_without_content_is_none_as_404_is() {
    case(async |world| {
        let json = [
            (ScriptedResponse::status(204), None),
            (ScriptedResponse::status(200), None),
            (ScriptedResponse::json(" \r\n"), None),
            (ScriptedResponse::json("null"), None),
            (ScriptedResponse::status(404), None),
            (ScriptedResponse::json("7"), Some(7)),
        ];
        let (responses, expected): (Vec<_>, Vec<_>) = json.into_iter().unzip();
        let server = world.server(responses);
        let client = world.client(&server).build().unwrap();
        for (index, value) in expected.into_iter().enumerate() {
            let seen = world.call(client.json()).await;
            assert_eq!(*seen.value(), value, "answer {index}");
            seen.is(fine(&[index + 1]));
        }
        server.now([
            ScriptedResponse::status(204),
            ScriptedResponse::status(200),
            ScriptedResponse::status(205),
            ScriptedResponse::json(""),
            ScriptedResponse::status(204),
        ]);
        let seen = world.call(client.bytes()).await;
        assert_eq!(*seen.value(), None);
        seen.is(fine(&[7]));
        let seen = world.call(client.bytes()).await;
        assert_eq!(*seen.value(), Some(Bytes::new()), "an empty file is a file");
        seen.is(fine(&[8]));
        let seen = world.call(client.text()).await;
        assert!(seen.value().is_none());
        seen.is(fine(&[9]));
        let seen = world.call(client.text()).await;
        assert_eq!(seen.value().as_ref().unwrap().body().0, "");
        seen.is(fine(&[10]));
        let seen = world.call(client.nothing()).await;
        assert_eq!(*seen.value(), Some(()), "that it is deleted is not that there is none");
        seen.is(fine(&[11]))
    });
}

#[test]
fn other_statuses_are_none_where_the_endpoint_says_so() {
    case(async |world| {
        let server = world.server([
            ScriptedResponse::status(304),
            ScriptedResponse::status(410),
            ScriptedResponse::status(404),
            ScriptedResponse::status(410),
        ]);
        let client = world.client(&server).build().unwrap();
        for requests in 1..=3 {
            let seen = world.call(client.gone()).await;
            assert_eq!(*seen.value(), None);
            seen.is(fine(&[requests]));
        }
        let seen = world.call(client.json()).await;
        assert_eq!(seen.line(), "json (GET /json) failed: 410 Gone");
        seen.is(fails(&[4], ErrorKind::Status))
    });
}

#[test]
fn a_conditional_request_tells_that_nothing_has_changed() {
    case(async |world| {
        let server = world.server([
            ScriptedResponse::json("7")
                .header("etag", "W/\"a b\"")
                .header("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ScriptedResponse::status(304).header("etag", "W/\"a b\""),
        ]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.feed(None)).await;
        let Conditional::Modified { value, etag, last_modified } = seen.value().clone() else { panic!("{seen:?}") };
        assert_eq!((value, last_modified.as_deref()), (7, Some("Sun, 06 Nov 1994 08:49:37 GMT")));
        seen.is(fine(&[1]));
        let seen = world.call(client.feed(etag.as_deref())).await;
        assert!(seen.value().is_not_modified());
        assert_eq!(server.request(0).header("if-none-match"), None);
        assert_eq!(server.request(1).header("if-none-match"), Some("W/\"a b\""));
        seen.is(fine(&[2]));
        let seen = world.call(client.maybe_feed(1)).await;
        let response = seen.value().as_ref().unwrap();
        assert_eq!((response.status().as_u16(), response.body()), (304, &Conditional::NotModified));
        assert_eq!(response.headers()["etag"], "W/\"a b\"");
        seen.is(fine(&[3]))
    });
}

#[test]
fn a_304_that_was_not_asked_for_is_not_called_a_redirect() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(304));
        let seen = world.call(world.client(&server).build().unwrap().json()).await;
        assert_eq!(seen.line(), "json (GET /json) failed: 304 Not Modified");
        seen.is(fails(&[1], ErrorKind::Status))
    });
}
