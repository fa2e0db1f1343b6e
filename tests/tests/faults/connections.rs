//! Connections of HTTP/1.1 that are used again: what a server's close costs, and what it must not.

use rolecall::ErrorKind;
use rolecall_tests::faults::{Expect, FaultsApi, NewItem, ScriptedResponse, Tls, Took, case};

use crate::{BODY, TWO_WAITS, fails, fine, seconds};

#[test]
fn a_post_on_a_used_connection_that_is_closed_unanswered_is_never_sent_twice() {
    for (end, tls) in [ScriptedResponse::close(), ScriptedResponse::reset()]
        .into_iter()
        .flat_map(|end| [(end.clone(), false), (end, true)])
    {
        case(async |world| {
            let script = [ScriptedResponse::item(), end.clone(), ScriptedResponse::item()];
            let server = if tls { world.tls_server(script, Tls::http1()) } else { world.server(script) };
            let client = world.client(&server).build().unwrap();
            world.call(client.create_item(&BODY)).await.is(fine(&[1]));
            let seen = world.call(client.create_item(&BODY)).await;
            assert_eq!(server.request(1).connection, 0);
            seen.is(fails(&[2], ErrorKind::Transport));
            world.call(client.create_item(&BODY)).await.is(fine(&[3]))
        });
    }
}

#[test]
fn a_get_on_a_used_connection_that_is_closed_unanswered_is_sent_again() {
    case(async |world| {
        let server = world.server([ScriptedResponse::item(), ScriptedResponse::close(), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        world.call(client.get_item("1")).await.is(Expect { attempts: 2, took: TWO_WAITS, ..fine(&[3]) })
    });
}

/// The server closes without a word right after its response, and the client sends its next request right after that
/// answer: at times it gets the close before, at times after it has begun to send.
#[test]
fn a_close_that_crosses_a_request_loses_and_repeats_no_post() {
    for end in [ScriptedResponse::item().then_close(), ScriptedResponse::item().then_reset()] {
        for tls in [false, true] {
            case(async |world| {
                let three = [ScriptedResponse::item(), ScriptedResponse::item(), end.clone()];
                let script: Vec<ScriptedResponse> = std::iter::repeat_n(three, 60).flatten().collect();
                let server = if tls { world.tls_server(script, Tls::http1()) } else { world.server(script) };
                let client = world.client(&server).build().unwrap();
                let mut certain = Vec::new();
                for count in 0..150 {
                    // No pause between them, which the harness would make.
                    match client.create_item(&NewItem { count, note: String::new() }).await {
                        Ok(item) => {
                            assert_eq!(item.count, 7);
                            certain.push(count);
                        }
                        Err(error) => {
                            assert_eq!(error.kind(), ErrorKind::Transport, "{error:?}");
                            assert!(error.maybe_sent() && error.attempts() == 1);
                        }
                    }
                }
                let mut processed: Vec<u32> = server
                    .requests()
                    .iter()
                    .map(|request| {
                        request.text().trim_start_matches(r#"{"count":"#).trim_end_matches('}').parse().unwrap()
                    })
                    .collect();
                let arrived = processed.len();
                processed.dedup();
                assert_eq!(processed.len(), arrived, "none arrived twice");
                assert!(certain.iter().all(|count| processed.contains(count)), "each that succeeded has arrived");
                assert!(certain.len() >= 100, "{} of 150 succeeded", certain.len());
                server.now(ScriptedResponse::item());
                let took = Took::UpTo(seconds(1));
                world.call(client.get_item("1")).await.is(Expect { took, ..fine(&[arrived + 1]) })
            });
        }
    }
}
