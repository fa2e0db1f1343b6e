//! HTTP/2: connections that all calls share.

use std::collections::HashSet;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use h2::server::SendResponse;
use h2::{Reason, SendStream};
use http::{Response, StatusCode};
use proptest::prelude::*;
use tokio::io::DuplexStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::{IDLE, Read, a_schedule, call, head, on_a_runtime, whole};
use crate::transport::error::{Delivery, TransportError};
use crate::transport::origin::Origin;

/// The behavior of the server for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Served {
    Whole,
    /// The stream is reset instead of a response.
    ResetBefore,
    /// The stream is reset in the middle of the body.
    Cut,
    /// The stream is refused the first time.
    Refused,
    /// The response is complete, and the connection goes away.
    LastOne,
    /// The connection breaks in the middle of the body.
    Broken,
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
    /// The last time that a connection broke.
    broken: Option<Instant>,
    /// The last start of a call that was cancelled. It uses the connection, even if its request does not leave.
    cancelled: Option<Instant>,
    refused: HashSet<usize>,
    violations: Vec<String>,
}

type World = Arc<Mutex<Ledger>>;

/// The end of a connection that a request orders.
enum End {
    GoAway,
    Break,
}

async fn body(stream: &mut SendStream<Bytes>, bytes: &str, end: bool) -> bool {
    let mut rest = Bytes::copy_from_slice(bytes.as_bytes());
    while !rest.is_empty() {
        stream.reserve_capacity(rest.len());
        let Some(Ok(granted)) = poll_fn(|context| stream.poll_capacity(context)).await else { return false };
        let part = rest.split_to(granted.min(rest.len()));
        if stream.send_data(part, end && rest.is_empty()).is_err() {
            return false;
        }
    }
    true
}

async fn answer(mut respond: SendResponse<Bytes>, id: usize, call: Call, world: World) -> Option<End> {
    if call.served == Served::Refused && world.lock().unwrap().refused.insert(id) {
        respond.send_reset(Reason::REFUSED_STREAM);
        return None;
    }
    sleep(Duration::from_millis(call.takes.0)).await;
    if call.served == Served::ResetBefore {
        respond.send_reset(Reason::INTERNAL_ERROR);
        return None;
    }
    let response = Response::builder().status(StatusCode::OK).body(()).unwrap();
    let mut stream = respond.send_response(response, false).ok()?;
    let all = whole(id);
    let (first, rest) = all.split_at(all.len() / 2);
    if !body(&mut stream, first, false).await {
        return None;
    }
    sleep(Duration::from_millis(call.takes.1)).await;
    match call.served {
        Served::Cut => stream.send_reset(Reason::INTERNAL_ERROR),
        Served::Broken => return Some(End::Break),
        _ => {
            body(&mut stream, rest, true).await;
        }
    }
    (call.served == Served::LastOne).then_some(End::GoAway)
}

/// Serves one connection; request `/3` belongs to the third call.
async fn serve(io: DuplexStream, calls: Arc<Vec<Call>>, world: World) {
    let mut answers = JoinSet::new();
    let mut last = Instant::now();
    let mut going_away = None;
    if let Ok(mut connection) = h2::server::handshake(io).await {
        loop {
            let accepted = tokio::select! {
                accepted = connection.accept() => accepted,
                Some(end) = answers.join_next() => {
                    last = Instant::now();
                    match end.unwrap() {
                        Some(End::Break) => {
                            world.lock().unwrap().broken = Some(Instant::now());
                            break;
                        }
                        Some(End::GoAway) => {
                            going_away.get_or_insert_with(Instant::now);
                            connection.graceful_shutdown();
                        }
                        None => {}
                    }
                    continue;
                }
            };
            let Some(Ok((request, respond))) = accepted else { break };
            let id: usize = request.uri().path()[1..].parse().unwrap();
            let mut ledger = world.lock().unwrap();
            let used = ledger.cancelled.map_or(last, |cancelled| cancelled.max(last));
            if answers.is_empty() && used.elapsed() >= IDLE {
                ledger.violations.push(format!("{id} after {:?}", last.elapsed()));
            }
            // A request may cross the notice on its way.
            if going_away.is_some_and(|since: Instant| since.elapsed() > Duration::from_millis(100)) {
                ledger.violations.push(format!("{id} on a connection that goes away"));
            }
            drop(ledger);
            answers.spawn(answer(respond, id, calls[id], Arc::clone(&world)));
        }
    }
    world.lock().unwrap().open -= 1;
}

fn origin(calls: &Arc<Vec<Call>>, world: &World) -> Arc<Origin> {
    let (calls, world) = (Arc::clone(calls), Arc::clone(world));
    super::origin(true, move |io| {
        let mut ledger = world.lock().unwrap();
        ledger.open += 1;
        ledger.made += 1;
        tokio::spawn(serve(io, Arc::clone(&calls), Arc::clone(&world)));
    })
}

/// Makes the call, and again as long as the server declines it without processing, as an attempt does.
async fn resent(origin: &Origin, id: usize) -> Result<Option<String>, TransportError> {
    for _ in 0..10 {
        match call(origin, id).await {
            Err(error) if error.delivery() == Delivery::Declined => {}
            ended => return ended,
        }
    }
    call(origin, id).await
}

async fn run(origin: Arc<Origin>, id: usize, plan: Call, world: World) {
    sleep(Duration::from_millis(plan.at)).await;
    let start = Instant::now();
    let lost = |world: &World| world.lock().unwrap().broken >= Some(start);
    match plan.read {
        Read::Whole => {
            match resent(&origin, id).await {
                Ok(Some(body)) => assert_eq!(body, whole(id), "a response of another call"),
                Ok(None) => {
                    let is_cut = matches!(plan.served, Served::Cut | Served::Broken);
                    assert!(is_cut || lost(&world), "{id} broke: {plan:?}");
                }
                Err(error) => {
                    // A reset discards what the server has not sent yet, which may include the head.
                    let is_reset = matches!(plan.served, Served::ResetBefore | Served::Cut);
                    assert!(is_reset || lost(&world), "{id} failed: {error:?}, {plan:?}");
                }
            }
        }
        Read::For(time) => {
            if timeout(Duration::from_millis(time), call(&origin, id)).await.is_err() {
                world.lock().unwrap().cancelled = Some(start);
            }
        }
        Read::HeadAlone => drop(head(&origin, id).await),
    }
}

fn a_call() -> impl Strategy<Value = Call> {
    let served = prop_oneof![
        8 => Just(Served::Whole),
        1 => Just(Served::ResetBefore),
        1 => Just(Served::Cut),
        1 => Just(Served::Refused),
        1 => Just(Served::LastOne),
        1 => Just(Served::Broken),
    ];
    (a_schedule(), served).prop_map(|((at, takes, read), served)| Call { at, served, takes, read })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_schedule_mixes_up_outlives_or_leaks_a_connection(
        calls in proptest::collection::vec(a_call(), 1..60),
        cut in 0..60usize,
    ) {
        let world = World::default();
        let calls = Arc::new(calls);
        let origin = origin(&calls, &world);
        let cut = cut.min(calls.len());
        // A runtime ends in the middle, with the connections that it drives; the origin continues on another.
        for part in [0..cut, cut..calls.len()] {
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
        }
        prop_assert_eq!(&world.lock().unwrap().violations, &Vec::<String>::new());
    }
}

fn plain(takes: u64) -> Call {
    Call { at: 0, served: Served::Whole, takes: (takes, 0), read: Read::Whole }
}

#[test]
fn calls_at_a_time_share_one_connection() {
    let calls = Arc::new(vec![plain(20); 64]);
    let world = World::default();
    let origin = origin(&calls, &world);
    on_a_runtime(async {
        let mut all = JoinSet::new();
        for id in 0..64 {
            let origin = Arc::clone(&origin);
            all.spawn(async move { call(&origin, id).await.unwrap().is_some() });
        }
        assert!(all.join_all().await.into_iter().all(|whole| whole));
        assert_eq!(world.lock().unwrap().made, 1);
    });
}

#[test]
fn a_connection_that_answers_no_ping_is_lost_after_15_seconds_and_the_next_call_makes_another() {
    on_a_runtime(async {
        let made = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&made);
        let origin = super::origin(true, move |io| {
            let mut made = counted.lock().unwrap();
            *made += 1;
            let is_first = *made == 1;
            tokio::spawn(async move {
                let mut connection = h2::server::handshake(io).await.unwrap();
                let (_request, respond) = connection.accept().await.unwrap().unwrap();
                if is_first {
                    // Nobody drives the connection: neither responses nor pings are sent.
                    std::future::pending::<()>().await;
                }
                tokio::spawn(answer(respond, 1, plain(0), World::default()));
                while connection.accept().await.is_some() {}
            });
        });
        let start = Instant::now();
        call(&origin, 0).await.unwrap_err();
        let took = start.elapsed();
        assert!(took >= Duration::from_secs(15) && took < Duration::from_secs(16), "{took:?}");
        assert!(call(&origin, 1).await.unwrap().is_some());
        assert_eq!(*made.lock().unwrap(), 2);
    });
}

#[test]
fn a_slow_response_on_a_connection_that_answers_pings_is_waited_for() {
    let calls = Arc::new(vec![plain(120_000)]);
    let world = World::default();
    let origin = origin(&calls, &world);
    on_a_runtime(async {
        assert!(call(&origin, 0).await.unwrap().is_some());
        assert_eq!(world.lock().unwrap().made, 1);
    });
}
