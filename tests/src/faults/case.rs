//! A case: its world, and what is asserted of all of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rolecall::{Client, ClientBuilder, Error, Role};
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::{Instrument, info_span};

use super::answer::Answer;
use super::capture::Capture;
use super::clock::{self, Clock};
use super::expect::{Proven, Seen};
use super::script::Script;
use super::secrets::Secret;
use super::server::Server;
use super::tls::Tls;
use crate::roles::User;

/// The token of the clients that [`World::client`] makes.
pub const TOKEN: &str = "t0k3n/+Secret~Zm9v.YmFy-QUJD_1234==";

/// The name of those that [`World::client_with`] makes, at the authorization server.
pub const CLIENT_ID: &str = "an id: of/a client";

/// Their secret.
pub const CLIENT_SECRET: &str = "s3cret/+of a:client & more~%";

/// The deadline of their calls. No case sets a longer one.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// The time of their attempts.
pub const TIMEOUT: Duration = Duration::from_secs(6);

/// What a case has at hand. Its clones are the same world.
#[derive(Debug, Clone)]
pub struct World(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    capture: Capture,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    servers: Vec<Server>,
    /// What has to stay open: ports where nobody listens, and listeners that nobody asks for connections.
    ports: Vec<Port>,
    secrets: Vec<Secret>,
    unproven: usize,
    /// The requests of each server when a call was last proven.
    counts: Vec<usize>,
}

#[derive(Debug)]
#[expect(dead_code, reason = "held, not used")]
enum Port {
    Silent(TcpSocket),
    Full(TcpListener, Vec<std::net::TcpStream>),
}

/// Runs a case.
///
/// # Panics
///
/// If anything isn't as the case says, if a call was made of which the case says nothing, if a server gets a request
/// after the last call has ended, or if a secret shows anywhere.
pub fn case(body: impl AsyncFnOnce(&World) -> Proven) {
    run(true, body);
}

/// Runs a case whose clock is the real one, for what takes real time: files. Its times are no promises.
///
/// # Panics
///
/// As [`case`].
pub fn case_in_real_time(body: impl AsyncFnOnce(&World) -> Proven) {
    run(false, body);
}

fn run(paused: bool, body: impl AsyncFnOnce(&World) -> Proven) {
    let world = World(Arc::new(Inner { capture: Capture::default(), state: Mutex::default() }));
    world.secret("the token", TOKEN);
    world.secret("the client secret", CLIENT_SECRET);
    world.secret("the client secret in its form", "s3cret%2F%2Bof+a%3Aclient+%26+more%7E%25");
    for number in 1..=5 {
        world.secret("a token that was issued", &Answer::issued(number));
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
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a server; its place in [`Expect::requests`](super::Expect::requests) is the next one.
    pub fn server(&self, script: impl Into<Script>) -> Server {
        let server = Server::start(script);
        self.state().servers.push(server.clone());
        server
    }

    /// Starts a server at a port that another process holds; its place in
    /// [`Expect::requests`](super::Expect::requests) is the next one.
    pub fn server_at(&self, port: u16, script: impl Into<Script>) -> Server {
        let server = Server::start_at(port, script);
        self.state().servers.push(server.clone());
        server
    }

    /// Starts a server that speaks TLS; its place in [`Expect::requests`](super::Expect::requests) is the next one.
    pub fn tls_server(&self, script: impl Into<Script>, tls: Tls) -> Server {
        let server = Server::start_tls(script, tls);
        self.state().servers.push(server.clone());
        server
    }

    /// The URL of a port of loopback where nobody listens, nor will as long as the case runs.
    pub fn nowhere(&self) -> String {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
        let url = format!("http://{}", socket.local_addr().expect("the port"));
        self.state().ports.push(Port::Silent(socket));
        url
    }

    /// The URL of a port of loopback that takes no more connections, and doesn't refuse them either.
    pub fn full(&self) -> String {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
        let listener = socket.listen(1).expect("a listener");
        let address = listener.local_addr().expect("the port");
        let patience = Duration::from_millis(20);
        let connect = || std::net::TcpStream::connect_timeout(&address, patience).ok();
        let waiting = std::iter::from_fn(connect).take(100).collect();
        self.state().ports.push(Port::Full(listener, waiting));
        format!("http://{address}")
    }

    /// A client of the server with the token [`TOKEN`], which has [`TIMEOUT`] for an attempt and [`DEADLINE`] for a
    /// call.
    #[must_use]
    pub fn client(&self, server: &Server) -> ClientBuilder<User> {
        self.client_of(server.url())
    }

    /// The same, of any URL.
    #[must_use]
    pub fn client_of(&self, url: impl Into<String>) -> ClientBuilder<User> {
        let builder = Client::builder(url).bearer_token(TOKEN).timeout(TIMEOUT).deadline(DEADLINE);
        self.capture().add(&format!("{builder:?}"));
        builder
    }

    /// A client of the server that fetches its tokens from the other, with [`CLIENT_ID`] and [`CLIENT_SECRET`].
    #[must_use]
    pub fn client_with(&self, server: &Server, auth: &Server) -> ClientBuilder<User> {
        let builder = Client::builder(server.url())
            .client_credentials(auth.url() + "/oauth2/token", CLIENT_ID, CLIENT_SECRET)
            .timeout(TIMEOUT)
            .deadline(DEADLINE);
        self.capture().add(&format!("{builder:?}"));
        builder
    }

    /// Lets so much time pass while nothing is on the wire: much faster than the clock does.
    pub async fn pass(&self, time: Duration) {
        clock::settle().await;
        tokio::time::advance(time).await;
        clock::settle().await;
    }

    /// This must not show either.
    pub fn secret(&self, name: &'static str, value: &str) {
        self.state().secrets.push(Secret::new(name, value));
    }

    /// What was collected so far.
    #[must_use]
    pub fn capture(&self) -> &Capture {
        &self.0.capture
    }

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
            let mut source = std::error::Error::source(error);
            while let Some(error) = source {
                self.capture().add(&format!("{error}\n{error:?}\n{error:#?}"));
                source = error.source();
            }
        }
        Seen { result, took, attempts, world: self.clone() }
    }

    /// How many requests each server has seen.
    pub(crate) fn counts(&self) -> Vec<usize> {
        self.state().servers.iter().map(Server::count).collect()
    }

    pub(crate) fn proven(&self) {
        let counts = self.counts();
        let mut state = self.state();
        state.unproven = state.unproven.checked_sub(1).expect("a call is proven once");
        state.counts = counts;
    }
}
