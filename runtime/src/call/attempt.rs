//! One attempt of a call: the request goes out, the answer comes in, inside the attempt's time.

use std::borrow::Cow;
use std::pin::pin;

use bytes::Bytes;
use http::{HeaderValue, header};
use tokio::time::Instant;
use tracing::Span;

use super::outcome::{AttemptError, Outcome};
use crate::client::shared::Shared;
use crate::middleware::Watch;
use crate::rate_limit::Permit;
use crate::request::Request;
use crate::response::RawResponse;
use crate::response::body;
use crate::timer::{self, run_strictly, run_until};
use crate::transport::TransportError;

impl Shared {
    /// Sends the request and reads the answer, until the attempt's time or the call's is up.
    pub(crate) async fn attempt(
        &self,
        request: &Request,
        bearer: Option<&HeaderValue>,
        watch: Option<&mut Watch>,
        mut permit: Option<Permit<'_>>,
        stream: bool,
        deadline: Instant,
    ) -> Result<Box<RawResponse>, AttemptError> {
        let attempt_timeout = self.attempt_timeout(request.endpoint);
        let until = Instant::now().checked_add(attempt_timeout).map_or(deadline, |end| end.min(deadline));
        let outgoing = self.outgoing(request, bearer, watch)?;
        if let Some(permit) = &mut permit
            && !permit.mark_sent(until)
        {
            return Err(AttemptError { outcome: Outcome::NotSent, cause: None });
        }
        // A process that stood still in the middle must not send with a permit that others have by then.
        let strictly = permit.as_ref().is_some_and(Permit::is_lent).then_some(until);
        // One timer for head and body, each by itself: a future around both would be large, and moving it not free.
        let mut timer = pin!(timer::at(until));
        let sent = match &self.transport {
            None => run_strictly(strictly, timer.as_mut(), pin!(self.http.execute(outgoing)))
                .await
                .map(|sent| sent.map_err(TransportError::from)),
            Some(transport) => run_strictly(strictly, timer.as_mut(), pin!(transport(outgoing))).await,
        };
        let mut response = match sent {
            Some(Ok(response)) => response,
            Some(Err(error)) => {
                // What has not left takes no place in the pace.
                if let Some(permit) = permit.filter(|_| error.unsent) {
                    permit.release_unused();
                }
                return Err(error.into());
            }
            None => return Err(AttemptError::timed_out()),
        };
        if let Some(permit) = permit {
            permit.response_received(response.headers());
        }
        let status = response.status();
        let body = if !status.is_success() {
            body::read_start(&mut response, body::FAILURE_LIMIT.min(self.max_response_size), timer).await
        } else if stream {
            Bytes::new()
        } else {
            let whole = body::read(&mut response, self.max_response_size);
            run_until(timer, pin!(whole)).await.ok_or_else(AttemptError::timed_out)??
        };
        // Boxed: it is handed on often, and a call that waits is the smaller for it. The call fills in what it knows.
        Ok(Box::new(RawResponse {
            endpoint: request.endpoint,
            status,
            headers: std::mem::take(response.headers_mut()),
            body,
            rest: (status.is_success() && stream).then(|| response.into()),
            attempt_timeout,
            attempts: 0,
            bearer: None,
            span: Span::none(),
        }))
    }

    /// The request as reqwest takes it.
    fn outgoing(
        &self,
        request: &Request,
        bearer: Option<&HeaderValue>,
        watch: Option<&mut Watch>,
    ) -> Result<reqwest::Request, AttemptError> {
        let url = match &request.target {
            Cow::Borrowed(path) => self.urls.fixed(path),
            Cow::Owned(target) => self.urls.join(target),
        };
        let mut outgoing = reqwest::Request::new(request.endpoint.method.clone(), url);
        let headers = outgoing.headers_mut();
        headers.insert(header::ACCEPT, of_media_type(request.endpoint.accept));
        headers.insert(header::USER_AGENT, self.user_agent.clone());
        if let Some(media_type) = request.content_type {
            headers.insert(header::CONTENT_TYPE, of_media_type(media_type));
        }
        for (name, value) in &request.headers {
            headers.append(name, value.clone());
        }
        self.put_headers(headers);
        if let Some(watch) = watch {
            watch.before(&mut outgoing, request)?;
        }
        // Last, so that no middleware reads it and none replaces it.
        if let Some(bearer) = bearer {
            outgoing.headers_mut().insert(header::AUTHORIZATION, bearer.clone());
        }
        match request.body.put_into(&mut outgoing, &self.http) {
            Ok(()) => Ok(outgoing),
            Err(error) => Err(AttemptError::new(Outcome::ConnectionLost, error)),
        }
    }
}

/// The header value of a media type; that of JSON, which nearly all requests have, is not looked through each time.
fn of_media_type(media_type: &'static str) -> HeaderValue {
    const JSON: HeaderValue = HeaderValue::from_static("application/json");
    if media_type == "application/json" { JSON } else { HeaderValue::from_static(media_type) }
}
