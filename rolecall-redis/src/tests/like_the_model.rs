//! The Lua script lends the same permits as `LocalPool`, for any history.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rolecall::RateLimit;
use rolecall::pool::{LocalPool, RateLimitPool, Turn};

use super::{Clockwork, turn};

/// A multiple of every divisor of a window, in microseconds.
const WINDOW: Duration = Duration::from_millis(8000);

#[derive(Debug, Clone)]
struct Step {
    client: u64,
    passes: u64,
    wanted: u32,
    returns: Vec<(prop::sample::Index, u64)>,
    again: bool,
    within: u64,
    hold: u64,
    pause: Option<u64>,
    left: Option<(u32, u64)>,
    limit: u32,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let times = prop_oneof![4 => 0u64..50, 3 => 50u64..1500, 1 => 1500u64..9000];
    // Further apart than a thousandth of the window, 8 ms: of times up to that, only the last counts in Redis.
    let backs = prop_oneof![Just(0u64), Just(8000), (1u64..888).prop_map(|n| 9 * n)];
    let returns = vec((any::<prop::sample::Index>(), backs), 0..8);
    let rare = |what: BoxedStrategy<u64>| prop_oneof![20 => Just(None), 1 => what.prop_map(Some)];
    let step = (
        (0u64..4, times, prop_oneof![2 => Just(0u32), 5 => 1u32..9], returns, any::<bool>()),
        (prop_oneof![Just(8000u64), 1u64..1000], prop_oneof![Just(2000u64), Just(3000)]),
        rare((1u64..4000).boxed()),
        prop_oneof![12 => Just(None), 1 => (0u32..12, 1u64..8000).prop_map(Some)],
        prop_oneof![6 => Just(10u32), 1 => 5u32..12],
    );
    let step = step.prop_map(|((client, passes, wanted, returns, again), (within, hold), pause, left, limit)| Step {
        client,
        passes,
        wanted,
        returns,
        again,
        within,
        hold,
        pause,
        left,
        limit,
    });
    vec(step, 1..60)
}

#[test]
fn the_lua_lends_what_the_model_lends() {
    let Some(mut clockwork) = Clockwork::start() else { return };
    let mut runner = TestRunner::new(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() });
    let paused = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let clockwork = std::cell::RefCell::new(&mut clockwork);
    let result = runner.run(&steps(), |steps| {
        let clockwork = &mut **clockwork.borrow_mut();
        clockwork.server.command(&["FLUSHALL"]);
        clockwork.pass(Duration::ZERO);
        let redis = clockwork.pool();
        let model = paused.block_on(async { LocalPool::new() });
        // A first turn, after which the new state is open.
        clockwork
            .turn(&redis, &turn(9, 1, RateLimit::new(10, WINDOW)))
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        paused.block_on(async { model.turn(&turn(9, 1, RateLimit::new(10, WINDOW))).await }).unwrap();
        let pass = Duration::from_secs(2);
        clockwork.pass(pass);
        paused.block_on(async { tokio::time::advance(pass).await });

        let mut held: [Vec<u64>; 4] = Default::default();
        let mut numbers = [0u64; 4];
        for (i, step) in steps.iter().enumerate() {
            let pass = Duration::from_millis(step.passes);
            clockwork.pass(pass);
            paused.block_on(async { tokio::time::advance(pass).await });
            let client = usize::try_from(step.client).unwrap();
            let mut next = Turn::new(step.client, u64::try_from(i).unwrap() + 1, RateLimit::new(step.limit, WINDOW));
            next.wanted = step.wanted;
            next.first = numbers[client];
            next.within = Duration::from_millis(step.within);
            next.hold = Duration::from_millis(step.hold);
            next.pause = step.pause.map(Duration::from_millis);
            next.server_limit = step.left.map(|(left, holds)| (left, Duration::from_millis(holds)));
            for (index, back_in) in &step.returns {
                if let Some(at) = (!held[client].is_empty()).then(|| index.index(held[client].len())) {
                    // Some are reported again in a later turn.
                    let number = if step.again { held[client][at] } else { held[client].swap_remove(at) };
                    if next.returned.iter().all(|(other, _)| *other != number) {
                        next.returned.push((number, Duration::from_millis(*back_in)));
                    }
                }
            }
            numbers[client] += u64::from(step.wanted);
            let mut expected = paused.block_on(async { model.turn(&next).await }).unwrap();
            let got = clockwork.turn(&redis, &next).map_err(|error| TestCaseError::fail(error.to_string()))?;
            if clockwork.repeated.get() {
                expected.next = None;
            }
            prop_assert_eq!(&got, &expected, "step {}: {:?}", i, next);
            held[client].extend((next.first..).take(got.starts.len()));
            // A repeated turn, whose response was lost, gets the same permits.
            let again = clockwork.turn(&redis, &next).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(&again.starts, &expected.starts, "told again in step {}", i);
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
