//! The harness notices what it is there to notice.

use std::time::Duration;

use rolecall::ErrorKind;
use rolecall_tests::faults::{Expect, FaultsApi, ScriptedResponse, TOKEN, Took, case};

use crate::{fails, fine, seconds};

#[test]
#[should_panic(expected = "calls of which the case says nothing")]
fn a_call_of_which_nothing_is_said() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).build().unwrap();
        let _ = world.call(client.get_item("1")).await;
        world.call(client.get_item("1")).await.is(fine(&[2]))
    });
}

#[test]
#[should_panic(expected = "requests came after the last call had ended")]
fn a_request_after_the_end() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).build().unwrap();
        let proven = world.call(client.get_item("1")).await.is(fine(&[1]));
        client.get_item("1").await.unwrap();
        proven
    });
}

#[test]
#[should_panic(expected = "the requests that the servers saw")]
fn a_server_of_which_nothing_is_said() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let _another = world.server(ScriptedResponse::item());
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]))
    });
}

#[test]
#[should_panic(expected = "whether the request may have arrived")]
fn a_wrong_word_about_what_was_sent() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(500));
        let client = world.client(&server).build().unwrap();
        let expect = Expect { maybe_sent: false, ..fails(&[1], ErrorKind::Status) };
        world.call(client.get_item("1")).await.is(expect)
    });
}

#[test]
#[should_panic(expected = "took ")]
fn a_call_that_took_longer() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(500).byte_by_byte(Duration::from_millis(10)));
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fails(&[1], ErrorKind::Status))
    });
}

#[test]
#[should_panic(expected = "is past the deadline")]
fn a_call_past_the_deadline() {
    case(async |world| {
        let server = world.server(ScriptedResponse::silence());
        let client = world.client(&server).timeout(seconds(30)).deadline(seconds(30)).build().unwrap();
        world
            .call(client.get_item("1"))
            .await
            .is(Expect { took: Took::About(seconds(30)), ..fails(&[1], ErrorKind::Timeout) })
    });
}

#[test]
#[should_panic(expected = "the token shows (its first half)")]
fn a_token_in_an_event() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).build().unwrap();
        tracing::trace!(authorization = TOKEN, "anybody's event");
        world.call(client.get_item("1")).await.is(fine(&[1]))
    });
}

#[test]
#[should_panic(expected = "the token shows (as decimal bytes)")]
fn a_token_as_bytes_in_the_log() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).build().unwrap();
        log::trace!("{:?}", TOKEN.as_bytes());
        world.call(client.get_item("1")).await.is(fine(&[1]))
    });
}

#[test]
fn the_clock_stands_still_while_bytes_are_on_their_way() {
    // Two megabytes in ten thousand pieces: their time is that of the machine, not of the clock.
    case(async |world| {
        let server =
            world.server(ScriptedResponse::status(200).body(vec![b'x'; 200]).chunked().repeated(10_000, seconds(0)));
        let client = world.client(&server).timeout(seconds(2)).build().unwrap();
        let seen = world.call(client.get_bytes()).await;
        assert_eq!(seen.value().len(), 2_000_000);
        seen.is(Expect { took: Took::UpTo(seconds(1)), ..fine(&[1]) })
    });
}
