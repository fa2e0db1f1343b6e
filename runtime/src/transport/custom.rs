//! Another way to send than the client's own connections.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::role::BoxFuture;

/// Sends a request and gives its answer.
pub(crate) type Transport =
    Arc<dyn Fn(reqwest::Request) -> BoxFuture<'static, Result<reqwest::Response, TransportError>> + Send + Sync>;

/// Why a [transport](crate::ClientBuilder::transport) got no answer.
///
/// A `reqwest::Error` becomes one by `From`, without its URL. The text of any other is shown in the call's error, and
/// should have neither a secret nor an argument of the call in it.
#[derive(Debug)]
pub struct TransportError {
    pub(crate) unsent: bool,
    pub(crate) cause: Box<dyn Error + Send + Sync>,
}

impl TransportError {
    /// A failure after which the request may have reached the server: it is sent again only if its endpoint is
    /// idempotent.
    #[must_use]
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { unsent: false, cause: cause.into() }
    }

    /// A failure after which the request has certainly not reached the server: it may always be sent again, and takes
    /// no slot of the pace.
    #[must_use]
    pub fn unsent(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { unsent: true, cause: cause.into() }
    }
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        Self { unsent: error.is_connect(), cause: error.without_url().into() }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.unsent { "request was not sent" } else { "no response received" })
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.cause)
    }
}
