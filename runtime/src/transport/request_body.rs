//! The body of a request.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::error::Cause;

/// The body of a request: bytes, or a stream of bytes.
///
/// Bytes, strings, and byte vectors convert into a body by `From`. The feature `stream` adds
/// [`wrap_stream`](Self::wrap_stream), and with the feature `reqwest` a `reqwest::Body` converts by `From`.
pub struct Body(Repr);

type Boxed = Pin<Box<dyn http_body::Body<Data = Bytes, Error = Cause> + Send + Sync>>;

enum Repr {
    Bytes(Bytes),
    Stream(Boxed),
}

impl Body {
    /// Wraps another HTTP body. Its length is sent if its [`size_hint`](http_body::Body::size_hint) is exact.
    pub fn wrap<B>(body: B) -> Self
    where
        B: http_body::Body + Send + Sync + 'static,
        B::Data: Into<Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Self(Repr::Stream(Box::pin(Wrapped(Box::pin(body)))))
    }

    /// Wraps a stream of unknown length. It is sent chunked over HTTP/1.1.
    #[cfg(feature = "stream")]
    pub fn wrap_stream<S, T, E>(stream: S) -> Self
    where
        S: futures_core::Stream<Item = Result<T, E>> + Send + 'static,
        Bytes: From<T>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Self(Repr::Stream(Box::pin(Streamed { stream: std::sync::Mutex::new(Box::pin(stream)), left: None })))
    }

    /// Wraps a stream with a total length of `length` bytes. It is sent with a `Content-Length`.
    ///
    /// The request is aborted if the stream turns out to be longer or shorter.
    #[cfg(feature = "stream")]
    pub fn wrap_stream_with_length<S, T, E>(stream: S, length: u64) -> Self
    where
        S: futures_core::Stream<Item = Result<T, E>> + Send + 'static,
        Bytes: From<T>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let stream = std::sync::Mutex::new(Box::pin(stream));
        Self(Repr::Stream(Box::pin(Streamed { stream, left: Some(length) })))
    }

    /// Returns the bytes, or `None` if the body is a stream.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Repr::Bytes(bytes) => Some(bytes),
            Repr::Stream(_) => None,
        }
    }

    #[cfg(feature = "reqwest")]
    pub(super) fn into_reqwest(self) -> reqwest::Body {
        match self.0 {
            Repr::Bytes(bytes) => bytes.into(),
            Repr::Stream(_) => reqwest::Body::wrap(self),
        }
    }
}

/// A body of another type.
struct Wrapped<B>(Pin<Box<B>>);

impl<B> http_body::Body for Wrapped<B>
where
    B: http_body::Body<Data: Into<Bytes>, Error: Into<Cause>>,
{
    type Data = Bytes;
    type Error = Cause;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cause>>> {
        self.0
            .as_mut()
            .poll_frame(context)
            .map(|frame| frame.map(|frame| frame.map(|frame| frame.map_data(Into::into)).map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

/// A stream as a body. Only one task polls it, so the lock, which makes it `Sync`, is never contended.
#[cfg(feature = "stream")]
struct Streamed<S> {
    stream: std::sync::Mutex<Pin<Box<S>>>,
    /// The number of remaining bytes, if it is known.
    left: Option<u64>,
}

#[cfg(feature = "stream")]
impl<S, T, E> http_body::Body for Streamed<S>
where
    S: futures_core::Stream<Item = Result<T, E>> + Send,
    Bytes: From<T>,
    E: Into<Cause>,
{
    type Data = Bytes;
    type Error = Cause;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cause>>> {
        let this = self.get_mut();
        let stream = this.stream.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        let piece = std::task::ready!(stream.as_mut().poll_next(context));
        Poll::Ready(match (piece, &mut this.left) {
            (Some(Ok(piece)), left) => {
                let piece = Bytes::from(piece);
                if let Some(left) = left {
                    let Some(rest) = left.checked_sub(piece.len() as u64) else {
                        return Poll::Ready(Some(Err("the body is longer than its declared length".into())));
                    };
                    *left = rest;
                }
                Some(Ok(Frame::data(piece)))
            }
            (Some(Err(error)), _) => Some(Err(error.into())),
            (None, Some(1..)) => Some(Err("the body is shorter than its declared length".into())),
            (None, _) => None,
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cause>>> {
        match &mut self.0 {
            Repr::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Repr::Bytes(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Repr::Stream(body) => body.as_mut().poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Repr::Bytes(bytes) => bytes.is_empty(),
            Repr::Stream(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Repr::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Repr::Stream(body) => body.size_hint(),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").finish_non_exhaustive()
    }
}

impl Default for Body {
    fn default() -> Self {
        Bytes::new().into()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Repr::Bytes(bytes))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        text.as_bytes().into()
    }
}

#[cfg(feature = "reqwest")]
impl From<reqwest::Body> for Body {
    fn from(body: reqwest::Body) -> Self {
        match body.as_bytes() {
            Some(bytes) => Bytes::copy_from_slice(bytes).into(),
            None => Self::wrap(body),
        }
    }
}

#[cfg(feature = "reqwest")]
impl From<reqwest::Response> for Body {
    fn from(response: reqwest::Response) -> Self {
        reqwest::Body::from(response).into()
    }
}

/// The contents of a file, from its current position to its end.
#[cfg(feature = "stream")]
impl From<tokio::fs::File> for Body {
    fn from(file: tokio::fs::File) -> Self {
        Self::wrap_stream(FileStream { file, buffer: bytes::BytesMut::new() })
    }
}

#[cfg(feature = "stream")]
struct FileStream {
    file: tokio::fs::File,
    buffer: bytes::BytesMut,
}

/// The size of one read from a file, which is the maximum that tokio reads at once.
#[cfg(feature = "stream")]
const PIECE: usize = 64 << 10;

#[cfg(feature = "stream")]
impl futures_core::Stream for FileStream {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        use tokio::io::{AsyncRead, ReadBuf};
        let Self { file, buffer } = &mut *self;
        buffer.resize(PIECE, 0);
        let mut space = ReadBuf::new(buffer);
        std::task::ready!(Pin::new(file).poll_read(context, &mut space))?;
        let read = space.filled().len();
        Poll::Ready((read > 0).then(|| Ok(buffer.split_to(read).freeze())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body::Body as _;

    #[test]
    fn what_is_known_is_shown_with_its_length() {
        for body in [Body::from("abc"), String::from("abc").into(), vec![97, 98, 99].into(), Bytes::from("abc").into()]
        {
            assert_eq!(body.as_bytes(), Some(&b"abc"[..]));
            assert_eq!(body.size_hint().exact(), Some(3));
        }
        assert!(Body::default().is_end_stream());
    }

    #[cfg(feature = "stream")]
    #[tokio::test]
    async fn a_stream_keeps_to_the_length_that_it_declares() {
        struct Pieces(u8);
        impl futures_core::Stream for Pieces {
            type Item = Result<Vec<u8>, std::io::Error>;

            fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
                self.0 = self.0.saturating_sub(1);
                Poll::Ready((self.0 > 0).then(|| Ok(vec![7; 10])))
            }
        }
        async fn read(mut body: Body) -> Result<usize, String> {
            let mut length = 0;
            while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
                length += frame.map_err(|error| error.to_string())?.into_data().unwrap().len();
            }
            Ok(length)
        }
        let exact = Body::wrap_stream_with_length(Pieces(4), 30);
        assert_eq!(exact.size_hint().exact(), Some(30));
        assert_eq!(read(exact).await, Ok(30));
        assert!(read(Body::wrap_stream_with_length(Pieces(4), 29)).await.unwrap_err().contains("longer"));
        assert!(read(Body::wrap_stream_with_length(Pieces(4), 31)).await.unwrap_err().contains("shorter"));
        assert_eq!(read(Body::wrap_stream(Pieces(4))).await, Ok(30));
    }
}
