//! One attempt of a call: the request goes out, the answer comes in, inside the attempt's time.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, header};
use tokio::time::{Instant, timeout_at};
use tracing::Span;
use url::Url;

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
}

impl Shared {
    /// Sends the request and reads the answer, until the attempt's time or the call's is up.
    pub(crate) async fn attempt(
        &self,
        request: &Request,
        bearer: Option<HeaderValue>,
        slot: Option<Slot<'_>>,
        stream: bool,
        deadline: Instant,
    ) -> Result<Reply, Failed> {
        let patience = self.patience(request.endpoint);
        let until = Instant::now().checked_add(patience).map_or(deadline, |end| end.min(deadline));
        match timeout_at(until, self.send(request, bearer, slot, stream, patience, until)).await {
            Ok(result) => result,
            Err(_) => Err(Failed { outcome: Outcome::TimedOut, cause: None }),
        }
    }

    async fn send(
        &self,
        request: &Request,
        bearer: Option<HeaderValue>,
        slot: Option<Slot<'_>>,
        stream: bool,
        patience: Duration,
        until: Instant,
    ) -> Result<Reply, Failed> {
        let outgoing = self.outgoing(request, bearer.clone()).map_err(|error| Failed::new(Outcome::Broken, error))?;
        let mut response = match self.http.execute(outgoing).await {
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
        let headers = std::mem::take(response.headers_mut());
        let mut reply = Reply {
            endpoint: request.endpoint,
            status,
            headers,
            body: Bytes::new(),
            rest: None,
            patience,
            attempts: 1,
            bearer,
            span: Span::none(),
        };
        if !status.is_success() {
            reply.body = body::read_start(&mut response, body::FAILURE_LIMIT.min(self.response_limit), until).await;
        } else if stream {
            reply.rest = Some(response.into());
        } else {
            reply.body = body::read(&mut response, self.response_limit).await.map_err(|fault| match fault {
                body::Fault::TooLarge => Failed { outcome: Outcome::TooLarge, cause: None },
                body::Fault::Broken(error) if body::is_garbled(&error) => Failed::new(Outcome::Garbled, error),
                body::Fault::Broken(error) => Failed::new(Outcome::Broken, error),
            })?;
        }
        Ok(reply)
    }

    /// The request as reqwest takes it.
    fn outgoing(&self, request: &Request, bearer: Option<HeaderValue>) -> Result<reqwest::Request, reqwest::Error> {
        let mut outgoing = reqwest::Request::new(request.endpoint.method.clone(), self.url(&request.target));
        let headers = outgoing.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static(request.endpoint.accept));
        headers.insert(header::USER_AGENT, self.user_agent.clone());
        if let Some(bearer) = bearer {
            headers.insert(header::AUTHORIZATION, bearer);
        }
        for (name, value) in &request.headers {
            headers.append(name, value.clone());
        }
        self.put_headers(headers);
        request.payload.put_into(outgoing, &self.http)
    }

    /// The base URL with the request's path and query: changing a copy costs a third of parsing a URL.
    fn url(&self, target: &str) -> Url {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let mut url = self.base.clone();
        match url.path().trim_end_matches('/') {
            "" => url.set_path(path),
            prefix => {
                let path = [prefix, path].concat();
                url.set_path(&path);
            }
        }
        if query.is_some() {
            url.set_query(query);
        }
        url
    }
}
