//! A server on loopback that follows a script.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::answer::{Answer, Part, Reads, Then};
use super::clock;
use super::connection::{Received, Wire};
use super::script::Script;

/// A server on loopback that follows a script and keeps what it has received. Its clones are the same server; its
/// connections live as long as the runtime that it was started in.
#[derive(Debug, Clone)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    script: Mutex<Script>,
    requests: Mutex<Vec<Received>>,
    count: AtomicUsize,
    /// Whether the requests are kept.
    keep: bool,
    whole: watch::Sender<usize>,
    connections: watch::Sender<(usize, usize)>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    /// Starts the server. A list of answers repeats its last one.
    pub fn start(script: impl Into<Script>) -> Self {
        Self::start_keeping(script.into(), true)
    }

    /// Starts a server that counts its requests, but keeps none of them.
    pub fn counting(script: impl Into<Script>) -> Self {
        Self::start_keeping(script.into(), false)
    }

    fn start_keeping(script: Script, keep: bool) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
        let listener = socket.listen(4096).expect("a listener");
        let address = listener.local_addr().expect("the port");
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            requests: Mutex::default(),
            count: AtomicUsize::new(0),
            keep,
            whole: watch::Sender::new(0),
            connections: watch::Sender::new((0, 0)),
        });
        tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { address, shared }
    }

    /// `http://127.0.0.1:` and the port.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
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

async fn serve(stream: TcpStream, number: usize, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut wire = Wire::new(stream);
    // An idle connection takes no answer from the script.
    while wire.arrives().await {
        let answer = receive(&mut wire, number, shared).await?;
        if let Some(gate) = &answer.gate {
            gate.pass().await;
        }
        for part in answer.parts() {
            match (part, answer.every) {
                (Part::Gate(gate), _) => gate.pass().await,
                (Part::Pause(Duration::ZERO), _) => tokio::task::yield_now().await,
                (Part::Pause(pause), _) => tokio::time::sleep(pause).await,
                (Part::Bytes(bytes), None) => wire.write(&bytes).await?,
                (Part::Bytes(bytes), Some(every)) => wire.dribble(&bytes, every).await?,
            }
        }
        match answer.then {
            Then::KeepOpen => continue,
            Then::Close => wire.close().await,
            Then::Reset => wire.reset(),
            Then::Silence => wire.stay_silent().await,
            Then::Deaf => std::future::pending().await,
            Then::Endless => loop {
                wire.write(&answer.chunk()).await?;
            },
        }
        break;
    }
    Ok(())
}

/// Reads a request, as far as its answer says.
async fn receive(wire: &mut Wire, number: usize, shared: &Shared) -> io::Result<Answer> {
    let answer = lock(&shared.script).next();
    let reads = answer.as_ref().map_or(Reads::Whole, |answer| answer.reads);
    let mut request = Received::unread(number);
    if reads != Reads::Nothing {
        wire.read_head(&mut request).await?;
    }
    shared.count.fetch_add(1, Ordering::Relaxed);
    let index = shared.keep.then(|| {
        let mut requests = lock(&shared.requests);
        requests.push(request.clone());
        requests.len() - 1
    });
    if reads == Reads::Whole {
        wire.read_body(&mut request).await?;
        if let Some(index) = index {
            lock(&shared.requests)[index] = request.clone();
        }
    }
    shared.whole.send_modify(|whole| *whole += 1);
    Ok(answer.unwrap_or_else(|| lock(&shared.script).answer(&request)))
}
