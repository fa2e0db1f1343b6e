//! The server's end of a connection: requests in, bytes out.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};
use url::form_urlencoded;

use super::stream::Stream;

/// A request as a server has read it.
#[derive(Debug, Clone)]
pub struct Received {
    /// The method; empty if nothing was read of the request.
    pub method: String,
    /// Path and query, as they came.
    pub target: String,
    /// The headers, as they came.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it was read.
    pub body: Vec<u8>,
    /// When the request began to arrive.
    pub at: Instant,
    /// Which of the server's connections it came by, counted from 0.
    pub connection: usize,
}

impl Received {
    pub(crate) fn unread(connection: usize) -> Self {
        Self {
            method: String::new(),
            target: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
            at: Instant::now(),
            connection,
        }
    }

    /// The value of the header; none if it isn't there.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The path, as it came.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The pairs of the query, decoded.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// The value of the query's first pair of this name, decoded.
    #[must_use]
    pub fn query_arg(&self, name: &str) -> Option<String> {
        self.query().into_iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn parse(&mut self, head: &str) {
        let mut lines = head.split("\r\n");
        let mut words = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
        self.method = words.next().unwrap_or_default();
        self.target = words.next().unwrap_or_default();
        self.headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect();
    }
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: Stream,
    read: Vec<u8>,
}

impl Wire {
    pub(crate) fn new(stream: Stream) -> Self {
        Self { stream, read: Vec::new() }
    }

    /// Waits until something arrives; false if the client has hung up.
    pub(crate) async fn arrives(&mut self) -> bool {
        !self.read.is_empty() || self.fill().await.is_ok()
    }

    async fn fill(&mut self) -> io::Result<()> {
        let read = self.stream.read_buf(&mut self.read).await?;
        if read == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    async fn take(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.read.len() < length {
            self.fill().await?;
        }
        Ok(self.read.drain(..length).collect())
    }

    /// Takes all up to the mark, and the mark.
    async fn take_until(&mut self, mark: &str) -> io::Result<String> {
        loop {
            if let Some(at) = self.read.windows(mark.len()).position(|window| window == mark.as_bytes()) {
                let text = self.take(at + mark.len()).await?;
                return Ok(String::from_utf8_lossy(&text).trim_end_matches(mark).to_owned());
            }
            self.fill().await?;
        }
    }

    /// Reads method, target and headers.
    pub(crate) async fn read_head(&mut self, request: &mut Received) -> io::Result<()> {
        let head = self.take_until("\r\n\r\n").await?;
        request.parse(&head);
        Ok(())
    }

    /// Reads the body that the headers announce.
    pub(crate) async fn read_body(&mut self, request: &mut Received) -> io::Result<()> {
        if request.header("transfer-encoding").is_some() {
            loop {
                let size = self.take_until("\r\n").await?;
                let size = usize::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
                let chunk = self.take(size + 2).await?;
                if size == 0 {
                    return Ok(());
                }
                request.body.extend_from_slice(&chunk[..size]);
            }
        }
        if let Some(length) = request.header("content-length") {
            let length = length.parse().map_err(io::Error::other)?;
            request.body = self.take(length).await?;
        }
        Ok(())
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await?;
        self.stream.flush().await
    }

    /// Writes a byte at a time, with a pause after each.
    pub(crate) async fn dribble(&mut self, bytes: &[u8], every: Duration) -> io::Result<()> {
        for byte in bytes {
            self.write(&[*byte]).await?;
            sleep(every).await;
        }
        Ok(())
    }

    /// Closes the connection; what the client still sends is read, so that it is no reset.
    pub(crate) async fn close(mut self) {
        let _ = self.stream.shutdown().await;
        while self.fill().await.is_ok() {
            self.read.clear();
        }
    }

    /// Closes the connection the hard way: the client gets a RST, and loses what it hasn't read yet.
    pub(crate) fn reset(self) {
        self.stream.resets();
    }

    /// Joins the connection to one to this address, until both ends have hung up.
    pub(crate) async fn tunnel(mut self, to: SocketAddr) -> io::Result<()> {
        let mut other = TcpStream::connect(to).await?;
        other.set_nodelay(true)?;
        other.write_all(&self.read).await?;
        tokio::io::copy_bidirectional(&mut self.stream, &mut other).await.map(drop)
    }

    /// Waits for the client to hang up.
    pub(crate) async fn stay_silent(mut self) {
        while self.fill().await.is_ok() {
            self.read.clear();
        }
    }
}
