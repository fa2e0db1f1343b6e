//! Further requests that follow from the response to a call.

use std::sync::Arc;

use http::{HeaderName, HeaderValue};

use crate::client::shared::Shared;
use crate::error::Error;
use crate::request::Request;
use crate::response::{Follow, RawResponse, ResponseMode};
use crate::role::BoxFuture;
use crate::url::Url;

/// A completed request, and the client that sent it.
pub(crate) struct Answered {
    shared: Arc<Shared>,
    request: Request,
    mode: ResponseMode,
    url: Url,
}

impl Answered {
    /// Returns a handle that sends the request again, or `None` if its body is not replayable or a redirect has led it
    /// to another origin.
    pub(crate) fn follow(shared: Arc<Shared>, request: &Request, mode: ResponseMode) -> Option<Arc<dyn Follow>> {
        let url = shared.url(request).filter(|_| !request.is_foreign())?;
        let request = request.again(None)?;
        Some(Arc::new(Self { shared, request, mode, url }))
    }
}

impl Follow for Answered {
    fn url(&self) -> &Url {
        &self.url
    }

    fn send(
        &self,
        url: Url,
        header: Option<(HeaderName, HeaderValue)>,
    ) -> BoxFuture<'static, Result<Box<RawResponse>, Error>> {
        let (shared, mode, request) = (Arc::clone(&self.shared), self.mode, self.request.again(Some(url)));
        Box::pin(async move {
            let Some(mut request) = request else {
                return Err(Error::configuration("request body cannot be sent again"));
            };
            request.headers.extend(header);
            let mut response = shared.execute(&mut request, mode).await?;
            response.follow = Self::follow(shared, &request, mode);
            Ok(response)
        })
    }
}
