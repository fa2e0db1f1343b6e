//! Single cases that random tests would seldom find.

use super::*;

#[test]
fn responses_that_overtake_each_other_cost_no_permits() {
    let mut world = World::new(20, 60_000);
    for _ in 0..10 {
        world.ask(0);
    }
    // The server counted all ten; its last response arrives first.
    for left in 10..20 {
        world.end(0, Some(Remaining { requests: left, reset: ms(30_000) }));
    }
    assert_eq!(world.state.free(world.now), 10);
}

#[test]
fn headers_never_raise_the_pace() {
    let mut world = World::new(2, 60_000);
    world.ask(0);
    world.ask(0);
    world.end(0, Some(Remaining { requests: 1000, reset: ms(30_000) }));
    assert_eq!(world.state.free(world.now), 0);
}

#[test]
fn a_head_that_is_not_polled_holds_up_no_other_call_for_good() {
    let mut world = World::new(1, 10);
    world.ask(0);
    world.end(0, None);
    for _ in 0..3 {
        world.ask(1000);
    }
    // The head's task stays alive, but is never polled again.
    let head = world.waiting.remove(0);
    for _ in 0..40 {
        world.now += ms(1);
        let due: Vec<_> = world.waiting.iter().filter(|waiting| waiting.alarm <= world.now).map(|w| w.waiter).collect();
        for waiter in due {
            if let PollWaiter::Acquired(taken) = world.state.poll(waiter, world.now, world.now + ms(500), Waker::noop())
            {
                world.state.end(taken, world.now, None);
            }
        }
    }
    assert!(world.state.granted.contains_key(&head.waiter), "the permits were handed out without it");
    world.state.leave(head.waiter, world.now);
    assert!(world.state.granted.contains_key(&world.waiting[0].waiter), "its permit went to the next in the line");
}

#[test]
fn times_that_come_in_the_wrong_order_do_no_harm() {
    let mut world = World::new(2, 10);
    world.ask(0);
    world.ask(0);
    let (early, late) = (world.now + ms(1), world.now + ms(5));
    let second = world.sent.remove(1);
    world.state.end(second.taken, late, None);
    world.state.end(world.sent.remove(0).taken, early, None);
    assert_eq!(world.state.free(early + ms(9)), 0);
    assert_eq!(world.state.free(early + ms(10)), 1);
    assert_eq!(world.state.free(late + ms(9)), 1);
    assert_eq!(world.state.free(late + ms(10)), 2);
}

#[test]
fn the_earliest_time_counts_those_ahead() {
    let mut world = World::new(2, 100);
    world.ask(0);
    world.end(0, None);
    world.pass(10);
    world.ask(0);
    let start = world.now;
    let at = |ahead| world.state.earliest(start, ahead) - start;
    assert_eq!(at(0), ms(90), "the permit that ended first");
    assert_eq!(at(1), ms(100), "the one that is out, should it end now");
    assert_eq!(at(2), ms(190), "the second time around");
    assert_eq!(at(5), ms(300));
}

#[test]
fn a_limit_of_the_largest_numbers_overflows_nothing() {
    let mut state = State::new(RateLimit::new(u32::MAX, Duration::MAX));
    let now = Instant::now();
    for _ in 0..3 {
        let Acquire::Acquired(taken) = state.ask(&mut None, now, now) else { panic!("no permit") };
        state.end(taken, now, Some(Remaining { requests: u32::MAX, reset: headers::MAX_RETRY_AFTER }));
    }
    let mut state = State::new(RateLimit::new(0, Duration::MAX));
    let Acquire::Acquired(_) = state.ask(&mut None, now, now) else { panic!("no permit") };
    assert!(matches!(state.ask(&mut None, now, now), Acquire::PastDeadline(_)));
}

#[test]
fn a_released_permit_does_not_reduce_what_the_server_left() {
    let mut world = World::new(20, 60_000);
    world.ask(0);
    world.end(0, Some(Remaining { requests: 2, reset: ms(30_000) }));
    world.ask(0);
    world.ask(0);
    assert_eq!(world.state.free(world.now), 0);
    world.give_back(0);
    assert_eq!(world.state.free(world.now), 1);
}

#[test]
fn a_later_word_replaces_an_earlier_one() {
    let mut world = World::new(20, 60_000);
    for left in [1, 5, 3] {
        world.ask(0);
        world.end(0, Some(Remaining { requests: left, reset: ms(30_000) }));
        assert_eq!(world.state.free(world.now), left);
    }
}

#[test]
fn a_word_that_has_lapsed_counts_for_nothing() {
    let mut world = World::new(20, 60_000);
    world.ask(0);
    world.ask(0);
    world.end(1, Some(Remaining { requests: 0, reset: ms(1000) }));
    world.now += ms(1000);
    world.end(0, Some(Remaining { requests: 3, reset: ms(30_000) }));
    assert_eq!(world.state.free(world.now), 3);
}

#[test]
fn an_alarm_is_never_now_so_that_no_wait_is_a_spin() {
    let now = Instant::now();
    let tick = Duration::from_millis(1);
    assert_eq!(State::wake_at(now, now), now + tick);
    assert_eq!(State::wake_at(now, now + 2 * tick), now + 2 * tick);
}

#[test]
fn a_caller_that_asks_again_stands_before_those_who_came_after_it() {
    let mut world = World::new(2, 10);
    world.ask(0);
    world.ask(0);
    for _ in 0..3 {
        world.ask(1000);
    }
    let [first, second] = [0, 1].map(|index| world.sent[index].waiter);
    let came_later: Vec<_> = world.waiting.iter().map(|waiting| waiting.waiter).collect();
    world.again(1, 1000);
    world.again(0, 1000);
    let line: Vec<_> = world.state.line.keys().copied().collect();
    assert_eq!(line, [&[first, second], &came_later[..]].concat());
    assert_eq!(line.iter().map(|waiter| world.state.ahead(*waiter)).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    world.pass(10);
    let mut served: Vec<_> = world.sent.iter().map(|sent| sent.waiter).collect();
    served.sort();
    assert_eq!(served, [first, second]);
}

#[test]
fn those_behind_wait_by_their_place_and_not_by_the_callers_that_have_left() {
    let mut world = World::new(1, 10);
    world.ask(0);
    for _ in 0..50 {
        world.ask(10_000);
    }
    for _ in 0..49 {
        world.cancel(0);
    }
    world.again(0, 10_000);
    // The last of the fifty is second in the line. The head is not polled.
    let (last, now) = (world.waiting[0].waiter, world.now);
    let PollWaiter::Queued(alarm) = world.state.poll(last, now, now + ms(10_000), Waker::noop()) else { panic!() };
    assert_eq!(alarm - now, ms(20));
}

#[test]
fn a_caller_that_asks_again_in_vain_leaves_the_line() {
    let mut world = World::new(1, 100);
    world.ask(0);
    world.again(0, 50);
    assert_eq!((world.late, world.state.waiting()), (1, 0));
}
