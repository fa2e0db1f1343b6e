//! HTTP/1.1: a connection serves one call at a time.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::{IDLE, Read, a_schedule, call, head, on_a_runtime, whole};
use crate::transport::origin::Origin;

/// The behavior of the server for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Served {
    Whole,
    Chunked,
    /// The response announces that the connection ends with it.
    LastOne,
    /// The connection is closed after the response, without notice.
    ClosedAfter,
    /// The head is complete, but the body is truncated.
    Cut,
    /// The connection is closed instead of a response.
    ClosedBefore,
}

#[derive(Debug, Clone, Copy)]
struct Call {
    /// The start, in milliseconds.
    at: u64,
    served: Served,
    /// The times that the server takes for the head and for the body.
    takes: (u64, u64),
    read: Read,
}

#[derive(Default)]
struct Ledger {
    open: usize,
    made: usize,
    given_up: HashSet<usize>,
    violations: Vec<String>,
}

type World = Arc<Mutex<Ledger>>;

/// Serves one connection; request `/3` belongs to the third call.
async fn serve(mut io: DuplexStream, calls: Arc<Vec<Call>>, world: World) {
    let mut last: Option<(usize, Served, Instant)> = None;
    let mut head = Vec::new();
    while let Ok(byte) = io.read_u8().await {
        head.push(byte);
        if !head.ends_with(b"\r\n\r\n") {
            continue;
        }
        let text = String::from_utf8(std::mem::take(&mut head)).unwrap();
        let id: usize = text.strip_prefix("GET /").unwrap().split(' ').next().unwrap().parse().unwrap();
        let call = calls[id];
        if let Some((before, served, at)) = last {
            let mut world = world.lock().unwrap();
            if !matches!(served, Served::Whole | Served::Chunked) || world.given_up.contains(&before) {
                world.violations.push(format!("{id} on the connection of {before}, {served:?}"));
            }
            if at.elapsed() >= IDLE {
                world.violations.push(format!("{id} after {:?}", at.elapsed()));
            }
        }
        sleep(Duration::from_millis(call.takes.0)).await;
        let body = whole(id);
        let (first, rest) = body.split_at(body.len() / 2);
        let length = body.len();
        let parts = match call.served {
            Served::Whole | Served::ClosedAfter | Served::Cut => {
                [format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{first}"), rest.to_owned()]
            }
            Served::LastOne => {
                let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{first}");
                [head, rest.to_owned()]
            }
            Served::Chunked => [
                format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n", first.len()),
                format!("{:x}\r\n{rest}\r\n0\r\n\r\n", rest.len()),
            ],
            Served::ClosedBefore => break,
        };
        if io.write_all(parts[0].as_bytes()).await.is_err() || call.served == Served::Cut {
            break;
        }
        sleep(Duration::from_millis(call.takes.1)).await;
        if io.write_all(parts[1].as_bytes()).await.is_err() || call.served == Served::ClosedAfter {
            break;
        }
        last = Some((id, call.served, Instant::now()));
    }
    world.lock().unwrap().open -= 1;
}

fn origin(calls: &Arc<Vec<Call>>, world: &World) -> Arc<Origin> {
    let (calls, world) = (Arc::clone(calls), Arc::clone(world));
    super::origin(false, move |io| {
        let mut ledger = world.lock().unwrap();
        ledger.open += 1;
        ledger.made += 1;
        tokio::spawn(serve(io, Arc::clone(&calls), Arc::clone(&world)));
    })
}

async fn run(origin: Arc<Origin>, id: usize, plan: Call, world: World) {
    sleep(Duration::from_millis(plan.at)).await;
    let give_up = |world: &World| {
        world.lock().unwrap().given_up.insert(id);
    };
    match plan.read {
        Read::Whole => match call(&origin, id).await {
            Ok(Some(body)) => assert_eq!(body, whole(id), "a response of another call"),
            Ok(None) => assert!(matches!(plan.served, Served::Cut | Served::ClosedAfter), "{id} broke: {plan:?}"),
            Err(error) => assert_eq!(plan.served, Served::ClosedBefore, "{id} failed: {error:?}"),
        },
        Read::For(time) => {
            if timeout(Duration::from_millis(time), call(&origin, id)).await.is_err() {
                give_up(&world);
            }
        }
        Read::HeadAlone => {
            if let Ok(response) = head(&origin, id).await {
                give_up(&world);
                drop(response);
            }
        }
    }
}

fn a_call() -> impl Strategy<Value = Call> {
    let served = prop_oneof![
        6 => Just(Served::Whole),
        3 => Just(Served::Chunked),
        1 => Just(Served::LastOne),
        1 => Just(Served::ClosedAfter),
        1 => Just(Served::Cut),
        1 => Just(Served::ClosedBefore),
    ];
    (a_schedule(), served).prop_map(|((at, takes, read), served)| Call { at, served, takes, read })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_schedule_mixes_up_reuses_or_leaks_a_connection(
        calls in proptest::collection::vec(a_call(), 1..60),
        cut in 0..60usize,
    ) {
        let world = World::default();
        let calls = Arc::new(calls);
        let origin = origin(&calls, &world);
        let cut = cut.min(calls.len());
        // A runtime ends in the middle, with the connections that it drives; the origin continues on another.
        for part in [0..cut, cut..calls.len()] {
            let at_end = origin.clone();
            on_a_runtime(async {
                let mut all = JoinSet::new();
                for id in part {
                    all.spawn(run(Arc::clone(&origin), id, calls[id], Arc::clone(&world)));
                }
                while let Some(ended) = all.join_next().await {
                    ended.unwrap();
                }
                sleep(IDLE * 2).await;
                assert_eq!(world.lock().unwrap().open, 0, "a connection was kept for too long");
            });
            drop(at_end);
        }
        prop_assert_eq!(&world.lock().unwrap().violations, &Vec::<String>::new());
    }
}

fn plain(at: u64) -> Call {
    Call { at, served: Served::Whole, takes: (0, 0), read: Read::Whole }
}

#[test]
fn calls_in_turn_use_one_connection_and_calls_at_a_time_one_each() {
    let calls = Arc::new((0..20).map(plain).collect::<Vec<_>>());
    let world = World::default();
    let origin = origin(&calls, &world);
    on_a_runtime(async {
        for id in 0..20 {
            assert!(call(&origin, id).await.unwrap().is_some());
        }
        assert_eq!(world.lock().unwrap().made, 1);
        let mut all = JoinSet::new();
        for id in 0..20 {
            let origin = Arc::clone(&origin);
            all.spawn(async move { call(&origin, id).await.unwrap().is_some() });
        }
        assert!(all.join_all().await.into_iter().all(|whole| whole));
        assert!(world.lock().unwrap().made <= 20);
    });
}

#[test]
fn a_client_that_is_dropped_leaves_no_connection() {
    let calls = Arc::new(vec![plain(0)]);
    let world = World::default();
    let origin = origin(&calls, &world);
    on_a_runtime(async {
        assert!(call(&origin, 0).await.unwrap().is_some());
        assert_eq!(world.lock().unwrap().open, 1);
        drop(origin);
        sleep(Duration::from_millis(1)).await;
        assert_eq!(world.lock().unwrap().open, 0);
    });
}

#[test]
fn connections_on_a_runtime_that_has_ended_are_not_used_and_idle_ones_still_close() {
    let calls = Arc::new(vec![plain(0), plain(0)]);
    let world = World::default();
    let origin = origin(&calls, &world);
    on_a_runtime(async { assert!(call(&origin, 0).await.unwrap().is_some()) });
    world.lock().unwrap().open = 0;
    on_a_runtime(async {
        assert!(call(&origin, 1).await.unwrap().is_some());
        assert_eq!(world.lock().unwrap().open, 1);
        sleep(IDLE + Duration::from_millis(10)).await;
        assert_eq!(world.lock().unwrap().open, 0, "its sweeper ended with the other runtime");
    });
}
