//! One attempt of a call: the request is sent and the response is read within the attempt's timeout.

use std::pin::pin;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tokio::time::Instant;
use tracing::Span;

use super::outcome::{AttemptError, Outcome};
use crate::auth::RequestCredentials;
use crate::client::shared::Shared;
use crate::middleware::Watch;
use crate::rate_limit::Permit;
use crate::request::Request;
use crate::response::body;
use crate::response::{RawResponse, ResponseMode};
use crate::timer::{self, run_strictly, run_until};
use crate::transport::{Carrier, Delivery, OutgoingRequest, Target, Transport};

/// The maximum number of times that a request declined unprocessed is resent at once.
const MAX_RESENDS: u32 = 3;

/// The initial capacity for headers.
const HEADERS: usize = 8;

impl Shared {
    /// Sends the request and reads the response. It ends at `until` at the latest.
    pub(crate) async fn attempt(
        &self,
        request: &Request,
        credentials: Option<&RequestCredentials>,
        mut watch: Option<&mut Watch>,
        mut permit: Option<Permit<'_>>,
        mode: ResponseMode,
        until: Instant,
    ) -> Result<Box<RawResponse>, AttemptError> {
        // Middlewares see the target without API keys.
        let urls = self.urls_of(request.endpoint).unwrap_or(&self.urls);
        let plain = match &request.destination {
            Some(destination) => Target::At(&destination.url),
            None => Target::Below(urls, &request.target),
        };
        let keyed_url = request.destination.as_ref().and_then(|destination| {
            Some(destination.url.with_target(&credentials?.keyed_target(destination.url.target())?))
        });
        let keyed = credentials.and_then(|credentials| credentials.keyed_target(&request.target));
        let target = match (&keyed_url, &keyed) {
            (Some(url), _) => Target::At(url),
            (None, Some(keyed)) if request.destination.is_none() => Target::Below(urls, keyed),
            _ => plain,
        };
        let elsewhere = self.elsewhere_for(request)?;
        let transport = elsewhere.as_ref().unwrap_or_else(|| self.transport_of(request.endpoint));
        let mut carrier = Carrier::default();
        let mut resends = 0;
        // A process that was suspended must not send with a permit that other processes may use by then.
        let strictly = permit.as_ref().is_some_and(Permit::is_shared).then_some(until);
        // Head and body share one timer, and each is awaited separately: one future around both would be large and
        // expensive to move.
        let mut timer = pin!(timer::at(until));
        let mut response = loop {
            let outgoing = self.outgoing(request, plain, credentials, watch.as_deref_mut())?;
            if let Some(permit) = &mut permit
                && !permit.mark_sent(until)
            {
                return Err(AttemptError::new(Outcome::NotSent, None));
            }
            let sending = transport.send(outgoing, target, &mut carrier);
            let sent = run_strictly(strictly, timer.as_mut(), pin!(sending)).await;
            match sent {
                Some(Ok(response)) => break response,
                // The server has not processed the request, so resending it on another connection is not a failed
                // attempt and does not consume the retry budget.
                Some(Err(error))
                    if error.delivery() == Delivery::Declined
                        && resends < MAX_RESENDS
                        && request.body.is_replayable() =>
                {
                    resends += 1;
                    if let Some(watch) = watch.as_deref_mut() {
                        watch.again(&error.into());
                    }
                }
                Some(Err(error)) => {
                    // A request that no server has processed releases its permit.
                    if let Some(permit) = permit.filter(|_| error.delivery() != Delivery::Possible) {
                        permit.release_unused();
                    }
                    return Err(error.into());
                }
                None => {
                    carrier.suspect();
                    return Err(AttemptError::timed_out());
                }
            }
        };
        if let Some(permit) = permit {
            permit.response_received(&response.headers);
        }
        let status = response.status;
        let (accepted, stream) = (mode.accepts(status, request.endpoint), mode.stream && status.is_success());
        let body = if !accepted {
            body::read_start(&mut response.body, body::FAILURE_LIMIT.min(self.max_response_size), timer).await
        } else if stream {
            Bytes::new()
        } else {
            let whole = run_until(timer, pin!(body::read(&mut response.body, self.max_response_size))).await;
            whole.ok_or_else(|| {
                carrier.suspect();
                AttemptError::timed_out()
            })??
        };
        // Boxed to make moves cheap and the call's future small. The caller sets `attempts`, `credentials`, and
        // `span`.
        Ok(Box::new(RawResponse {
            endpoint: request.endpoint,
            status,
            headers: response.headers,
            body,
            rest: stream.then_some(response.body),
            max_size: self.max_response_size,
            follow: None,
            attempt_timeout: self.attempt_timeout(request.endpoint),
            attempts: 0,
            credentials: None,
            span: Span::none(),
        }))
    }

    /// Returns the transport to another origin than the endpoint's, if a redirect has led there.
    fn elsewhere_for(&self, request: &Request) -> Result<Option<Transport>, AttemptError> {
        let destination = request.destination.as_ref().filter(|destination| destination.foreign);
        let transport = destination.map(|destination| self.way_to(&destination.url));
        transport.transpose().map_err(|error| AttemptError::new(Outcome::Unreachable, Some(error.into())))
    }

    /// Builds the request, without its URL.
    fn outgoing(
        &self,
        request: &Request,
        target: Target<'_>,
        credentials: Option<&RequestCredentials>,
        watch: Option<&mut Watch>,
    ) -> Result<OutgoingRequest, AttemptError> {
        let as_get = request.is_redirected_get();
        let method = if as_get { Method::GET } else { Method::from(&request.endpoint.method) };
        let mut headers = HeaderMap::with_capacity(HEADERS);
        headers.insert(header::ACCEPT, of_media_type(request.endpoint.accept));
        headers.insert(header::USER_AGENT, self.user_agent.clone());
        if let Some(media_type) = request.content_type.filter(|_| !as_get) {
            headers.insert(header::CONTENT_TYPE, of_media_type(media_type));
        }
        for (name, value) in &request.headers {
            headers.append(name, value.clone());
        }
        self.put_headers(&mut headers);
        if let Some(watch) = watch {
            watch.before(&method, &mut headers, &target.url(), request, credentials)?;
        }
        // Set last, so that no middleware can read or replace them.
        if let Some(credentials) = credentials {
            credentials.put_into(&mut headers);
        }
        if request.is_foreign() {
            strip_headers(&mut headers);
        }
        if as_get {
            return Ok(OutgoingRequest { method, headers, body: None });
        }
        let body = request.body.take(&method, &mut headers);
        Ok(OutgoingRequest { method, headers, body })
    }
}

/// Removes all headers that another origin does not need: any of them may contain a secret or an argument of the call.
fn strip_headers(headers: &mut HeaderMap) {
    const HARMLESS: [HeaderName; 8] = [
        header::ACCEPT,
        header::ACCEPT_ENCODING,
        header::ACCEPT_LANGUAGE,
        header::IF_MODIFIED_SINCE,
        header::IF_NONE_MATCH,
        header::IF_RANGE,
        header::RANGE,
        header::USER_AGENT,
    ];
    let all = std::mem::take(headers);
    let mut last = None;
    for (name, value) in all {
        last = name.or(last);
        if let Some(name) = last.clone().filter(|name| HARMLESS.contains(name)) {
            headers.append(name, value);
        }
    }
}

/// Returns a media type as a header value. The value for JSON, the most common type, is built without parsing.
fn of_media_type(media_type: &'static str) -> HeaderValue {
    const JSON: HeaderValue = HeaderValue::from_static("application/json");
    if media_type == "application/json" { JSON } else { HeaderValue::from_static(media_type) }
}
