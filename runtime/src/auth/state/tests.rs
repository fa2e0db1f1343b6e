//! Tests of the state machine, case by case and, in [`every_way`], along every path of a few steps.

mod every_way;
mod failures;

use http::{HeaderValue, StatusCode};

use super::*;

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const PATIENCE: Duration = Duration::from_secs(35);

/// A state and the time.
#[derive(Clone)]
struct World {
    state: State,
    now: Instant,
    chance: Jitter,
}

impl World {
    fn new() -> Self {
        Self { state: State::new(PATIENCE), now: Instant::now(), chance: Jitter::NONE }
    }

    fn with_token(lifetime: u64) -> Self {
        let mut world = Self::new();
        let fetch = world.fetch(None);
        world.fetched(&fetch, lifetime);
        world
    }

    fn ask(&mut self, rejected: Option<u64>) -> Action {
        self.state.ask(self.now, rejected)
    }

    fn fetch(&mut self, rejected: Option<u64>) -> Fetch {
        match self.ask(rejected) {
            Action::Fetch(fetch) | Action::ServeAndFetch(_, fetch) => fetch,
            other => panic!("no fetch: {other:?}"),
        }
    }

    fn serves(&mut self) -> u64 {
        match self.ask(None) {
            Action::Serve(bearer) => bearer.generation,
            other => panic!("not just served: {other:?}"),
        }
    }

    fn held(&mut self, rejected: Option<u64>) -> (Duration, TokenError) {
        match self.ask(rejected) {
            Action::Backoff(until, why) => (until - self.now, why),
            other => panic!("no hold: {other:?}"),
        }
    }

    fn fetched(&mut self, fetch: &Fetch, lifetime: u64) {
        let grant = IssuedToken {
            header: HeaderValue::from_static("t"),
            lifetime: s(lifetime),
            expires: self.now + s(lifetime),
        };
        self.state.fetched(fetch.number, self.now, grant, self.chance);
    }

    fn failed(&mut self, fetch: &Fetch, why: TokenError) {
        self.state.failed(fetch.number, self.now, why, self.chance);
    }

    fn pass(&mut self, seconds: u64) -> &mut Self {
        self.now += s(seconds);
        self
    }
}

fn down() -> TokenError {
    TokenError::unavailable()
}

fn busy(retry_after: u64) -> TokenError {
    TokenError::Unavailable {
        oauth: None,
        status: Some(StatusCode::TOO_MANY_REQUESTS),
        cause: None,
        timed_out: false,
        retry_after: Some(s(retry_after)),
    }
}

fn refused() -> TokenError {
    TokenError::Refused { status: StatusCode::UNAUTHORIZED, oauth: None, retry_after: None }
}

#[test]
fn the_first_fetches_and_the_others_wait() {
    let mut world = World::new();
    let fetch = world.fetch(None);
    assert_eq!(fetch.reason, FetchReason::Missing);
    assert!(matches!(world.ask(None), Action::Wait(until) if until == world.now + PATIENCE));
    world.fetched(&fetch, 3600);
    assert_eq!(world.serves(), 1);
}

#[test]
fn a_token_of_an_hour_is_renewed_five_minutes_ahead_while_it_serves() {
    let mut world = World::with_token(3599);
    assert_eq!(world.pass(3298).serves(), 1);
    assert!(matches!(world.pass(1).ask(None), Action::ServeAndFetch(bearer, fetch)
        if bearer.generation == 1 && fetch.reason == FetchReason::Expiring));
    assert_eq!(world.serves(), 1, "one renewal");
}

#[test]
fn a_token_is_not_sent_in_its_last_ten_seconds() {
    let mut world = World::with_token(3599);
    world.pass(3588).fetch(None);
    assert_eq!(world.serves(), 1);
    assert!(matches!(world.pass(1).ask(None), Action::Wait(_)));
}

#[test]
fn short_tokens_are_renewed_in_their_last_quarter_and_not_sent_in_their_last_tenth() {
    let mut world = World::with_token(40);
    assert_eq!(world.pass(29).serves(), 1);
    let fetch = world.pass(1).fetch(None);
    assert_eq!(world.pass(5).serves(), 1);
    assert!(matches!(world.pass(1).ask(None), Action::Wait(_)), "36 of 40 s");
    world.fetched(&fetch, 40);
    assert_eq!(world.serves(), 2);
}

#[test]
fn by_chance_a_renewal_comes_up_to_a_minute_earlier() {
    let mut world = World::new();
    world.chance = Jitter::ALL;
    let fetch = world.fetch(None);
    world.fetched(&fetch, 3600);
    assert_eq!(world.pass(3239).serves(), 1);
    world.pass(2).fetch(None);
}

#[test]
fn a_rejected_token_is_renewed_once_for_all() {
    let mut world = World::with_token(3600);
    let fetch = world.fetch(Some(1));
    assert_eq!(fetch.reason, FetchReason::Rejected);
    assert!(matches!(world.ask(Some(1)), Action::Wait(_)));
    assert_eq!(world.serves(), 1, "the API may have meant one endpoint only");
    world.fetched(&fetch, 3600);
    for rejected in [None, Some(1), Some(0)] {
        assert!(matches!(world.ask(rejected), Action::Serve(bearer) if bearer.generation == 2));
    }
}

#[test]
fn a_late_rejection_of_an_older_token_changes_nothing() {
    let mut world = World::with_token(3600);
    let fetch = world.fetch(Some(1));
    world.fetched(&fetch, 3600);
    for _ in 0..10 {
        assert!(matches!(world.ask(Some(1)), Action::Serve(bearer) if bearer.generation == 2));
    }
    assert_eq!(world.state.fetches, 2);
}

#[test]
fn a_rejection_joins_the_renewal_that_is_under_way() {
    let mut world = World::with_token(3600);
    let fetch = world.pass(3300).fetch(None);
    assert!(matches!(world.ask(Some(1)), Action::Wait(_)));
    world.fetched(&fetch, 3600);
    assert!(matches!(world.ask(Some(1)), Action::Serve(bearer) if bearer.generation == 2));
}

#[test]
fn an_api_that_rejects_everything_costs_three_renewals_a_minute() {
    let mut world = World::with_token(3600);
    let start = world.now;
    for generation in 1..4 {
        let fetch = world.pass(1).fetch(Some(generation));
        world.fetched(&fetch, 3600);
    }
    let (hold, why) = world.pass(1).held(Some(4));
    assert!(matches!(why, TokenError::Exhausted { .. }));
    assert_eq!(world.now + hold, start + s(61), "until the first of them is a minute ago");
    assert_eq!(world.serves(), 4, "others are served");
    assert_eq!(world.pass(57).fetch(Some(4)).reason, FetchReason::Rejected);
}

#[test]
fn a_rejected_token_that_has_ended_is_only_missing() {
    let mut world = World::with_token(40);
    for generation in 1..4 {
        let fetch = world.fetch(Some(generation));
        world.fetched(&fetch, 40);
    }
    assert_eq!(world.pass(36).fetch(Some(4)).reason, FetchReason::Missing);
}

#[test]
fn a_lost_fetch_is_followed_by_another_at_once_but_not_without_end() {
    let mut world = World::new();
    for _ in 0..3 {
        let fetch = world.fetch(None);
        world.state.lost(fetch.number, world.now);
    }
    assert_eq!(world.held(None).0, s(2));
    let fetch = world.pass(2).fetch(None);
    world.fetched(&fetch, 3600);
    assert_eq!(world.serves(), 1);
}

#[test]
fn a_token_that_arrives_makes_up_for_lost_fetches() {
    let mut world = World::new();
    for _ in 0..3 {
        for _ in 0..2 {
            let fetch = world.fetch(None);
            world.state.lost(fetch.number, world.now);
        }
        let fetch = world.fetch(None);
        world.fetched(&fetch, 40);
        world.pass(36);
    }
}

#[test]
fn a_fetch_that_stands_still_is_taken_for_lost_and_its_late_result_ignored() {
    let mut world = World::new();
    let stuck = world.fetch(None);
    assert!(matches!(world.pass(34).ask(None), Action::Wait(_)));
    let second = world.pass(1).fetch(None);
    world.fetched(&stuck, 3600);
    world.failed(&stuck, refused());
    world.state.lost(stuck.number, world.now);
    assert!(matches!(world.ask(None), Action::Wait(_)), "the second is under way still");
    world.fetched(&second, 3600);
    assert_eq!(world.serves(), 1);
}

#[test]
fn a_token_that_ends_before_it_arrives_is_of_no_use() {
    let now = Instant::now();
    let useful = |lifetime: u64, left: u64| {
        let grant =
            IssuedToken { header: HeaderValue::from_static("t"), lifetime: s(lifetime), expires: now + s(left) };
        State::useful(&grant, now)
    };
    assert!(useful(3600, 11) && !useful(3600, 10) && !useful(3600, 0));
    assert!(useful(20, 3) && !useful(20, 2), "the last tenth of a short life");
}
