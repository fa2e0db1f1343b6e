//! Extensions of a client: hooks for each attempt, and another way to send requests.
//!
//! A [`Middleware`] adds what the client does not provide: a correlation ID, a metric, a signature. It is synchronous;
//! code that awaits belongs in a [transport](crate::ClientBuilder::transport), which sends the requests, for example a
//! stack of `reqwest-middleware`. Proxies, certificates, and connections are configured by
//! [`http_client`](crate::ClientBuilder::http_client).
//!
//! # A correlation id
//!
//! ```
//! use std::error::Error;
//!
//! use rolecall::middleware::{Middleware, Outgoing};
//! use rolecall::{Client, HeaderValue, Public};
//!
//! /// Numbers the attempts.
//! #[derive(Default)]
//! struct Correlation(std::sync::atomic::AtomicU64);
//!
//! impl Middleware for Correlation {
//!     fn before(&self, outgoing: &mut Outgoing<'_>) -> Result<(), Box<dyn Error + Send + Sync>> {
//!         let number = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
//!         outgoing.headers_mut().insert("x-correlation-id", HeaderValue::from(number));
//!         Ok(())
//!     }
//! }
//!
//! # fn main() -> Result<(), rolecall::Error> {
//! let client = Client::<Public>::builder("https://api.example.com").middleware(Correlation::default()).build()?;
//! # let _ = client;
//! # Ok(())
//! # }
//! ```
//!
//! # A metric
//!
//! ```
//! use rolecall::middleware::{Attempt, Middleware};
//!
//! struct Times;
//!
//! impl Middleware for Times {
//!     fn after(&self, attempt: &Attempt<'_>) {
//!         let status = attempt.status().map_or("none".to_owned(), |status| status.as_u16().to_string());
//!         let seconds = attempt.elapsed().as_secs_f64();
//!         // A template, not the path: a metric has few series, and no argument in its labels.
//!         println!("http_client_seconds{{route=\"{}\",status=\"{status}\"}} {seconds}", attempt.endpoint().path);
//!     }
//! }
//! ```
//!
//! # A signature
//!
//! ```
//! use std::error::Error;
//!
//! use rolecall::HeaderValue;
//! use rolecall::middleware::{Middleware, Outgoing};
//!
//! struct Signed {
//!     key: Vec<u8>,
//! }
//!
//! # fn hmac(_: &[u8], _: &str, _: &str, _: &[u8]) -> String { "00".to_owned() }
//! impl Middleware for Signed {
//!     fn before(&self, outgoing: &mut Outgoing<'_>) -> Result<(), Box<dyn Error + Send + Sync>> {
//!         let body = outgoing.body().ok_or("a body that is streamed can't be signed")?;
//!         let path = outgoing.url().path();
//!         let mut value = HeaderValue::try_from(hmac(&self.key, outgoing.method().as_str(), path, body))?;
//!         value.set_sensitive(true);
//!         outgoing.headers_mut().insert("x-signature", value);
//!         Ok(())
//!     }
//! }
//! ```
//!
//! # A stack of `reqwest-middleware`
//!
//! ```
//! use reqwest_middleware::{ClientWithMiddleware, Error};
//! use rolecall::middleware::TransportError;
//! use rolecall::{Client, Public};
//!
//! fn client(stack: ClientWithMiddleware) -> Result<Client<Public>, rolecall::Error> {
//!     Client::builder("https://api.example.com")
//!         .transport(move |request| {
//!             let stack = stack.clone();
//!             async move {
//!                 stack.execute(request).await.map_err(|error| match error {
//!                     // Only if the stack's client was built with `redirect::Policy::none()`.
//!                     Error::Reqwest(error) if error.is_connect() => TransportError::unsent(error.without_url()),
//!                     Error::Reqwest(error) => TransportError::from(error),
//!                     Error::Middleware(error) => TransportError::new(error),
//!                 })
//!             }
//!         })
//!         .build()
//! }
//! ```
//!
//! Build the stack's `reqwest::Client` with `redirect::Policy::none()`. A client that follows redirects reports that
//! it could not connect to the destination of a redirect, although the server has already processed the first request.
//! Therefore, `TransportError::from` does not take a `reqwest::Error` as proof that a request was not sent, and such a
//! call is retried only if its endpoint is idempotent. The second line of the match is for a client that follows no
//! redirects.
//!
//! One call of the stack is one attempt. Retries inside the stack are not subject to the client's rate limit and
//! budget.

mod watch;

use std::error::Error;
use std::fmt;
use std::time::Duration;

use http::{Extensions, HeaderMap, Method, StatusCode};

use crate::auth::RequestCredentials;
use crate::endpoint::Endpoint;
use crate::error::ErrorKind;
use crate::request::body::RequestBody;

pub use crate::transport::{TransportError, TransportErrorKind};
pub use crate::url::Url;

pub(crate) use watch::Watch;

/// Observes each attempt of each call of a client; see
/// [`ClientBuilder::middleware`](crate::ClientBuilder::middleware).
///
/// Both methods are called within the attempt's timeout, on the thread that polls the call. They should return quickly
/// and must not block. Token requests, which contain the client's secret, are not passed to middlewares.
pub trait Middleware: Send + Sync + 'static {
    /// Is called before an attempt is sent, when its request is complete except for the credentials.
    ///
    /// # Errors
    ///
    /// Any error prevents the attempt from being sent. The call then ends with an error of the kind
    /// [`Middleware`](ErrorKind::Middleware), whose source is that error. The caller sees it, so it should not contain
    /// a secret.
    fn before(&self, outgoing: &mut Outgoing<'_>) -> Result<(), Box<dyn Error + Send + Sync>> {
        let _ = outgoing;
        Ok(())
    }

    /// Is called when an attempt has ended: once for each successful [`before`](Self::before), even if the caller has
    /// dropped the call.
    fn after(&self, attempt: &Attempt<'_>) {
        let _ = attempt;
    }
}

/// A request that is about to be sent.
///
/// It does not contain credentials, which are added afterwards. If a middleware sets a header that the client's
/// credentials set too, such as `Authorization`, the call ends with an error. At public endpoints, and if the client
/// has no credentials for that header, the header is sent. A header that the endpoint's author has declared sensitive
/// may be a secret; it is marked as sensitive, and `Debug` does not show it.
pub struct Outgoing<'a> {
    endpoint: &'static Endpoint,
    attempt: u32,
    method: &'a Method,
    headers: &'a mut HeaderMap,
    url: &'a Url,
    payload: &'a RequestBody,
    credentials: Option<&'a RequestCredentials>,
    extensions: &'a mut Extensions,
}

impl Outgoing<'_> {
    /// Returns the called endpoint.
    #[must_use]
    pub fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }

    /// Returns the number of the attempt within the call, counted from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the method: that of the endpoint, or `GET` after a redirect that leads to it.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.method
    }

    /// Returns the URL, including the call's arguments, without keys of the client's credentials. Use it for a
    /// signature rather than for a log.
    #[must_use]
    pub fn url(&self) -> &Url {
        self.url
    }

    /// Returns the URL as it is sent, including the keys that the client's credentials add to the query. A signature
    /// may need it; do not log it.
    #[must_use]
    pub fn url_with_credentials(&self) -> Url {
        let keyed = self.credentials.and_then(|credentials| credentials.keyed_target(self.url.target()));
        keyed.map_or_else(|| self.url.clone(), |keyed| self.url.with_target(&keyed))
    }

    /// Returns the headers so far. The connection adds its own: `Host`, `Content-Length`, and `Accept-Encoding`.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.headers
    }

    /// Returns the headers so far, mutably.
    ///
    /// Headers that route or frame the message (`Host`, `Content-Length`, `Transfer-Encoding`, and those of the
    /// connection) must not be set. Otherwise, the attempt is not sent, as if [`Middleware::before`] had failed.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.headers
    }

    /// Returns the body. It is empty if there is none, and `None` if its bytes are not known yet (a stream, or a
    /// multipart body).
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.payload.known()
    }

    /// Returns the extensions, which pass values to [`Middleware::after`]: an ID, a span, a time.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        self.extensions
    }
}

/// Omits arguments: the URL and the headers' values.
impl fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("endpoint", &self.endpoint.name)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

/// An attempt that has ended.
pub struct Attempt<'a> {
    endpoint: &'static Endpoint,
    attempt: u32,
    elapsed: Duration,
    outcome: AttemptOutcome<'a>,
    extensions: &'a Extensions,
}

/// The outcome of an attempt.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum AttemptOutcome<'a> {
    /// A response of any status was received, completely or as far as it is read: the caller reads a stream, and of a
    /// failure only the beginning is read.
    Response {
        /// The status.
        status: StatusCode,
        /// The headers.
        headers: &'a HeaderMap,
    },
    /// No complete response was received.
    Failed {
        /// The kind of the error that the call returns, unless a later attempt succeeds.
        kind: ErrorKind,
        /// The cause, if it is known. It does not contain the URL.
        cause: Option<&'a (dyn Error + Send + Sync + 'static)>,
    },
    /// The caller has dropped the call.
    Cancelled,
}

impl Attempt<'_> {
    /// Returns the called endpoint.
    #[must_use]
    pub fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }

    /// Returns the number of the attempt within the call, counted from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the duration of the attempt, from just before the first [`Middleware::before`].
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Returns the outcome of the attempt.
    #[must_use]
    pub fn outcome(&self) -> AttemptOutcome<'_> {
        self.outcome
    }

    /// Returns the status of the response, if one was received.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self.outcome {
            AttemptOutcome::Response { status, .. } => Some(status),
            AttemptOutcome::Failed { .. } | AttemptOutcome::Cancelled => None,
        }
    }

    /// Returns the extensions that [`Middleware::before`] has set.
    #[must_use]
    pub fn extensions(&self) -> &Extensions {
        self.extensions
    }
}

/// Omits the response's headers.
impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("endpoint", &self.endpoint.name)
            .field("attempt", &self.attempt)
            .field("elapsed", &self.elapsed)
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}
