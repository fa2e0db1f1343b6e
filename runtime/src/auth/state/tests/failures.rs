//! Tests that failed fetches are followed by a backoff.

use super::*;

#[test]
fn an_outage_costs_three_requests_while_the_old_token_serves() {
    let mut world = World::with_token(3599);
    world.pass(3299);
    let mut tries = Vec::new();
    for second in 0..290 {
        match world.ask(None) {
            Action::ServeAndFetch(_, fetch) => {
                tries.push(second);
                world.failed(&fetch, down());
            }
            Action::Serve(_) => {}
            other => panic!("the old token is kept while it is valid: {other:?}"),
        }
        world.pass(1);
    }
    assert_eq!(tries, [0, 97, 194]);
    assert_eq!(world.fetch(None).reason, FetchReason::Missing, "and when it ends there is a try at once");
}

#[test]
fn a_slow_outage_leaves_a_try_for_when_the_token_ends() {
    let mut world = World::with_token(3599);
    let fetch = world.pass(3299 + 285).fetch(None);
    world.failed(&fetch, down());
    world.pass(5).fetch(None);
}

#[test]
fn an_outage_without_a_token_costs_three_requests_in_any_minute() {
    for chance in [Jitter::NONE, Jitter::ALL] {
        let mut world = World::new();
        world.chance = chance;
        let mut tries = Vec::new();
        for second in 0..1000 {
            match world.ask(None) {
                Action::Fetch(fetch) => {
                    tries.push(second);
                    world.failed(&fetch, down());
                }
                Action::Backoff(until, _) => assert!(until > world.now),
                other => panic!("{other:?}"),
            }
            world.pass(1);
        }
        assert!(tries.windows(4).all(|four| four[3] - four[0] >= 60), "{tries:?}");
        assert!(tries.windows(2).all(|two| two[1] - two[0] <= 75), "and it is not given up: {tries:?}");
    }
}

#[test]
fn success_forgets_the_failures() {
    let mut world = World::new();
    for wait in [2, 10] {
        let fetch = world.fetch(None);
        world.failed(&fetch, down());
        assert_eq!(world.held(None).0, s(wait));
        world.pass(wait);
    }
    let fetch = world.fetch(None);
    world.fetched(&fetch, 10);
    let fetch = world.pass(9).fetch(None);
    world.failed(&fetch, down());
    assert_eq!(world.held(None).0, s(2));
}

#[test]
fn refused_credentials_are_retried_after_half_a_minute_then_once_a_minute() {
    let mut world = World::new();
    for wait in [30, 60, 60] {
        let fetch = world.fetch(None);
        world.failed(&fetch, refused());
        let (hold, why) = world.held(None);
        assert!(hold == s(wait) && matches!(why, TokenError::Refused { .. }), "{hold:?}");
        world.pass(wait);
    }
    let fetch = world.fetch(None);
    world.fetched(&fetch, 100);
    assert_eq!(world.serves(), 1, "and recovers without a restart");
}

#[test]
fn refused_credentials_leave_the_old_token_in_use() {
    let mut world = World::with_token(3599);
    let fetch = world.pass(3299).fetch(None);
    world.failed(&fetch, refused());
    assert_eq!(world.serves(), 1);
}

#[test]
fn a_longer_retry_after_is_honoured_and_a_shorter_one_is_not() {
    let mut world = World::new();
    let fetch = world.fetch(None);
    world.failed(&fetch, busy(45));
    assert_eq!(world.held(None).0, s(45));
    let fetch = world.pass(45).fetch(None);
    world.failed(&fetch, busy(1));
    assert_eq!(world.held(None).0, s(10));
}

#[test]
fn a_retry_after_holds_beyond_the_end_of_the_old_token() {
    let mut world = World::with_token(40);
    let fetch = world.pass(30).fetch(None);
    world.failed(&fetch, busy(600));
    assert_eq!(world.pass(5).serves(), 1);
    assert_eq!(world.pass(1).held(None).0, s(594));
}

#[test]
fn by_chance_a_hold_is_up_to_a_quarter_longer() {
    let mut world = World::new();
    world.chance = Jitter::ALL;
    let fetch = world.fetch(None);
    world.failed(&fetch, down());
    let (hold, _) = world.held(None);
    assert!(hold > Duration::from_millis(2499) && hold <= Duration::from_millis(2500), "{hold:?}");
}
