//! The transports of a request, as one type.

use std::sync::Arc;

#[cfg(feature = "reqwest")]
use super::by_reqwest::{self, ReqwestClient, SendFn};
use super::error::{Delivery, TransportError};
use super::kind::TransportErrorKind;
use super::origin::Origin;
use super::outgoing::{OutgoingRequest, Target};
use super::pool::Multiplexed;
use super::response_body::IncomingResponse;

/// The transport of requests.
#[derive(Clone)]
pub(crate) enum Transport {
    Own(Arc<Origin>),
    #[cfg(feature = "reqwest")]
    Reqwest(ReqwestClient),
    #[cfg(feature = "reqwest")]
    Function(SendFn),
}

/// The HTTP/2 connection that carries a request, if any.
#[derive(Default)]
pub(crate) struct Carrier(Option<Arc<Multiplexed>>);

impl Carrier {
    /// Excludes the connection from new calls, because a request on it timed out.
    pub(crate) fn suspect(&self) {
        if let Some(connection) = &self.0 {
            connection.suspect();
        }
    }
}

impl Transport {
    /// Returns `true` if the transport is a function of the caller, which sends to any address.
    pub(crate) fn is_function(&self) -> bool {
        #[cfg(feature = "reqwest")]
        return matches!(self, Self::Function(_));
        #[cfg(not(feature = "reqwest"))]
        false
    }

    /// Sends the request, and returns the response once its head has arrived.
    #[expect(clippy::manual_async_fn, reason = "an `async fn` would hold its arguments twice")]
    pub(crate) fn send(
        &self,
        outgoing: OutgoingRequest,
        target: Target<'_>,
        carrier: &mut Carrier,
    ) -> impl Future<Output = Result<IncomingResponse, TransportError>> + Send {
        async move {
            match self {
                Self::Own(origin) => {
                    let path = target.path().map_err(|error| {
                        TransportError::of_kind(TransportErrorKind::InvalidRequest, Delivery::None, error)
                    })?;
                    origin.send(outgoing, path, &mut carrier.0).await
                }
                #[cfg(feature = "reqwest")]
                Self::Reqwest(client) => client.send(outgoing, target).await,
                #[cfg(feature = "reqwest")]
                Self::Function(send) => {
                    let (request, accepted) = by_reqwest::request(outgoing, target)?;
                    Ok(IncomingResponse::of_reqwest(send(request).await?, accepted.as_ref()))
                }
            }
        }
    }
}
