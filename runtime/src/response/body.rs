//! Reads an answer's body, never more of it than the limit.

use std::pin::{Pin, pin};

use bytes::{Bytes, BytesMut};

use crate::timer::{Timer, run_until};
use crate::transport::{BodyError, ResponseBody};

/// How much of a failure's body is kept for the error.
pub(crate) const FAILURE_LIMIT: usize = 64 << 10;

/// Reads the whole body, or says why not. A body that announces more than the limit is not read at all.
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

/// Reads the first bytes of a body; what follows, that it broke, or that it didn't come in time, is of no interest.
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

/// A body so far; one that comes in one piece is never copied.
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
