//! The rate limit: a number of requests per client in a fixed window.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;

use crate::client::Role;
use crate::error::ApiError;
use crate::sync::lock;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The number of requests that a window admits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) requests: u32,
    pub(crate) window: Duration,
}

/// Counts each client's requests. Without a rate all requests pass, and responses have no rate limit headers.
#[derive(Debug)]
pub(crate) struct Limiter {
    rate: Option<Rate>,
    windows: Mutex<HashMap<Role, Window>>,
}

/// A client's current window. It opens with the client's first request, and later requests do not move it, as
/// "seconds until the window resets" implies.
#[derive(Debug)]
struct Window {
    opened: Instant,
    used: u32,
}

/// The state of a client's window after one request.
struct WindowStatus {
    admitted: bool,
    limit: u32,
    remaining: u32,
    reset: u64,
}

impl Limiter {
    pub(crate) fn new(rate: Option<Rate>) -> Self {
        Self { rate, windows: Mutex::default() }
    }

    /// Describes the limit, such as `50 requests per 60 s`.
    pub(crate) fn description(&self) -> String {
        self.rate.map_or_else(|| "none".to_owned(), |rate| format!("{} requests per {:?}", rate.requests, rate.window))
    }

    /// Returns `response` while the client is within the limit and 429 otherwise, with the headers in both cases.
    pub(crate) async fn guard(&self, client: Role, response: impl Future<Output = Response>) -> Response {
        let Some(status) = self.rate.map(|rate| self.count(rate, client)) else {
            return response.await;
        };
        let mut response = if status.admitted { response.await } else { ApiError::too_many_requests().into_response() };
        status.write_headers(response.headers_mut());
        response
    }

    fn count(&self, rate: Rate, client: Role) -> WindowStatus {
        let now = Instant::now();
        let mut windows = lock(&self.windows);
        let window = windows.entry(client).or_insert(Window { opened: now, used: 0 });
        if now.duration_since(window.opened) >= rate.window {
            *window = Window { opened: now, used: 0 };
        }
        let admitted = window.used < rate.requests;
        if admitted {
            window.used += 1;
        }
        let left = rate.window.saturating_sub(now.duration_since(window.opened));
        WindowStatus {
            admitted,
            limit: rate.requests,
            remaining: rate.requests - window.used,
            reset: whole_seconds(left),
        }
    }
}

impl WindowStatus {
    fn write_headers(&self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.remaining));
        headers.insert(RESET, HeaderValue::from(self.reset));
    }
}

/// Rounds up, so that a client that waits for the reported time finds the window open.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0))
}
