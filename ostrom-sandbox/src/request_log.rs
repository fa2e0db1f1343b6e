//! The requests that the sandbox received.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;

use crate::client::Role;
use crate::sync::lock;

/// The number of requests that are kept.
const MAX_REQUESTS: usize = 100;
/// The number of characters that are kept of a request's target.
const MAX_TARGET: usize = 300;

/// The number of requests to each endpoint, and the most recent requests.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    counts: Mutex<HashMap<String, usize>>,
    recent: Mutex<VecDeque<ReceivedRequest>>,
}

/// A request, without its headers and body, which may contain secrets.
#[derive(Debug, Clone)]
pub(crate) struct ReceivedRequest {
    pub(crate) received: Timestamp,
    pub(crate) method: String,
    /// The path and the query.
    pub(crate) target: String,
    /// The role of the client's token, if the request has a valid one.
    pub(crate) role: Option<Role>,
    pub(crate) status: u16,
    pub(crate) duration: Duration,
}

impl RequestLog {
    /// Returns the number of requests to an endpoint, such as `GET /me`.
    pub(crate) fn count(&self, endpoint: &str) -> usize {
        lock(&self.counts).get(endpoint).copied().unwrap_or_default()
    }

    /// Counts a request to an endpoint.
    pub(crate) fn increment(&self, endpoint: String) {
        *lock(&self.counts).entry(endpoint).or_default() += 1;
    }

    /// Returns the most recent requests, the last one first.
    pub(crate) fn recent(&self) -> Vec<ReceivedRequest> {
        lock(&self.recent).iter().rev().cloned().collect()
    }

    pub(crate) fn record(&self, mut request: ReceivedRequest) {
        if let Some((end, _)) = request.target.char_indices().nth(MAX_TARGET) {
            request.target.truncate(end);
            request.target.push('\u{2026}');
        }
        let mut recent = lock(&self.recent);
        if recent.len() >= MAX_REQUESTS {
            recent.pop_front();
        }
        recent.push_back(request);
    }
}
