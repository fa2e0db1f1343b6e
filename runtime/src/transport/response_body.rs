//! A response whose body has not been read yet.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body::Body as _;
use hyper::body::Incoming;

use super::connection;
use super::decompress::Decompressor;
use super::error::TransportError;
use super::pool::{Exclusive, Multiplexed, Pool};
use crate::error::Cause;

/// The head of a response, and its body as a stream.
pub(crate) struct IncomingResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: ResponseBody,
}

/// The body of a response, decompressed.
pub(crate) struct ResponseBody {
    source: Source,
    decompressor: Option<Box<Decompressor>>,
}

enum Source {
    Own(Incoming, Lease),
    #[cfg(feature = "reqwest")]
    Reqwest(reqwest::Body),
    Whole(Bytes),
    End,
}

/// The connection that carries a response while its body is read.
pub(super) enum Lease {
    /// Closed, unless the body is read to its end.
    Exclusive(Arc<Pool>, Exclusive),
    Multiplexed(Arc<Multiplexed>),
}

/// The reason why a body could not be read completely.
#[derive(Debug)]
pub(crate) enum BodyError {
    /// The body exceeds the limit.
    TooLarge,
    /// The connection was lost.
    Broken(TransportError),
    /// The body arrived, but cannot be decompressed.
    Garbled(Cause),
}

impl Lease {
    fn end(self) {
        if let Self::Exclusive(pool, connection) = self {
            pool.put(connection);
        }
    }

    fn error(&self, error: hyper::Error) -> TransportError {
        match self {
            Self::Exclusive(..) => TransportError::new(error),
            Self::Multiplexed(connection) => connection::lost(connection, error),
        }
    }
}

impl IncomingResponse {
    /// `accepted` is the request's own `Accept-Encoding`.
    pub(super) fn own(response: Response<Incoming>, lease: Lease, accepted: Option<&HeaderValue>) -> Self {
        let (head, body) = response.into_parts();
        let source = if body.is_end_stream() {
            lease.end();
            Source::End
        } else {
            Source::Own(body, lease)
        };
        Self::new(head.status, head.headers, source, accepted)
    }

    #[cfg(feature = "reqwest")]
    pub(super) fn of_reqwest(mut response: reqwest::Response, accepted: Option<&HeaderValue>) -> Self {
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let body = reqwest::Body::from(response);
        let source = if body.is_end_stream() { Source::End } else { Source::Reqwest(body) };
        Self::new(status, headers, source, accepted)
    }

    fn new(status: StatusCode, mut headers: HeaderMap, source: Source, accepted: Option<&HeaderValue>) -> Self {
        // A response without a body keeps its headers: those of a `HEAD` response describe the body of a `GET`
        // response.
        let decompressor = if matches!(source, Source::End) { None } else { Decompressor::of(&mut headers, accepted) };
        Self { status, headers, body: ResponseBody { source, decompressor } }
    }
}

impl From<Bytes> for ResponseBody {
    fn from(bytes: Bytes) -> Self {
        Self { source: Source::Whole(bytes), decompressor: None }
    }
}

impl ResponseBody {
    /// Returns the length, if it is known.
    pub(crate) fn length(&self) -> Option<u64> {
        if self.decompressor.is_some() {
            return None;
        }
        match &self.source {
            Source::Own(body, _) => body.size_hint().exact(),
            #[cfg(feature = "reqwest")]
            Source::Reqwest(body) => body.size_hint().exact(),
            Source::Whole(bytes) => Some(bytes.len() as u64),
            Source::End => Some(0),
        }
    }

    /// Excludes the connection from new calls, because the read timed out.
    pub(crate) fn suspect(&self) {
        if let Source::Own(_, Lease::Multiplexed(connection)) = &self.source {
            connection.suspect();
        }
    }

    /// Returns the next piece, or `None` at the end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError> {
        poll_fn(|context| self.poll_chunk(context)).await.transpose()
    }

    pub(crate) fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyError>>> {
        if self.decompressor.is_none() {
            return self.poll_source(context);
        }
        let result = ready!(self.poll_decompressed(context)).transpose();
        if matches!(result, Some(Err(_))) {
            self.source = Source::End;
            self.decompressor = None;
        }
        Poll::Ready(result)
    }

    fn poll_decompressed(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, BodyError>> {
        loop {
            let Some(decompressor) = &mut self.decompressor else { return Poll::Ready(Ok(None)) };
            if let Some(plain) = decompressor.next().map_err(garbled)? {
                return Poll::Ready(Ok(Some(plain)));
            }
            match ready!(self.poll_source(context)).transpose()? {
                Some(compressed) => {
                    if let Some(decompressor) = &mut self.decompressor {
                        decompressor.check().map_err(garbled)?;
                        decompressor.put(compressed);
                    }
                }
                None => {
                    let Some(mut decompressor) = self.decompressor.take() else { return Poll::Ready(Ok(None)) };
                    return Poll::Ready(decompressor.finish().map(|()| None).map_err(garbled));
                }
            }
        }
    }

    fn poll_source(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyError>>> {
        loop {
            let frame = match &mut self.source {
                Source::Own(body, lease) => match ready!(Pin::new(&mut *body).poll_frame(context)) {
                    Some(Ok(frame)) => {
                        if body.is_end_stream() {
                            self.end();
                        }
                        frame.into_data()
                    }
                    Some(Err(error)) => {
                        let error = lease.error(error);
                        self.source = Source::End;
                        return Poll::Ready(Some(Err(BodyError::Broken(error))));
                    }
                    None => {
                        self.end();
                        return Poll::Ready(None);
                    }
                },
                #[cfg(feature = "reqwest")]
                Source::Reqwest(body) => match ready!(Pin::new(body).poll_frame(context)) {
                    Some(Ok(frame)) => frame.into_data(),
                    Some(Err(error)) => {
                        self.source = Source::End;
                        let garbled = super::reqwest_error::is_garbled(&error);
                        return Poll::Ready(Some(Err(if garbled {
                            BodyError::Garbled(error.without_url().into())
                        } else {
                            BodyError::Broken(error.into())
                        })));
                    }
                    None => {
                        self.source = Source::End;
                        return Poll::Ready(None);
                    }
                },
                Source::Whole(bytes) => {
                    let bytes = std::mem::take(bytes);
                    self.source = Source::End;
                    Ok(bytes)
                }
                Source::End => return Poll::Ready(None),
            };
            // Trailers are ignored.
            if let Ok(data) = frame
                && !data.is_empty()
            {
                return Poll::Ready(Some(Ok(data)));
            }
        }
    }

    /// Releases the connection, because the body has been read to its end.
    fn end(&mut self) {
        if let Source::Own(_, lease) = std::mem::replace(&mut self.source, Source::End) {
            lease.end();
        }
    }
}

fn garbled(error: std::io::Error) -> BodyError {
    BodyError::Garbled(error.into())
}
