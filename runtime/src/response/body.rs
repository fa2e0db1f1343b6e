//! Reads the body of a response, up to a size limit.

use std::pin::{Pin, pin};

use bytes::{Bytes, BytesMut};

use crate::timer::{Timer, run_until};
use crate::transport::{BodyError, ResponseBody};

/// The maximum size of the part of a failure's body that is kept for the error.
pub(crate) const FAILURE_LIMIT: usize = 64 << 10;

/// Reads the complete body, or returns the reason for a failure. A body whose declared length exceeds the limit is not
/// read.
pub(crate) async fn read(response: &mut ResponseBody, limit: usize) -> Result<Bytes, BodyError> {
    if response.length().is_some_and(|length| length > limit as u64) {
        return Err(BodyError::TooLarge);
    }
    let mut body = Collected::default();
    while let Some(chunk) = response.chunk().await? {
        if chunk.len() > limit - body.len() {
            return Err(BodyError::TooLarge);
        }
        body.push(chunk);
    }
    Ok(body.into_bytes())
}

/// Reads the first bytes of a body. A lost connection or a timeout after them is ignored.
pub(crate) async fn read_start(response: &mut ResponseBody, limit: usize, mut timer: Pin<&mut Timer>) -> Bytes {
    let mut body = Collected::default();
    while let Some(Ok(Some(mut chunk))) = run_until(timer.as_mut(), pin!(response.chunk())).await {
        chunk.truncate(limit - body.len());
        body.push(chunk);
        if body.len() == limit {
            break;
        }
    }
    body.into_bytes()
}

/// The body so far. A body that arrives in one chunk is not copied.
#[derive(Default)]
struct Collected {
    first: Bytes,
    all: BytesMut,
}

impl Collected {
    fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    fn push(&mut self, chunk: Bytes) {
        if self.len() == 0 {
            self.first = chunk;
            return;
        }
        self.all.extend_from_slice(&std::mem::take(&mut self.first));
        self.all.extend_from_slice(&chunk);
    }

    fn into_bytes(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.freeze() }
    }
}
