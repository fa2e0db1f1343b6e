//! The reason why a request got no complete response: what happened, and whether the server may have processed it.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::kind::{TransportErrorKind, classify};
use crate::error::Cause;

/// The reason why a request got no complete response: the [`source`](Error::source) of an [`Error`](crate::Error) of
/// the kinds [`Connect`](crate::ErrorKind::Connect) and [`Transport`](crate::ErrorKind::Transport).
///
/// ```
/// use rolecall::middleware::{TransportError, TransportErrorKind};
///
/// fn is_unknown_host(error: &rolecall::Error) -> bool {
///     let source = std::error::Error::source(error);
///     let transport = source.and_then(|source| source.downcast_ref::<TransportError>());
///     transport.is_some_and(|error| error.kind() == TransportErrorKind::Dns)
/// }
/// ```
///
/// A caller's own [transport](crate::ClientBuilder::transport) returns this error, too. A `reqwest::Error` converts
/// into one by `From`, without its URL. The text of any other error is shown in the call's error, and must contain
/// neither a secret nor an argument of the call.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    delivery: Delivery,
    cause: Cause,
    fault: Option<Fault>,
}

/// Whether the server may have processed the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    Possible,
    /// The request was not sent, or the server reported that it was not processed.
    None,
    /// The server declined the request in normal operation: it is sent again immediately, on another connection.
    Declined,
}

/// The loss of one connection, shared by all requests it carried: it counts as one fault, however many of them fail.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fault(Arc<AtomicBool>);

impl Fault {
    /// Runs `withdraw` for the first retry after this fault; further retries are free. Returns `true` if a retry is
    /// allowed.
    pub(crate) fn charge(&self, withdraw: impl FnOnce() -> bool) -> bool {
        if self.0.swap(true, Ordering::Relaxed) {
            return true;
        }
        let paid = withdraw();
        self.0.store(paid, Ordering::Relaxed);
        paid
    }

    /// Charges the next retry, because the one that was charged is not sent.
    pub(crate) fn give_back(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl TransportError {
    /// Creates an error after which the request may have reached the server: it is retried only if its endpoint is
    /// idempotent.
    #[must_use]
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::after(Delivery::Possible, cause.into())
    }

    /// Creates an error after which the request has certainly not reached the server: it may always be retried, and
    /// uses no rate-limit permit.
    #[must_use]
    pub fn unsent(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::after(Delivery::None, cause.into())
    }

    /// Returns the kind of this error.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    fn after(delivery: Delivery, cause: Cause) -> Self {
        Self { kind: classify(&*cause), delivery, cause, fault: None }
    }

    pub(super) fn of_kind(kind: TransportErrorKind, delivery: Delivery, cause: impl Into<Cause>) -> Self {
        Self { kind, delivery, cause: cause.into(), fault: None }
    }

    /// Creates the error of a request that was not sent, with `otherwise` as its kind if the causes do not determine
    /// one.
    pub(super) fn connecting(otherwise: TransportErrorKind, cause: impl Into<Cause>) -> Self {
        let error = Self::after(Delivery::None, cause.into());
        let kind = if error.kind == TransportErrorKind::Other { otherwise } else { error.kind };
        Self { kind, ..error }
    }

    pub(super) fn with_fault(mut self, fault: Option<Fault>) -> Self {
        self.fault = fault;
        self
    }

    pub(crate) fn delivery(&self) -> Delivery {
        self.delivery
    }

    pub(crate) fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// Returns `true` if the request was not sent, and the same request would fail the same way again.
    pub(crate) fn is_permanent(&self) -> bool {
        use TransportErrorKind::{Certificate, InvalidRequest, ProxyAuthentication};
        self.delivery != Delivery::Possible && matches!(self.kind, Certificate | ProxyAuthentication | InvalidRequest)
    }
}

/// Displays the cause only: the kind is for programs, and the cause describes the failure.
impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.source()
    }
}

/// One error that is returned to several callers.
#[derive(Debug, Clone)]
pub(super) struct SharedError(Arc<TransportError>);

impl From<TransportError> for SharedError {
    fn from(error: TransportError) -> Self {
        Self(Arc::new(error))
    }
}

impl From<SharedError> for TransportError {
    fn from(shared: SharedError) -> Self {
        let TransportError { kind, delivery, .. } = *shared.0;
        Self { kind, delivery, cause: Box::new(shared), fault: None }
    }
}

impl fmt::Display for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.cause.fmt(f)
    }
}

impl Error for SharedError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.cause.source()
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn an_error_is_shared_with_its_kind_and_its_words() {
        let error = TransportError::unsent(io::Error::from(io::ErrorKind::ConnectionRefused));
        let shared = SharedError::from(error);
        let (one, other) = (TransportError::from(shared.clone()), TransportError::from(shared));
        assert_eq!((one.kind(), other.kind()), (TransportErrorKind::Refused, TransportErrorKind::Refused));
        assert_eq!(one.to_string(), "connection refused");
    }

    #[test]
    fn a_fault_is_paid_once_and_only_if_it_can_be() {
        let fault = Fault::default();
        assert!(!fault.charge(|| false));
        assert!(fault.charge(|| true), "nobody has paid yet");
        assert!(fault.clone().charge(|| panic!("it is paid")));
    }
}
