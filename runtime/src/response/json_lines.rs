//! Newline-delimited JSON.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::byte_stream::ByteStream;
use super::from_response::Decoder;
use super::item;
use super::lines::{Line, LineEnds, Lines};
use super::raw::RawResponse;
use crate::auth::RequestCredentials;
use crate::error::Error;

/// A body of newline-delimited JSON (NDJSON, JSON Lines), or of JSON text sequences (RFC 7464), decoded item by item
/// as it arrives, such as an export, or a watch without an end.
///
/// ```
/// use rolecall::{Client, Error, JsonLines, Public, api, endpoint};
///
/// #[derive(serde::Deserialize)]
/// pub struct Change {
///     kind: String,
/// }
///
/// #[api]
/// pub trait PodsApi {
///     /// Watches the pods.
///     #[endpoint(method = GET, path = "/pods", role = Public, query("watch" = "1"))]
///     async fn watch_pods(&self) -> Result<JsonLines<Change>, Error>;
/// }
///
/// async fn watch(client: &Client<Public>) -> Result<(), Error> {
///     let mut changes = client.watch_pods().await?;
///     while let Some(change) = changes.next().await {
///         println!("{}", change?.kind);
///     }
///     Ok(())
/// }
/// ```
///
/// Like a [`ByteStream`], it has no deadline, but a server that sends nothing for the timeout of an attempt ends it
/// with an error. The maximum length of an item is the client's `max_response_size`. An item that cannot be decoded is
/// an error after which the next item follows; any other error ends the stream.
pub struct JsonLines<T> {
    lines: Lines,
    credentials: Option<RequestCredentials>,
    item: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> JsonLines<T> {
    pub(crate) fn decoder() -> Decoder<Self> {
        Decoder::streamed(|mut response| Ok(Self::new(response.credentials.take(), response)))
    }

    fn new(credentials: Option<RequestCredentials>, response: Box<RawResponse>) -> Self {
        let limit = response.max_size;
        Self { lines: Lines::new(ByteStream::new(response), LineEnds::Lf, limit), credentials, item: PhantomData }
    }

    /// Returns the next item, or `None` at the end.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`ByteStream::next`]. Returns [`Decode`](crate::ErrorKind::Decode) if an item does not
    /// have the expected shape, and [`ResponseTooLarge`](crate::ErrorKind::ResponseTooLarge) if it is too long.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T: DeserializeOwned> Stream for JsonLines<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let line = match ready!(self.lines.poll_line(context)) {
                Some(Ok(Line::Whole(line) | Line::Unended(line))) => line,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            let json = line.strip_prefix(b"\x1e").unwrap_or(&line).trim_ascii();
            if !json.is_empty() {
                let item = item::json("an item of the response body", json);
                return Poll::Ready(Some(item.map_err(|reason| {
                    item::decode_error(&self.lines.stream, json, self.credentials.as_ref(), reason)
                })));
            }
        }
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines").field("stream", &self.lines.stream).finish_non_exhaustive()
    }
}
