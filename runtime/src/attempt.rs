//! One attempt of a call: the request goes out, the answer comes in, inside the attempt's time.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderValue, header};
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout_at};
use tracing::Span;

use crate::body;
use crate::client::Shared;
use crate::error::Cause;
use crate::middleware::{TransportError, Watch};
use crate::pace::Slot;
use crate::reply::Reply;
use crate::request::Request;
use crate::retry::Outcome;

/// How an attempt ended that got no whole answer.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) outcome: Outcome,
    pub(crate) cause: Option<Cause>,
}

impl Failed {
    /// The URL is left out of the cause: it has the call's arguments in it.
    fn new(outcome: Outcome, error: reqwest::Error) -> Self {
        Self { outcome, cause: Some(error.without_url().into()) }
    }

    fn timed_out(_: Elapsed) -> Self {
        Self { outcome: Outcome::TimedOut, cause: None }
    }
}

impl From<body::Fault> for Failed {
    fn from(fault: body::Fault) -> Self {
        match fault {
            body::Fault::TooLarge => Self { outcome: Outcome::TooLarge, cause: None },
            body::Fault::Broken(error) if body::is_garbled(&error) => Self::new(Outcome::Garbled, error),
            body::Fault::Broken(error) => Self::new(Outcome::Broken, error),
        }
    }
}

impl From<TransportError> for Failed {
    fn from(error: TransportError) -> Self {
        let outcome = if error.unsent { Outcome::Unsent } else { Outcome::Broken };
        Self { outcome, cause: Some(error.cause) }
    }
}

impl Shared {
    /// Sends the request and reads the answer, until the attempt's time or the call's is up.
    pub(crate) async fn attempt(
        &self,
        request: &Request,
        bearer: Option<&HeaderValue>,
        watch: Option<&mut Watch>,
        slot: Option<Slot<'_>>,
        stream: bool,
        deadline: Instant,
    ) -> Result<Reply, Failed> {
        let patience = self.patience(request.endpoint);
        let until = Instant::now().checked_add(patience).map_or(deadline, |end| end.min(deadline));
        let outgoing = match self.outgoing(request, bearer.cloned(), watch) {
            Ok(outgoing) => outgoing,
            Err(failed) => return Err(not_sent(slot, failed)),
        };
        // Head and body are timed each by itself: a future around both would be large, and moving it not free.
        let sent = match &self.transport {
            None => timeout_at(until, self.http.execute(outgoing)).await.map(|sent| sent.map_err(TransportError::from)),
            Some(transport) => timeout_at(until, transport(outgoing)).await,
        };
        let mut response = match sent.map_err(Failed::timed_out)? {
            Ok(response) => response,
            Err(error) if error.unsent => return Err(not_sent(slot, error.into())),
            Err(error) => return Err(error.into()),
        };
        if let Some(slot) = slot {
            slot.answered(response.headers());
        }
        let status = response.status();
        let body = if !status.is_success() {
            body::read_start(&mut response, body::FAILURE_LIMIT.min(self.response_limit), until).await
        } else if stream {
            Bytes::new()
        } else {
            let whole = body::read(&mut response, self.response_limit);
            timeout_at(until, whole).await.map_err(Failed::timed_out)??
        };
        Ok(Reply {
            endpoint: request.endpoint,
            status,
            headers: std::mem::take(response.headers_mut()),
            body,
            rest: (status.is_success() && stream).then(|| response.into()),
            patience,
            attempts: 1,
            bearer: bearer.cloned(),
            span: Span::none(),
        })
    }

    /// The request as reqwest takes it.
    fn outgoing(
        &self,
        request: &Request,
        bearer: Option<HeaderValue>,
        watch: Option<&mut Watch>,
    ) -> Result<reqwest::Request, Failed> {
        let url = match &request.target {
            Cow::Borrowed(path) => self.urls.fixed(path),
            Cow::Owned(target) => self.urls.join(target),
        };
        let mut outgoing = reqwest::Request::new(request.endpoint.method.clone(), url);
        let headers = outgoing.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static(request.endpoint.accept));
        headers.insert(header::USER_AGENT, self.user_agent.clone());
        for (name, value) in &request.headers {
            headers.append(name, value.clone());
        }
        self.put_headers(headers);
        if let Some(watch) = watch {
            watch.before(&mut outgoing, request)?;
        }
        // Last, so that no middleware reads it and none replaces it.
        if let Some(bearer) = bearer {
            outgoing.headers_mut().insert(header::AUTHORIZATION, bearer);
        }
        request.payload.put_into(outgoing, &self.http).map_err(|error| Failed::new(Outcome::Broken, error))
    }
}

/// What has not left takes no place in the pace.
#[cold]
fn not_sent(slot: Option<Slot<'_>>, failed: Failed) -> Failed {
    if let Some(slot) = slot {
        slot.give_back();
    }
    failed
}
