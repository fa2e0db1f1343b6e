//! gzip (RFC 1952).

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
