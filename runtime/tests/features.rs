//! What the features promise. `.ci/features` runs it with and without them.

// What the tests share is no test by itself, but fails one just the same.
#![allow(clippy::unwrap_used)]

use rolecall::{Client, Error, Public, Text, api, endpoint};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A greeting.
#[api]
pub trait GreetingApi {
    /// A greeting.
    #[endpoint(method = GET, path = "/greeting", role = Public)]
    async fn greeting(&self) -> Result<Text, Error>;
}

/// Answers one request, and gives what it was.
async fn call(head: &str, body: &[u8]) -> (Result<Text, Error>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::<Public>::builder(format!("http://{}", listener.local_addr().unwrap())).build().unwrap();
    let serve = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let read = socket.read(&mut request).await.unwrap();
        let head = format!("HTTP/1.1 200 OK\r\n{head}content-length: {}\r\n\r\n", body.len());
        socket.write_all(head.as_bytes()).await.unwrap();
        socket.write_all(body).await.unwrap();
        String::from_utf8_lossy(&request[..read]).to_ascii_lowercase()
    };
    tokio::join!(client.greeting(), serve)
}

#[tokio::test]
async fn only_encodings_that_this_build_can_read_are_asked_for() {
    let (greeting, request) = call("", b"hello").await;
    assert_eq!(*greeting.unwrap(), *"hello");
    let expected = match (cfg!(feature = "gzip"), cfg!(feature = "brotli")) {
        (true, true) => Some("gzip, br"),
        (true, false) => Some("gzip"),
        (false, true) => Some("br"),
        (false, false) => None,
    };
    assert_eq!(request.lines().find_map(|line| line.strip_prefix("accept-encoding: ")), expected, "{request}");
}

#[cfg(feature = "brotli")]
#[tokio::test]
async fn an_answer_compressed_with_brotli_is_read() {
    // "hello" uncompressed in brotli's frame (RFC 7932, section 9.2), 5 bytes of it, and an empty last block.
    let (greeting, _) = call("content-encoding: br\r\n", b"\x0b\x02\x80hello\x03").await;
    assert_eq!(*greeting.unwrap(), *"hello");
}

#[test]
fn an_encrypted_address_needs_tls_of_this_build_or_of_the_caller() {
    let client = Client::<Public>::builder("https://api.example.com");
    if cfg!(any(feature = "rustls", feature = "native-tls")) {
        client.build().unwrap();
        return;
    }
    let error = client.build().unwrap_err().to_string();
    assert!(error.contains("base URL is `https`") && error.contains("feature `rustls`"), "{error}");
    let client =
        Client::<Public>::builder("http://127.0.0.1:1").client_credentials("https://a.example", "id", "secret");
    let error = client.build().unwrap_err().to_string();
    assert!(error.contains("token URL is `https`"), "{error}");
    #[cfg(feature = "reqwest")]
    {
        let nothing = |_| std::future::pending::<Result<reqwest::Response, reqwest::Error>>();
        Client::<Public>::builder("https://api.example.com").transport(nothing).build().unwrap();
        Client::<Public>::builder("https://api.example.com").http_client(reqwest::Client::new()).build().unwrap();
    }
}
