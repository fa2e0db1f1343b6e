//! The alternative transport: a `reqwest::Client`, or a function that takes the same requests.

use std::sync::Arc;

use http::HeaderValue;

use super::decompress;
use super::error::{Delivery, TransportError};
use super::kind::TransportErrorKind;
use super::outgoing::{OutgoingRequest, Target};
use super::request_body::Body;
use super::reqwest_error;
use super::response_body::IncomingResponse;
use crate::role::BoxFuture;

/// Sends a request and returns the response.
pub(crate) type SendFn =
    Arc<dyn Fn(reqwest::Request) -> BoxFuture<'static, Result<reqwest::Response, TransportError>> + Send + Sync>;

/// A reqwest client, and whether its errors reliably show that a request was not sent.
#[derive(Clone)]
pub(crate) struct ReqwestClient {
    pub(super) client: reqwest::Client,
    /// Whether the client certainly follows no redirects, so that a connect error is not that of a redirected request.
    pub(super) is_own: bool,
}

impl ReqwestClient {
    pub(super) async fn send(
        &self,
        outgoing: OutgoingRequest,
        target: Target<'_>,
    ) -> Result<IncomingResponse, TransportError> {
        let (request, accepted) = request(outgoing, target)?;
        match self.client.execute(request).await {
            Ok(response) => Ok(IncomingResponse::of_reqwest(response, accepted.as_ref())),
            Err(error) if self.is_own => Err(reqwest_error::of_own(error)),
            Err(error) => Err(error.into()),
        }
    }
}

/// Returns the request in reqwest's form, and its own `Accept-Encoding`.
pub(super) fn request(
    outgoing: OutgoingRequest,
    target: Target<'_>,
) -> Result<(reqwest::Request, Option<HeaderValue>), TransportError> {
    let invalid = "reqwest cannot use the URL";
    let url = target
        .of_reqwest()
        .ok_or_else(|| TransportError::of_kind(TransportErrorKind::InvalidRequest, Delivery::None, invalid))?;
    let mut request = reqwest::Request::new(outgoing.method, url);
    *request.headers_mut() = outgoing.headers;
    *request.body_mut() = outgoing.body.map(Body::into_reqwest);
    let accepted = decompress::accept(request.headers_mut());
    Ok((request, accepted))
}
