//! A case: its world, and what is asserted of all of them.

use std::time::Duration;

use rolecall::{Client, Error, Role};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::{Instrument, info_span};

use super::clock::{self, Clock};
use super::expect::{Proven, Seen};
use super::response::ScriptedResponse;
use super::server::Server;
use super::way::Way;
use super::world::{CLIENT_SECRET, TOKEN, World};

/// Runs a case, once for each [`Way`] that a client's requests can go.
///
/// # Panics
///
/// If anything isn't as the case says, if a call was made of which the case says nothing, if a server gets a request
/// after the last call has ended, or if a secret shows anywhere.
pub fn case(body: impl AsyncFn(&World) -> Proven) {
    for way in Way::ALL {
        run(true, way, &body);
    }
}

/// Runs a case that goes one way alone.
///
/// # Panics
///
/// As [`case`].
pub fn case_by(way: Way, body: impl AsyncFn(&World) -> Proven) {
    run(true, way, &body);
}

/// Runs a case whose clock is the real one, for what takes real time: files. Its times are no promises, and its
/// requests go one way.
///
/// # Panics
///
/// As [`case`].
pub fn case_in_real_time(body: impl AsyncFn(&World) -> Proven) {
    run(false, Way::Own, &body);
}

fn run(paused: bool, way: Way, body: &impl AsyncFn(&World) -> Proven) {
    let world = World::new(way);
    world.secret("the token", TOKEN);
    world.secret("the client secret", CLIENT_SECRET);
    world.secret("the client secret in its form", "s3cret%2F%2Bof+a%3Aclient+%26+more%7E%25");
    for number in 1..=5 {
        world.secret("a token that was issued", &ScriptedResponse::issued(number));
    }
    let listening = world.capture().listen();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(paused).build();
    runtime.expect("a runtime").block_on(async {
        let clock = paused.then(Clock::start);
        let Proven { .. } = body(&world).await;
        clock::settle().await;
        drop(clock);
    });
    drop(listening);
    let state = world.state();
    assert_eq!(state.unproven, 0, "calls of which the case says nothing");
    let counts: Vec<usize> = state.servers.iter().map(Server::count).collect();
    assert_eq!(counts, state.counts, "requests came after the last call had ended");
    let text = world.capture().text();
    assert!(text.contains("span ") || text.contains("ErrorKind") || text.contains("kind:"), "nothing was captured");
    for secret in &state.secrets {
        secret.must_not_show(&text);
    }
}

impl World {
    /// Makes a call.
    pub async fn call<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Seen<T> {
        self.state().unproven += 1;
        let span = info_span!("case");
        let started = Instant::now();
        let result = call.instrument(span.clone()).await;
        let took = started.elapsed();
        let told = span.id().and_then(|id| self.capture().call_in(&id));
        let resent =
            |span: &super::SpanRecord| span.field("http.request.resend_count").map_or(0, |n| n.parse().unwrap());
        let attempts = told.as_ref().map(|span| 1 + resent(span));
        // What is still on its way to a server counts.
        clock::settle().await;
        self.seen(result, took, attempts)
    }

    /// Makes calls all at once; they come back in order.
    pub async fn calls<T, F>(&self, calls: impl IntoIterator<Item = F>) -> Vec<Seen<T>>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let mut tasks = JoinSet::new();
        for (number, call) in calls.into_iter().enumerate() {
            let world = self.clone();
            tasks.spawn(async move { (number, world.call(call).await) });
        }
        let mut seen = tasks.join_all().await;
        seen.sort_by_key(|(number, _)| *number);
        seen.into_iter().map(|(_, seen)| seen).collect()
    }

    /// Takes what building a client has come to.
    pub fn built<R: Role>(&self, result: Result<Client<R>, Error>) -> Seen<Client<R>> {
        self.state().unproven += 1;
        if let Ok(client) = &result {
            self.capture().add(&format!("{client:?}"));
        }
        self.seen(result, Duration::ZERO, None)
    }

    fn seen<T>(&self, result: Result<T, Error>, took: Duration, attempts: Option<u32>) -> Seen<T> {
        if let Err(error) = &result {
            self.capture().add(&format!("{error}\n{error:?}\n{error:#?}"));
            self.capture().add(&String::from_utf8_lossy(error.body()));
            self.capture().add(&format!("{:?}", error.headers()));
            for value in error.headers().values() {
                self.capture().add(&String::from_utf8_lossy(value.as_bytes()));
            }
            let mut source = std::error::Error::source(error);
            while let Some(error) = source {
                self.capture().add(&format!("{error}\n{error:?}\n{error:#?}"));
                source = error.source();
            }
        }
        Seen { result, took, attempts, world: self.clone() }
    }
}
