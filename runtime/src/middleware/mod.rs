//! What a program adds to the calls of a client: hooks that see each attempt, and another way to send.
//!
//! A [`Middleware`] is for what the client doesn't do by itself: a correlation id, a metric, a signature. It is plain
//! code without `async`: what waits belongs into a [transport](crate::ClientBuilder::transport), which is what sends
//! a request, for example a stack of `reqwest-middleware`. For proxies, certificates and connections there is
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
//!         let mut value = HeaderValue::try_from(hmac(&self.key, outgoing.endpoint().method.as_str(), path, body))?;
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
//! Build the stack's `reqwest::Client` with `redirect::Policy::none()`. A client that follows redirects reports that it
//! could not connect to where a redirect leads, when the first request has long been carried out. So `TransportError::from`
//! takes no `reqwest::Error` as proof that a request was not sent, and such a call is retried only if its endpoint is
//! idempotent; the second line of the match is for a client that follows none.
//!
//! One call of the stack is one attempt. Retries within the stack are not subject to the client's rate limit and budget.

mod watch;

use std::error::Error;
use std::fmt;
use std::time::Duration;

use http::{Extensions, HeaderMap, Method, StatusCode};
use url::{Position, Url};

use crate::auth::RequestCredentials;
use crate::endpoint::Endpoint;
use crate::error::ErrorKind;
use crate::request::body::RequestBody;

pub use crate::transport::{TransportError, TransportErrorKind};

pub(crate) use watch::Watch;

/// Sees each attempt of each call of a client; see [`ClientBuilder::middleware`](crate::ClientBuilder::middleware).
///
/// Both methods are called inside the attempt's time, on the thread that polls the call; they should take no time of
/// their own and must not block. Requests for tokens, which carry the client's secret, are not shown to it.
pub trait Middleware: Send + Sync + 'static {
    /// Before an attempt is sent, once its request is ready but for the authorization.
    ///
    /// # Errors
    ///
    /// Any error keeps the attempt from being sent and ends the call with that error as the source of one of the kind
    /// [`Middleware`](ErrorKind::Middleware). It is for the caller's eyes, and should have no secret in it.
    fn before(&self, outgoing: &mut Outgoing<'_>) -> Result<(), Box<dyn Error + Send + Sync>> {
        let _ = outgoing;
        Ok(())
    }

    /// When an attempt has attempt: once for each [`before`](Self::before) that let it go on, also if the caller has
    /// dropped the call.
    fn after(&self, attempt: &Attempt<'_>) {
        let _ = attempt;
    }
}

/// A request that is about to be sent.
///
/// It has no credentials in it: those are put in afterwards. A middleware that sets a header that the client's
/// credentials set too, such as `Authorization`, ends the call with an error; where the client has no credentials for
/// that header, and at public endpoints, it is sent. What else is secret in it is an endpoint's header that its author
/// has called sensitive; it is marked so, and `Debug` doesn't show it.
pub struct Outgoing<'a> {
    endpoint: &'static Endpoint,
    attempt: u32,
    headers: &'a mut HeaderMap,
    url: &'a Url,
    payload: &'a RequestBody,
    credentials: Option<&'a RequestCredentials>,
    extensions: &'a mut Extensions,
}

impl Outgoing<'_> {
    /// The endpoint that is called.
    #[must_use]
    pub fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }

    /// Which attempt of the call it is, counted from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.endpoint.method
    }

    /// The URL, with the call's arguments in it, but without keys of the client's credentials: for a signature rather than
    /// for a log.
    #[must_use]
    pub fn url(&self) -> &Url {
        self.url
    }

    /// Returns the URL as it is sent: with the keys that the client's credentials put into the query. A signature may need
    /// it; it must not be logged.
    #[must_use]
    pub fn url_with_credentials(&self) -> Url {
        let mut url = self.url.clone();
        let target = &url[Position::BeforePath..Position::AfterQuery];
        let keyed = self.credentials.and_then(|credentials| credentials.keyed_target(target));
        if let Some((_, query)) = keyed.as_deref().and_then(|keyed| keyed.split_once('?')) {
            url.set_query(Some(query));
        }
        url
    }

    /// The headers so far. The connection adds its own: `Host`, `Content-Length`, `Accept-Encoding`.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.headers
    }

    /// The headers so far, to be changed.
    ///
    /// One that says where the message goes, or where it ends (`Host`, `Content-Length`, `Transfer-Encoding` and those
    /// of the connection), is not to be set; the attempt is not sent then, as if [`Middleware::before`] had failed.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.headers
    }

    /// The body: empty if there is none, `None` for one whose bytes are not known yet (a stream, several parts).
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.payload.known()
    }

    /// A place for what [`Middleware::after`] is to find again: an id, a span, a time.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        self.extensions
    }
}

/// Without arguments: no URL, no header's value.
impl fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("endpoint", &self.endpoint.name)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

/// An attempt that has attempt.
pub struct Attempt<'a> {
    endpoint: &'static Endpoint,
    attempt: u32,
    elapsed: Duration,
    outcome: AttemptOutcome<'a>,
    extensions: &'a Extensions,
}

/// How an attempt has attempt.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum AttemptOutcome<'a> {
    /// An answer came, whatever its status: whole, or as far as it was read (a stream is left to the caller, and of a
    /// failure only the beginning is read).
    Response {
        /// The status.
        status: StatusCode,
        /// The headers.
        headers: &'a HeaderMap,
    },
    /// No whole answer came.
    Failed {
        /// The kind of the error that the call ends with, unless another attempt goes better.
        kind: ErrorKind,
        /// What was in the way, if that is known. It has no URL in it.
        cause: Option<&'a (dyn Error + Send + Sync + 'static)>,
    },
    /// The caller has dropped the call.
    Cancelled,
}

impl Attempt<'_> {
    /// The endpoint that was called.
    #[must_use]
    pub fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }

    /// Which attempt of the call it was, counted from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// How long it took, from just before the first [`Middleware::before`].
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// How it attempt.
    #[must_use]
    pub fn outcome(&self) -> AttemptOutcome<'_> {
        self.outcome
    }

    /// The status of the answer, if one came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self.outcome {
            AttemptOutcome::Response { status, .. } => Some(status),
            AttemptOutcome::Failed { .. } | AttemptOutcome::Cancelled => None,
        }
    }

    /// What [`Middleware::before`] has left there.
    #[must_use]
    pub fn extensions(&self) -> &Extensions {
        self.extensions
    }
}

/// Without the answer's headers.
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
