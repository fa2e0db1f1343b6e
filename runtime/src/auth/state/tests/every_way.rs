//! Tests every order of a few steps, and long random walks, against invariants that hold on every path.
//!
//! Everything that threads can do to the state happens under one lock, one step after the other, so the orders of the
//! steps are all possible interleavings.

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Action,
    /// The API rejects the newest token.
    Reject,
    /// A late rejection of the previous token.
    RejectOlder,
    Fetched,
    Failed,
    Refused,
    Lost,
    /// The oldest fetch ends, though it may count as lost.
    LateFetched,
    Pass(u64),
}

const STEPS: [Step; 11] = [
    Step::Action,
    Step::Reject,
    Step::RejectOlder,
    Step::Fetched,
    Step::Failed,
    Step::Refused,
    Step::Lost,
    Step::LateFetched,
    Step::Pass(2),
    Step::Pass(11),
    Step::Pass(36),
];

const LIFETIME: u64 = 40;

/// A world and the observations of a bystander.
#[derive(Clone)]
struct Watched {
    world: World,
    /// The fetches that have not ended, and when they were started.
    running: Vec<(Fetch, Instant)>,
    /// The time at which the newest token arrived.
    arrived: Option<Instant>,
    generation: u64,
    /// The starts of fetches since the last one that obtained a token.
    in_vain: Vec<Instant>,
    lost: u32,
}

impl Watched {
    fn new() -> Self {
        let world = World::new();
        Self { world, running: Vec::new(), arrived: None, generation: 0, in_vain: Vec::new(), lost: 0 }
    }

    fn valid(&self) -> bool {
        self.arrived.is_some_and(|arrived| self.world.now < arrived + s(LIFETIME * 9 / 10))
    }

    fn started(&mut self, fetch: Fetch) {
        let now = self.world.now;
        assert!(self.running.iter().all(|(_, at)| *at + PATIENCE <= now), "two fetches are under way");
        self.running.push((fetch, now));
        self.in_vain.push(now);
        // Lost fetches may be repeated immediately, twice; rejections and failures are followed by a backoff.
        if self.lost == 0 {
            assert!(self.in_vain.windows(4).all(|four| four[3] - four[0] >= s(60)), "{:?}", self.in_vain);
        }
    }

    fn ask(&mut self, rejected: Option<u64>) {
        let valid = self.valid() && rejected.is_none_or(|rejected| self.generation > rejected);
        let ask = self.world.ask(rejected);
        match ask.clone() {
            Action::Serve(bearer) | Action::ServeAndFetch(bearer, _) => {
                assert!(valid, "an expired or rejected token is sent");
                assert_eq!(bearer.generation, self.generation, "an older token is sent");
            }
            other => assert!(!valid, "there is a valid token, but: {other:?}"),
        }
        match ask {
            Action::Fetch(fetch) | Action::ServeAndFetch(_, fetch) => self.started(fetch),
            Action::Wait(until) => {
                assert!(until > self.world.now);
                assert!(self.running.iter().any(|(_, at)| *at + PATIENCE == until), "waits for nothing");
            }
            Action::Backoff(until, _) => assert!(until > self.world.now && until <= self.world.now + s(60)),
            Action::Serve(_) => {}
        }
    }

    /// Takes the newest fetch in progress, or the oldest, which may be lost already.
    fn end(&mut self, oldest: bool) -> Option<(Fetch, bool)> {
        let index = if oldest { 0 } else { self.running.len().checked_sub(1)? };
        (index < self.running.len()).then(|| {
            let (fetch, _) = self.running.remove(index);
            let counts = self.world.state.fetching.is_some_and(|(number, _)| number == fetch.number);
            (fetch, counts)
        })
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Action => self.ask(None),
            Step::Reject => self.ask(Some(self.generation)),
            Step::RejectOlder => self.ask(Some(self.generation.saturating_sub(1))),
            Step::Fetched | Step::LateFetched => {
                if let Some((fetch, counts)) = self.end(step == Step::LateFetched) {
                    self.world.fetched(&fetch, LIFETIME);
                    if counts {
                        self.generation += 1;
                        self.arrived = Some(self.world.now);
                        self.in_vain.clear();
                        self.lost = 0;
                    }
                }
            }
            Step::Failed | Step::Refused => {
                if let Some((fetch, _)) = self.end(false) {
                    self.world.failed(&fetch, if step == Step::Failed { down() } else { refused() });
                }
            }
            Step::Lost => {
                if let Some((fetch, _)) = self.end(false) {
                    self.world.state.lost(fetch.number, self.world.now);
                    self.lost += 1;
                }
            }
            Step::Pass(seconds) => {
                self.world.pass(seconds);
                // A fetch without progress for this long is lost.
                self.lost += u32::from(self.running.iter().any(|(_, at)| *at + PATIENCE <= self.world.now));
            }
        }
    }
}

fn walk(watched: &Watched, depth: usize, ways: &mut u64) {
    for step in STEPS {
        let mut next = watched.clone();
        next.step(step);
        *ways += 1;
        if depth > 1 {
            walk(&next, depth - 1, ways);
        }
    }
}

#[test]
fn every_way_of_six_steps_keeps_the_promises_from_a_cold_start() {
    let mut ways = 0;
    walk(&Watched::new(), 6, &mut ways);
    assert_eq!(ways, (1..=6).map(|depth| 11u64.pow(depth)).sum::<u64>());
}

#[test]
fn every_way_of_six_steps_keeps_the_promises_from_a_token_on() {
    let mut watched = Watched::new();
    watched.step(Step::Action);
    watched.step(Step::Fetched);
    watched.step(Step::Pass(11));
    watched.step(Step::Pass(11));
    walk(&watched, 6, &mut 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn long_ways_keep_the_promises_too(steps in prop::collection::vec(0..STEPS.len(), 1..300)) {
        let mut watched = Watched::new();
        for step in steps {
            watched.step(STEPS[step]);
        }
    }

    /// Whatever happened before, an authorization server that works again is used within 75 seconds, or one minute
    /// later if a lost fetch ended then.
    #[test]
    fn there_is_always_a_way_back(steps in prop::collection::vec(0..STEPS.len(), 1..100)) {
        let mut watched = Watched::new();
        for step in steps {
            watched.step(STEPS[step]);
        }
        watched.world.pass(75);
        watched.running.clear();
        watched.step(Step::Action);
        if watched.running.is_empty() {
            watched.step(Step::Pass(60));
            watched.step(Step::Action);
        }
        watched.step(Step::Fetched);
        prop_assert!(watched.valid());
        watched.ask(None);
    }
}
