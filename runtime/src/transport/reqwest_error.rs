//! Classifies the errors of reqwest.

use std::io;

use super::connection;
use super::error::{Delivery, TransportError};
use super::kind::{TransportErrorKind, chain};

impl From<reqwest::Error> for TransportError {
    /// Treats the request as possibly sent, regardless of the error: a client that follows redirects reports a connect
    /// error even after the first request was executed.
    fn from(error: reqwest::Error) -> Self {
        Self::new(error.without_url())
    }
}

/// Classifies the error of a client that follows no redirects.
pub(super) fn of_own(error: reqwest::Error) -> TransportError {
    if error.is_connect() {
        return TransportError::connecting(TransportErrorKind::Other, error.without_url());
    }
    if error.is_builder() {
        return TransportError::of_kind(TransportErrorKind::InvalidRequest, Delivery::None, error.without_url());
    }
    let of_h2 = chain(&error).find_map(|error| error.downcast_ref::<h2::Error>());
    match of_h2.map_or(Delivery::Possible, connection::unprocessed) {
        Delivery::Possible => error.into(),
        delivery => TransportError::of_kind(TransportErrorKind::Unprocessed, delivery, error.without_url()),
    }
}

/// Returns `true` if the body arrived, but reqwest could not decompress it.
pub(super) fn is_garbled(error: &reqwest::Error) -> bool {
    let of_connection = chain(error).any(|error| error.is::<hyper::Error>() || error.is::<h2::Error>());
    let of_format = chain(error).any(|error| {
        let error = error.downcast_ref::<io::Error>();
        error.is_some_and(|error| !matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::TimedOut))
    });
    !of_connection && of_format && !error.is_timeout()
}
