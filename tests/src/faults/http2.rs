//! The server's end of a connection that speaks HTTP/2, frame by frame: it can break each promise of RFC 9113 by
//! itself, which no server's library would.
//!
//! Responses are scripted as for HTTP/1.1. The client's flow control is not looked at: answers are small.

use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream as _;
use h2::frame::{Data, Frame, GoAway, Headers, Ping, Pseudo, Reason, Reset, Settings, StreamId, WindowUpdate};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::connection::Received;
use super::http2_behavior::{Http2, Http2End, Recycling};
use super::response::{Framing, ScriptedResponse, Then};
use super::shared::Shared;
use super::stream::Stream;

type Codec = h2::Codec<Stream, Bytes>;

/// The largest frame that every client takes.
const LARGEST: usize = 16_384;

/// What a response wants done.
enum Order {
    Send(Box<Frame<Bytes>>),
    /// The stream's answer is whole.
    Done(StreamId),
    Close,
    Reset,
    Deaf,
    Frozen,
}

struct Connection {
    codec: Codec,
    number: usize,
    http2: Http2,
    shared: Arc<Shared>,
    /// Requests whose body is still on its way, with the place where they are kept.
    arriving: HashMap<StreamId, Arriving>,
    /// Requests without a whole response.
    open: HashSet<StreamId>,
    /// The last request that is processed, once the connection is going away.
    last: Option<StreamId>,
    newest: StreamId,
    requests: usize,
    responses: JoinSet<()>,
    orders: mpsc::UnboundedSender<Order>,
}

struct Arriving {
    request: Received,
    index: Option<usize>,
    response: Option<ScriptedResponse>,
}

/// Serves a connection until either side ends it.
pub(crate) async fn serve(mut stream: Stream, number: usize, http2: Http2, shared: Arc<Shared>) -> io::Result<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await?;
    if &preface != b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let (orders, mut ordered) = mpsc::unbounded_channel();
    let mut connection = Connection {
        codec: Codec::new(stream),
        number,
        http2,
        shared,
        arriving: HashMap::new(),
        open: HashSet::new(),
        last: None,
        newest: StreamId::zero(),
        requests: 0,
        responses: JoinSet::new(),
        orders,
    };
    let mut settings = Settings::default();
    settings.set_initial_window_size(http2.window);
    settings.set_max_concurrent_streams(http2.streams);
    connection.send(settings).await?;
    loop {
        let codec = &mut connection.codec;
        tokio::select! {
            frame = next(codec) => match frame {
                Some(frame) => connection.receive(frame).await?,
                None => return Ok(()),
            },
            Some(order) = ordered.recv() => match order {
                Order::Send(frame) => connection.send(*frame).await?,
                Order::Done(id) => {
                    connection.open.remove(&id);
                }
                Order::Close => return connection.close().await,
                Order::Reset => {
                    connection.codec.get_mut().resets();
                    return Ok(());
                }
                Order::Deaf => std::future::pending().await,
                Order::Frozen => return connection.swallow().await,
            },
        }
        if connection.last.is_some() && connection.open.is_empty() && connection.is_settled() {
            return connection.close().await;
        }
    }
}

/// The next frame; none once the client has hung up, or has sent what is none.
async fn next(codec: &mut Codec) -> Option<Frame> {
    poll_fn(|context| Pin::new(&mut *codec).poll_next(context)).await?.ok()
}

impl Connection {
    async fn send(&mut self, frame: impl Into<Frame<Bytes>>) -> io::Result<()> {
        poll_fn(|context| self.codec.poll_ready(context)).await?;
        self.codec.buffer(frame.into()).map_err(io::Error::other)?;
        poll_fn(|context| self.codec.flush(context)).await
    }

    /// Whether a connection that goes away has named its last request for good.
    fn is_settled(&self) -> bool {
        self.last.is_some_and(|last| last != StreamId::from(u32::MAX >> 1))
    }

    /// Closes the connection; what the client still sends is read, so that it is no reset.
    async fn close(mut self) -> io::Result<()> {
        let _ = self.codec.get_mut().shutdown().await;
        self.swallow().await
    }

    /// Reads until the client hangs up.
    async fn swallow(mut self) -> io::Result<()> {
        let mut bytes = [0; 4096];
        while self.codec.get_mut().read(&mut bytes).await? > 0 {}
        Ok(())
    }

    async fn receive(&mut self, frame: Frame) -> io::Result<()> {
        match frame {
            Frame::Headers(headers) => self.begin(headers).await,
            Frame::Data(data) => self.go_on(data).await,
            Frame::Settings(settings) if !settings.is_ack() => self.send(Settings::ack()).await,
            Frame::Ping(ping) if !ping.is_ack() => self.send(Ping::pong(*ping.payload())).await,
            Frame::Ping(_) if self.last.is_some() && !self.is_settled() => {
                self.last = Some(self.newest);
                self.send(GoAway::new(self.newest, Reason::NO_ERROR)).await
            }
            Frame::Reset(reset) => {
                // Its response is written on, to nobody.
                self.open.remove(&reset.stream_id());
                self.arriving.remove(&reset.stream_id());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A request's head has arrived.
    async fn begin(&mut self, headers: Headers) -> io::Result<()> {
        let id = headers.stream_id();
        if self.last.is_some_and(|last| id > last) {
            return Ok(());
        }
        let whole = headers.is_end_stream();
        let (pseudo, fields) = headers.into_parts();
        let mut request = Received::unread(self.number);
        request.method = pseudo.method.map(|method| method.to_string()).unwrap_or_default();
        request.target = pseudo.path.map(|path| path.to_string()).unwrap_or_default();
        let authority = pseudo.authority.map(|authority| (":authority".to_owned(), authority.to_string()));
        let fields = fields
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        request.headers = authority.into_iter().chain(fields).collect();
        let response = self.shared.next();
        let index = self.shared.begun(&request);
        self.newest = id;
        self.requests += 1;
        self.open.insert(id);
        self.arriving.insert(id, Arriving { request, index, response });
        if let Some((requests, how)) = self.http2.recycling
            && self.requests == requests
        {
            match how {
                Recycling::AtOnce | Recycling::AndDropsTheLast => {
                    self.last = Some(id);
                    self.send(GoAway::new(id, Reason::NO_ERROR)).await?;
                }
                Recycling::Announced => {
                    let none = StreamId::from(u32::MAX >> 1);
                    self.last = Some(none);
                    self.send(GoAway::new(none, Reason::NO_ERROR)).await?;
                    self.send(Ping::new(*b"recycled")).await?;
                }
            }
        }
        if whole { self.response(id) } else { Ok(()) }
    }

    /// More of a request's body has arrived.
    async fn go_on(&mut self, data: Data) -> io::Result<()> {
        let (id, whole, bytes) = (data.stream_id(), data.is_end_stream(), data.into_payload());
        let Some(arriving) = self.arriving.get_mut(&id) else { return Ok(()) };
        arriving.request.body.extend_from_slice(&bytes);
        if !self.http2.never_grants && !bytes.is_empty() {
            let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
            self.send(WindowUpdate::new(StreamId::zero(), length)).await?;
            if !whole {
                self.send(WindowUpdate::new(id, length)).await?;
            }
        }
        if whole { self.response(id) } else { Ok(()) }
    }

    /// A request has arrived whole.
    fn response(&mut self, id: StreamId) -> io::Result<()> {
        let Some(Arriving { request, index, response }) = self.arriving.remove(&id) else { return Ok(()) };
        let response = self.shared.whole(&request, index, response);
        if self.last == Some(id) && matches!(self.http2.recycling, Some((_, Recycling::AndDropsTheLast))) {
            return self.orders.send(Order::Close).map_err(io::Error::other);
        }
        self.responses.spawn(respond(response, id, self.orders.clone()));
        Ok(())
    }
}

/// Gives the orders that a response consists of. Those of a connection that has ended go nowhere.
async fn respond(response: ScriptedResponse, id: StreamId, orders: mpsc::UnboundedSender<Order>) {
    let order = |order| drop(orders.send(order));
    let send = |frame: Frame<Bytes>| order(Order::Send(Box::new(frame)));
    if let Some(gate) = &response.gate {
        gate.pass().await;
    }
    assert!(response.every.is_none(), "byte by byte is for HTTP/1.1 alone");
    if response.raw.is_none() {
        let whole = response.is_whole();
        send(head(&response, id, whole && response.body.is_empty()).into());
        if let Some(gate) = &response.gate_before_body {
            gate.pass().await;
        }
        let (times, every) = response.again.map_or((1, Duration::ZERO), |(again, every)| (again + 1, every));
        for time in 1..=times {
            if time > 1 {
                sleep(every).await;
            }
            let mut chunks = response.body.chunks(LARGEST).peekable();
            while let Some(chunk) = chunks.next() {
                let mut data = Data::new(id, Bytes::copy_from_slice(chunk));
                data.set_end_stream(whole && time == times && chunks.peek().is_none());
                send(data.into());
            }
        }
    }
    match response.then {
        Then::KeepOpen => order(Order::Done(id)),
        Then::Close => order(Order::Close),
        Then::Reset => order(Order::Reset),
        Then::Silence => {}
        Then::Deaf => order(Order::Deaf),
        Then::Endless => panic!("an endless answer is for HTTP/1.1 alone"),
        Then::Tunnel(_) => panic!("a tunnel is for HTTP/1.1 alone"),
        Then::Http2(Http2End::Frozen) => order(Order::Frozen),
        Then::Http2(Http2End::ResetStream(reason)) => {
            send(Reset::new(id, reason.into()).into());
            order(Order::Done(id));
        }
        Then::Http2(Http2End::GoAway { reason, processed }) => {
            let last = if processed { id } else { StreamId::zero() };
            send(GoAway::new(last, reason.into()).into());
            order(Order::Close);
        }
    }
}

fn head(response: &ScriptedResponse, id: StreamId, last: bool) -> Headers {
    let mut fields = HeaderMap::new();
    if let Framing::Length(length) = response.framing
        && !matches!(response.status, 100..200 | 204 | 304)
    {
        fields.insert(http::header::CONTENT_LENGTH, length.into());
    }
    for (name, value) in &response.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
        fields.append(name, HeaderValue::from_str(value).expect("a header's value"));
    }
    let status = StatusCode::from_u16(response.status).expect("a status");
    let mut headers = Headers::new(id, Pseudo::response(status), fields);
    if last {
        headers.set_end_stream();
    }
    headers
}
