//! A whole answer: head and body, and what it took to get it.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::endpoint::Endpoint;
use crate::error::{Cause, Error, ErrorKind};

/// An answer whose body has been read.
#[derive(Debug)]
pub struct Reply {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) attempts: u32,
}

impl Reply {
    /// The error for an answer that is not what the caller asked for.
    pub(crate) fn into_error(self, kind: ErrorKind, message: Cow<'static, str>, cause: Option<Cause>) -> Error {
        Error::new(kind, message).with_endpoint(self.endpoint).with_cause(cause).with_reply(self)
    }
}
