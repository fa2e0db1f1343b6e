//! Tests of several clients that share a limit through a pool.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::super::pool::{Lent, LocalPool, PoolError, PoolFuture, RateLimitPool, Turn};
use super::*;

mod events;
mod own_share;

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn limit() -> RateLimit {
    RateLimit::new(50, s(60))
}

/// A pool that can be unreachable, lose responses, and lend to owners of a share.
#[derive(Clone)]
struct Fickle {
    kept: LocalPool,
    share: u32,
    fails: Arc<AtomicBool>,
    hangs: Arc<AtomicBool>,
    loses_replies: Arc<AtomicBool>,
    turns: Arc<AtomicUsize>,
    wanted: Arc<AtomicUsize>,
    /// Whether clients may use their own share.
    owners: Arc<AtomicBool>,
    closed: Arc<Mutex<Option<Duration>>>,
}

impl Fickle {
    fn new(share: u32) -> Self {
        let (kept, turns, wanted) = (LocalPool::new(), Arc::default(), Arc::default());
        let (fails, hangs, loses_replies) = (Arc::default(), Arc::default(), Arc::default());
        let owners = Arc::new(AtomicBool::new(true));
        Self { kept, share, fails, hangs, loses_replies, turns, wanted, owners, closed: Arc::default() }
    }
}

impl RateLimitPool for Fickle {
    fn turn<'a>(&'a self, turn: &'a Turn) -> PoolFuture<'a> {
        Box::pin(async move {
            self.turns.fetch_add(1, Ordering::SeqCst);
            self.wanted.fetch_add(turn.wanted as usize, Ordering::SeqCst);
            if self.hangs.load(Ordering::SeqCst) {
                std::future::pending::<()>().await;
            }
            if self.fails.load(Ordering::SeqCst) {
                return Err("out of reach".into());
            }
            // The permits that members own are not in the pool.
            let mut less = turn.clone();
            less.limit = RateLimit::new(turn.limit.requests() - 4 * self.share, turn.limit.window());
            let mut lent: Lent = self.kept.turn(&less).await?;
            lent.own_share = self.owners.load(Ordering::SeqCst);
            lent.closed = *self.closed.lock().unwrap();
            if lent.closed.is_some() {
                lent.starts.clear();
                lent.next = lent.closed;
            }
            if self.loses_replies.load(Ordering::SeqCst) {
                return Err("the reply was lost".into());
            }
            Ok(lent)
        })
    }

    fn own_share(&self, _: RateLimit) -> Result<u32, PoolError> {
        Ok(self.share)
    }
}

fn client(pool: &(impl RateLimitPool + Clone), limit: RateLimit) -> Arc<RateLimiter> {
    let share = pool.own_share(limit).unwrap();
    RateLimiter::with_pool(limit, share, Arc::new(pool.clone()))
}

/// The time at which the server received each request, and its client.
#[derive(Clone, Default)]
struct Server(Arc<Mutex<Vec<(Instant, usize)>>>);

impl Server {
    fn most_in(&self, window: Duration) -> usize {
        let mut times: Vec<Instant> = self.0.lock().unwrap().iter().map(|(at, _)| *at).collect();
        times.sort_unstable();
        let in_window = |start: usize| times[start..].iter().take_while(|at| **at < times[start] + window).count();
        (0..times.len()).map(in_window).max().unwrap_or(0)
    }

    fn served(&self, who: usize) -> usize {
        self.0.lock().unwrap().iter().filter(|(_, other)| *other == who).count()
    }

    /// Excludes the first burst, which goes to the clients that ask first.
    fn served_since(&self, start: Instant, who: usize) -> usize {
        self.0.lock().unwrap().iter().filter(|(at, other)| *at > start && *other == who).count()
    }

    /// A caller that sends one request after the other; every third is cancelled in transit.
    fn caller(&self, limiter: Arc<RateLimiter>, who: usize, number: u64, end: Instant) -> tokio::task::JoinHandle<()> {
        let server = self.clone();
        tokio::spawn(async move {
            for round in 0.. {
                let Ok(mut permit) = limiter.acquire(&mut None, end, s(30)).await else { break };
                assert!(permit.mark_sent(Instant::now() + s(30)));
                let flight = ms((number * 37 + round * 101) % 400);
                let arrives = Instant::now() + flight;
                server.0.lock().unwrap().push((arrives, who));
                if (number + round).is_multiple_of(3) {
                    tokio::time::sleep(flight / 3).await;
                    drop(permit);
                } else {
                    tokio::time::sleep(flight * 2).await;
                    permit.response_received(&HeaderMap::new());
                }
            }
        })
    }
}

async fn run(server: &Server, clients: &[(Arc<RateLimiter>, u64)], time: Duration) {
    let end = Instant::now() + time;
    let callers: Vec<_> = clients
        .iter()
        .enumerate()
        .flat_map(|(who, (client, callers))| (0..*callers).map(move |number| (who, client, number)))
        .map(|(who, client, number)| server.caller(Arc::clone(client), who, number + 7 * who as u64, end))
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn clients_of_a_pool_keep_to_one_limit_and_use_it() {
    for share in [0, 5] {
        let (server, pool) = (Server::default(), Fickle::new(share));
        let clients: Vec<_> = (0..4).map(|_| (client(&pool, limit()), 30)).collect();
        let start = Instant::now();
        run(&server, &clients, s(600)).await;
        assert!(server.most_in(s(60)) <= 50, "{}", server.most_in(s(60)));
        let total: usize = (0..4).map(|who| server.served(who)).sum();
        assert!(total >= 475, "{total}");
        let served: Vec<_> = (0..4).map(|who| server.served_since(start + s(30), who)).collect();
        let fair = served.iter().sum::<usize>() / 4;
        assert!(served.iter().all(|count| count.abs_diff(fair) * 100 <= fair * 5), "{served:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_alone_has_the_whole_pool() {
    let (server, pool) = (Server::default(), LocalPool::new());
    let clients = [(client(&pool, limit()), 60), (client(&pool, limit()), 0)];
    run(&server, &clients, s(600)).await;
    assert!(server.most_in(s(60)) <= 50);
    assert!(server.served(0) >= 475, "{}", server.served(0));
}

#[tokio::test(start_paused = true)]
async fn a_modest_client_beside_a_greedy_one_waits_a_window_at_most() {
    let pool = LocalPool::new();
    let server = Server::default();
    let (greedy, modest) = (client(&pool, limit()), client(&pool, limit()));
    let end = Instant::now() + s(600);
    let callers: Vec<_> = (0..100).map(|number| server.caller(Arc::clone(&greedy), 0, number, end)).collect();
    let mut longest = Duration::ZERO;
    while Instant::now() + s(100) < end {
        tokio::time::sleep(s(3)).await;
        let asked = Instant::now();
        let permit = modest.acquire(&mut None, end, s(30)).await.unwrap();
        longest = longest.max(asked.elapsed());
        permit.response_received(&HeaderMap::new());
    }
    callers.iter().for_each(tokio::task::JoinHandle::abort);
    assert!(longest <= s(72), "{longest:?}");
}

#[tokio::test(start_paused = true)]
async fn the_limit_holds_while_replies_are_lost_and_the_pool_is_out_of_reach() {
    let (server, pool) = (Server::default(), Fickle::new(5));
    let clients: Vec<_> = (0..4).map(|_| (client(&pool, limit()), 30)).collect();
    let faults = tokio::spawn({
        let pool = pool.clone();
        async move {
            for fault in [&pool.loses_replies, &pool.fails, &pool.hangs].into_iter().cycle().take(30) {
                tokio::time::sleep(s(13)).await;
                fault.store(true, Ordering::SeqCst);
                tokio::time::sleep(s(5)).await;
                fault.store(false, Ordering::SeqCst);
            }
        }
    });
    run(&server, &clients, s(600)).await;
    faults.abort();
    assert!(server.most_in(s(60)) <= 50, "{}", server.most_in(s(60)));
    let total = server.0.lock().unwrap().len();
    assert!(total >= 350, "{total}");
}

#[tokio::test(start_paused = true)]
async fn without_its_pool_a_client_has_its_own_share_at_once() {
    for hangs in [false, true] {
        let pool = Fickle::new(3);
        pool.fails.store(!hangs, Ordering::SeqCst);
        pool.hangs.store(hangs, Ordering::SeqCst);
        let client = client(&pool, limit());
        let start = Instant::now();
        for _ in 0..3 {
            lose(client.acquire(&mut None, far(), ATTEMPT).await.unwrap());
        }
        assert!(start.elapsed() <= ms(250), "{:?}", start.elapsed());
        // The fourth waits until its deadline, because the pool may become reachable again.
        let deadline = start + s(20);
        assert!(client.acquire(&mut None, deadline, ATTEMPT).await.is_err());
        assert!(start.elapsed() <= s(20) + ms(50), "{:?}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_pool_that_comes_back_is_used_within_a_second() {
    let pool = Fickle::new(0);
    pool.hangs.store(true, Ordering::SeqCst);
    let client = client(&pool, limit());
    let waits =
        tokio::spawn(
            async move { client.acquire(&mut None, far(), ATTEMPT).await.map(Permit::release_unused).is_ok() },
        );
    tokio::time::sleep(s(30)).await;
    pool.hangs.store(false, Ordering::SeqCst);
    let back = Instant::now();
    assert!(waits.await.unwrap());
    assert!(back.elapsed() <= ms(1300), "{:?}", back.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_client_without_a_share_lives_from_the_pool() {
    let pool = Fickle::new(5);
    pool.owners.store(false, Ordering::SeqCst);
    let client = client(&pool, limit());
    for _ in 0..10 {
        let permit = client.acquire(&mut None, far(), ATTEMPT).await.unwrap();
        assert!(permit.is_lent());
        permit.release_unused();
    }
    // Unreachable: its own share is free of a previous client's requests after the longest hold and a window.
    pool.fails.store(true, Ordering::SeqCst);
    let start = Instant::now();
    let permit = client.acquire(&mut None, far(), ATTEMPT).await.unwrap();
    assert!(!permit.is_lent());
    assert!(start.elapsed() > s(60) && start.elapsed() < s(70), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_permit_that_was_held_for_too_long_sends_nothing() {
    let pool = LocalPool::new();
    let client = client(&pool, limit());
    let mut permit = client.acquire(&mut None, far(), s(30)).await.unwrap();
    assert!(permit.is_lent());
    tokio::time::advance(s(4)).await;
    assert!(permit.mark_sent(Instant::now() + s(30)));
    // The process stalls for longer than any other client has to wait.
    tokio::time::advance(s(40)).await;
    assert!(!permit.mark_sent(Instant::now() + s(30)));
}

#[tokio::test(start_paused = true)]
async fn a_pause_reaches_all_clients_of_a_pool() {
    let pool = LocalPool::new();
    let (one, two) = (client(&pool, limit()), client(&pool, limit()));
    let start = Instant::now();
    one.acquire(&mut None, far(), ATTEMPT).await.unwrap().release_unused();
    one.pause_until(start + s(20));
    tokio::time::sleep(ms(10)).await;
    two.acquire(&mut None, far(), ATTEMPT).await.unwrap().release_unused();
    assert!(start.elapsed() >= s(20), "{:?}", start.elapsed());
    assert!(start.elapsed() < s(21), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_servers_own_count_is_shared() {
    let pool = LocalPool::new();
    let (one, two) = (client(&pool, limit()), client(&pool, limit()));
    one.acquire(&mut None, far(), ATTEMPT).await.unwrap().response_received(&told("2", "30"));
    tokio::time::sleep(ms(50)).await;
    let start = Instant::now();
    lose(two.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    lose(two.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    lose(two.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    assert!(start.elapsed() >= s(29), "{:?}", start.elapsed());
}

#[test]
fn a_runtime_that_ends_in_the_middle_of_a_turn_leaves_it_to_the_next() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let pool = Fickle::new(0);
    pool.hangs.store(true, Ordering::SeqCst);
    let client = client(&pool, limit());
    let first = runtime();
    first.block_on(async {
        assert!(client.acquire(&mut None, Instant::now() + ms(100), ATTEMPT).await.is_err());
    });
    drop(first);
    pool.hangs.store(false, Ordering::SeqCst);
    runtime().block_on(async {
        client.acquire(&mut None, Instant::now() + s(10), ATTEMPT).await.unwrap().release_unused();
    });
}

#[test]
fn a_runtime_that_stands_still_in_the_middle_of_a_turn_is_not_waited_for() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let pool = Fickle::new(0);
    pool.hangs.store(true, Ordering::SeqCst);
    let client = client(&pool, limit());
    let first = runtime();
    first.block_on(async {
        assert!(client.acquire(&mut None, Instant::now() + ms(100), ATTEMPT).await.is_err());
    });
    pool.hangs.store(false, Ordering::SeqCst);
    // The task that takes turns is alive, but is not polled.
    runtime().block_on(async {
        let start = Instant::now();
        let permit = client.acquire(&mut None, start + s(20), ATTEMPT).await;
        assert!(permit.is_ok() && start.elapsed() < s(6), "{permit:?} after {:?}", start.elapsed());
    });
    drop(first);
}

#[tokio::test(start_paused = true)]
async fn callers_that_leave_take_no_permit_with_them() {
    let pool = LocalPool::new();
    let (one, two) = (client(&pool, RateLimit::new(5, s(60))), client(&pool, RateLimit::new(5, s(60))));
    for _ in 0..50 {
        let waits: Vec<_> = (0..20)
            .map(|_| {
                let one = Arc::clone(&one);
                tokio::spawn(async move { drop(one.acquire(&mut None, far(), ATTEMPT).await) })
            })
            .collect();
        tokio::task::yield_now().await;
        waits.iter().for_each(tokio::task::JoinHandle::abort);
        tokio::time::sleep(ms(10)).await;
    }
    tokio::time::sleep(s(1)).await;
    let start = Instant::now();
    let mut held = Vec::new();
    for _ in 0..5 {
        held.push(two.acquire(&mut None, far(), ATTEMPT).await.unwrap());
    }
    assert!(start.elapsed() < s(1), "{:?}", start.elapsed());
}
