//! An answer: its head, and its body read whole or left to be read.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::endpoint::Endpoint;
use crate::error::{Cause, Error, ErrorKind};

/// How much of a body that is no problem document an error shows, in characters.
const EXCERPT: usize = 120;

/// An answer.
pub struct Reply {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body itself, where the caller reads it.
    pub(crate) rest: Option<reqwest::Body>,
    /// How long to wait for each piece of it.
    pub(crate) patience: Duration,
    /// How often the request was sent until this answer came.
    pub(crate) attempts: u32,
    /// What authorized the request, so that an answer that echoes it doesn't carry it into an error.
    pub(crate) bearer: Option<HeaderValue>,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Reply {
    /// The error for an answer that is not what the caller asked for.
    pub(crate) fn into_error(self, kind: ErrorKind, message: Cow<'static, str>, cause: Option<Cause>) -> Error {
        Error::new(kind, message)
            .with_endpoint(self.endpoint)
            .with_cause(cause)
            .with_attempts(self.attempts, true)
            .with_reply(self)
    }

    /// Removes the body if it has the token in it, as that of a gateway that shows what it was sent; whether it
    /// had. Nothing may then be said of what was in it.
    pub(crate) fn remove_secret(&mut self) -> bool {
        let token = self.bearer.as_ref().and_then(|bearer| bearer.as_bytes().strip_prefix(b"Bearer "));
        let shown = token.is_some_and(|token| contains(&self.body, token));
        if shown {
            self.body = Bytes::from_static(b"[removed: it shows the token]");
        }
        shown
    }

    /// The beginning of a body of text, on one line.
    pub(crate) fn excerpt(&self) -> Option<String> {
        let valid = match std::str::from_utf8(&self.body) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(self.body.get(..error.valid_up_to())?).ok()?,
        };
        let words: Vec<&str> =
            valid.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
        let line = words.join(" ");
        match line.char_indices().nth(EXCERPT) {
            None if line.is_empty() => None,
            None => Some(line),
            Some((end, _)) => Some(format!("{}\u{2026}", line.get(..end)?)),
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}
