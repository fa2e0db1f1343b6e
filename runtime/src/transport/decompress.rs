//! Content codings of responses: gzip and brotli, if they are compiled in.

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

#[cfg(feature = "gzip")]
mod gzip {
    use std::io::{self, Write};

    use bytes::{Buf, Bytes};
    use flate2::write::MultiGzDecoder;

    /// The size of one input step: the output is at most about a thousand times as large.
    const STEP: usize = 4 << 10;

    pub(in super::super) struct Gunzip {
        /// Decodes all members, one after the other (RFC 1952, section 2.2).
        decoder: MultiGzDecoder<Vec<u8>>,
        waiting: Bytes,
        begun: bool,
    }

    impl Default for Gunzip {
        fn default() -> Self {
            Self { decoder: MultiGzDecoder::new(Vec::new()), waiting: Bytes::new(), begun: false }
        }
    }

    impl Gunzip {
        pub(super) fn put(&mut self, compressed: Bytes) {
            self.begun |= !compressed.is_empty();
            self.waiting = compressed;
        }

        pub(super) fn next(&mut self) -> io::Result<Option<Bytes>> {
            while !self.waiting.is_empty() {
                let step = self.waiting.get(..STEP).unwrap_or(&self.waiting);
                let taken = self.decoder.write(step)?;
                self.waiting.advance(taken);
                self.decoder.flush()?;
                let plain = std::mem::take(self.decoder.get_mut());
                if !plain.is_empty() {
                    return Ok(Some(plain.into()));
                }
            }
            Ok(None)
        }

        pub(super) fn finish(&mut self) -> io::Result<()> {
            if self.begun { self.decoder.try_finish().map_err(|_| super::cut()) } else { Ok(()) }
        }
    }
}

#[cfg(feature = "brotli")]
mod brotli {
    use std::io;

    use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
    use bytes::{Buf, Bytes};

    /// The size of one output piece.
    const PIECE: usize = 32 << 10;

    pub(in super::super) struct Unbrotli {
        state: Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>,
        waiting: Bytes,
        begun: bool,
        /// Whether the last call left more output.
        more: bool,
        ended: bool,
    }

    impl Default for Unbrotli {
        fn default() -> Self {
            let alloc = StandardAlloc::default;
            let state = Box::new(BrotliState::new(alloc(), alloc(), alloc()));
            Self { state, waiting: Bytes::new(), begun: false, more: false, ended: false }
        }
    }

    impl Unbrotli {
        pub(super) fn put(&mut self, compressed: Bytes) {
            self.begun |= !compressed.is_empty();
            self.waiting = compressed;
        }

        pub(super) fn next(&mut self) -> io::Result<Option<Bytes>> {
            let invalid = |what| io::Error::new(io::ErrorKind::InvalidData, what);
            if self.ended && !self.waiting.is_empty() {
                return Err(invalid("data after the end of the brotli stream"));
            }
            if self.ended || (self.waiting.is_empty() && !self.more) {
                return Ok(None);
            }
            let mut plain = vec![0; PIECE];
            let (mut available_in, mut read) = (self.waiting.len(), 0);
            let (mut available_out, mut written, mut total) = (PIECE, 0, 0);
            let result = BrotliDecompressStream(
                &mut available_in,
                &mut read,
                &self.waiting,
                &mut available_out,
                &mut written,
                &mut plain,
                &mut total,
                &mut self.state,
            );
            self.waiting.advance(read);
            self.more = matches!(result, BrotliResult::NeedsMoreOutput);
            match result {
                BrotliResult::ResultFailure => return Err(invalid("invalid brotli data")),
                BrotliResult::ResultSuccess => self.ended = true,
                BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => {}
            }
            if written == 0 && self.waiting.is_empty() {
                return Ok(None);
            }
            plain.truncate(written);
            Ok(Some(plain.into()))
        }

        pub(super) fn finish(&mut self) -> io::Result<()> {
            if self.begun && !self.ended { Err(super::cut()) } else { Ok(()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(coding: &str) -> HeaderMap {
        let coding = HeaderValue::try_from(coding).unwrap();
        [(CONTENT_ENCODING, coding), (CONTENT_LENGTH, HeaderValue::from_static("7"))].into_iter().collect()
    }

    #[cfg(any(feature = "gzip", feature = "brotli"))]
    fn decompress(coding: &str, pieces: &[&[u8]]) -> Result<Vec<u8>, String> {
        let mut decompressor = Decompressor::of(&mut headers(coding), None).unwrap();
        let mut plain = Vec::new();
        for piece in pieces {
            decompressor.check().map_err(|error| error.to_string())?;
            decompressor.put(Bytes::copy_from_slice(piece));
            while let Some(piece) = decompressor.next().map_err(|error| error.to_string())? {
                plain.extend_from_slice(&piece);
            }
        }
        decompressor.finish().map_err(|error| error.to_string())?;
        Ok(plain)
    }

    #[test]
    fn an_unknown_coding_is_named_unless_the_caller_asked_for_it() {
        let asked = HeaderValue::from_static("deflate, gzip;q=0.5, zstd");
        for (coding, said) in [("zstd", "`zstd`"), ("gzip, gzip", "`gzip, gzip`"), ("Deflate", "`deflate`")] {
            let mut all = headers(coding);
            let decompressor = Decompressor::of(&mut all, None).unwrap();
            assert!(decompressor.check().unwrap_err().to_string().contains(said));
            assert_eq!(all.len(), 2, "the headers are the response's");
            assert!(Decompressor::of(&mut all, Some(&asked)).is_none());
        }
        assert!(Decompressor::of(&mut headers("identity"), None).is_none());
        assert!(Decompressor::of(&mut HeaderMap::new(), None).is_none());
        assert_eq!(shown(b"a\x80\x9b\"b"), "a\\u{80}\\u{9b}\\\"b");
    }

    #[test]
    fn a_body_that_was_asked_for_as_it_is_is_passed_on_and_no_other() {
        for (accepted, coding, is_passed_on) in [
            ("identity", "identity", true),
            ("identity", "gzip", false),
            ("identity", "zstd", false),
            ("identity;q=1, *;q=0", "gzip", false),
            ("gzip", "gzip", true),
            ("gzip", "X-GZip", true),
            ("gzip", "gzip, br", false),
            ("gzip, br;q=0.1", "gzip, BR", true),
            ("*", "zstd", true),
            ("gzip;q=0, *", "gzip", false),
            ("br;q=0.000", "br", false),
            ("", "gzip", false),
        ] {
            let mut all = headers(coding);
            let decompressor = Decompressor::of(&mut all, Some(&HeaderValue::from_static(accepted)));
            assert_eq!(decompressor.is_none(), is_passed_on, "{accepted}: {coding}");
            assert_eq!(all.len(), 2, "the headers are the response's");
            let reason = decompressor.and_then(|decompressor| decompressor.check().err());
            assert!(reason.is_none_or(|reason| reason.to_string().ends_with("which the request does not accept")));
        }
    }

    #[cfg(not(feature = "brotli"))]
    #[test]
    fn a_coding_that_a_feature_adds_is_reported_with_it() {
        let error = Decompressor::of(&mut headers("br"), None).unwrap().check().unwrap_err();
        assert_eq!(error.to_string(), "unsupported content-encoding `br`; enable the feature `brotli` of `rolecall`");
    }

    #[cfg(feature = "gzip")]
    mod of_gzip {
        use std::io::Write;

        use proptest::prelude::*;

        use super::*;

        fn gzip(plain: &[u8]) -> Vec<u8> {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(plain).unwrap();
            encoder.finish().unwrap()
        }

        #[test]
        fn all_members_are_read_and_what_is_none_is_an_error() {
            let (one, two) = (gzip(b"one, "), gzip(b"two"));
            let both = [&one[..], &two].concat();
            assert_eq!(decompress("gzip", &[&both]).unwrap(), b"one, two");
            assert_eq!(decompress("X-Gzip", &[&one, &two]).unwrap(), b"one, two");
            assert_eq!(decompress("gzip", &[]).unwrap(), b"");
            assert!(decompress("gzip", &[&one, b"junk"]).is_err());
            assert!(decompress("gzip", &[b"{\"plain\": true}"]).is_err());
            let mut corrupt = gzip(&[b'x'; 1000]);
            let at = corrupt.len() - 6;
            corrupt[at] ^= 1;
            assert!(decompress("gzip", &[&corrupt]).is_err(), "its checksum is wrong");
        }

        #[test]
        fn a_bomb_comes_out_in_pieces() {
            let bomb = gzip(&vec![0; 64 << 20]);
            let mut decompressor = Decompressor::of(&mut headers("gzip"), None).unwrap();
            decompressor.put(bomb.into());
            let piece = decompressor.next().unwrap().unwrap();
            assert!(piece.len() <= 5 << 20, "{}", piece.len());
        }

        proptest! {
            #[test]
            fn what_is_cut_anywhere_is_put_together(
                plain in proptest::collection::vec(any::<u8>(), 0..3000),
                step in 1..700usize,
                cut in 1..40usize,
            ) {
                let whole = [gzip(&plain), gzip(b"!")].concat();
                let pieces: Vec<&[u8]> = whole.chunks(step).collect();
                prop_assert_eq!(decompress("gzip", &pieces).unwrap(), [&plain[..], b"!"].concat());
                let cut = whole.len() - cut.min(whole.len() - 1);
                let pieces: Vec<&[u8]> = whole[..cut].chunks(step).collect();
                // The end between two members is a valid end.
                prop_assert_eq!(decompress("gzip", &pieces).is_ok(), cut == gzip(&plain).len());
            }
        }
    }

    #[cfg(feature = "brotli")]
    mod of_brotli {
        use super::*;

        fn brotli(plain: &[u8]) -> Vec<u8> {
            use std::io::Write;
            let mut encoder = ::brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
            encoder.write_all(plain).unwrap();
            encoder.into_inner()
        }

        #[test]
        fn what_is_cut_anywhere_is_put_together() {
            let plain: Vec<u8> = (0..200_000u32).flat_map(|i| (i / 7).to_le_bytes()).collect();
            let whole = brotli(&plain);
            for step in [1, 2, 7, 4096, whole.len()] {
                let pieces: Vec<&[u8]> = whole.chunks(step).collect();
                assert_eq!(decompress("br", &pieces).unwrap(), plain);
                let pieces: Vec<&[u8]> = whole[..whole.len() - 1].chunks(step).collect();
                assert!(decompress("BR", &pieces).is_err(), "it is not whole");
            }
            assert_eq!(decompress("br", &[]).unwrap(), b"");
            assert!(decompress("br", &[&whole, b"junk"]).is_err());
            assert!(decompress("br", &[b"\xff\xff\xff\xff"]).is_err());
        }
    }
}
