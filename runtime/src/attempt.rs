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

impl Shared {
    /// Sends the request and reads the answer, until the attempt's time or the call's is up.
    pub(crate) async fn attempt(
        &self,
        request: &Request,
        bearer: Option<&HeaderValue>,
        slot: Option<Slot<'_>>,
        stream: bool,
        deadline: Instant,
    ) -> Result<Reply, Failed> {
        let patience = request.endpoint.timeout.unwrap_or(self.timeout);
        let until = Instant::now().checked_add(patience).map_or(deadline, |end| end.min(deadline));
        let outgoing = self.outgoing(request, bearer.cloned()).map_err(|error| Failed::new(Outcome::Broken, error))?;
        // Head and body are timed each by itself: a future around both would be large, and moving it not free.
        let mut response = match timeout_at(until, self.http.execute(outgoing)).await.map_err(Failed::timed_out)? {
            Ok(response) => response,
            Err(error) if error.is_connect() => {
                if let Some(slot) = slot {
                    slot.give_back();
                }
                return Err(Failed::new(Outcome::Unsent, error));
            }
            Err(error) => return Err(Failed::new(Outcome::Broken, error)),
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
    fn outgoing(&self, request: &Request, bearer: Option<HeaderValue>) -> Result<reqwest::Request, reqwest::Error> {
        let url = match &request.target {
            Cow::Borrowed(path) => self.urls.fixed(path),
            Cow::Owned(target) => self.urls.join(target),
        };
        let mut outgoing = reqwest::Request::new(request.endpoint.method.clone(), url);
        let headers = outgoing.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static(request.endpoint.accept));
        headers.insert(header::USER_AGENT, self.user_agent.clone());
        if let Some(bearer) = bearer {
            headers.insert(header::AUTHORIZATION, bearer);
        }
        for (name, value) in &request.headers {
            headers.append(name, value.clone());
        }
        request.payload.put_into(outgoing, &self.http)
    }
}
