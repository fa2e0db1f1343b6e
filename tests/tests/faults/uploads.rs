//! Bodies that are streams: they can be sent once.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use rolecall::{Body, Bytes, ErrorKind};
use rolecall_tests::faults::{Expect, FaultsApi, Script, ScriptedResponse, TIMEOUT, Took, case};

use crate::{fails, fine};

/// Gives these pieces, then fails or stalls.
struct Pieces {
    left: u32,
    then: Option<&'static str>,
    /// How often to be polled before it fails, so that what it gave is sent.
    polls: u32,
}

impl Stream for Pieces {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left > 0 {
            self.left -= 1;
            return Poll::Ready(Some(Ok(Bytes::from_static(b"piece"))));
        }
        match self.then {
            Some("stall") => Poll::Pending,
            Some(_) if self.polls > 0 => {
                self.polls -= 1;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(error) => Poll::Ready(Some(Err(std::io::Error::other(error)))),
            None => Poll::Ready(None),
        }
    }
}

fn pieces(then: Option<&'static str>) -> Body {
    Body::wrap_stream(Pieces { left: 3, then, polls: 100 })
}

#[test]
fn a_stream_is_sent_whole_and_never_twice() {
    for (response, kind) in [
        (ScriptedResponse::status(503), ErrorKind::Status),
        (ScriptedResponse::status(429).header("retry-after", "1"), ErrorKind::RateLimited),
        (ScriptedResponse::reset(), ErrorKind::Transport),
    ] {
        case(async |world| {
            let server = world.server([response.clone(), ScriptedResponse::status(204)]);
            let client = world.client(&server).build().unwrap();
            world.call(client.upload(pieces(None))).await.is(fails(&[1], kind));
            world.call(client.upload(pieces(None))).await.is(fine(&[2]));
            let proven = world.call(client.upload("text".into())).await.is(fine(&[3]));
            assert_eq!([0, 1, 2].map(|n| server.request(n).text()), ["piecepiecepiece", "piecepiecepiece", "text"]);
            proven
        });
    }
}

#[test]
fn a_stream_is_not_replayed_with_a_new_token() {
    case(async |world| {
        let (api, auth) = (world.server(ScriptedResponse::status(401)), world.server(Script::tokens(3600)));
        let client = world.client_with(&api, &auth).build().unwrap();
        world.call(client.upload(pieces(None))).await.is(fails(&[1, 1], ErrorKind::Status))
    });
}

#[test]
fn a_stream_without_a_connection_has_not_been_sent() {
    case(async |world| {
        let client = world.client_of(world.nowhere()).build().unwrap();
        let expect = Expect { maybe_sent: false, ..fails(&[], ErrorKind::Connect) };
        world.call(client.upload(pieces(None))).await.is(expect)
    });
}

#[test]
fn a_stream_that_fails_ends_the_call_with_its_reason() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(204));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.upload(pieces(Some("the disk is gone")))).await;
        assert!(seen.chain().contains("the disk is gone"), "{}", seen.chain());
        server.has_open(0).await;
        seen.is(fails(&[1], ErrorKind::Transport))
    });
}

#[test]
fn a_stream_that_stalls_has_no_more_time() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(204));
        let client = world.client(&server).build().unwrap();
        world.call(client.upload(pieces(Some("stall")))).await.is(Expect {
            requests: &[1],
            ends: Err(ErrorKind::Timeout),
            attempts: 1,
            maybe_sent: true,
            took: Took::About(TIMEOUT),
        })
    });
}

#[test]
fn an_response_that_comes_before_the_body_is_whole_is_taken() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(413).body("too much").head_read().then_close());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.upload(pieces(Some("stall")))).await;
        assert_eq!(seen.error().status().unwrap(), 413);
        seen.is(fails(&[1], ErrorKind::Status))
    });
}
