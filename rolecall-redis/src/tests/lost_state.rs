//! A loss of state is detected, and the pool then closes until all permits that may be in use are due.

use std::time::Duration;

use rolecall::RateLimit;
use rolecall::pool::Turn;

use super::{Clockwork, turn};

const WINDOW: Duration = Duration::from_secs(8);
/// The window and the hold of [`turn`].
const CLOSED: Duration = Duration::from_secs(10);
const OPEN: Option<Duration> = None;
const KEY: &str = "rolecall:{limit:test}:pool";

fn limit() -> RateLimit {
    RateLimit::new(10, WINDOW)
}

fn wants(client: u64, number: u64, wanted: u32) -> Turn {
    let mut turn = turn(client, number, limit());
    turn.wanted = wanted;
    turn.first = number * 100;
    turn.answered = number.checked_sub(1).filter(|before| *before > 0);
    turn
}

/// Creates a pool of which client 1 holds three permits, and two are due back.
fn used() -> Option<Clockwork> {
    let mut clockwork = Clockwork::start()?;
    let pool = clockwork.pool();
    clockwork.turn(&pool, &wants(1, 1, 0)).unwrap();
    clockwork.pass(Duration::from_secs(2));
    assert_eq!(clockwork.turn(&pool, &wants(1, 2, 5)).unwrap().starts.len(), 5);
    let mut back = wants(1, 3, 0);
    back.returned = vec![(200, WINDOW), (201, WINDOW)];
    assert_eq!(clockwork.turn(&pool, &back).unwrap().closed, OPEN);
    clockwork.pass(Duration::from_millis(100));
    Some(clockwork)
}

#[test]
fn a_new_state_is_closed_until_others_have_had_time_to_report() {
    let Some(mut clockwork) = Clockwork::start() else { return };
    let pool = clockwork.pool();
    let lent = clockwork.turn(&pool, &wants(1, 1, 3)).unwrap();
    assert_eq!((lent.starts.len(), lent.closed), (0, Some(Duration::from_secs(2))));
    assert_eq!(lent.next, Some(Duration::from_secs(2)));
    clockwork.pass(Duration::from_secs(2));
    assert_eq!(clockwork.turn(&pool, &wants(1, 2, 3)).unwrap().starts.len(), 3);
}

#[test]
fn the_counters_count_turns_loans_failures_losses_and_closings() {
    let Some(mut clockwork) = Clockwork::start() else { return };
    let pool = clockwork.pool();
    let counts = || {
        let counters = pool.counters();
        [counters.turns, counters.lent, counters.failed, counters.lost, counters.closed]
    };
    clockwork.turn(&pool, &wants(1, 1, 3)).unwrap();
    assert_eq!(counts(), [1, 0, 0, 0, 1], "closed at first");
    clockwork.pass(Duration::from_secs(2));
    clockwork.turn(&pool, &wants(1, 2, 3)).unwrap();
    assert_eq!(counts(), [2, 3, 0, 0, 1]);
    clockwork.turn(&pool, &wants(1, 1, 3)).unwrap_err();
    assert_eq!(counts(), [2, 3, 1, 0, 1], "too late");
    clockwork.server.command(&["FLUSHALL"]);
    clockwork.pass(Duration::ZERO);
    clockwork.turn(&pool, &wants(1, 3, 3)).unwrap();
    assert_eq!(counts(), [3, 3, 1, 1, 2], "lost, and closed");
    assert_eq!(clockwork.redis.rate_limit("test").counters().turns, 0, "each pool has its own");
}

#[test]
fn a_strict_pool_is_closed_for_a_hold_and_a_window_when_its_state_is_new() {
    let Some(mut clockwork) = Clockwork::start() else { return };
    let pool = clockwork.pool().strict();
    assert_eq!(clockwork.turn(&pool, &wants(1, 1, 3)).unwrap().closed, Some(CLOSED));
    clockwork.pass(CLOSED);
    assert_eq!(clockwork.turn(&pool, &wants(1, 2, 3)).unwrap().starts.len(), 3);
}

#[test]
fn a_pool_is_one_key_so_that_no_part_of_it_can_be_lost_alone() {
    let Some(clockwork) = used() else { return };
    let keys = clockwork.server.command(&["KEYS", "rolecall:*"]);
    assert_eq!(keys, redis::Value::Array(vec![redis::Value::BulkString(KEY.into())]));
}

#[test]
fn a_client_that_remembers_more_than_the_state_closes_the_pool_once() {
    let Some(mut clockwork) = used() else { return };
    let pool = clockwork.pool();
    clockwork.server.command(&["FLUSHALL"]);
    clockwork.pass(Duration::ZERO);
    // The newcomer is first, and gets the report that the state is new; then the client that remembers.
    assert_eq!(clockwork.turn(&pool, &wants(2, 1, 8)).unwrap().starts.len(), 0);
    clockwork.pass(Duration::from_secs(1));
    assert_eq!(clockwork.turn(&pool, &wants(1, 4, 2)).unwrap().closed, Some(CLOSED));
    clockwork.pass(Duration::from_secs(1));
    // Another client that remembers does not prolong it.
    assert_eq!(clockwork.turn(&pool, &wants(3, 7, 2)).unwrap().closed, Some(CLOSED - Duration::from_secs(1)));
    assert_eq!(clockwork.turn(&pool, &wants(1, 5, 2)).unwrap().closed, Some(CLOSED - Duration::from_secs(1)));
    clockwork.pass(CLOSED - Duration::from_secs(1));
    assert_eq!(clockwork.turn(&pool, &wants(1, 6, 2)).unwrap().starts.len(), 2);
    // The earlier report to the newcomer is so old that it no longer counts.
    let mut second = wants(2, 2, 9);
    second.answered = None;
    assert_eq!(clockwork.turn(&pool, &second).unwrap().starts.len(), 8);
}

#[test]
fn a_state_that_another_server_wrote_closes_the_pool() {
    let Some(clockwork) = used() else { return };
    // Written by one, read by another, as by a replica that was promoted.
    let Some(mut promoted) = Clockwork::start() else { return };
    promoted.now = clockwork.now;
    promoted.pass(Duration::ZERO);
    let redis::Value::BulkString(dump) = clockwork.server.command(&["DUMP", KEY]) else { panic!("{KEY} is there") };
    promoted.server.restore(KEY, &dump);
    let lent = promoted.turn(&promoted.pool(), &wants(2, 1, 8)).unwrap();
    assert_eq!((lent.starts.len(), lent.closed), (0, Some(CLOSED)));
}

#[test]
fn a_clock_that_is_set_back_stands_still_and_one_set_back_far_closes_the_pool() {
    let Some(mut clockwork) = used() else { return };
    let pool = clockwork.pool();
    clockwork.now -= Duration::from_secs(5);
    clockwork.pass(Duration::ZERO);
    // Three in use and two due back, all as before.
    assert_eq!(clockwork.turn(&pool, &wants(2, 1, 8)).unwrap().starts.len(), 5);
    clockwork.now -= Duration::from_secs(20);
    clockwork.pass(Duration::ZERO);
    let lent = clockwork.turn(&pool, &wants(1, 4, 8)).unwrap();
    assert_eq!((lent.closed, lent.pause), (Some(CLOSED), None), "own shares go on");
}

#[test]
fn what_a_client_never_returns_is_free_a_hold_and_a_window_after_its_start() {
    let Some(mut clockwork) = used() else { return };
    let pool = clockwork.pool();
    clockwork.pass(CLOSED - Duration::from_millis(101));
    let mut at_once = wants(2, 1, 10);
    at_once.within = Duration::ZERO;
    assert_eq!(clockwork.turn(&pool, &at_once).unwrap().starts.len(), 7, "two are back after a window");
    clockwork.pass(Duration::from_millis(1));
    assert_eq!(clockwork.turn(&pool, &wants(2, 2, 10)).unwrap().starts.len(), 3);
}

#[test]
fn a_turn_that_comes_after_a_later_one_changes_nothing() {
    let Some(clockwork) = used() else { return };
    let pool = clockwork.pool();
    let error = clockwork.turn(&pool, &wants(1, 2, 5)).unwrap_err();
    assert!(error.to_string().contains("too late"), "{error}");
    assert_eq!(clockwork.turn(&pool, &wants(2, 1, 9)).unwrap().starts.len(), 5);
}

#[test]
fn permits_whose_loan_was_never_heard_of_are_given_back_unused() {
    let Some(clockwork) = used() else { return };
    let pool = clockwork.pool();
    assert_eq!(clockwork.turn(&pool, &wants(2, 1, 5)).unwrap().starts.len(), 5);
    let mut next = wants(2, 2, 9);
    next.returned = (100..105).map(|number| (number, Duration::ZERO)).collect();
    assert_eq!(clockwork.turn(&pool, &next).unwrap().starts.len(), 5);
}

#[test]
fn so_many_clients_own_a_share_as_were_announced() {
    let Some(mut clockwork) = Clockwork::start() else { return };
    let pool = clockwork.pool().processes(2).own_share(2);
    let owns = |clockwork: &Clockwork, client, number, claims| {
        let mut turn = wants(client, number, 0);
        turn.answered = turn.answered.filter(|_| claims);
        turn.has_own_share = claims;
        clockwork.turn(&pool, &turn).unwrap().own_share
    };
    assert!(!owns(&clockwork, 1, 1, false), "the state is new, and others may own theirs");
    clockwork.pass(Duration::from_secs(2));
    assert!(owns(&clockwork, 1, 2, false));
    assert!(owns(&clockwork, 2, 1, false));
    assert!(!owns(&clockwork, 3, 1, false));
    clockwork.pass(Duration::from_secs(9));
    assert!(owns(&clockwork, 1, 3, true));
    assert!(!owns(&clockwork, 3, 2, false), "the second may have sent something less than a window ago");
    clockwork.pass(Duration::from_secs(2));
    assert!(owns(&clockwork, 3, 3, false), "the second is gone");
    assert!(!owns(&clockwork, 2, 2, false));
    // After a loss, clients with an own share keep theirs, and no other client gets one.
    clockwork.server.command(&["FLUSHALL"]);
    clockwork.pass(Duration::ZERO);
    assert!(!owns(&clockwork, 2, 3, false));
    assert!(owns(&clockwork, 1, 4, true));
    assert!(owns(&clockwork, 3, 4, true));
}

#[test]
fn clients_that_disagree_keep_to_the_strictest_of_their_limits() {
    let Some(mut clockwork) = Clockwork::start() else { return };
    let (old, new) = (clockwork.pool().processes(4).own_share(1), clockwork.pool().processes(2).own_share(1));
    let turn_of = |client, number, requests, wanted| {
        let mut turn = wants(client, number, wanted);
        turn.limit = RateLimit::new(requests, WINDOW);
        turn
    };
    clockwork.turn(&old, &turn_of(1, 1, 10, 0)).unwrap();
    clockwork.pass(Duration::from_secs(2));
    clockwork.turn(&new, &turn_of(2, 1, 8, 0)).unwrap();
    // The lower limit, less what is owned if there are as many as the other announced.
    assert_eq!(clockwork.turn(&old, &turn_of(1, 2, 10, 9)).unwrap().starts.len(), 4);
    let mut back = turn_of(1, 3, 10, 9);
    back.returned = (200..204).map(|number| (number, Duration::ZERO)).collect();
    clockwork.pass(Duration::from_secs(15));
    assert_eq!(clockwork.turn(&old, &back).unwrap().starts.len(), 4);
    // The other is gone for two holds and windows.
    let mut back = turn_of(1, 4, 10, 9);
    back.returned = (300..304).map(|number| (number, Duration::ZERO)).collect();
    clockwork.pass(Duration::from_secs(5));
    assert_eq!(clockwork.turn(&old, &back).unwrap().starts.len(), 6);
}
