//! Properties that hold in every case.

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Step {
    Ask(u64),
    Again(usize, u64),
    End(usize),
    Tell(usize, u32, u64),
    GiveBack(usize),
    Cancel(usize),
    Pause(u64),
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..80u64).prop_map(Step::Ask),
        2 => (any::<usize>(), 0..80u64).prop_map(|(i, patience)| Step::Again(i, patience)),
        4 => any::<usize>().prop_map(Step::End),
        2 => (any::<usize>(), 0..8u32, 0..40u64).prop_map(|(i, n, reset)| Step::Tell(i, n, reset)),
        1 => any::<usize>().prop_map(Step::GiveBack),
        1 => any::<usize>().prop_map(Step::Cancel),
        1 => (0..30u64).prop_map(Step::Pause),
        6 => (1..25u64).prop_map(Step::Pass),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// The guarantee of the rate limit. In addition: no caller overtakes another in the queue, no caller waits while a
    /// permit is free, no permit is lost, and no caller is polled unnecessarily.
    #[test]
    fn no_window_is_ever_above_the_limit(
        requests in 1..6u32,
        window in 1..40u64,
        steps in prop::collection::vec(step(), 1..120),
        pick in prop::collection::vec(any::<bool>(), 1..40),
    ) {
        let mut world = World::new(requests, window);
        for step in steps {
            match step {
                Step::Ask(patience) => world.ask(patience),
                Step::Again(index, patience) => world.again(index, patience),
                Step::End(index) => world.end(index, None),
                Step::Tell(index, requests, reset) => {
                    world.end(index, Some(Remaining { requests, reset: ms(reset) }));
                }
                Step::GiveBack(index) => world.give_back(index),
                Step::Cancel(index) => world.cancel(index),
                Step::Pause(long) => world.pause(long),
                Step::Pass(long) => world.pass(long),
            }
        }
        world.check(&pick);
    }

    /// Every caller with a late enough deadline is served eventually, however the requests before it ended.
    #[test]
    fn everybody_with_patience_is_served(
        requests in 1..5u32,
        callers in 1..40usize,
        ends in prop::collection::vec((any::<usize>(), any::<bool>(), 0..10u64), 40),
    ) {
        let mut world = World::new(requests, 10);
        for _ in 0..callers {
            world.ask(100_000);
        }
        for (index, back, pass) in ends.into_iter().cycle().take(4000) {
            if back { world.give_back(index) } else { world.end(index, None) }
            world.pass(pass);
        }
        prop_assert!(world.waiting.is_empty() && world.sent.is_empty());
        prop_assert_eq!(world.late, 0);
    }

    /// A server with a lower limit: once it has reported that, its own count is never exceeded in that window, even if
    /// requests and responses arrive out of order and some are cancelled.
    #[test]
    fn a_lower_limit_is_kept_from_the_first_answer_on(
        theirs in 1..12u32,
        steps in prop::collection::vec((0..5u8, any::<usize>()), 1..150),
    ) {
        let mut state = State::new(RateLimit::new(20, ms(60_000)));
        let (now, reset) = (Instant::now(), ms(30_000));
        let Acquire::Acquired(first) = state.ask(&mut None, now, now) else { panic!("no permit") };
        state.end(first, now, Some(Remaining { requests: theirs - 1, reset }));
        // The requests that the server counted, those on their way to it, and the responses on their way back.
        let (mut counted, mut lost) = (1, 0);
        let (mut going, mut coming): (Vec<Issued>, Vec<(Issued, u32)>) = (Vec::new(), Vec::new());
        for (what, index) in steps {
            match what {
                0 => {
                    if let Acquire::Acquired(taken) = state.ask(&mut None, now, now) {
                        going.push(taken);
                    }
                }
                1 if !going.is_empty() => {
                    counted += 1;
                    prop_assert!(counted <= theirs, "the server's limit is passed");
                    coming.push((going.remove(index % going.len()), theirs - counted));
                }
                2 if !coming.is_empty() => {
                    let (taken, requests) = coming.remove(index % coming.len());
                    state.end(taken, now, Some(Remaining { requests, reset }));
                }
                // Cancelled by the client on its way to the server, or on its way back.
                3 if !going.is_empty() => {
                    counted += 1;
                    prop_assert!(counted <= theirs, "the server's limit is passed");
                    state.end(going.remove(index % going.len()), now, None);
                    lost += 1;
                }
                4 if !coming.is_empty() => {
                    state.end(coming.remove(index % coming.len()).0, now, None);
                    lost += 1;
                }
                _ => {}
            }
        }
        // Once all have arrived and have a response, in any order, little of the remaining count is lost.
        for taken in going {
            counted += 1;
            prop_assert!(counted <= theirs, "the server's limit is passed");
            coming.push((taken, theirs - counted));
        }
        for (taken, requests) in coming {
            state.end(taken, now, Some(Remaining { requests, reset }));
        }
        let free = state.free(now);
        prop_assert!(free <= theirs - counted && free + lost >= theirs - counted, "{free} of {}", theirs - counted);
    }
}
