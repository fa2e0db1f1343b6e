//! Bodies of a known length are sent with it, others in chunks.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use rolecall::{Body, Bytes, Error, api, endpoint};
use rolecall_tests::faults::{ScriptedResponse, case};
use rolecall_tests::roles::User;

use crate::fine;

#[api]
trait UploadsApi {
    #[endpoint(method = PUT, path = "/upload", role = User)]
    async fn upload(&self, #[body(stream, content_type = "video/mp4")] body: Body) -> Result<(), Error>;

    #[endpoint(method = "STORE", path = "/upload", role = User)]
    async fn store(&self, #[body(stream)] body: Body) -> Result<(), Error>;
}

/// So many pieces of five bytes.
struct Pieces(u32);

impl Stream for Pieces {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or_default();
        Poll::Ready(left.map(|_| Ok(Bytes::from_static(b"piece"))))
    }
}

#[test]
fn a_body_of_a_known_length_is_sent_with_it() {
    type Known = (fn() -> Body, &'static str);
    let known: [Known; 5] = [
        (|| Body::from("text"), "text"),
        (|| Body::from(b"bytes".to_vec()), "bytes"),
        (|| Body::from(""), ""),
        (|| Body::wrap_stream_with_length(Pieces(3), 15), "piecepiecepiece"),
        (|| reqwest::Body::from("reqwest").into(), "reqwest"),
    ];
    for (body, text) in known {
        case(async |world| {
            let server = world.server(ScriptedResponse::status(204));
            let client = world.client(&server).build().unwrap();
            world.call(client.upload(body())).await.is(fine(&[1]));
            let proven = world.call(client.store(body())).await.is(fine(&[2]));
            for request in server.requests() {
                assert_eq!(request.text(), text);
                let length = text.len().to_string();
                assert_eq!(request.header("content-length"), Some(&*length), "{}", request.method);
                assert_eq!(request.header("transfer-encoding"), None);
            }
            assert_eq!(server.request(0).header("content-type"), Some("video/mp4"));
            proven
        });
    }
}

#[test]
fn a_body_of_an_unknown_length_is_sent_in_chunks() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(204));
        let client = world.client(&server).build().unwrap();
        let proven = world.call(client.upload(Body::wrap_stream(Pieces(3)))).await.is(fine(&[1]));
        let request = server.request(0);
        assert_eq!((request.header("content-length"), request.header("transfer-encoding")), (None, Some("chunked")));
        assert_eq!(request.text(), "piecepiecepiece");
        proven
    });
}
