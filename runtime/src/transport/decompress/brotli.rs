//! Brotli (RFC 7932).

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
