//! One server: its address, the route to it, and sending requests.

use std::sync::Arc;

use http::uri::{Authority, Parts, PathAndQuery, Scheme};
use http::{HeaderValue, Request, Uri, header};

use super::connect::Route;
use super::connection;
use super::decompress;
use super::error::{Delivery, SharedError, TransportError};
use super::kind::TransportErrorKind;
use super::outgoing::OutgoingRequest;
use super::pool::{Checkout, Connection, Multiplexed, Pool};
use super::request_body::Body;
use super::response_body::{IncomingResponse, Lease};
use crate::role::BoxFuture;
use crate::runtime;

/// The maximum number of connections that one request makes or waits for: a server may close each before it is used.
const MAX_CONNECTS: u32 = 3;

pub(crate) struct Origin {
    scheme: Scheme,
    authority: Authority,
    /// The `Host` header for HTTP/1.1.
    host: HeaderValue,
    route: Arc<Route>,
    pool: Arc<Pool>,
}

impl Origin {
    pub(super) fn new(scheme: Scheme, authority: Authority, host: HeaderValue, route: Route, pool: Arc<Pool>) -> Self {
        Self { scheme, authority, host, route: Arc::new(route), pool }
    }

    /// Sends the request on an open connection or a new one. `carrier` is set to the HTTP/2 connection that carries it,
    /// if any.
    ///
    /// No `async fn`, which would hold its arguments and the request made from them.
    pub(crate) fn send(
        &self,
        outgoing: OutgoingRequest,
        path: PathAndQuery,
        carrier: &mut Option<Arc<Multiplexed>>,
    ) -> impl Future<Output = Result<IncomingResponse, TransportError>> + Send {
        let mut request = Request::new(outgoing.body.unwrap_or_default());
        *request.method_mut() = outgoing.method;
        *request.headers_mut() = outgoing.headers;
        *request.uri_mut() = path.into();
        let accepted = decompress::accept(request.headers_mut());
        let mut connects = 0;
        async move {
            loop {
                let connection = match self.pool.checkout() {
                    Checkout::Open(connection) => connection,
                    missing => match Box::pin(self.connect(missing, &mut connects)).await? {
                        Some(connection) => connection,
                        None => continue,
                    },
                };
                let (sent, lease) = match connection {
                    Connection::Exclusive(mut sender) => {
                        request.headers_mut().insert(header::HOST, self.host.clone());
                        let sent = sender.try_send_request(request).await;
                        (sent, Lease::Exclusive(Arc::clone(&self.pool), sender))
                    }
                    Connection::Multiplexed(connection) => {
                        self.address(&mut request)?;
                        *carrier = Some(Arc::clone(&connection));
                        let sent = connection.sender.clone().try_send_request(request).await;
                        (sent, Lease::Multiplexed(connection))
                    }
                };
                let mut error = match sent {
                    Ok(response) => return Ok(IncomingResponse::own(response, lease, accepted.as_ref())),
                    Err(error) => error,
                };
                match (error.take_message(), lease) {
                    // The connection was closed before it accepted the request.
                    (Some(unsent), _) => request = unsent,
                    (None, Lease::Exclusive(..)) => return Err(TransportError::new(error.into_error())),
                    (None, Lease::Multiplexed(connection)) => {
                        return Err(connection::lost(&connection, error.into_error()));
                    }
                }
            }
        }
    }

    /// HTTP/2 has the address in the request's URI, and no `Host` header.
    fn address(&self, request: &mut Request<Body>) -> Result<(), TransportError> {
        request.headers_mut().remove(header::HOST);
        if request.uri().authority().is_none() {
            let mut parts = Parts::default();
            parts.scheme = Some(self.scheme.clone());
            parts.authority = Some(self.authority.clone());
            parts.path_and_query = request.uri().path_and_query().cloned();
            *request.uri_mut() = Uri::from_parts(parts)
                .map_err(|error| TransportError::of_kind(TransportErrorKind::InvalidRequest, Delivery::None, error))?;
        }
        Ok(())
    }

    /// Makes the missing connection, or waits for one. Returns `None` if the pool may have one now.
    async fn connect(&self, missing: Checkout, connects: &mut u32) -> Result<Option<Connection>, TransportError> {
        if *connects == MAX_CONNECTS {
            let cause = "the server closes each connection before a request";
            return Err(TransportError::of_kind(TransportErrorKind::ClosedEarly, Delivery::None, cause));
        }
        *connects += 1;
        let mut outcome = match missing {
            Checkout::Open(connection) => return Ok(Some(connection)),
            Checkout::Connect => return self.connect_for_one().await.map(Some),
            Checkout::ConnectForAll(connecting) => {
                let outcome = connecting.outcome();
                let (route, pool) = (Arc::clone(&self.route), Arc::clone(&self.pool));
                // In a task, so that it continues for other calls if this one is cancelled.
                runtime::spawn(async move {
                    let opened = open(route, Arc::clone(&pool)).await;
                    connecting.report(match opened {
                        Ok(Connection::Exclusive(connection)) => {
                            pool.put(connection);
                            Ok(())
                        }
                        Ok(Connection::Multiplexed(_)) => Ok(()),
                        Err(error) => Err(SharedError::from(error)),
                    });
                });
                outcome
            }
            Checkout::Wait(outcome) => outcome,
        };
        // An error means that no outcome was reported: the runtime of the connecting task has ended.
        let reported = outcome.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone());
        match reported {
            Some(Err(error)) => Err(error.into()),
            Some(Ok(())) | None => Ok(None),
        }
    }

    /// Makes a connection for this call. The connection is kept for others if this call is cancelled.
    async fn connect_for_one(&self) -> Result<Connection, TransportError> {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let (route, pool) = (Arc::clone(&self.route), Arc::clone(&self.pool));
        runtime::spawn(async move {
            let opened = open(route, Arc::clone(&pool)).await;
            if let Err(Ok(Connection::Exclusive(connection))) = sender.send(opened) {
                pool.put(connection);
            }
        });
        receiver.await.unwrap_or_else(|_| Err(TransportError::unsent("the runtime has ended")))
    }
}

/// Opens a connection, and records its protocol in the pool. Boxed, so that it is compiled once for both callers.
fn open(route: Arc<Route>, pool: Arc<Pool>) -> BoxFuture<'static, Result<Connection, TransportError>> {
    Box::pin(async move {
        let connection = connection::start(route.open().await?).await?;
        match &connection {
            Connection::Exclusive(_) => pool.is_exclusive(),
            Connection::Multiplexed(connection) => pool.share(Arc::clone(connection)),
        }
        Ok(connection)
    })
}
