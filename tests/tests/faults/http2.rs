//! HTTP/2 as servers and gateways speak it: connections that are recycled, refused streams, connections that go
//! silent, and one connection for all callers.
//!
//! Each case runs by the client's own connections and by a `reqwest::Client` that it is given. What the second cannot
//! guarantee is expected of it, too, and the case says why.

use std::sync::Arc;
use std::time::Duration;

use rolecall::{Client, ErrorKind};
use rolecall_tests::faults::{
    DEADLINE, Expect, FaultsApi, Gate, Http2, Item, NewItem, Protocol, Recycling, Script, ScriptedResponse, Seen,
    TIMEOUT, Tls, Took, Way, World, case,
};
use rolecall_tests::roles::User;
use tokio::sync::Semaphore;

use crate::{BODY, TWO_WAITS, fails, fine, seconds};

/// The reasons of RFC 9113, section 7, that the cases need.
const NO_ERROR: u32 = 0x0;
const INTERNAL_ERROR: u32 = 0x2;
const REFUSED_STREAM: u32 = 0x7;
const CANCEL: u32 = 0x8;
const ENHANCE_YOUR_CALM: u32 = 0xb;

/// So many POSTs, so many of them at a time.
async fn posts(world: &World, client: &Client<User>, count: u32, at_a_time: usize) -> Vec<Seen<Item>> {
    let permits = Arc::new(Semaphore::new(at_a_time));
    let calls = (0..count).map(|count| {
        let (client, permits) = (client.clone(), Arc::clone(&permits));
        async move {
            let _permit = permits.acquire().await;
            client.create_item(&NewItem { count, note: String::new() }).await
        }
    });
    world.calls(calls).await
}

/// So many GETs at once.
async fn gets(world: &World, client: &Client<User>, count: usize) -> Vec<Seen<Item>> {
    let calls = (0..count).map(|number| {
        let client = client.clone();
        async move { client.get_item(&number.to_string()).await }
    });
    world.calls(calls).await
}

#[test]
fn a_call_is_the_same_request_as_over_http1() {
    case(async |world| {
        let server = world.tls_server(ScriptedResponse::item(), Tls::http2());
        let client = world.client(&server).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fine(&[1]));
        let request = server.request(0);
        assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/items"));
        assert_eq!(request.text(), r#"{"count":1}"#);
        assert_eq!(request.header(":authority").unwrap(), format!("127.0.0.1:{}", server.port()));
        let mut names: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        let headers = [
            ":authority",
            "accept",
            "accept-encoding",
            "authorization",
            "content-length",
            "content-type",
            "user-agent",
        ];
        assert_eq!(names, headers);
        world.call(client.get_item("1")).await.is(fine(&[2]))
    });
}

#[test]
fn connections_that_a_server_recycles_cost_no_post_anything() {
    for how in [Recycling::AtOnce, Recycling::Announced] {
        case(async |world| {
            let server = world.tls_server(ScriptedResponse::item(), Tls::http2().like(Http2::recycling(100, how)));
            let client = world.client(&server).build().unwrap();
            // A warm client: a cold one of reqwest's makes a connection a call.
            world.call(client.create_item(&BODY)).await.is(fine(&[1]));
            let all = posts(world, &client, 800, 32).await;
            let mut proven = None;
            for seen in &all {
                proven = Some(seen.is(Expect { took: Took::UpTo(seconds(2)), ..fine(&[801]) }));
            }
            let mut numbers: Vec<String> = server.requests().iter().skip(1).map(|request| request.text()).collect();
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), 800, "each was processed once");
            // Those that were in flight while the end of a connection was announced are processed, too: 32 at most.
            let fewest = 801 / 132;
            assert!(server.connections() > fewest, "{} connections", server.connections());
            proven.unwrap()
        });
    }
}

#[test]
fn a_post_that_a_recycled_connection_may_have_processed_is_never_sent_again() {
    case(async |world| {
        let plan = Http2::recycling(3, Recycling::AndDropsTheLast);
        let server = world.tls_server(ScriptedResponse::item(), Tls::http2().like(plan));
        let client = world.client(&server).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fine(&[1]));
        world.call(client.create_item(&BODY)).await.is(fine(&[2]));
        world.call(client.create_item(&BODY)).await.is(fails(&[3], ErrorKind::Transport));
        world.call(client.create_item(&BODY)).await.is(fine(&[4]))
    });
}

#[test]
fn a_connection_that_goes_away_without_an_error_may_have_processed_its_last_request() {
    case(async |world| {
        let server =
            world.tls_server([ScriptedResponse::go_away_processed(NO_ERROR), ScriptedResponse::item()], Tls::http2());
        let client = world.client(&server).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fails(&[1], ErrorKind::Transport));
        world.call(client.get_item("1")).await.is(fine(&[2]))
    });
}

#[test]
fn a_request_above_the_last_of_a_connection_that_goes_away_is_sent_again_whatever_its_method() {
    case(async |world| {
        let server =
            world.tls_server([ScriptedResponse::go_away_unprocessed(NO_ERROR), ScriptedResponse::item()], Tls::http2());
        let client = world.client(&server).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fine(&[2]));
        server.now([ScriptedResponse::go_away_unprocessed(NO_ERROR), ScriptedResponse::item()]);
        world.call(client.get_item("1")).await.is(fine(&[4]))
    });
}

#[test]
fn a_refused_stream_is_sent_again_at_once_whatever_its_method() {
    case(async |world| {
        let server =
            world.tls_server([ScriptedResponse::reset_stream(REFUSED_STREAM), ScriptedResponse::item()], Tls::http2());
        let client = world.client(&server).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fine(&[2]));
        assert!(server.requests().iter().all(|request| request.text() == r#"{"count":1}"#));
        server.now([ScriptedResponse::reset_stream(REFUSED_STREAM), ScriptedResponse::item()]);
        world.call(client.get_item("1")).await.is(fine(&[4]))
    });
}

#[test]
fn a_stream_reset_for_another_reason_may_have_been_processed() {
    for reason in [NO_ERROR, INTERNAL_ERROR, CANCEL, ENHANCE_YOUR_CALM] {
        case(async |world| {
            let server = world.tls_server(ScriptedResponse::reset_stream(reason), Tls::http2());
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            assert!(!seen.error().is_retryable());
            seen.is(fails(&[1], ErrorKind::Transport));
            server.now([ScriptedResponse::reset_stream(reason), ScriptedResponse::item()]);
            let twice = Expect { attempts: 2, took: TWO_WAITS, ..fine(&[3]) };
            let proven = world.call(client.get_item("1")).await.is(twice);
            assert_eq!(server.connections(), 1, "the connection is none the worse");
            proven
        });
    }
}

#[test]
fn a_stream_reset_in_the_middle_of_its_response_fails_that_call_alone() {
    case(async |world| {
        let gate = Gate::new();
        let waiting = ScriptedResponse::item().after(&gate);
        let broken = ScriptedResponse::item().claiming(100).then_reset_stream(INTERNAL_ERROR);
        let server = world.tls_server([ScriptedResponse::item(), waiting, broken], Tls::http2());
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        let (another, seen) = tokio::join!(client.get_item("2"), async {
            server.has_received(2).await;
            let seen = world.call(client.create_item(&BODY)).await;
            gate.open();
            seen
        });
        assert_eq!(another.unwrap().count, 7);
        assert_eq!(server.connections(), 1);
        seen.is(fails(&[3], ErrorKind::Transport))
    });
}

#[test]
fn a_server_that_asks_for_calm_is_given_a_pause() {
    case(async |world| {
        let server = world.tls_server(
            [ScriptedResponse::go_away_unprocessed(ENHANCE_YOUR_CALM), ScriptedResponse::item()],
            Tls::http2(),
        );
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        seen.is(Expect { attempts: 2, took: TWO_WAITS, ..fine(&[2]) });
        server.now(ScriptedResponse::go_away_processed(ENHANCE_YOUR_CALM));
        world.call(client.create_item(&BODY)).await.is(fails(&[3], ErrorKind::Transport))
    });
}

#[test]
fn a_connection_that_goes_silent_is_left_after_an_attempt() {
    case(async |world| {
        let frozen = |request: &rolecall_tests::faults::Received| request.connection == 0;
        let script =
            Script::by(
                move |request| {
                    if frozen(request) { ScriptedResponse::item().then_frozen() } else { ScriptedResponse::item() }
                },
            );
        let server = world.tls_server(script, Tls::http2());
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        let mut proven = None;
        for seen in gets(world, &client, 10).await {
            proven = Some(seen.is(match world.way() {
                // One attempt is lost on it, and all go on by the same new connection.
                Way::Own => {
                    let took = Took::Between(TIMEOUT, TIMEOUT + Duration::from_millis(700));
                    Expect { attempts: 2, took, ..fine(&[11]) }
                }
                // reqwest leaves a connection when it is closed, and has no pings unless they are switched on.
                Way::Reqwest => {
                    let took = Took::Between(3 * TIMEOUT, DEADLINE);
                    Expect { attempts: 3, took, ..fails(&[1], ErrorKind::Timeout) }
                }
            }));
        }
        if world.way() == Way::Own {
            assert_eq!(server.connections(), 2);
        }
        proven.unwrap()
    });
}

#[test]
fn a_body_that_the_server_grants_no_window_is_given_up_with_its_attempt() {
    case(async |world| {
        let server = world.tls_server(ScriptedResponse::item(), Tls::http2().like(Http2::stalling_after(1000)));
        let client = world.client(&server).build().unwrap();
        // Before it knows better, a client takes the window for 64 KiB.
        world.call(client.get_item("1")).await.is(fine(&[1]));
        let body = NewItem { count: 1, note: "x".repeat(50_000) };
        let seen = world.call(client.create_item(&body)).await;
        assert_eq!(server.request(1).text(), "", "it has not arrived whole");
        seen.is(Expect { took: Took::About(TIMEOUT), ..fails(&[2], ErrorKind::Timeout) });
        // What needs no window goes on.
        world.call(client.get_item("1")).await.is(fine(&[3]))
    });
}

#[test]
fn a_lost_connection_with_a_hundred_calls_in_flight_is_one_fault() {
    case(async |world| {
        let mut arrived = 0;
        let script = Script::by(move |request| {
            arrived += 1;
            match (request.connection, arrived) {
                (0, 1) => ScriptedResponse::item(),
                (0, 101) => ScriptedResponse::reset(),
                (0, _) => ScriptedResponse::silence(),
                _ => ScriptedResponse::item(),
            }
        });
        let server = world.tls_server(script, Tls::http2());
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        let all = gets(world, &client, 100).await;
        let alive = all.iter().filter(|seen| seen.result().is_ok()).count();
        let requests = [101 + alive];
        let mut proven = None;
        for seen in &all {
            proven = Some(seen.is(match seen.result() {
                Ok(_) => Expect { attempts: 2, took: TWO_WAITS, ..fine(&requests) },
                Err(_) => fails(&requests, ErrorKind::Transport),
            }));
        }
        match world.way() {
            Way::Own => assert_eq!((alive, server.connections()), (100, 2)),
            // reqwest does not say by which connection a request went: each call's fault counts.
            Way::Reqwest => assert_eq!(alive, 20, "as many as the budget of retries allows"),
        }
        proven.unwrap()
    });
}

#[test]
fn a_cold_client_with_64_callers_makes_one_connection() {
    case(async |world| {
        let server = world.tls_server(ScriptedResponse::item(), Tls::http2());
        let client = world.client(&server).build().unwrap();
        let mut proven = None;
        for seen in gets(world, &client, 64).await {
            proven = Some(seen.is(Expect { took: Took::UpTo(seconds(2)), ..fine(&[64]) }));
        }
        match world.way() {
            Way::Own => assert_eq!(server.connections(), 1),
            // It makes one for each call that finds none, and closes most of them again.
            Way::Reqwest => assert!(server.connections() > 1),
        }
        proven.unwrap()
    });
}

#[test]
fn more_calls_than_a_connection_has_streams_for_wait_for_a_stream() {
    case(async |world| {
        let server = world.tls_server(ScriptedResponse::item(), Tls::http2().like(Http2::with_streams(3)));
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        let mut proven = None;
        for seen in gets(world, &client, 50).await {
            proven = Some(seen.is(Expect { took: Took::UpTo(seconds(2)), ..fine(&[51]) }));
        }
        assert_eq!(server.connections(), 1);
        proven.unwrap()
    });
}

#[test]
fn a_server_may_change_its_protocol_with_each_connection() {
    case(async |world| {
        let protocol = |connection| if connection % 2 == 0 { Protocol::Http2 } else { Protocol::Http1 };
        let script = Script::by(move |request| match protocol(request.connection) {
            Protocol::Http1 => ScriptedResponse::item().header("connection", "close").then_close(),
            Protocol::Http2 => ScriptedResponse::item(),
        });
        let tls = Tls::by_connection(protocol).like(Http2::recycling(4, Recycling::AtOnce));
        let server = world.tls_server(script, tls);
        let client = world.client(&server).build().unwrap();
        for number in 1..=20 {
            world.call(client.create_item(&BODY)).await.is(fine(&[number]));
        }
        let mut proven = None;
        for seen in posts(world, &client, 60, 4).await {
            proven = Some(seen.is(Expect { took: Took::UpTo(seconds(2)), ..fine(&[80]) }));
        }
        assert!(server.connections() > 8, "{} connections", server.connections());
        proven.unwrap()
    });
}

#[test]
fn a_dropped_call_harms_no_other_on_its_connection() {
    case(async |world| {
        let gate = Gate::new();
        let server = world.tls_server(
            [ScriptedResponse::item(), ScriptedResponse::silence(), ScriptedResponse::item().after(&gate)],
            Tls::http2(),
        );
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        let dropped = {
            let client = client.clone();
            tokio::spawn(async move { client.get_item("2").await })
        };
        server.has_received(2).await;
        let (seen, ()) = tokio::join!(world.call(client.get_item("3")), async {
            server.has_received(3).await;
            dropped.abort();
            world.pass(seconds(1)).await;
            gate.open();
        });
        assert_eq!(server.connections(), 1);
        seen.is(Expect { took: Took::UpTo(seconds(2)), ..fine(&[3]) })
    });
}

/// Twenty KiB of headers, as servers send whose cookies and policies have grown.
fn many_headers() -> ScriptedResponse {
    (0..20).fold(ScriptedResponse::item(), |response, number| {
        response.header(&format!("x-policy-{number}"), &"p".repeat(1024))
    })
}

#[test]
fn twenty_kib_of_headers_are_taken() {
    for protocol in [Protocol::Http1, Protocol::Http2] {
        case(async |world| {
            let server = world.tls_server(many_headers(), Tls::by_connection(move |_| protocol));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            match (world.way(), protocol) {
                // Its limit of 16 KiB is set by `http2_max_header_list_size`.
                (Way::Reqwest, Protocol::Http2) => seen.is(fails(&[1], ErrorKind::Transport)),
                _ => seen.is(fine(&[1])),
            }
        });
    }
}

#[test]
fn streams_that_are_always_refused_come_to_an_end() {
    case(async |world| {
        let server = world.tls_server(ScriptedResponse::reset_stream(REFUSED_STREAM), Tls::http2());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.create_item(&BODY)).await;
        let requests = [server.count()];
        assert!(requests[0] <= 20, "{requests:?}");
        let unsent = Expect { maybe_sent: false, ..fails(&requests, ErrorKind::Transport) };
        seen.is(Expect { attempts: 3, took: TWO_WAITS, ..unsent })
    });
}
