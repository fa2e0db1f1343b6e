//! `headers("accept-encoding" = "identity")`: bodies as they are.

use std::io::Write;

use rolecall::{ByteStream, Bytes, CallSettings, Error, ErrorKind, Response, Text, api, endpoint};
use rolecall_tests::faults::{ScriptedResponse, case};
use rolecall_tests::roles::User;

use crate::{fails, fine, whole};

#[api]
trait FilesApi {
    #[endpoint(method = GET, path = "/file", role = User, headers("Accept-Encoding" = "identity"))]
    async fn range(&self, #[header("range")] range: &str) -> Result<Response<Bytes>, Error>;

    #[endpoint(method = GET, path = "/text", role = User, headers("accept-encoding" = "identity;q=1, *;q=0"))]
    async fn text(&self) -> Result<Text, Error>;

    #[endpoint(method = GET, path = "/archive", role = User, headers("accept-encoding" = "gzip"))]
    async fn archive(&self) -> Result<Response<Bytes>, Error>;

    #[endpoint(method = GET, path = "/stream", role = User)]
    async fn stream(&self, #[header("accept-encoding")] coding: Option<&str>) -> Result<ByteStream, Error>;
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn compressed() -> ScriptedResponse {
    ScriptedResponse::status(200).header("content-encoding", "gzip").body(gzip(b"plain"))
}

#[test]
fn identity_takes_the_place_of_the_codings_that_the_client_asks_for() {
    case(async |world| {
        let part = ScriptedResponse::status(206).header("content-range", "bytes 0-4/9").body("plain");
        let server = world.server(part);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.range("bytes=0-4")).await;
        assert_eq!((seen.value().status().as_u16(), &seen.value().body()[..]), (206, &b"plain"[..]));
        assert_eq!(
            whole(&server, 0),
            "GET /file\naccept: */*\naccept-encoding: identity\nauthorization\nhost\nrange: bytes=0-4\nuser-agent\n\n"
        );
        seen.is(fine(&[1]))
    });
}

#[test]
fn a_body_that_is_encoded_all_the_same_is_an_error_that_names_the_coding() {
    for coding in ["gzip", "br", "zstd", "gzip, gzip"] {
        case(async |world| {
            let response = ScriptedResponse::status(200).header("content-encoding", coding).body(gzip(b"plain"));
            let server = world.server(response);
            let client = world.client(&server).build().unwrap();
            world.call(client.text()).await.is(fails(&[1], ErrorKind::Decode));
            let seen = world.call(client.range("bytes=0-4")).await;
            let named = format!("content-encoding `{coding}`, which the request does not accept");
            assert!(seen.chain().contains(&named), "{}", seen.chain());
            seen.is(fails(&[2], ErrorKind::Decode))
        });
    }
}

#[test]
fn a_body_that_says_that_it_is_not_encoded_is_read() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(200).header("content-encoding", "identity").body("plain"));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.text()).await;
        assert_eq!(**seen.value(), *"plain");
        seen.is(fine(&[1]))
    });
}

#[test]
fn a_coding_that_the_endpoint_asks_for_is_passed_on_as_it_is() {
    case(async |world| {
        let server = world.server(compressed());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.archive()).await;
        assert_eq!(server.request(0).header("accept-encoding"), Some("gzip"));
        assert_eq!(seen.value().body()[..], gzip(b"plain"));
        let headers = seen.value().headers();
        assert_eq!(
            (&headers["content-encoding"], headers.contains_key("content-length")),
            (&"gzip".parse().unwrap(), true)
        );
        seen.is(fine(&[1]))
    });
}

#[test]
fn without_a_value_of_its_own_a_call_is_decompressed_as_ever() {
    case(async |world| {
        let server = world.server(compressed());
        let client = world.client(&server).build().unwrap();
        let read = async |mut stream: ByteStream| {
            let mut all = Vec::new();
            while let Some(piece) = stream.next().await {
                all.extend_from_slice(&piece?);
            }
            Ok::<_, Error>(all)
        };
        let seen = world.call(async { read(client.stream(None).await?).await }).await;
        assert_eq!(seen.value(), b"plain");
        seen.is(fine(&[1]));
        let seen = world.call(async { read(client.stream(Some("gzip")).await?).await }).await;
        assert_eq!(*seen.value(), gzip(b"plain"));
        seen.is(fine(&[2]));
        let settings = CallSettings::new().header("accept-encoding", "identity");
        let client = client.with(settings);
        let seen = world.call(async { read(client.stream(None).await?).await }).await;
        assert_eq!(server.request(2).header("accept-encoding"), Some("identity"));
        seen.is(fails(&[3], ErrorKind::Decode))
    });
}
