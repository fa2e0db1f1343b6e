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
        runtime.block_on(turns(limit, batch));
    }
    runtime.block_on(memory(50));
    runtime.block_on(memory(1000));
}

async fn turns(requests: u32, batch: u32) {
    let server = RedisServer::start(&[]);
    let pool = rolecall_redis::connect(&format!("redis://127.0.0.1:{}/", server.port)).await.expect("a connection");
    let pool = pool.rate_limit("cost").own_share(0);
    let limit = RateLimit::new(requests, Duration::from_millis(200));
    let mut turn = Turn::new(1, 1, limit);
    turn.hold = Duration::from_secs(1);
    pool.turn(&turn).await.expect("a turn");
    tokio::time::sleep(Duration::from_secs(2)).await;
    server.command(&["CONFIG", "RESETSTAT"]);
    let (mut took, mut lent) = (Vec::new(), 0);
    for number in 2..3002 {
        turn.number = number;
        turn.answered = Some(number - 1);
        turn.first += u64::from(turn.wanted);
        turn.wanted = batch;
        let asked = Instant::now();
        let starts = pool.turn(&turn).await.expect("a turn").starts.len() as u64;
        took.push(asked.elapsed());
        lent += starts;
        turn.returned = (turn.first..turn.first + starts).map(|number| (number, limit.window())).collect();
    }
    took.sort_unstable();
    let stats: String = server.query(&["INFO", "commandstats"]).expect("statistics");
    let line = stats.lines().find(|line| line.starts_with("cmdstat_evalsha:")).unwrap_or_default();
    let per_call = line.split(',').find_map(|field| field.strip_prefix("usec_per_call=")).unwrap_or("?");
    println!(
        "limit {requests}, {batch} wanted: server {per_call} µs per turn, round trip {:?} (median), {lent} lent",
        took[took.len() / 2]
    );
}

async fn memory(requests: u32) {
    let server = RedisServer::start(&[]);
    let pool = rolecall_redis::connect(&format!("redis://127.0.0.1:{}/", server.port)).await.expect("a connection");
    let pool = pool.rate_limit("cost").own_share(0);
    let mut turn = Turn::new(u64::MAX / 3, 1, RateLimit::new(requests, Duration::from_secs(60)));
    turn.hold = Duration::from_secs(30);
    pool.turn(&turn).await.expect("a turn");
    let used = || {
        let keys = ["out", "due", "all"].map(|key| format!("rolecall:{{limit:cost}}:{key}"));
        let usage = |key: &String| server.query::<Option<u64>>(&["MEMORY", "USAGE", key, "SAMPLES", "0"]).flatten();
        keys.iter().filter_map(usage).sum::<u64>()
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
