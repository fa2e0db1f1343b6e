//! An answer: its head, and its body read whole or left to be read.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use tracing::Span;

use super::body::FAILURE_LIMIT;
use crate::call::trace;
use crate::endpoint::Endpoint;
use crate::error::{Cause, Error, ErrorKind};
use crate::transport::ResponseBody;

/// How much of a body that is no problem document an error shows, in characters.
const EXCERPT: usize = 120;

/// How much of what an API says of a failure, or a parser of a body, an error shows, in characters.
pub(crate) const MAX_QUOTE: usize = 240;

/// An answer.
pub struct RawResponse {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body itself, where the caller reads it.
    pub(crate) rest: Option<ResponseBody>,
    /// How long to wait for each piece of it.
    pub(crate) attempt_timeout: Duration,
    /// How often the request was sent until this answer came.
    pub(crate) attempts: u32,
    /// What authorized the request, so that an answer that echoes it doesn't carry it into an error.
    pub(crate) bearer: Option<HeaderValue>,
    /// The call's span, once the call has got its answer: what is wrong with that is written into it.
    pub(crate) span: Span,
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse").field("status", &self.status).finish_non_exhaustive()
    }
}

impl RawResponse {
    /// The error for an answer that is not what the caller asked for.
    pub(crate) fn into_error(
        mut self: Box<Self>,
        kind: ErrorKind,
        message: Cow<'static, str>,
        cause: Option<Cause>,
    ) -> Error {
        trace::record_decode_error(&self.span, kind);
        if self.body.len() > FAILURE_LIMIT {
            self.body = Bytes::copy_from_slice(self.body.get(..FAILURE_LIMIT).unwrap_or_default());
        }
        Error::new(kind, message)
            .with_endpoint(self.endpoint)
            .with_cause(cause)
            .with_attempts(self.attempts, true)
            .with_response(self.status, self.headers, self.body)
    }

    /// Removes the body if it has the token in it, as that of a gateway that shows what it was sent; whether it
    /// had. Nothing may then be said of what was in it.
    pub(crate) fn remove_secret(&mut self) -> bool {
        let token = self.bearer.as_ref().and_then(|bearer| bearer.as_bytes().strip_prefix(b"Bearer "));
        let Some(token) = token else { return false };
        // What reads the body as JSON sees through JSON's escapes.
        let shown = contains(&self.body, token)
            || (self.body.contains(&b'\\') && contains(&unescaped(&self.body), token))
            || ends_within(&self.body, token);
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
        (!line.is_empty()).then(|| start_of(&line, EXCERPT).into_owned())
    }
}

/// The text, or so many of its first characters.
pub(crate) fn start_of(text: &str, characters: usize) -> Cow<'_, str> {
    match text.char_indices().nth(characters).and_then(|(end, _)| text.get(..end)) {
        Some(start) => format!("{start}\u{2026}").into(),
        None => text.into(),
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}

/// Whether a text that may have been cut was cut inside the part: it ends with so much of it that it's no chance.
fn ends_within(text: &[u8], part: &[u8]) -> bool {
    (part.len() / 4 + 4..part.len()).any(|length| part.get(..length).is_some_and(|start| text.ends_with(start)))
}

/// The text without JSON's escapes. Only ASCII matters here: no token has anything else.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        plain.push(byte);
        let (b'\\', Some((&escaped, after))) = (byte, rest.split_first()) else { continue };
        rest = after;
        plain.pop();
        plain.push(escaped);
        let code = rest.get(..4).filter(|_| escaped == b'u').and_then(|code| std::str::from_utf8(code).ok());
        if let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            plain.pop();
            plain.push(byte);
            rest = rest.get(4..).unwrap_or_default();
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_escapes_of_json_are_seen_through() {
        assert_eq!(unescaped(br"a\/b\u0063\u002F\\d"), br"a/bc/\d");
        assert_eq!(unescaped(br"\u20ac \u00 \"), br"u20ac u00 \");
    }

    #[test]
    fn a_cut_inside_the_token_is_noticed() {
        assert!(ends_within(b"xx012345", b"01234567"));
        assert!(!ends_within(b"xx01234", b"01234567"), "by chance");
        assert!(!ends_within(b"xx012345x", b"01234567"));
    }
}
