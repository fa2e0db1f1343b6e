//! The number of requests to each endpoint.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::sync::lock;

/// Counts requests by endpoint, such as `GET /me`.
#[derive(Debug, Default)]
pub(crate) struct RequestCounts(Mutex<HashMap<String, usize>>);

impl RequestCounts {
    pub(crate) fn get(&self, endpoint: &str) -> usize {
        lock(&self.0).get(endpoint).copied().unwrap_or_default()
    }

    pub(crate) fn increment(&self, endpoint: String) {
        *lock(&self.0).entry(endpoint).or_default() += 1;
    }
}
