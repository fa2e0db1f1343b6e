//! What a case has at hand: its servers, its clients, and what must not show.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rolecall::{Client, ClientBuilder};
use tokio::net::{TcpListener, TcpSocket};

use super::capture::Capture;
use super::clock;
use super::script::Script;
use super::secrets::Secret;
use super::server::Server;
use super::tls::Tls;
use super::way::Way;
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
    way: Way,
    capture: Capture,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) servers: Vec<Server>,
    /// What has to stay open: ports where nobody listens, and listeners that nobody asks for connections.
    ports: Vec<Port>,
    pub(super) secrets: Vec<Secret>,
    pub(super) unproven: usize,
    /// The requests of each server when a call was last proven.
    pub(super) counts: Vec<usize>,
}

#[derive(Debug)]
#[expect(dead_code, reason = "held, not used")]
enum Port {
    Silent(TcpSocket),
    Full(TcpListener, Vec<std::net::TcpStream>),
}

impl World {
    /// A world without servers.
    pub(super) fn new(way: Way) -> Self {
        Self(Arc::new(Inner { way, capture: Capture::default(), state: Mutex::default() }))
    }

    /// The way of its clients' requests.
    #[must_use]
    pub fn way(&self) -> Way {
        self.0.way
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
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

    /// The same, of a server that speaks TLS.
    pub fn tls_server_at(&self, port: u16, script: impl Into<Script>, tls: Tls) -> Server {
        let server = Server::start_tls_at(port, script, tls);
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
        let builder = self.way().of(Client::builder(url).bearer_token(TOKEN).timeout(TIMEOUT).deadline(DEADLINE));
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
        let builder = self.way().of(builder);
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
