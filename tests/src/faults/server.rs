//! A server on loopback that follows a script.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::clock;
use super::connection::{Received, Wire};
use super::http2;
use super::response::{Part, Reads, ScriptedResponse, Then};
use super::script::Script;
use super::shared::{Shared, lock};
use super::stream::{Socket, Stream};
use super::tls::{Protocol, Tls};

/// A server on loopback that follows a script and keeps what it has received. Its clones are the same server; its
/// connections live as long as the runtime that it was started in.
#[derive(Debug, Clone)]
pub struct Server {
    address: SocketAddr,
    secure: bool,
    shared: Arc<Shared>,
}

/// A socket at this port of loopback that lets another process bind the port as well.
fn bound(port: u16) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_reuseaddr(true).expect("SO_REUSEADDR");
    #[cfg(unix)]
    socket.set_reuseport(true).expect("SO_REUSEPORT");
    socket.bind(([127, 0, 0, 1], port).into()).expect("a free port");
    socket
}

impl Server {
    /// Starts the server. A list of responses repeats its last one.
    pub fn start(script: impl Into<Script>) -> Self {
        Self::start_keeping(script.into(), None, true)
    }

    /// Starts a server that speaks TLS.
    pub fn start_tls(script: impl Into<Script>, tls: Tls) -> Self {
        Self::start_keeping(script.into(), Some(tls), true)
    }

    /// Starts a server that counts its requests, but keeps none of them.
    pub fn counting(script: impl Into<Script>) -> Self {
        Self::start_keeping(script.into(), None, false)
    }

    /// Starts the server at a port that another process holds by [`reserve`](Self::reserve).
    pub fn start_at(port: u16, script: impl Into<Script>) -> Self {
        Self::start_on(bound(port), script.into(), None, true)
    }

    /// The same, of a server that speaks TLS.
    pub fn start_tls_at(port: u16, script: impl Into<Script>, tls: Tls) -> Self {
        Self::start_on(bound(port), script.into(), Some(tls), true)
    }

    /// Holds a port of loopback for a server of another process: nobody else gets it as long as the socket lives.
    #[must_use]
    pub fn reserve() -> (TcpSocket, u16) {
        let socket = bound(0);
        let port = socket.local_addr().expect("the port").port();
        (socket, port)
    }

    fn start_keeping(script: Script, tls: Option<Tls>, keep: bool) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
        Self::start_on(socket, script, tls, keep)
    }

    fn start_on(socket: TcpSocket, script: Script, tls: Option<Tls>, keep: bool) -> Self {
        let secure = tls.is_some();
        let listener = socket.listen(4096).expect("a listener");
        let address = listener.local_addr().expect("the port");
        let shared = Arc::new(Shared {
            tls,
            script: Mutex::new(script),
            requests: Mutex::default(),
            count: AtomicUsize::new(0),
            keep,
            whole: watch::Sender::new(0),
            connections: watch::Sender::new((0, 0)),
        });
        tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { address, secure, shared }
    }

    /// `http://127.0.0.1:` and the port; `https` if it speaks TLS.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http{}://{}", if self.secure { "s" } else { "" }, self.address)
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many requests have begun to arrive.
    #[must_use]
    pub fn count(&self) -> usize {
        self.shared.count.load(Ordering::Relaxed)
    }

    /// The requests so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        lock(&self.shared.requests).clone()
    }

    /// The request of that number, counted from 0.
    #[must_use]
    pub fn request(&self, number: usize) -> Received {
        self.requests().swap_remove(number)
    }

    /// Waits until that many requests have been read, as far as the script reads them.
    pub async fn has_received(&self, count: usize) {
        let _ = self.shared.whole.subscribe().wait_for(|whole| *whole >= count).await;
    }

    /// How many connections have been made.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connections.borrow().0
    }

    /// How many connections are open.
    #[must_use]
    pub fn open_connections(&self) -> usize {
        self.shared.connections.borrow().1
    }

    /// Waits until no more than that many connections are open.
    pub async fn has_open(&self, count: usize) {
        let _ = self.shared.connections.subscribe().wait_for(|(_, open)| *open <= count).await;
    }

    /// Goes on with another script.
    pub fn now(&self, script: impl Into<Script>) {
        *lock(&self.shared.script) = script.into();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        clock::touch();
        let number = shared.connections.borrow().0;
        shared.connections.send_modify(|(made, open)| (*made, *open) = (*made + 1, *open + 1));
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            let _ = serve(stream, number, &shared).await;
            shared.connections.send_modify(|(_, open)| *open -= 1);
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, number: usize, shared: &Arc<Shared>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = Socket(stream);
    match &shared.tls {
        None => serve_http1(Stream::Plain(socket), number, shared).await,
        Some(tls) => match tls.accept(socket, number).await? {
            (stream, Protocol::Http1) => serve_http1(stream, number, shared).await,
            (stream, Protocol::Http2) => http2::serve(stream, number, tls.http2, Arc::clone(shared)).await,
        },
    }
}

async fn serve_http1(stream: Stream, number: usize, shared: &Shared) -> io::Result<()> {
    let mut wire = Wire::new(stream);
    // An idle connection takes no response from the script.
    while wire.arrives().await {
        let response = receive(&mut wire, number, shared).await?;
        if let Some(gate) = &response.gate {
            gate.pass().await;
        }
        for part in response.parts() {
            match (part, response.every) {
                (Part::Gate(gate), _) => gate.pass().await,
                (Part::Pause(Duration::ZERO), _) => tokio::task::yield_now().await,
                (Part::Pause(pause), _) => tokio::time::sleep(pause).await,
                (Part::Bytes(bytes), None) => wire.write(&bytes).await?,
                (Part::Bytes(bytes), Some(every)) => wire.dribble(&bytes, every).await?,
            }
        }
        match response.then {
            Then::KeepOpen => continue,
            Then::Close => wire.close().await,
            Then::Reset => wire.reset(),
            Then::Silence => wire.stay_silent().await,
            Then::Deaf => std::future::pending().await,
            Then::Endless => loop {
                wire.write(&response.chunk()).await?;
            },
            Then::Tunnel(to) => wire.tunnel(to).await?,
            Then::Http2(_) => panic!("an answer of HTTP/2 on a connection of HTTP/1.1"),
        }
        break;
    }
    Ok(())
}

/// Reads a request, as far as its response says.
async fn receive(wire: &mut Wire, number: usize, shared: &Shared) -> io::Result<ScriptedResponse> {
    let response = shared.next();
    let reads = response.as_ref().map_or(Reads::Whole, |response| response.reads);
    let mut request = Received::unread(number);
    if reads != Reads::Nothing {
        wire.read_head(&mut request).await?;
    }
    let index = shared.begun(&request);
    if reads == Reads::Whole {
        wire.read_body(&mut request).await?;
    }
    Ok(shared.whole(&request, index, response))
}
