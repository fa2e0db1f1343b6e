//! A TCP proxy before Redis that delays, swallows, refuses, and cuts.

use std::net::TcpListener as StdListener;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

#[derive(Clone)]
pub(crate) struct Proxy {
    pub(crate) port: u16,
    mood: Arc<Mutex<Mood>>,
    cuts: Arc<watch::Sender<u64>>,
}

#[derive(Clone, Default)]
pub(crate) struct Mood {
    pub(crate) backend: u16,
    /// Each way.
    pub(crate) delay: Duration,
    /// Reads, and passes nothing on.
    pub(crate) swallows: bool,
    pub(crate) refuses: bool,
}

impl Proxy {
    pub(crate) fn start(backend: u16) -> Self {
        let listener = StdListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let port = listener.local_addr().expect("an address").port();
        let mood = Arc::new(Mutex::new(Mood { backend, ..Mood::default() }));
        let proxy = Self { port, mood, cuts: Arc::new(watch::Sender::new(0)) };
        let passes = proxy.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a listener");
                while let Ok((client, _)) = listener.accept().await {
                    tokio::spawn(passes.clone().pass(client));
                }
            });
        });
        proxy
    }

    pub(crate) fn mood(&self) -> MutexGuard<'_, Mood> {
        self.mood.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes all connections.
    pub(crate) fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    async fn pass(self, client: TcpStream) {
        let Mood { backend, refuses, .. } = self.mood().clone();
        let mut cut = self.cuts.subscribe();
        if refuses {
            return;
        }
        let Ok(server) = TcpStream::connect(("127.0.0.1", backend)).await else { return };
        let _ = (client.set_nodelay(true), server.set_nodelay(true));
        let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
        tokio::select! {
            _ = cut.changed() => {}
            () = self.pump(from_client, to_server) => {}
            () = self.pump(from_server, to_client) => {}
        }
    }

    async fn pump(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let (sender, mut receiver) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
        let reads = async {
            let mut chunk = vec![0; 65536];
            while let Ok(read) = from.read(&mut chunk).await {
                if read == 0 || sender.send((Instant::now() + self.mood().delay, chunk[..read].to_vec())).is_err() {
                    break;
                }
            }
        };
        let writes = async {
            while let Some((at, data)) = receiver.recv().await {
                tokio::time::sleep_until(at.into()).await;
                while self.mood().swallows {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                if to.write_all(&data).await.is_err() {
                    break;
                }
            }
        };
        tokio::select! {
            () = reads => {}
            () = writes => {}
        }
    }
}
