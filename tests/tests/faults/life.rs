//! A client's life: many calls at once, calls that are dropped, runtimes that end.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::thread::{self, Thread};

use rolecall::testing::TestServer;
use rolecall::{Client, Error, ErrorKind};
use rolecall_tests::faults::{Expect, FaultsApi, Gate, Item, Script, ScriptedResponse, Server, TOKEN, Took, Way, case};
use rolecall_tests::roles::User;
use tokio::runtime::Builder;
use tokio::time::{Instant, timeout};

use crate::{BODY, fine, refused, seconds};

/// Answers a request for an item with that item.
fn mirror() -> Script {
    Script::by(|request| {
        let id = request.target.trim_start_matches("/items/");
        ScriptedResponse::json(&format!(r#"{{"id":"{id}","count":{id}}}"#))
    })
}

#[test]
fn a_thousand_calls_at_once_get_each_its_own_response() {
    case(async |world| {
        let server = world.server(mirror());
        let client = world.client(&server).build().unwrap();
        let calls = (0..1000).map(|n| {
            let client = client.clone();
            async move { client.get_item(&n.to_string()).await }
        });
        let all = world.calls(calls).await;
        let mut proven = None;
        for (n, seen) in all.iter().enumerate() {
            assert_eq!(seen.value().id, n.to_string());
            let took = Took::UpTo(seconds(2));
            proven = Some(seen.is(Expect { requests: &[1000], ends: Ok(()), attempts: 1, maybe_sent: true, took }));
        }
        proven.unwrap()
    });
}

#[test]
fn calls_one_after_another_share_a_connection() {
    case(async |world| {
        let server = world.server(mirror());
        let client = world.client(&server).build().unwrap();
        for n in 1..=20 {
            let client = client.clone();
            world.call(client.get_item("1")).await.is(fine(&[n]));
        }
        assert_eq!(server.connections(), 1);
        world.call(client.get_item("1")).await.is(fine(&[21]))
    });
}

/// Drops a call once the server is so far, and makes another.
fn dropped(response: ScriptedResponse, requests: usize) {
    case(async |world| {
        let server = world.server([response.clone(), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        {
            let body = BODY;
            let mut call = pin!(client.create_item(&body));
            tokio::select! {
                biased;
                result = &mut call => panic!("{result:?}"),
                () = server.has_received(requests) => {}
            }
            // The response's beginning, or the failure, gets there.
            assert!(timeout(seconds(1), &mut call).await.is_err());
        }
        server.has_open(0).await;
        let seen = world.call(client.create_item(&BODY)).await;
        assert_eq!(server.connections(), 2, "a connection with a request on it is never used again");
        seen.is(fine(&[requests + 1]))
    });
}

#[test]
fn a_call_dropped_before_the_response_harms_no_other() {
    dropped(ScriptedResponse::silence(), 1);
}

#[test]
fn a_call_dropped_in_the_middle_of_the_response_harms_no_other() {
    dropped(ScriptedResponse::item().claiming(100).then_silence(), 1);
    dropped(ScriptedResponse::raw("HTTP/1.1 200 OK\r\ncontent-le").then_silence(), 1);
}

#[test]
fn a_call_dropped_between_attempts_is_not_retried() {
    case(async |world| {
        let server = world.server([ScriptedResponse::status(503).header("retry-after", "9"), ScriptedResponse::item()]);
        let client = world.client(&server).build().unwrap();
        assert!(timeout(seconds(3), client.get_item("1")).await.is_err());
        tokio::time::sleep(seconds(10)).await;
        world.call(client.get_item("1")).await.is(fine(&[2]))
    });
}

#[test]
fn a_call_that_is_never_polled_sends_nothing() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).build().unwrap();
        drop(client.get_item("1"));
        world.call(client.get_item("1")).await.is(fine(&[1]))
    });
}

#[test]
fn a_client_outlives_the_runtime_that_it_was_used_in() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).build().unwrap();
        for n in 1..=3 {
            // A runtime of its own, which is shut down with the client's connections in it.
            let in_another = client.clone();
            let result: Result<Item, Error> = tokio::task::spawn_blocking(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(in_another.get_item("1"))
            })
            .await
            .unwrap();
            assert_eq!(result.unwrap().count, 7);
            world.call(client.create_item(&BODY)).await.is(fine(&[2 * n]));
        }
        world.call(client.get_item("1")).await.is(fine(&[7]))
    });
}

/// Wakes a thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future without a runtime.
fn outside<T>(future: impl Future<Output = T>) -> T {
    let waker = Arc::new(Unpark(thread::current())).into();
    let mut future = pin!(future);
    let started = std::time::Instant::now();
    while started.elapsed() < seconds(20) {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return value;
        }
        thread::park_timeout(std::time::Duration::from_millis(10));
    }
    panic!("it does not end");
}

#[test]
fn a_call_outside_of_a_runtime_is_an_error_that_says_so() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let auth = world.server(Script::tokens(3600));
        let limit = rolecall::RateLimit::new(1, seconds(60));
        let client = world.client_with(&server, &auth).rate_limit(limit).build().unwrap();
        let on_a_thread = {
            let client = client.clone();
            move || outside(client.get_item("1"))
        };
        let result = thread::spawn(on_a_thread).join().expect("no panic");
        let seen = world.call(async { result }).await;
        let line = seen.line();
        assert!(line.starts_with("get_item (GET /items/{id}) failed: no Tokio runtime; "), "{line}");
        seen.is(refused(&[0, 0], ErrorKind::Configuration));
        let result =
            thread::spawn(|| outside(TestServer::start(<Client<User> as FaultsApi>::ENDPOINTS)).map(drop)).join();
        world.call(async { result.expect("no panic") }).await.is(refused(&[0, 0], ErrorKind::Configuration));
        // The permit is left.
        world.call(client.get_item("1")).await.is(fine(&[1, 1]))
    });
}

#[test]
fn a_call_in_a_runtime_without_timer_or_io_is_an_error_that_says_so() {
    for (timer, io, missing) in
        [(false, false, "enable_time"), (false, true, "enable_time"), (true, false, "enable_io")]
    {
        case(async |world| {
            let server = world.server(ScriptedResponse::item());
            let client = world.client(&server).build().unwrap();
            let result = thread::spawn(move || {
                let mut runtime = Builder::new_current_thread();
                if timer {
                    runtime.enable_time();
                }
                if io {
                    runtime.enable_io();
                }
                runtime.build().unwrap().block_on(client.get_item("1"))
            });
            let seen = world.call(async { result.join().expect("no panic") }).await;
            assert!(seen.line().contains(&format!("call `{missing}`")), "{}", seen.line());
            seen.is(refused(&[0], ErrorKind::Configuration))
        });
    }
}

#[test]
fn a_stream_may_be_read_and_dropped_outside_of_its_runtime() {
    for way in Way::ALL {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (client, mut stream) = runtime.block_on(async {
            let server = Server::start(ScriptedResponse::status(200).body("all of it"));
            let client = way.of(Client::<User>::builder(server.url()).bearer_token(TOKEN)).build().unwrap();
            (client.clone(), client.get_stream().await.unwrap())
        });
        let read = outside(async {
            let mut read = Vec::new();
            while let Some(piece) = stream.next().await {
                read.extend_from_slice(&piece.unwrap());
            }
            read
        });
        assert_eq!(read, b"all of it");
        drop(outside(async { runtime.spawn(async move { client.get_stream().await }).await }).unwrap().unwrap());
    }
}

#[test]
fn a_client_may_be_built_and_dropped_outside_of_a_runtime() {
    let client = rolecall::Client::<rolecall::Public>::builder("https://api.example.com").build().unwrap();
    drop(client.clone());
    drop(client);
}

#[test]
fn a_stream_is_read_as_it_comes() {
    case(async |world| {
        let gate = Gate::new();
        let response = ScriptedResponse::status(200).body("first").claiming(11);
        let server = world.server(response.then_silence());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_stream()).await;
        seen.is(fine(&[1]));
        let mut stream = seen.into_value();
        assert_eq!(stream.next().await.unwrap().unwrap(), "first");
        gate.open();
        // Dropping it closes the connection.
        drop(stream);
        server.has_open(0).await;
        server.now(ScriptedResponse::item());
        world.call(client.get_item("1")).await.is(fine(&[2]))
    });
}

#[test]
fn a_stream_that_breaks_says_so_once() {
    case(async |world| {
        let broken = ScriptedResponse::status(200).body("first").claiming(11).then_reset();
        let server = world.server([ScriptedResponse::status(503), broken]);
        let client = world.client(&server).build().unwrap();
        let twice = |ends| Expect { requests: &[2], ends, attempts: 2, maybe_sent: true, took: crate::TWO_WAITS };
        let seen = world.call(client.get_stream()).await;
        seen.is(twice(Ok(())));
        let mut stream = seen.into_value();
        let mut read = Vec::new();
        let error = loop {
            match stream.next().await.unwrap() {
                Ok(piece) => read.extend_from_slice(&piece),
                Err(error) => break error,
            }
        };
        assert!(b"first".starts_with(&read));
        assert!(stream.next().await.is_none());
        world.call(async { Err::<(), _>(error) }).await.is(twice(Err(ErrorKind::Transport)))
    });
}

#[test]
fn the_head_of_a_stream_is_under_the_deadline_and_its_failures_are_errors() {
    case(async |world| {
        let server =
            world.server([ScriptedResponse::status(503), ScriptedResponse::status(503), ScriptedResponse::status(404)]);
        let client = world.client(&server).build().unwrap();
        let started = Instant::now();
        let seen = world.call(client.get_stream()).await;
        assert!(started.elapsed() < seconds(1));
        seen.is(Expect {
            requests: &[3],
            ends: Err(ErrorKind::Status),
            attempts: 3,
            maybe_sent: true,
            took: crate::TWO_WAITS,
        })
    });
}
