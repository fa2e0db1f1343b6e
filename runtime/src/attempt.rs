//! One attempt of a call: the request goes out, the answer comes in, inside the attempt's time.

use http::{HeaderValue, header};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::body;
use crate::client::Shared;
use crate::error::Cause;
use crate::reply::Reply;
use crate::request::Request;
use crate::retry::Outcome;

/// How an attempt ended.
#[derive(Debug)]
pub(crate) enum Attempt {
    /// With an answer, good or bad.
    Answered(Reply),
    /// Without a whole one.
    Failed(Outcome, Option<Cause>),
}

impl Attempt {
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Answered(reply) => Outcome::Status(reply.status),
            Self::Failed(outcome, _) => *outcome,
        }
    }
}

impl Shared {
    /// Sends the request and reads the answer, until the time is up.
    pub(crate) async fn attempt(&self, request: &Request, bearer: Option<HeaderValue>, until: Instant) -> Attempt {
        match timeout_at(until, self.send(request, bearer)).await {
            Ok(Ok(reply)) => Attempt::Answered(reply),
            Ok(Err((outcome, cause))) => Attempt::Failed(outcome, cause),
            Err(_) => Attempt::Failed(Outcome::TimedOut, None),
        }
    }

    async fn send(&self, request: &Request, bearer: Option<HeaderValue>) -> Result<Reply, (Outcome, Option<Cause>)> {
        let outgoing = self.outgoing(request, bearer.clone()).map_err(|error| (Outcome::Unsent, Some(error.into())))?;
        let mut response = self.http.execute(outgoing).await.map_err(|error| {
            let outcome = if error.is_connect() { Outcome::Unsent } else { Outcome::Broken };
            (outcome, cause(error))
        })?;
        let status = response.status();
        let body = if status.is_success() {
            body::read(&mut response, self.response_limit).await.map_err(|fault| match fault {
                body::Fault::TooLarge => (Outcome::TooLarge, None),
                body::Fault::Broken(error) => (Outcome::Broken, cause(error)),
            })?
        } else {
            body::read_start(&mut response, body::FAILURE_LIMIT.min(self.response_limit)).await
        };
        let headers = std::mem::take(response.headers_mut());
        Ok(Reply { endpoint: request.endpoint, status, headers, body, bearer })
    }

    /// The request as reqwest takes it.
    fn outgoing(&self, request: &Request, bearer: Option<HeaderValue>) -> Result<reqwest::Request, url::ParseError> {
        let url = [self.prefix.as_str(), &request.target].concat();
        let mut outgoing = reqwest::Request::new(request.endpoint.method.clone(), Url::parse(&url)?);
        let headers = outgoing.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static(request.endpoint.accept));
        headers.insert(header::USER_AGENT, self.user_agent.clone());
        if let Some(bearer) = bearer {
            headers.insert(header::AUTHORIZATION, bearer);
        }
        for (name, value) in &request.headers {
            headers.append(name, value.clone());
        }
        *outgoing.body_mut() = request.body.clone().map(Into::into);
        Ok(outgoing)
    }
}

/// The URL is left out: it has the call's arguments in it.
fn cause(error: reqwest::Error) -> Option<Cause> {
    Some(error.without_url().into())
}
