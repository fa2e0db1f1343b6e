//! The ways that a request can go, as one.

use std::sync::Arc;

#[cfg(feature = "reqwest")]
use super::by_reqwest::{self, ReqwestClient, SendFn};
use super::error::{Delivery, TransportError};
use super::kind::TransportErrorKind;
use super::origin::Origin;
use super::outgoing::{OutgoingRequest, Target};
use super::pool::Multiplexed;
use super::response_body::IncomingResponse;

/// The way that requests go.
#[derive(Clone)]
pub(crate) enum Transport {
    Own(Arc<Origin>),
    #[cfg(feature = "reqwest")]
    Reqwest(ReqwestClient),
    #[cfg(feature = "reqwest")]
    Function(SendFn),
}

/// The connection of HTTP/2 that a request is on, if it is on one.
#[derive(Default)]
pub(crate) struct Carrier(Option<Arc<Multiplexed>>);

impl Carrier {
    /// Keeps new calls from the connection, since a request on it had no response in time.
    pub(crate) fn suspect(&self) {
        if let Some(connection) = &self.0 {
            connection.suspect();
        }
    }
}

impl Transport {
    /// Returns `true` if it is a function of the caller's, which sends to any address.
    pub(crate) fn is_function(&self) -> bool {
        #[cfg(feature = "reqwest")]
        return matches!(self, Self::Function(_));
        #[cfg(not(feature = "reqwest"))]
        false
    }

    /// Sends the request, and returns the response once its head is there.
    pub(crate) async fn send(
        &self,
        outgoing: OutgoingRequest,
        target: Target<'_>,
        carrier: &mut Carrier,
    ) -> Result<IncomingResponse, TransportError> {
        match self {
            Self::Own(origin) => {
                let path = target.path().map_err(|error| {
                    TransportError::of_kind(TransportErrorKind::InvalidRequest, Delivery::None, error)
                })?;
                origin.send(outgoing, path, &mut carrier.0).await
            }
            #[cfg(feature = "reqwest")]
            Self::Reqwest(client) => {
                let (request, any_accepted) = by_reqwest::request(outgoing, target);
                client.send(request, any_accepted).await
            }
            #[cfg(feature = "reqwest")]
            Self::Function(send) => {
                let (request, any_accepted) = by_reqwest::request(outgoing, target);
                Ok(IncomingResponse::of_reqwest(send(request).await?, any_accepted))
            }
        }
    }
}
