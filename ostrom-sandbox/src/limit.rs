//! The pace that a client must keep: so many requests in a fixed window.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;

use crate::client::Role;
use crate::error::ApiError;
use crate::state::lock;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// How many requests a window admits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) requests: u32,
    pub(crate) window: Duration,
}

/// Counts each client's requests. Without a rate everything passes, and no header speaks of it.
#[derive(Debug)]
pub(crate) struct Limiter {
    rate: Option<Rate>,
    windows: Mutex<HashMap<Role, Window>>,
}

/// A client's current window. It opens with the client's first request and is not moved by the
/// following ones: that is what "seconds until the window resets" says.
#[derive(Debug)]
struct Window {
    opened: Instant,
    used: u32,
}

/// Where a client stands after one request.
struct Standing {
    admitted: bool,
    limit: u32,
    remaining: u32,
    reset: u64,
}

impl Limiter {
    pub(crate) fn new(rate: Option<Rate>) -> Self {
        Self { rate, windows: Mutex::default() }
    }

    /// Answers with `answer` while the client keeps the pace, with 429 past it, and with the
    /// headers in both cases.
    pub(crate) async fn guard(&self, client: Role, answer: impl Future<Output = Response>) -> Response {
        let Some(standing) = self.rate.map(|rate| self.count(rate, client)) else {
            return answer.await;
        };
        let mut response = if standing.admitted { answer.await } else { ApiError::too_many_requests().into_response() };
        standing.tell(response.headers_mut());
        response
    }

    fn count(&self, rate: Rate, client: Role) -> Standing {
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
        Standing { admitted, limit: rate.requests, remaining: rate.requests - window.used, reset: whole_seconds(left) }
    }
}

impl Standing {
    fn tell(&self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.remaining));
        headers.insert(RESET, HeaderValue::from(self.reset));
    }
}

/// Rounds up: a client that waits as long as it was told must find the window open.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0))
}
