//! The way of a call.

use http::header;

use crate::client::Shared;
use crate::error::{Error, ErrorKind};
use crate::reply::Reply;
use crate::request::{FaultKind, Request};

impl Shared {
    pub(crate) async fn exchange(&self, request: Request, not_found: bool) -> Result<Reply, Error> {
        let endpoint = request.endpoint;
        let request = request.finish().map_err(|fault| {
            let error = match fault.what {
                FaultKind::Argument(what) => Error::new(ErrorKind::Argument, format!("`{}` {what}", fault.parameter)),
                FaultKind::Serialize(cause) => {
                    Error::new(ErrorKind::Argument, format!("`{}` can't be serialized: {cause}", fault.parameter))
                        .with_cause(Some(cause))
                }
            };
            error.with_endpoint(endpoint)
        })?;
        let mut url = self.base.as_str().trim_end_matches('/').to_owned();
        url.push_str(&request.target);
        let url = url::Url::parse(&url).map_err(|_| Error::configuration("no URL"))?;
        let mut outgoing = reqwest::Request::new(endpoint.method.clone(), url);
        let headers = outgoing.headers_mut();
        headers.insert(header::ACCEPT, http::HeaderValue::from_static(endpoint.accept));
        if let (false, Some(bearer)) = (endpoint.is_public(), &self.bearer) {
            headers.insert(header::AUTHORIZATION, bearer.clone());
        }
        for (name, value) in &request.headers {
            headers.append(name, value.clone());
        }
        *outgoing.body_mut() = request.body.map(Into::into);
        let response = self.http.execute(outgoing).await.map_err(|error| {
            Error::new(ErrorKind::Transport, "broken").with_endpoint(endpoint).with_cause(Some(error.into()))
        })?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(|error| {
            Error::new(ErrorKind::Transport, "broken").with_endpoint(endpoint).with_cause(Some(error.into()))
        })?;
        let reply = Reply { endpoint, status, headers, body, attempts: 1 };
        if status.is_success() || (not_found && status == 404) {
            return Ok(reply);
        }
        let message = status.to_string();
        Err(reply.into_error(ErrorKind::Status, message.into(), None))
    }
}
