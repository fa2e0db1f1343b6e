//! Content codings of responses: gzip and brotli, if they are compiled in.

#[cfg(feature = "brotli")]
mod brotli;
#[cfg(feature = "gzip")]
mod gzip;
#[cfg(test)]
mod tests;

use std::io;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, Entry};
use http::{HeaderMap, HeaderValue};

/// The value of `Accept-Encoding`.
const ACCEPTED: Option<HeaderValue> = match (cfg!(feature = "gzip"), cfg!(feature = "brotli")) {
    (true, true) => Some(HeaderValue::from_static("gzip, br")),
    (true, false) => Some(HeaderValue::from_static("gzip")),
    (false, true) => Some(HeaderValue::from_static("br")),
    (false, false) => None,
};

/// Sets `Accept-Encoding` to the codings that are compiled in, unless the request has that header already. Returns the
/// value that it has.
pub(super) fn accept(headers: &mut HeaderMap) -> Option<HeaderValue> {
    match headers.entry(ACCEPT_ENCODING) {
        Entry::Occupied(entry) => Some(entry.get().clone()),
        Entry::Vacant(entry) => {
            if let Some(accepted) = ACCEPTED {
                entry.insert(accepted);
            }
            None
        }
    }
}

/// Returns `true` if a value of `Accept-Encoding` accepts a content coding, as in RFC 9110, section 12.5.3.
fn accepts(accepted: &HeaderValue, coding: &[u8]) -> bool {
    let name_of = |name: &[u8]| match name.trim_ascii().to_ascii_lowercase() {
        name if name == b"x-gzip" => b"gzip".to_vec(),
        name => name,
    };
    let coding = name_of(coding);
    let mut others = false;
    for element in accepted.as_bytes().split(|byte| *byte == b',') {
        let (name, weight) = element.split_at(element.iter().position(|byte| *byte == b';').unwrap_or(element.len()));
        let is_accepted = weight.is_empty() || weight.iter().any(|byte| matches!(byte, b'1'..=b'9'));
        match name_of(name) {
            name if name == coding => return is_accepted,
            name if name == b"*" => others = is_accepted,
            _ => {}
        }
    }
    others
}

/// Decompresses its input, piece by piece.
#[allow(clippy::large_enum_variant, reason = "a decompressor is always boxed")]
pub(super) enum Decompressor {
    #[cfg(feature = "gzip")]
    Gzip(gzip::Gunzip),
    #[cfg(feature = "brotli")]
    Brotli(brotli::Unbrotli),
    /// A body that is not passed on, for this reason.
    Unreadable(String),
}

impl Decompressor {
    /// Returns the decompressor for a response with these headers, and removes the headers that describe the compressed
    /// body. Returns `None` if the body is not compressed.
    ///
    /// If the request has an `Accept-Encoding` of its own, `accepted`, a body is left unchanged. One with a coding that the
    /// request does not accept is not passed on, so that nobody takes it for the body that was requested.
    pub(super) fn of(headers: &mut HeaderMap, accepted: Option<&HeaderValue>) -> Option<Box<Self>> {
        let name = headers.get(CONTENT_ENCODING)?.as_bytes();
        if name.is_empty() || name.eq_ignore_ascii_case(b"identity") {
            return None;
        }
        if let Some(accepted) = accepted {
            let is_accepted = name.split(|byte| *byte == b',').all(|coding| accepts(accepted, coding));
            let refusal =
                || format!("response has the content-encoding `{}`, which the request does not accept", shown(name));
            return (!is_accepted).then(|| Box::new(Self::Unreadable(refusal())));
        }
        let Some(known) = Self::named(name) else { return Some(Box::new(Self::Unreadable(unsupported(name)))) };
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
        Some(Box::new(known))
    }

    fn named(name: &[u8]) -> Option<Self> {
        #[cfg(feature = "gzip")]
        if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") {
            return Some(Self::Gzip(gzip::Gunzip::default()));
        }
        #[cfg(feature = "brotli")]
        if name.eq_ignore_ascii_case(b"br") {
            return Some(Self::Brotli(brotli::Unbrotli::default()));
        }
        let _ = name;
        None
    }

    /// Adds the next compressed piece. The previous one must be used up: [`Self::next`] has returned `None`.
    pub(super) fn put(&mut self, compressed: Bytes) {
        match self {
            #[cfg(feature = "gzip")]
            Self::Gzip(gunzip) => gunzip.put(compressed),
            #[cfg(feature = "brotli")]
            Self::Brotli(unbrotli) => unbrotli.put(compressed),
            Self::Unreadable(_) => drop(compressed),
        }
    }

    /// Returns the next decompressed piece, or `None` if more input is needed.
    pub(super) fn next(&mut self) -> io::Result<Option<Bytes>> {
        match self {
            #[cfg(feature = "gzip")]
            Self::Gzip(gunzip) => gunzip.next(),
            #[cfg(feature = "brotli")]
            Self::Brotli(unbrotli) => unbrotli.next(),
            Self::Unreadable(_) => Ok(None),
        }
    }

    /// Returns an error if the body is not passed on.
    pub(super) fn check(&self) -> io::Result<()> {
        match self {
            Self::Unreadable(reason) => Err(io::Error::other(reason.clone())),
            #[cfg(any(feature = "gzip", feature = "brotli"))]
            _ => Ok(()),
        }
    }

    /// Returns an error if the compressed data is incomplete. An empty body is complete.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match self {
            #[cfg(feature = "gzip")]
            Self::Gzip(gunzip) => gunzip.finish(),
            #[cfg(feature = "brotli")]
            Self::Brotli(unbrotli) => unbrotli.finish(),
            Self::Unreadable(_) => Ok(()),
        }
    }
}

/// Returns the reason why a body of this coding is not passed on: the coding is not compiled in.
fn unsupported(name: &[u8]) -> String {
    let name = shown(name);
    let hint = match &*name {
        "gzip" | "x-gzip" => "; enable the feature `gzip` of `rolecall`",
        "br" => "; enable the feature `brotli` of `rolecall`",
        _ => "",
    };
    format!("unsupported content-encoding `{name}`{hint}")
}

/// Returns the name of a coding for a message: short, and of visible characters only.
fn shown(name: &[u8]) -> String {
    let name: String = name.iter().take(40).map(|byte| char::from(*byte).to_ascii_lowercase()).collect();
    name.escape_debug().to_string()
}

#[cfg(any(feature = "gzip", feature = "brotli"))]
fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "compressed body is incomplete")
}
