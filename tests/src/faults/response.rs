//! What a server does with one request.

use std::net::SocketAddr;
use std::time::Duration;

use super::gate::Gate;
use super::http2_behavior::Http2End;

/// What a server does with one request: how much of it is read, what is written, how it ends.
///
/// Begun with one of the functions, changed with the methods. Unless told otherwise, the request is read whole, the
/// answer has a right `content-length`, and the connection stays open for the next request.
#[derive(Debug, Clone)]
pub struct ScriptedResponse {
    pub(crate) reads: Reads,
    pub(crate) gate: Option<Gate>,
    pub(crate) raw: Option<Vec<u8>>,
    prelude: Vec<u8>,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) framing: Framing,
    pub(crate) body: Vec<u8>,
    pub(crate) gate_before_body: Option<Gate>,
    pub(crate) every: Option<Duration>,
    pub(crate) again: Option<(u32, Duration)>,
    pub(crate) then: Then,
}

/// How much of a request is read before it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    Nothing,
    Head,
    Whole,
}

/// How a response ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    KeepOpen,
    Close,
    Reset,
    Silence,
    /// As silence, but what the client sends isn't read either.
    Deaf,
    /// The body's last chunk is sent again and again.
    Endless,
    /// The connection is joined to one to this address: a proxy's tunnel.
    Tunnel(SocketAddr),
    /// What HTTP/2 alone knows.
    Http2(Http2End),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Framing {
    Length(usize),
    Chunked {
        ended: bool,
    },
    /// The body ends with the connection.
    Unframed,
}

/// One of the things that a response consists of.
pub(crate) enum Part {
    Bytes(Vec<u8>),
    Gate(Gate),
    Pause(Duration),
}

impl ScriptedResponse {
    /// A response of this status without a body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            reads: Reads::Whole,
            gate: None,
            raw: None,
            prelude: Vec::new(),
            status,
            headers: Vec::new(),
            framing: Framing::Length(0),
            body: Vec::new(),
            gate_before_body: None,
            every: None,
            again: None,
            then: Then::KeepOpen,
        }
    }

    /// Status 200 with a body of JSON.
    #[must_use]
    pub fn json(body: &str) -> Self {
        Self::status(200).header("content-type", "application/json").body(body)
    }

    /// Status 200 with what [`FaultsApi`](super::FaultsApi) takes for an item.
    #[must_use]
    pub fn item() -> Self {
        Self::json(r#"{"id":"1","count":7}"#)
    }

    /// What an authorization server issues as its token of that number, for so many seconds.
    #[must_use]
    pub fn token(number: usize, expires_in: u64) -> Self {
        let token = Self::issued(number);
        Self::json(&format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{expires_in}}}"#))
    }

    /// The token of that number.
    #[must_use]
    pub fn issued(number: usize) -> String {
        format!("i55ued/t0ken+{number:03}~Zm9v.YmFy-QUJD_12==")
    }

    /// These bytes, whatever they are.
    #[must_use]
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { raw: Some(bytes.into()), ..Self::status(0) }
    }

    /// No response: the connection is closed.
    #[must_use]
    pub fn close() -> Self {
        Self::raw("").then_close()
    }

    /// No response: the connection is reset.
    #[must_use]
    pub fn reset() -> Self {
        Self::raw("").then_reset()
    }

    /// No response, and the connection stays open.
    #[must_use]
    pub fn silence() -> Self {
        Self::raw("").then_silence()
    }

    /// A proxy's tunnel to this server (RFC 9110, section 9.3.6), whatever the request names. HTTP/1.1 alone.
    #[must_use]
    pub fn tunnel(to: SocketAddr) -> Self {
        Self::raw("HTTP/1.1 200 Established\r\n\r\n").then(Then::Tunnel(to))
    }

    /// No response: the stream is reset for this reason (RFC 9113, section 7). HTTP/2 alone.
    #[must_use]
    pub fn reset_stream(reason: u32) -> Self {
        Self::raw("").then(Then::Http2(Http2End::ResetStream(reason)))
    }

    /// No response: the connection goes away for this reason, and says that it has processed no request. HTTP/2 alone.
    #[must_use]
    pub fn go_away_unprocessed(reason: u32) -> Self {
        Self::raw("").then(Then::Http2(Http2End::GoAway { reason, processed: false }))
    }

    /// No response: the connection goes away for this reason, and says that it may have processed this request. HTTP/2
    /// alone.
    #[must_use]
    pub fn go_away_processed(reason: u32) -> Self {
        Self::raw("").then(Then::Http2(Http2End::GoAway { reason, processed: true }))
    }

    /// No response: the connection swallows all that comes, pings too, and sends nothing any more. HTTP/2 alone.
    #[must_use]
    pub fn frozen() -> Self {
        Self::raw("").then_frozen()
    }

    /// With this header too.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With this body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.framing = Framing::Length(self.body.len());
        self
    }

    /// The `content-length` says this, whatever the body's is. Comes after [`body`](Self::body).
    #[must_use]
    pub fn claiming(mut self, length: usize) -> Self {
        self.framing = Framing::Length(length);
        self
    }

    /// The body is sent as one chunk.
    #[must_use]
    pub fn chunked(mut self) -> Self {
        self.framing = Framing::Chunked { ended: true };
        self
    }

    /// The body is sent as one chunk, and the chunk that would end it is not.
    #[must_use]
    pub fn chunked_without_end(mut self) -> Self {
        self.framing = Framing::Chunked { ended: false };
        self
    }

    /// The body ends with the connection.
    #[must_use]
    pub fn unframed(mut self) -> Self {
        self.framing = Framing::Unframed;
        self.then_close()
    }

    /// The body is sent again and again in chunks, until the client hangs up.
    #[must_use]
    pub fn endless(mut self) -> Self {
        self.framing = Framing::Chunked { ended: false };
        self.then = Then::Endless;
        self
    }

    /// The body's chunk is sent that often, with a pause before each further time.
    #[must_use]
    pub fn repeated(mut self, times: u32, every: Duration) -> Self {
        self.again = Some((times - 1, every));
        self
    }

    /// These bytes come before the response itself.
    #[must_use]
    pub fn after_bytes(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.prelude = bytes.into();
        self
    }

    /// The response waits at the gate.
    #[must_use]
    pub fn after(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }

    /// The body waits at the gate, the head having been sent.
    #[must_use]
    pub fn body_after(mut self, gate: &Gate) -> Self {
        self.gate_before_body = Some(gate.clone());
        self
    }

    /// The response is sent byte by byte, with this pause after each.
    #[must_use]
    pub fn byte_by_byte(mut self, every: Duration) -> Self {
        self.every = Some(every);
        self
    }

    /// The request isn't read: the connection acts on its first byte.
    #[must_use]
    pub fn unread(mut self) -> Self {
        self.reads = Reads::Nothing;
        self
    }

    /// The request's body isn't read.
    #[must_use]
    pub fn head_read(mut self) -> Self {
        self.reads = Reads::Head;
        self
    }

    /// The connection is closed afterwards.
    #[must_use]
    pub fn then_close(mut self) -> Self {
        self.then = Then::Close;
        self
    }

    /// The connection is reset afterwards.
    #[must_use]
    pub fn then_reset(mut self) -> Self {
        self.then = Then::Reset;
        self
    }

    /// Nothing comes afterwards, though the connection stays open.
    #[must_use]
    pub fn then_silence(mut self) -> Self {
        self.then = Then::Silence;
        self
    }

    /// Nothing is read or sent afterwards, though the connection stays open.
    #[must_use]
    pub fn then_deaf(mut self) -> Self {
        self.then = Then::Deaf;
        self
    }

    /// The stream is reset afterwards for this reason. HTTP/2 alone.
    #[must_use]
    pub fn then_reset_stream(self, reason: u32) -> Self {
        self.then(Then::Http2(Http2End::ResetStream(reason)))
    }

    /// The connection swallows all that comes afterwards, pings too, and sends nothing any more. HTTP/2 alone.
    #[must_use]
    pub fn then_frozen(self) -> Self {
        self.then(Then::Http2(Http2End::Frozen))
    }

    fn then(mut self, then: Then) -> Self {
        self.then = then;
        self
    }

    /// Whether the body is sent whole, so that the stream of HTTP/2 ends with it.
    pub(crate) fn is_whole(&self) -> bool {
        let whole = match self.framing {
            Framing::Length(length) => self.body.len() >= length,
            Framing::Chunked { ended } => ended,
            Framing::Unframed => true,
        };
        whole && !matches!(self.then, Then::Http2(Http2End::ResetStream(_)))
    }

    /// What is sent, in order.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        if let Some(raw) = &self.raw {
            parts.push(Part::Bytes([self.prelude.as_slice(), raw].concat()));
            return parts;
        }
        let mut bytes = self.prelude.clone();
        bytes.extend_from_slice(self.head().as_bytes());
        if let Some(gate) = &self.gate_before_body {
            parts.push(Part::Bytes(std::mem::take(&mut bytes)));
            parts.push(Part::Gate(gate.clone()));
        }
        bytes.extend_from_slice(&self.chunk());
        if let Some((times, every)) = self.again {
            for _ in 0..times {
                parts.push(Part::Bytes(std::mem::replace(&mut bytes, self.chunk())));
                parts.push(Part::Pause(every));
            }
        }
        if let Framing::Chunked { ended: true } = self.framing {
            bytes.extend_from_slice(b"0\r\n\r\n");
        }
        parts.push(Part::Bytes(bytes));
        parts
    }

    /// The body, framed.
    pub(crate) fn chunk(&self) -> Vec<u8> {
        match self.framing {
            Framing::Chunked { .. } if !self.body.is_empty() => {
                [format!("{:x}\r\n", self.body.len()).as_bytes(), &self.body, b"\r\n"].concat()
            }
            _ => self.body.clone(),
        }
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} Scripted\r\n", self.status);
        match self.framing {
            Framing::Length(length) if !matches!(self.status, 100..200 | 204 | 304) => {
                head.push_str(&format!("content-length: {length}\r\n"));
            }
            Framing::Chunked { .. } => head.push_str("transfer-encoding: chunked\r\n"),
            Framing::Length(_) | Framing::Unframed => {}
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        head
    }
}
