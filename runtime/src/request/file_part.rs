//! A file as a part of a multipart body.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Mutex;

use bytes::Bytes;

use crate::transport::Body;

/// A file in a `multipart/form-data` body: an argument marked `#[part("file")]`.
///
/// A file of bytes or from a path can be sent again, so that a call with it can be retried. A stream is sent once.
///
/// ```
/// use rolecall::FilePart;
///
/// let notes = FilePart::bytes("some notes").file_name("notes.txt").media_type("text/plain");
/// # let _ = notes;
/// ```
pub struct FilePart {
    pub(super) content: Content,
    pub(super) file_name: Option<String>,
    pub(super) media_type: Option<String>,
}

/// The content of a part.
pub(super) enum Content {
    Bytes(Bytes),
    /// A file, with its length.
    Path(PathBuf, u64),
    /// A stream, with its length if that is known; `None` once it is sent.
    Stream(Mutex<Option<Body>>, Option<u64>),
}

impl Content {
    pub(super) fn length(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Path(_, length) => Some(*length),
            Self::Stream(_, length) => *length,
        }
    }

    /// Returns the same content, unless it can be sent only once.
    pub(super) fn again(&self) -> Option<Self> {
        match self {
            Self::Bytes(bytes) => Some(Self::Bytes(bytes.clone())),
            Self::Path(path, length) => Some(Self::Path(path.clone(), *length)),
            Self::Stream(..) => None,
        }
    }
}

impl FilePart {
    const fn new(content: Content) -> Self {
        Self { content, file_name: None, media_type: None }
    }

    /// Creates a file from bytes.
    #[must_use]
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(Content::Bytes(bytes.into()))
    }

    /// Creates a file from a stream, which is sent once: a call with it is never retried.
    ///
    /// The request has a `Content-Length` if the length of the stream is known, as with
    /// [`Body::wrap_stream_with_length`].
    #[must_use]
    pub fn stream(body: impl Into<Body>) -> Self {
        let body = body.into();
        let length = http_body::Body::size_hint(&body).exact();
        Self::new(Content::Stream(Mutex::new(Some(body)), length))
    }

    /// Creates a file from a path, with the file name of the path.
    ///
    /// Each attempt opens the file and reads it chunk by chunk. A call fails if the length of the file has changed
    /// since this function returned.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no file at the path, or the path is that of a directory or a device.
    pub async fn path(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let metadata = tokio::fs::metadata(&path).await?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Self { file_name, ..Self::new(Content::Path(path, metadata.len())) })
    }

    /// Sets the file name. The default is that of the path, or `file`.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type. The default is `application/octet-stream`. A call with an invalid one fails before
    /// anything is sent.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilePart")
            .field("file_name", &self.file_name)
            .field("media_type", &self.media_type)
            .finish_non_exhaustive()
    }
}
