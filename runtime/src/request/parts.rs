//! The parts of a `multipart/form-data` body (RFC 7578), from the arguments of an endpoint.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::PoisonError;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::HeaderValue;
use http_body::{Frame, SizeHint};
use tokio::task::{JoinHandle, spawn_blocking};

use super::file_part::{Content, FilePart};
use crate::error::Cause;
use crate::random;
use crate::transport::Body;

/// The parts of a body, in the order of the arguments.
pub(crate) struct Parts {
    boundary: String,
    parts: Vec<Part>,
}

struct Part {
    /// What precedes the content: the boundary, and the part's headers.
    head: String,
    content: Content,
}

impl Parts {
    pub(crate) fn new() -> Self {
        Self { boundary: format!("{:016x}{:016x}", random::number(), random::number()), parts: Vec::new() }
    }

    /// Adds a value.
    pub(crate) fn value(&mut self, name: &str, media_type: Option<&str>, value: impl Into<Bytes>) {
        self.push(name, None, media_type, Content::Bytes(value.into()));
    }

    /// Adds a file.
    pub(crate) fn file(&mut self, name: &str, file: FilePart) -> Result<(), &'static str> {
        let FilePart { content, file_name, media_type } = file;
        let media_type = media_type.as_deref().unwrap_or("application/octet-stream");
        if !media_type.contains('/') || HeaderValue::try_from(media_type).is_err() {
            return Err("media type of the file is invalid");
        }
        self.push(name, Some(file_name.as_deref().unwrap_or("file")), Some(media_type), content);
        Ok(())
    }

    fn push(&mut self, name: &str, file_name: Option<&str>, media_type: Option<&str>, content: Content) {
        let line = if self.parts.is_empty() { "" } else { "\r\n" };
        let mut head =
            format!("{line}--{}\r\nContent-Disposition: form-data; name=\"{}\"", self.boundary, quoted(name));
        if let Some(file_name) = file_name {
            head = head + "; filename=\"" + &quoted(file_name) + "\"";
        }
        if let Some(media_type) = media_type {
            head = head + "\r\nContent-Type: " + media_type;
        }
        self.parts.push(Part { head: head + "\r\n\r\n", content });
    }

    /// Returns the value of `Content-Type`.
    pub(crate) fn media_type(&self) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("multipart/form-data; boundary={}", self.boundary)).ok()
    }

    /// Returns `true` if all parts can be sent again.
    pub(crate) fn is_replayable(&self) -> bool {
        self.parts.iter().all(|part| !matches!(part.content, Content::Stream(..)))
    }

    /// Returns the same parts, unless one can be sent only once.
    pub(crate) fn again(&self) -> Option<Self> {
        let again = |part: &Part| Some(Part { head: part.head.clone(), content: part.content.again()? });
        let parts = self.parts.iter().map(again).collect::<Option<_>>()?;
        Some(Self { boundary: self.boundary.clone(), parts })
    }

    /// Returns the body, or `None` if a stream has been taken by an earlier one.
    pub(crate) fn take(&self) -> Option<Body> {
        let mut pieces = VecDeque::with_capacity(2 * self.parts.len() + 1);
        let mut length = Some(0_u64);
        for Part { head, content } in &self.parts {
            pieces.push_back(Piece::Bytes(Bytes::copy_from_slice(head.as_bytes())));
            pieces.push_back(match content {
                Content::Bytes(bytes) => Piece::Bytes(bytes.clone()),
                Content::Path(path, length) => Piece::Closed(path.clone(), *length),
                Content::Stream(body, length) => {
                    Piece::Body(body.lock().unwrap_or_else(PoisonError::into_inner).take()?, *length)
                }
            });
            length = length
                .zip(content.length())
                .and_then(|(sum, next)| sum.checked_add(next)?.checked_add(head.len() as u64));
        }
        let end = format!("\r\n--{}--\r\n", self.boundary);
        let left = length.and_then(|length| length.checked_add(end.len() as u64));
        pieces.push_back(Piece::Bytes(end.into()));
        Some(Body::wrap(PartsBody { pieces, left }))
    }
}

/// Escapes a name as browsers do (HTML Standard, "Multipart form data"), so that it cannot end its quotes or its line.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

enum Piece {
    Bytes(Bytes),
    /// A file of this many bytes, not opened yet.
    Closed(PathBuf, u64),
    Opening(JoinHandle<io::Result<std::fs::File>>, u64),
    /// A body, with the number of bytes to come, if it is known.
    Body(Body, Option<u64>),
}

struct PartsBody {
    pieces: VecDeque<Piece>,
    /// The number of bytes to come, if it is known.
    left: Option<u64>,
}

impl http_body::Body for PartsBody {
    type Data = Bytes;
    type Error = Cause;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cause>>> {
        let this = &mut *self;
        while let Some(piece) = this.pieces.front_mut() {
            let data = match piece {
                Piece::Bytes(bytes) => {
                    let bytes = std::mem::take(bytes);
                    this.pieces.pop_front();
                    bytes
                }
                Piece::Closed(path, length) => {
                    let path = std::mem::take(path);
                    *piece = Piece::Opening(spawn_blocking(move || open(&path)), *length);
                    continue;
                }
                Piece::Opening(opening, length) => {
                    let file = ready!(Pin::new(opening).poll(context))??;
                    *piece = Piece::Body(tokio::fs::File::from_std(file).into(), Some(*length));
                    continue;
                }
                Piece::Body(body, left) => match ready!(Pin::new(body).poll_frame(context)) {
                    Some(frame) => {
                        // A part has no trailers.
                        let Ok(data) = frame?.into_data() else { continue };
                        if let Some(left) = left {
                            *left = left.checked_sub(data.len() as u64).ok_or("a part is longer than its length")?;
                        }
                        data
                    }
                    None if left.is_some_and(|left| left > 0) => {
                        return Poll::Ready(Some(Err("a part is shorter than its length".into())));
                    }
                    None => {
                        this.pieces.pop_front();
                        continue;
                    }
                },
            };
            if !data.is_empty() {
                this.left = this.left.map(|left| left.saturating_sub(data.len() as u64));
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

fn open(path: &std::path::Path) -> io::Result<std::fs::File> {
    std::fs::File::open(path)
        .map_err(|error| io::Error::new(error.kind(), format!("could not open `{}`: {error}", path.display())))
}
