//! What a turn costs the server, and what a permit takes of its memory.

use std::time::{Duration, Instant};

use rolecall::RateLimit;
use rolecall::pool::{RateLimitPool, Turn};

use super::server::{self, RedisServer};

pub(crate) fn print() {
    if !server::is_installed() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for (limit, batch) in [(50, 1), (50, 8), (1000, 1), (1000, 64)] {
        runtime.block_on(turns(limit, batch, 1, Ends::Together));
    }
    for (limit, batch) in [(50, 8), (1000, 64)] {
        runtime.block_on(turns(limit, batch, 1, Ends::Apart));
    }
    for clients in [8, 32] {
        runtime.block_on(turns(50, 8, clients, Ends::Together));
    }
    runtime.block_on(memory(50));
    runtime.block_on(memory(1000));
}

/// When the requests of the permits end that a turn returns.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ends {
    Together,
    /// Each at another time, in no order.
    Apart,
}

/// Clients take turns one after the other; each returns what it was lent before, and wants as much again. The window is so
/// short that nearly all turns return, free, and lend permits.
async fn turns(requests: u32, batch: u32, clients: u64, end: Ends) {
    let server = RedisServer::start(&[]).expect("a server");
    let pool = rolecall_redis::connect(&format!("redis://127.0.0.1:{}/", server.port)).await.expect("a connection");
    let pool = pool.rate_limit("cost").own_share(0);
    let limit = RateLimit::new(requests, Duration::from_micros(20) * (requests / batch));
    let mut all: Vec<Turn> = (1..=clients).map(|client| Turn::new(client, 0, limit)).collect();
    let (mut took, mut lent) = (Vec::new(), 0);
    for round in 1..=1 + 6000 / clients {
        for turn in &mut all {
            turn.number = round;
            turn.hold = Duration::from_secs(10);
            turn.within = limit.window();
            turn.answered = (round > 1).then(|| round - 1);
            turn.first += u64::from(turn.wanted);
            turn.wanted = batch;
            let asked = Instant::now();
            let starts = pool.turn(turn).await.expect("a turn").starts;
            took.push(asked.elapsed());
            lent += starts.len();
            let ends = starts.iter().zip(1_u32..).map(|(start, n)| match end {
                Ends::Together => *start + limit.window(),
                Ends::Apart => *start + limit.window() / 64 * (n * 37 % 64),
            });
            turn.returned = (turn.first..).zip(ends).collect();
        }
        if round == 1 {
            // A new state is closed at first.
            tokio::time::sleep(Duration::from_millis(2100)).await;
            server.command(&["CONFIG", "RESETSTAT"]);
            took.clear();
        }
    }
    took.sort_unstable();
    let per_call = server.micros_per_script().unwrap_or_default();
    println!(
        "limit {requests}, {clients} clients that want {batch}, and end {end:?}: server {per_call:.1} µs per turn, round trip {:?} \
         (median), {:.1} lent per turn",
        took[took.len() / 2],
        lent as f64 / took.len() as f64
    );
}

async fn memory(requests: u32) {
    let server = RedisServer::start(&[]).expect("a server");
    let pool = rolecall_redis::connect(&format!("redis://127.0.0.1:{}/", server.port)).await.expect("a connection");
    let pool = pool.rate_limit("cost").own_share(0);
    let mut turn = Turn::new(u64::MAX / 3, 1, RateLimit::new(requests, Duration::from_secs(60)));
    turn.hold = Duration::from_secs(30);
    pool.turn(&turn).await.expect("a turn");
    let used = || {
        let key = "rolecall:{limit:cost}:pool";
        server.query::<u64>(&["MEMORY", "USAGE", key, "SAMPLES", "0"]).expect("a pool")
    };
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let (empty, mut number) = (used(), 1);
    while turn.first < u64::from(requests) {
        number += 1;
        turn.number = number;
        turn.wanted = 250.min(requests);
        turn.first += pool.turn(&turn).await.expect("a turn").starts.len() as u64;
    }
    let permits = u64::from(requests);
    println!(
        "{requests} permits lent: {} bytes, {} per permit, and {empty} at rest",
        used(),
        (used() - empty) / permits
    );
}
