//! The lines of a streamed body, each of bounded length.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use futures_core::Stream;

use super::byte_stream::ByteStream;
use crate::error::{Error, ErrorKind};

/// The terminator of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineEnds {
    /// A line feed. A carriage return before it is part of the line.
    Lf,
    /// A line feed, a carriage return, or both.
    Any,
}

/// A line without its terminator.
#[derive(Debug)]
pub(crate) enum Line {
    Whole(Bytes),
    /// The last line, if the body ended without a terminator.
    Unended(Bytes),
}

/// Splits a streamed body into lines.
pub(crate) struct Lines {
    pub(crate) stream: ByteStream,
    ends: LineEnds,
    /// The maximum length of a line, in bytes.
    limit: usize,
    buffer: BytesMut,
    /// The length of the part of the buffer that has no terminator.
    searched: usize,
    /// The last line ended with a carriage return, so a line feed that follows belongs to its terminator.
    after_cr: bool,
    at_start: bool,
    ended: bool,
}

impl Lines {
    pub(crate) fn new(stream: ByteStream, ends: LineEnds, limit: usize) -> Self {
        let buffer = BytesMut::new();
        Self { stream, ends, limit, buffer, searched: 0, after_cr: false, at_start: true, ended: false }
    }

    /// Returns the next line, or `None` at the end and after an error.
    pub(crate) fn poll_line(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Line, Error>>> {
        loop {
            if let Some(line) = self.take_line() {
                return Poll::Ready(Some(Ok(Line::Whole(line))));
            }
            if self.ended {
                let rest = self.buffer.split().freeze();
                self.searched = 0;
                let rest = self.without_mark(rest);
                return Poll::Ready((!rest.is_empty()).then_some(Ok(Line::Unended(rest))));
            }
            if self.buffer.len() > self.limit {
                return Poll::Ready(Some(Err(self.too_long())));
            }
            match ready!(Pin::new(&mut self.stream).poll_next(context)) {
                Some(Ok(chunk)) => self.buffer.extend_from_slice(&chunk),
                Some(Err(error)) => {
                    self.end();
                    return Poll::Ready(Some(Err(error)));
                }
                None => self.ended = true,
            }
        }
    }

    fn take_line(&mut self) -> Option<Bytes> {
        if self.after_cr && !self.buffer.is_empty() {
            self.after_cr = false;
            if self.buffer.starts_with(b"\n") {
                self.buffer.advance(1);
            }
        }
        let is_end = |byte: &u8| *byte == b'\n' || (*byte == b'\r' && self.ends == LineEnds::Any);
        let rest = self.buffer.get(self.searched..).unwrap_or_default();
        let Some(found) = rest.iter().position(is_end) else {
            self.searched = self.buffer.len();
            return None;
        };
        let line = self.buffer.split_to(self.searched + found).freeze();
        self.after_cr = self.buffer.starts_with(b"\r");
        self.buffer.advance(1);
        self.searched = 0;
        Some(self.without_mark(line))
    }

    /// Removes a byte order mark from the first line.
    fn without_mark(&mut self, mut line: Bytes) -> Bytes {
        if std::mem::take(&mut self.at_start) && line.starts_with(b"\xef\xbb\xbf") {
            line.advance(3);
        }
        line
    }

    /// Returns the error for an item that exceeds the limit. The stream has then ended.
    pub(crate) fn too_long(&mut self) -> Error {
        self.end();
        let message = format!("an item of the response body exceeds the limit of {} bytes", self.limit);
        self.stream.error(ErrorKind::ResponseTooLarge, message)
    }

    fn end(&mut self) {
        self.ended = true;
        self.searched = 0;
        self.buffer.clear();
    }

    /// The maximum length of an item, in bytes.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }
}
