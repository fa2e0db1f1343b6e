//! Scripted failures: requests that fail on purpose, so that a client's error handling can be tried.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Mutex;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use serde_json::json;
use tokio::time::{Sleep, sleep};

use crate::endpoints::TOKEN_ENDPOINT;
use crate::error::ApiError;
use crate::sync::lock;

/// A way in which a request fails.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The response has this status, and the body that the API or the token endpoint sends with it.
    Status(u16),
    /// The response is a 502 with an HTML page, as a gateway sends it.
    GatewayPage,
    /// The response starts with status 200, and the connection closes before the body is complete.
    Truncated,
    /// The connection closes before anything of the response is sent.
    Disconnect,
    /// The request is handled normally after this delay.
    Delay(Duration),
}

/// Parses `503`, `html`, `truncated`, `disconnect`, or `delay:2s` (also `ms` and `m`).
impl FromStr for Failure {
    type Err = InvalidFailure;

    fn from_str(text: &str) -> Result<Self, InvalidFailure> {
        let invalid = || InvalidFailure { text: text.to_owned() };
        match text {
            "html" => Ok(Self::GatewayPage),
            "truncated" => Ok(Self::Truncated),
            "disconnect" => Ok(Self::Disconnect),
            _ => match text.strip_prefix("delay:") {
                Some(delay) => parse_duration(delay).map(Self::Delay).ok_or_else(invalid),
                None => match text.parse() {
                    Ok(status @ 400..=599) => Ok(Self::Status(status)),
                    _ => Err(invalid()),
                },
            },
        }
    }
}

/// Parses a whole number with a unit: `500ms`, `2s`, `1m`, or `1h`.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        "h" => number.checked_mul(3600).map(Duration::from_secs),
        _ => None,
    }
}

/// The error for text that is not a [`Failure`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidFailure {
    text: String,
}

impl fmt::Display for InvalidFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text } = self;
        write!(
            f,
            "invalid failure `{text}`; expected a status from 400 to 599, `html`, `truncated`, \
             `disconnect`, or `delay:2s`"
        )
    }
}

impl std::error::Error for InvalidFailure {}

/// The failures that are scripted, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Failures(Mutex<Vec<Scripted>>);

#[derive(Debug)]
struct Scripted {
    /// An endpoint such as `GET /me`, or `*`.
    endpoint: String,
    failure: Failure,
    remaining: usize,
}

impl Failures {
    pub(crate) fn add(&self, endpoint: String, failure: Failure, times: usize) {
        if times > 0 {
            lock(&self.0).push(Scripted { endpoint, failure, remaining: times });
        }
    }

    /// Returns the failure of the next request to an endpoint, and uses it up.
    pub(crate) fn take(&self, endpoint: &str) -> Option<Failure> {
        let mut scripted = lock(&self.0);
        let position = scripted.iter().position(|one| one.endpoint == "*" || one.endpoint == endpoint)?;
        let one = scripted.get_mut(position)?;
        let failure = one.failure.clone();
        one.remaining -= 1;
        if one.remaining == 0 {
            scripted.remove(position);
        }
        Some(failure)
    }
}

impl Failure {
    /// Returns the failure's response. `None` if the request is handled normally, after a delay.
    pub(crate) async fn respond(self, endpoint: &str) -> Option<Response> {
        match self {
            Self::Status(status) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                Some(if endpoint == TOKEN_ENDPOINT { token_error(status) } else { api_error(status) })
            }
            Self::GatewayPage => {
                let page =
                    "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
                let html = [(CONTENT_TYPE, HeaderValue::from_static("text/html"))];
                Some((StatusCode::BAD_GATEWAY, html, page).into_response())
            }
            Self::Truncated => {
                let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
                Some((json, Body::new(Incomplete::after(b"{\"data\":["))).into_response())
            }
            Self::Disconnect => Some(Body::new(Incomplete::at_once()).into_response()),
            Self::Delay(delay) => {
                sleep(delay).await;
                None
            }
        }
    }
}

fn api_error(status: StatusCode) -> Response {
    ApiError::scripted(status).into_response()
}

fn token_error(status: StatusCode) -> Response {
    let error = match status {
        StatusCode::BAD_REQUEST => "invalid_request",
        StatusCode::UNAUTHORIZED => "invalid_client",
        StatusCode::TOO_MANY_REQUESTS => return ApiError::too_many_requests().into_response(),
        _ => "server_error",
    };
    let body = json!({ "error": error, "error_description": "This failure is scripted." });
    (status, Json(body)).into_response()
}

/// A body that breaks off. Without a first frame, the connection closes before anything of the response is sent.
struct Incomplete {
    first: Option<Bytes>,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Incomplete {
    /// The server sends the head and the first frame when the body is pending, so the error has to come later.
    const PAUSE: Duration = Duration::from_millis(10);

    fn after(first: &'static [u8]) -> Self {
        Self { first: Some(Bytes::from_static(first)), pause: Some(Box::pin(sleep(Self::PAUSE))) }
    }

    fn at_once() -> Self {
        Self { first: None, pause: None }
    }
}

impl HttpBody for Incomplete {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        Poll::Ready(Some(Err(io::Error::other("this failure is scripted"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_parsed() {
        assert_eq!("503".parse(), Ok(Failure::Status(503)));
        assert_eq!("html".parse(), Ok(Failure::GatewayPage));
        assert_eq!("delay:250ms".parse(), Ok(Failure::Delay(Duration::from_millis(250))));
        for text in ["", "200", "600", "delay", "delay:", "delay:2", "delay:2d", "delay:s", "timeout"] {
            let error = text.parse::<Failure>().unwrap_err();
            assert!(error.to_string().starts_with(&format!("invalid failure `{text}`")), "{error}");
        }
    }

    #[test]
    fn failures_are_used_up_in_their_order() {
        let failures = Failures::default();
        failures.add("GET /me".to_owned(), Failure::Status(500), 2);
        failures.add("*".to_owned(), Failure::GatewayPage, 1);
        failures.add("*".to_owned(), Failure::Truncated, 0);
        assert_eq!(failures.take("GET /me"), Some(Failure::Status(500)));
        assert_eq!(failures.take("GET /contracts"), Some(Failure::GatewayPage));
        assert_eq!(failures.take("GET /contracts"), None);
        assert_eq!(failures.take("GET /me"), Some(Failure::Status(500)));
        assert_eq!(failures.take("GET /me"), None);
    }
}
