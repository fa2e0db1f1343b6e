//! Classifies a request that got no response by the chain of an error's causes.

use std::error::Error;
use std::fmt;
use std::io;

use crate::error::Cause;

/// The kind of failure of a request that got no complete response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The host name could not be resolved.
    Dns,
    /// The connection was refused.
    Refused,
    /// No connection was established within the connect timeout, or the server stopped responding on an existing one
    /// (pings).
    TimedOut,
    /// The client rejected the server's certificate, or the server rejected the client's. Not retried.
    Certificate,
    /// The TLS handshake failed for another reason.
    Tls,
    /// The proxy did not establish a tunnel.
    Proxy,
    /// The proxy requires credentials, or rejected those it got. Not retried.
    ProxyAuthentication,
    /// The peer reset the connection.
    Reset,
    /// The peer closed the connection before the response was complete.
    ClosedEarly,
    /// The server declined the request without processing it (HTTP/2 `REFUSED_STREAM` or `GOAWAY`).
    Unprocessed,
    /// The response is not valid HTTP, or its headers exceed 256 KiB.
    Protocol,
    /// The request is invalid and cannot be built. Not retried.
    InvalidRequest,
    /// Another failure, or one that the transport does not specify.
    Other,
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dns => "host name not resolved",
            Self::Refused => "connection refused",
            Self::TimedOut => "connection timed out",
            Self::Certificate => "certificate rejected",
            Self::Tls => "TLS handshake failed",
            Self::Proxy => "proxy made no tunnel",
            Self::ProxyAuthentication => "proxy requires other credentials",
            Self::Reset => "connection reset",
            Self::ClosedEarly => "connection closed early",
            Self::Unprocessed => "declined without processing",
            Self::Protocol => "invalid HTTP",
            Self::InvalidRequest => "invalid request",
            Self::Other => "other error",
        })
    }
}

/// The error of a resolver.
#[derive(Debug)]
pub(super) struct ResolveError(pub(super) Cause);

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("host name could not be resolved")
    }
}

impl Error for ResolveError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// Classifies a chain of causes by the first known one.
pub(super) fn classify(error: &(dyn Error + 'static)) -> TransportErrorKind {
    chain(error).find_map(kind_of).unwrap_or(TransportErrorKind::Other)
}

fn kind_of(error: &(dyn Error + 'static)) -> Option<TransportErrorKind> {
    #[cfg(feature = "rustls")]
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(of_tls(error));
    }
    if error.is::<ResolveError>() {
        return Some(TransportErrorKind::Dns);
    }
    if let Some(error) = error.downcast_ref::<h2::Error>() {
        // The cause, if any, is an `io::Error` that is not among its sources.
        return match error.get_io() {
            Some(error) => of_io(error),
            None => Some(TransportErrorKind::Protocol),
        };
    }
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return if error.is_timeout() {
            Some(TransportErrorKind::TimedOut)
        } else if error.is_incomplete_message() {
            Some(TransportErrorKind::ClosedEarly)
        } else if error.is_parse() {
            Some(TransportErrorKind::Protocol)
        } else {
            None
        };
    }
    match error.downcast_ref::<io::Error>() {
        Some(error) => of_io(error),
        None => of_proxy(error),
    }
}

/// The error of a proxy has no public type, and can be classified only by its text.
fn of_proxy(error: &(dyn Error + 'static)) -> Option<TransportErrorKind> {
    let words = error.to_string();
    let of_proxy = words.strip_prefix("tunnel error: ").or_else(|| words.strip_prefix("SOCKS error: "))?;
    match of_proxy {
        "proxy authorization required"
        | "credentials not accepted"
        | "server does not support user/pass authentication"
        | "server implements authentication incorrectly" => Some(TransportErrorKind::ProxyAuthentication),
        "failed to create underlying connection" | "io error establishing tunnel" => None,
        _ => Some(TransportErrorKind::Proxy),
    }
}

fn of_io(error: &io::Error) -> Option<TransportErrorKind> {
    // The wrapped error is next in the chain, and more specific.
    match error.kind() {
        _ if error.get_ref().is_some_and(|inner| kind_of(inner).is_some()) => None,
        io::ErrorKind::ConnectionRefused => Some(TransportErrorKind::Refused),
        io::ErrorKind::TimedOut => Some(TransportErrorKind::TimedOut),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => Some(TransportErrorKind::Reset),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => Some(TransportErrorKind::ClosedEarly),
        _ => None,
    }
}

/// Returns an error and its causes. An `io::Error` is followed by the error it wraps, which is not among its sources.
pub(super) fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map_or_else(|| error.source(), |wrapped| Some(wrapped))
    })
}

/// Classifies a TLS error: about a certificate, about the underlying connection, or other.
#[cfg(feature = "rustls")]
fn of_tls(error: &rustls::Error) -> TransportErrorKind {
    use rustls::AlertDescription as Alert;
    match error {
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
            TransportErrorKind::Certificate
        }
        // The alert that rejects the client's certificate.
        rustls::Error::AlertReceived(
            Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied
            | Alert::CertificateRequired
            | Alert::NoCertificate,
        ) => TransportErrorKind::Certificate,
        _ => TransportErrorKind::Tls,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_found_however_deep_it_lies() {
        let io = |kind| io::Error::new(kind, "x");
        for (error, kind) in [
            (io(io::ErrorKind::ConnectionRefused), TransportErrorKind::Refused),
            (io(io::ErrorKind::ConnectionReset), TransportErrorKind::Reset),
            (io(io::ErrorKind::UnexpectedEof), TransportErrorKind::ClosedEarly),
            (io::Error::other(ResolveError("no such host".into())), TransportErrorKind::Dns),
            (io::Error::other(io(io::ErrorKind::ConnectionRefused)), TransportErrorKind::Refused),
            (
                io::Error::new(io::ErrorKind::ConnectionAborted, io(io::ErrorKind::UnexpectedEof)),
                TransportErrorKind::ClosedEarly,
            ),
            (io::Error::other("x"), TransportErrorKind::Other),
        ] {
            assert_eq!(classify(&error), kind);
        }
        #[cfg(feature = "rustls")]
        {
            let expired = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
            let error = io::Error::new(io::ErrorKind::InvalidData, expired);
            assert_eq!(classify(&error), TransportErrorKind::Certificate);
        }
    }
}
