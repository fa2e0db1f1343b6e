//! Byte order marks and character sets.

use rolecall::{Error, ErrorKind, Text, api, endpoint};
use rolecall_tests::faults::{ScriptedResponse, case};
use rolecall_tests::roles::User;

use crate::{fails, fine};

#[api]
trait TextsApi {
    #[endpoint(method = GET, path = "/json", role = User)]
    async fn json(&self) -> Result<Vec<u8>, Error>;

    #[endpoint(method = GET, path = "/text", role = User)]
    async fn text(&self) -> Result<Text, Error>;
}

#[test]
fn json_with_a_byte_order_mark_is_read() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("\u{feff}[1,2]"));
        let seen = world.call(world.client(&server).build().unwrap().json()).await;
        assert_eq!(*seen.value(), [1, 2]);
        seen.is(fine(&[1]))
    });
}

#[test]
fn text_is_decoded_by_its_charset() {
    for (media_type, body, expected) in [
        ("text/plain", "\u{feff}\u{e4}".as_bytes(), "\u{e4}"),
        ("text/plain; charset=iso-8859-1", b"\xe4\xdf", "\u{e4}\u{df}"),
        ("text/csv; header=present; Charset=\"Shift_JIS\"", b"\x82\xa0", "\u{3042}"),
        ("text/plain; charset=utf-16", b"\xff\xfea\0", "a"),
        ("text/plain; charset=unknown", "\u{e4}".as_bytes(), "\u{e4}"),
        ("text/plain; charset=UTF-8", "\u{e4}".as_bytes(), "\u{e4}"),
    ] {
        case(async |world| {
            let server = world.server(ScriptedResponse::status(200).header("content-type", media_type).body(body));
            let seen = world.call(world.client(&server).build().unwrap().text()).await;
            assert_eq!(seen.value().0, expected, "{media_type}");
            seen.is(fine(&[1]))
        });
    }
    for (media_type, body, reason) in [
        ("text/plain", &b"\xe4"[..], "response body is not valid UTF-8"),
        ("text/plain; charset=shift_jis", b"\x82", "response body is not valid Shift_JIS"),
    ] {
        case(async |world| {
            let server = world.server(ScriptedResponse::status(200).header("content-type", media_type).body(body));
            let seen = world.call(world.client(&server).build().unwrap().text()).await;
            assert!(seen.line().contains(reason), "{}", seen.line());
            seen.is(fails(&[1], ErrorKind::Decode))
        });
    }
}
