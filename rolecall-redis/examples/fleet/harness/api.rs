//! An API and its token endpoint, which note when they read each request.

use std::net::TcpListener as StdListener;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) port: u16,
    world: Arc<World>,
}

struct World {
    /// When each request was read, and whose it was.
    requests: Mutex<Vec<(Instant, String)>>,
    fetches: Mutex<Vec<Instant>>,
    token_status: AtomicU64,
    token_lifetime: AtomicU64,
    /// How long a response takes, in milliseconds: up to this.
    latency: u64,
    number: AtomicUsize,
}

impl Api {
    pub(crate) fn start(latency: u64, token_lifetime: u64) -> Self {
        let listener = StdListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let port = listener.local_addr().expect("an address").port();
        let world = Arc::new(World {
            requests: Mutex::default(),
            fetches: Mutex::default(),
            token_status: AtomicU64::new(200),
            token_lifetime: AtomicU64::new(token_lifetime),
            latency,
            number: AtomicUsize::new(0),
        });
        let serves = Arc::clone(&world);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a listener");
                while let Ok((socket, _)) = listener.accept().await {
                    tokio::spawn(Arc::clone(&serves).serve(socket));
                }
            });
        });
        Self { port, world }
    }

    pub(crate) fn token_status(&self, status: u64) {
        self.world.token_status.store(status, Ordering::Relaxed);
    }

    pub(crate) fn token_lifetime(&self, seconds: u64) {
        self.world.token_lifetime.store(seconds, Ordering::Relaxed);
    }

    /// The name of a member of this API's fleet. Another program that meets the port by accident has other paths.
    pub(crate) fn member(&self, number: usize) -> String {
        format!("f{}m{number}", self.port)
    }

    /// When requests of members were read, and whose they were.
    pub(crate) fn requests(&self) -> Vec<(Instant, String)> {
        self.all_requests().into_iter().filter(|(_, who)| self.is_member(who)).collect()
    }

    /// Those of other programs.
    pub(crate) fn strange_requests(&self) -> Vec<(Instant, String)> {
        self.all_requests().into_iter().filter(|(_, who)| !self.is_member(who)).collect()
    }

    fn is_member(&self, who: &str) -> bool {
        who.split_once('m').is_some_and(|(fleet, _)| fleet == format!("f{}", self.port))
    }

    fn all_requests(&self) -> Vec<(Instant, String)> {
        let mut requests = self.world.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        requests.sort();
        requests
    }

    pub(crate) fn fetches(&self) -> Vec<Instant> {
        self.world.fetches.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl World {
    async fn serve(self: Arc<Self>, mut socket: TcpStream) {
        let _ = socket.set_nodelay(true);
        let mut buffer = Vec::new();
        loop {
            let head = loop {
                if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                    let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
                    let length: usize = head
                        .lines()
                        .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
                        .unwrap_or(0);
                    if buffer.len() >= end + 4 + length {
                        buffer.drain(..end + 4 + length);
                        break head;
                    }
                }
                let mut chunk = [0; 4096];
                match socket.read(&mut chunk).await {
                    Ok(read) if read > 0 => buffer.extend_from_slice(&chunk[..read]),
                    _ => return,
                }
            };
            let now = Instant::now();
            let path = head.split(' ').nth(1).unwrap_or_default();
            let (status, body) = if path == "/token" {
                self.fetches.lock().unwrap_or_else(PoisonError::into_inner).push(now);
                tokio::time::sleep(Duration::from_millis(300)).await;
                let status = self.token_status.load(Ordering::Relaxed);
                let (number, lifetime) =
                    (self.number.fetch_add(1, Ordering::Relaxed), self.token_lifetime.load(Ordering::Relaxed));
                let token = format!(r#"{{"access_token":"t{number}","token_type":"Bearer","expires_in":{lifetime}}}"#);
                (status, token)
            } else {
                let who = path.rsplit('/').next().unwrap_or_default().to_owned();
                self.requests.lock().unwrap_or_else(PoisonError::into_inner).push((now, who));
                let number = self.number.fetch_add(1, Ordering::Relaxed) as u64;
                tokio::time::sleep(Duration::from_millis(number * 37 % (self.latency + 1))).await;
                (200, "{}".to_owned())
            };
            let response = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            if socket.write_all(response.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

/// The most in any window, and the time between the first and the last.
pub(crate) fn most_in(requests: &[(Instant, String)], window: Duration) -> usize {
    let mut first = 0;
    let mut most = 0;
    for last in 0..requests.len() {
        while requests[last].0 - requests[first].0 >= window {
            first += 1;
        }
        most = most.max(last - first + 1);
    }
    most
}
