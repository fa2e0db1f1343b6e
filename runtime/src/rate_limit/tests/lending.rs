//! Tests of what one client does with the permits that a pool lends, step by step.

use super::super::lending::{Lending, Step};
use super::super::pool::{Lent, Turn};
use super::*;

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn borrower(attempt: Duration, now: Instant) -> Lending {
    let mut lending = Lending::new(1, RateLimit::new(50, s(60)), 0, now);
    lending.expect(attempt, now);
    lending
}

fn turn(lending: &mut Lending, now: Instant, waiting: usize) -> (u64, Turn) {
    let driver = lending.start(now, waiting).unwrap();
    let Step::Turn(turn) = lending.step(driver, now, waiting) else { panic!("callers wait") };
    (driver, turn)
}

#[test]
fn the_pool_receives_the_lowest_of_the_servers_counts_since_the_last_turn() {
    let now = Instant::now();
    let mut lending = borrower(s(1), now);
    for requests in [7, 3, 5] {
        lending.server_limit(requests, now + s(9));
    }
    assert_eq!(turn(&mut lending, now, 1).1.server_limit, Some((3, s(9))));
}

#[test]
fn a_permit_that_is_lent_ahead_starts_late_enough_and_ends_early_enough_whenever_the_pool_lent_it() {
    let asked = Instant::now();
    let mut lending = borrower(s(1), asked);
    let (driver, turn) = turn(&mut lending, asked, 2);
    assert_eq!((turn.wanted, turn.hold), (2, s(1) + ms(5500)));
    let (received, mut lent) = (asked + ms(40), Lent::default());
    lent.starts = vec![Duration::ZERO, ms(500)];
    assert_eq!(lending.turned(driver, asked, received, Some(&lent)), None);
    // As if the pool had lent them in the last moment.
    let ready = |at: u64| lending.ready(asked + ms(at));
    assert_eq!([40, 539, 540].map(ready), [1, 1, 2]);
    // As if the pool had lent them in the first moment: an attempt of a second fits into the hold, less what a cancelled
    // request needs to arrive.
    assert_eq!([5000, 5001, 5500, 5501].map(ready), [2, 1, 1, 0]);
}
