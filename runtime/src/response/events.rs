//! Server-sent events.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use http::{HeaderName, HeaderValue, StatusCode, header};
use tokio::time::sleep;

use super::byte_stream::ByteStream;
use super::from_response::Decoder;
use super::item::{self, FromEvent};
use super::lines::{Line, LineEnds, Lines};
use super::mode::ResponseMode;
use super::raw::{Follow, RawResponse};
use super::sse::{Parser, RawEvent};
use crate::auth::RequestCredentials;
use crate::error::{Error, ErrorKind};
use crate::random;
use crate::role::BoxFuture;

/// A body of server-sent events (`text/event-stream`), decoded event by event as it arrives.
///
/// `T` is decoded from the JSON in an event's data. [`Text`](crate::Text) contains the data unchanged, and
/// [`Event<T>`](crate::Event) contains the event's name and ID, too.
///
/// ```
/// use rolecall::{Client, Error, Events, Public, api, endpoint};
///
/// #[derive(serde::Deserialize)]
/// pub struct Delta {
///     text: String,
/// }
///
/// #[api]
/// pub trait ChatApi {
///     /// Completes a text, word by word. The last event is not a `Delta`, but `[DONE]`.
///     #[endpoint(method = POST, path = "/completions", role = Public, end = "[DONE]")]
///     async fn complete(&self, #[body(text)] prompt: &str) -> Result<Events<Delta>, Error>;
/// }
///
/// async fn print(client: &Client<Public>) -> Result<(), Error> {
///     let mut deltas = client.complete("Once upon a time").await?;
///     while let Some(delta) = deltas.next().await {
///         print!("{}", delta?.text);
///     }
///     Ok(())
/// }
/// ```
///
/// Like a [`ByteStream`], it has no deadline, but a server that sends nothing for the timeout of an attempt, not even
/// a comment, ends it with an error. The maximum length of an event is the client's `max_response_size`. An event that
/// cannot be decoded is an error after which the next event follows; any other error ends the stream.
///
/// With `reconnect`, the events of an endpoint continue after the connection is lost or ends: the request is sent
/// again, with the ID of the last event as `Last-Event-ID`, after the delay that the server requested. The default
/// delay is a second, doubled each time. Five connections in a row without an event end the stream, as do a response
/// with status 204 and an error response.
pub struct Events<T> {
    state: State,
    parser: Parser,
    end: Option<&'static str>,
    reconnect: Option<Arc<dyn Follow>>,
    /// The number of connections in a row without an event.
    fruitless: u32,
    credentials: Option<RequestCredentials>,
    item: PhantomData<fn() -> T>,
}

enum State {
    Open(Box<Lines>),
    Waiting(BoxFuture<'static, Result<Option<Box<RawResponse>>, Error>>),
    Ended,
}

/// The maximum number of connections in a row without an event.
const MAX_FRUITLESS: u32 = 5;

/// The delay before the first reconnection, unless the server has requested another one, and the maximum delay.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const MAX_WAIT: Duration = Duration::from_secs(60);

static LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

impl<T: FromEvent> Events<T> {
    pub(crate) fn decoder() -> Decoder<Self> {
        let decoder = Decoder::streamed(Self::open);
        Decoder { mode: ResponseMode { follow: true, ..decoder.mode }, ..decoder }
    }

    fn open(mut response: Box<RawResponse>) -> Result<Self, Error> {
        let endpoint = response.endpoint;
        let reconnect = response.follow.take().filter(|_| endpoint.reconnect);
        let credentials = response.credentials.take();
        Ok(Self {
            state: State::Open(Box::new(lines(response)?)),
            parser: Parser::default(),
            end: endpoint.end,
            reconnect,
            fruitless: 0,
            credentials,
            item: PhantomData,
        })
    }

    /// Returns the next event, or `None` at the end.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`ByteStream::next`]. Returns [`Decode`](ErrorKind::Decode) if the data of an event does
    /// not have the expected shape, and [`ResponseTooLarge`](ErrorKind::ResponseTooLarge) if an event is too long.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the ID of the last event that has one, to continue later. It is empty if there was none.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.parser.last_id()
    }

    /// Continues after the end of a connection, with or without an error.
    fn ended(&mut self, error: Option<Error>) -> Option<Result<T, Error>> {
        self.parser.restart();
        self.state = match &self.reconnect {
            Some(follow) if self.fruitless < MAX_FRUITLESS => State::Waiting(reconnection(
                Arc::clone(follow),
                wait(self.parser.retry(), self.fruitless),
                HeaderValue::try_from(self.parser.last_id()).ok().filter(|id| !id.is_empty()),
            )),
            _ => State::Ended,
        };
        self.fruitless += 1;
        match self.state {
            State::Ended => error.map(Err),
            _ => None,
        }
    }
}

impl<T: FromEvent> Stream for Events<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let lines = match &mut this.state {
                State::Open(lines) => lines,
                State::Waiting(response) => {
                    let response = ready!(response.as_mut().poll(context));
                    this.state = State::Ended;
                    match response.and_then(|response| response.map(lines_of).transpose()) {
                        Ok(Some(lines)) => this.state = State::Open(lines),
                        Ok(None) => return Poll::Ready(None),
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                    continue;
                }
                State::Ended => return Poll::Ready(None),
            };
            let line = match ready!(lines.poll_line(context)) {
                Some(Ok(Line::Whole(line))) => line,
                // The standard discards an event that is not terminated by an empty line.
                Some(Ok(Line::Unended(_))) => continue,
                Some(Err(error)) if error.kind() == ErrorKind::ResponseTooLarge => {
                    this.state = State::Ended;
                    return Poll::Ready(Some(Err(error)));
                }
                Some(Err(error)) => match this.ended(Some(error)) {
                    Some(item) => return Poll::Ready(Some(item)),
                    None => continue,
                },
                None => match this.ended(None) {
                    Some(item) => return Poll::Ready(Some(item)),
                    None => continue,
                },
            };
            if this.parser.len() + line.len() > lines.limit() {
                let error = lines.too_long();
                this.state = State::Ended;
                return Poll::Ready(Some(Err(error)));
            }
            let Some(event) = this.parser.line(&line) else { continue };
            this.fruitless = 0;
            if this.end.is_some_and(|end| event.data == end) {
                this.state = State::Ended;
                return Poll::Ready(None);
            }
            return Poll::Ready(Some(decoded(&event, &lines.stream, this.credentials.as_ref())));
        }
    }
}

fn decoded<T: FromEvent>(
    event: &RawEvent,
    stream: &ByteStream,
    credentials: Option<&RequestCredentials>,
) -> Result<T, Error> {
    T::from_event(event).map_err(|reason| item::decode_error(stream, event.data.as_bytes(), credentials, reason))
}

fn lines_of(response: Box<RawResponse>) -> Result<Box<Lines>, Error> {
    lines(response).map(Box::new)
}

/// Returns the lines of a response, if its media type is that of events.
fn lines(response: Box<RawResponse>) -> Result<Lines, Error> {
    let media_type = response.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if let Some(media_type) = media_type
        && !media_type.trim_start().to_ascii_lowercase().starts_with("text/event-stream")
    {
        let message = format!("expected a response of `text/event-stream`, found `{media_type}`");
        return Err(response.into_error(ErrorKind::Decode, message.into(), None));
    }
    let limit = response.max_size;
    Ok(Lines::new(ByteStream::new(response), LineEnds::Any, limit))
}

/// Returns the delay after this number of connections without an event.
fn wait(asked: Option<Duration>, fruitless: u32) -> Duration {
    let wait = asked.unwrap_or(FIRST_WAIT).min(MAX_WAIT).saturating_mul(1 << fruitless.min(6)).min(MAX_WAIT);
    // Random, so that the clients of a server do not all reconnect at once, and never earlier than the server
    // requested.
    wait + wait.mul_f64(random::unit_f64() / 4.0)
}

/// Sends the request again. Returns `None` if the server responds that there are no more events.
fn reconnection(
    follow: Arc<dyn Follow>,
    wait: Duration,
    last_id: Option<HeaderValue>,
) -> BoxFuture<'static, Result<Option<Box<RawResponse>>, Error>> {
    Box::pin(async move {
        sleep(wait).await;
        let header = last_id.map(|id| (LAST_EVENT_ID.clone(), id));
        let response = follow.send(follow.url().clone(), header).await?;
        Ok((response.status != StatusCode::NO_CONTENT).then_some(response))
    })
}

impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("last_event_id_bytes", &self.parser.last_id().len()).finish_non_exhaustive()
    }
}
