//! What `ConnectionSettings` promises, on real sockets.

// What the tests share is no test by itself, but fails one just the same.
#![allow(clippy::unwrap_used)]

use std::error::Error as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rolecall::middleware::{TransportError, TransportErrorKind};
use rolecall::{Client, ConnectionSettings, Error, ErrorKind, Public, Retry, Text, api, endpoint};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// A greeting.
#[api]
pub trait GreetingApi {
    /// A greeting.
    #[endpoint(method = GET, path = "/greeting", role = Public)]
    async fn greeting(&self) -> Result<Text, Error>;
}

/// Answers requests on one connection until it is closed; returns their heads.
async fn answer(mut socket: impl AsyncRead + AsyncWrite + Unpin) -> Vec<String> {
    let mut heads = Vec::new();
    let mut head = Vec::new();
    while let Ok(byte) = socket.read_u8().await {
        head.push(byte);
        if head.ends_with(b"\r\n\r\n") {
            heads.push(String::from_utf8(std::mem::take(&mut head)).unwrap().to_ascii_lowercase());
            socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").await.unwrap();
        }
    }
    heads
}

/// A server, and the peers of its connections.
async fn server() -> (u16, Arc<Mutex<Vec<SocketAddr>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let peers = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&peers);
    tokio::spawn(async move {
        while let Ok((socket, peer)) = listener.accept().await {
            log.lock().unwrap().push(peer);
            tokio::spawn(answer(socket));
        }
    });
    (port, peers)
}

fn client(url: String, settings: ConnectionSettings) -> Client<Public> {
    Client::builder(url).connection(settings).retry(Retry::never()).build().unwrap()
}

fn kind(error: &Error) -> Option<TransportErrorKind> {
    error.source().and_then(|source| source.downcast_ref::<TransportError>()).map(TransportError::kind)
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_socket_stands_for_the_host_which_the_request_still_names() {
    let path = std::env::temp_dir().join(format!("rolecall-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let serving = tokio::spawn(async move { answer(listener.accept().await.unwrap().0).await });
    let client = client("http://localhost/v1".to_owned(), ConnectionSettings::new().unix_socket(&path));
    assert_eq!(*client.greeting().await.unwrap(), *"hello");
    drop(client);
    let heads = serving.await.unwrap();
    assert!(heads[0].starts_with("get /v1/greeting http/1.1\r\n") && heads[0].contains("\r\nhost: localhost\r\n"));
    std::fs::remove_file(&path).unwrap();
    let client = self::client("http://localhost".to_owned(), ConnectionSettings::new().unix_socket(&path));
    let error = client.greeting().await.unwrap_err();
    assert!(error.is_connect() && !error.maybe_sent(), "{error:?}");
}

#[tokio::test]
async fn names_below_localhost_are_loopback_whatever_a_resolver_says() {
    let (port, peers) = server().await;
    let elsewhere = |_: String| async { Ok::<_, std::io::Error>(vec![IpAddr::from(Ipv4Addr::new(192, 0, 2, 1))]) };
    let settings = ConnectionSettings::new().resolver(elsewhere);
    let client = client(format!("http://api.localhost:{port}"), settings);
    assert_eq!(*client.greeting().await.unwrap(), *"hello");
    assert!(peers.lock().unwrap()[0].ip().is_loopback());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn connections_go_out_from_the_local_address() {
    let (port, peers) = server().await;
    let address = IpAddr::from(Ipv4Addr::new(127, 0, 0, 2));
    let client = client(format!("http://127.0.0.1:{port}"), ConnectionSettings::new().local_address(address));
    client.greeting().await.unwrap();
    assert_eq!(peers.lock().unwrap()[0].ip(), address);
}

#[tokio::test]
async fn a_connection_is_kept_as_long_as_the_settings_say() {
    for (settings, connections) in [
        (ConnectionSettings::new(), 1),
        (ConnectionSettings::new().max_idle(0), 2),
        (ConnectionSettings::new().idle_timeout(Duration::ZERO), 2),
        (ConnectionSettings::new().idle_timeout(Duration::from_millis(20)), 2),
    ] {
        let (port, peers) = server().await;
        let client = client(format!("http://127.0.0.1:{port}"), settings.clone());
        client.greeting().await.unwrap();
        tokio::time::sleep(Duration::from_millis(40)).await;
        client.greeting().await.unwrap();
        assert_eq!(peers.lock().unwrap().len(), connections, "{settings:?}");
    }
}

/// A port that takes no more connections, and does not refuse them either.
fn full() -> (std::net::TcpListener, Vec<std::net::TcpStream>, u16) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let listener = socket.listen(1).unwrap().into_std().unwrap();
    let address = listener.local_addr().unwrap();
    let connect = || std::net::TcpStream::connect_timeout(&address, Duration::from_millis(20)).ok();
    let waiting = std::iter::from_fn(connect).take(100).collect();
    (listener, waiting, address.port())
}

#[tokio::test]
async fn a_host_that_swallows_packets_keeps_nobody_longer_than_the_connect_timeout() {
    let (_listener, _waiting, port) = full();
    let settings = ConnectionSettings::new().connect_timeout(Duration::from_millis(200));
    let client = client(format!("http://127.0.0.1:{port}"), settings);
    let started = Instant::now();
    let calls: Vec<_> = (0..16)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.greeting().await })
        })
        .collect();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert_eq!((error.kind(), kind(&error)), (ErrorKind::Connect, Some(TransportErrorKind::TimedOut)));
        assert!(!error.maybe_sent());
    }
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[tokio::test]
async fn what_happened_to_a_connection_is_told_apart() {
    let nowhere = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = client(format!("http://{nowhere}"), ConnectionSettings::new()).greeting().await.unwrap_err();
    assert_eq!(kind(&error), Some(TransportErrorKind::Refused), "{error:?}");
    for (answer, expected) in [
        ("", TransportErrorKind::ClosedEarly),
        ("nonsense\r\n\r\n", TransportErrorKind::Protocol),
        ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello", TransportErrorKind::ClosedEarly),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serve = async {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.read(&mut [0; 4096]).await.unwrap();
            socket.write_all(answer.as_bytes()).await.unwrap();
        };
        let client = client(url, ConnectionSettings::new());
        let error = tokio::join!(client.greeting(), serve).0.unwrap_err();
        assert_eq!((error.kind(), kind(&error)), (ErrorKind::Transport, Some(expected)), "{answer:?}: {error:?}");
        assert!(error.maybe_sent());
    }
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn a_host_that_is_not_resolved_is_told_apart() {
    let nobody = |_: String| async { Err::<Vec<IpAddr>, _>("no such host") };
    let client = client("https://api.example".to_owned(), ConnectionSettings::new().resolver(nobody));
    let error = client.greeting().await.unwrap_err();
    assert_eq!((error.kind(), kind(&error)), (ErrorKind::Connect, Some(TransportErrorKind::Dns)), "{error:?}");
}

#[tokio::test]
async fn a_coding_that_is_not_built_in_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serve = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.read(&mut [0; 4096]).await.unwrap();
        let head = b"HTTP/1.1 200 OK\r\ncontent-encoding: zstd\r\ncontent-length: 5\r\n\r\nhello";
        socket.write_all(head).await.unwrap();
    };
    let client = client(url, ConnectionSettings::new());
    let error = tokio::join!(client.greeting(), serve).0.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.source().unwrap().to_string().contains("content-encoding `zstd`"), "{error:?}");
}

/// Runs the test of this name in a process without certificates.
#[cfg(all(feature = "rustls", target_os = "linux"))]
fn without_certificates(test: &str) {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command
        .args([test, "--exact", "--ignored"])
        .env("SSL_CERT_FILE", "/nonexistent")
        .env("SSL_CERT_DIR", "/nonexistent");
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[cfg(all(feature = "rustls", target_os = "linux"))]
#[test]
fn a_client_of_loopback_needs_no_certificates() {
    without_certificates("loopback_without_certificates");
}

#[cfg(all(feature = "rustls", target_os = "linux"))]
#[tokio::test]
#[ignore = "run by `a_client_of_loopback_needs_no_certificates`"]
async fn loopback_without_certificates() {
    let (port, _) = server().await;
    let client = client(format!("http://127.0.0.1:{port}"), ConnectionSettings::new());
    assert_eq!(*client.greeting().await.unwrap(), *"hello");
    let error = Client::<Public>::builder("https://api.example").build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error:?}");
}
