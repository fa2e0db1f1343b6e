//! Tests of the permits that a client owns.

use super::*;

#[tokio::test(start_paused = true)]
async fn the_own_share_costs_no_turn_that_a_call_waits_for() {
    let pool = Fickle::new(5);
    let client = client(&pool, RateLimit::new(50, s(1)));
    let turns = || pool.turns.load(Ordering::SeqCst);
    for call in 0..100 {
        tokio::time::sleep(ms(300)).await;
        let asked = Instant::now();
        let permit = client.acquire(&mut None, far(), ATTEMPT).await.unwrap();
        assert!(!permit.is_lent());
        assert_eq!(asked.elapsed(), Duration::ZERO);
        permit.response_received(&HeaderMap::new());
        // The first call waits for what the pool says of the share, and the permit that it got as well is returned.
        assert!(call > 12 || turns() <= 2, "{}", turns());
    }
    assert_eq!(pool.wanted.load(Ordering::SeqCst), 1);
    assert!(turns() <= 2 + 30 / 4, "{}", turns());
}

#[tokio::test(start_paused = true)]
async fn a_quiet_client_keeps_its_share_so_that_its_next_call_waits_for_no_turn() {
    let pool = Fickle::new(5);
    let client = client(&pool, limit());
    let turns = || pool.turns.load(Ordering::SeqCst);
    client.acquire(&mut None, far(), ATTEMPT).await.unwrap().release_unused();
    // The pool keeps it for a hold and a window after the last turn.
    let kept = s(60) + ATTEMPT + ms(5500);
    for quiet in [1, 100, 7, 50, 3000] {
        let before = turns();
        tokio::time::sleep(s(quiet)).await;
        let most = usize::try_from(s(quiet).as_secs() / (kept / 3).as_secs()).unwrap() + 2;
        assert!(turns() - before <= most, "{} turns in {quiet} s", turns() - before);
        // Whatever the call waits for, takes time.
        pool.hangs.store(true, Ordering::SeqCst);
        let asked = Instant::now();
        let permit = client.acquire(&mut None, far(), ATTEMPT).await.unwrap();
        assert!(!permit.is_lent() && asked.elapsed().is_zero(), "after {quiet} s: {:?}", asked.elapsed());
        permit.release_unused();
        pool.hangs.store(false, Ordering::SeqCst);
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_gone_or_has_no_share_takes_no_turns() {
    for share in [0, 5] {
        let pool = Fickle::new(share);
        let client = client(&pool, limit());
        client.acquire(&mut None, far(), ATTEMPT).await.unwrap().release_unused();
        tokio::time::sleep(s(100)).await;
        if share > 0 {
            drop(client);
        }
        let turns = pool.turns.load(Ordering::SeqCst);
        tokio::time::sleep(s(3000)).await;
        assert_eq!(pool.turns.load(Ordering::SeqCst), turns, "share {share}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_share_that_another_client_may_have_by_now_is_confirmed_before_it_is_used() {
    for is_kept in [true, false] {
        let pool = Fickle::new(5);
        let client = client(&pool, limit());
        client.acquire(&mut None, far(), ATTEMPT).await.unwrap().release_unused();
        // The pool keeps it for a hold and a window after the last turn.
        tokio::time::sleep(s(50)).await;
        let turns = pool.turns.load(Ordering::SeqCst);
        let permit = client.acquire(&mut None, far(), ATTEMPT).await.unwrap();
        assert!(!permit.is_lent() && pool.turns.load(Ordering::SeqCst) == turns, "not yet");
        permit.release_unused();
        // It stands still, and keeps nothing.
        pool.owners.store(is_kept, Ordering::SeqCst);
        tokio::time::advance(s(100)).await;
        let permit = client.acquire(&mut None, far(), ATTEMPT).await.unwrap();
        assert_eq!(permit.is_lent(), !is_kept);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stalled_client_sends_nothing_with_its_own_share() {
    for (stalled, may_send) in [(60, true), (100, false)] {
        let pool = Fickle::new(5);
        let client = client(&pool, limit());
        let mut permit = client.acquire(&mut None, far(), s(30)).await.unwrap();
        assert!(!permit.is_lent());
        tokio::time::sleep(s(1)).await;
        // What the pool says of the share arrives later than the caller goes on.
        pool.hangs.store(true, Ordering::SeqCst);
        tokio::time::advance(s(stalled)).await;
        assert_eq!(permit.mark_sent(Instant::now() + s(30)), may_send, "after {stalled} s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_share_is_kept_for_as_long_as_the_pool_is_unreachable() {
    let pool = Fickle::new(5);
    let client = client(&pool, limit());
    client.acquire(&mut None, far(), ATTEMPT).await.unwrap().release_unused();
    pool.hangs.store(true, Ordering::SeqCst);
    for quiet in [1, 300, 3, 3000] {
        tokio::time::sleep(s(quiet)).await;
        let asked = Instant::now();
        let permit = client.acquire(&mut None, far(), ATTEMPT).await.unwrap();
        assert!(!permit.is_lent() && asked.elapsed() <= ms(250), "{:?}", asked.elapsed());
        permit.release_unused();
    }
}
