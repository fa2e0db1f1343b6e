//! What the connections of a server share.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::connection::Received;
use super::response::ScriptedResponse;
use super::script::Script;
use super::tls::Tls;

/// What a server's connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(super) tls: Option<Tls>,
    pub(super) script: Mutex<Script>,
    pub(super) requests: Mutex<Vec<Received>>,
    pub(super) count: AtomicUsize,
    /// Whether the requests are kept.
    pub(super) keep: bool,
    pub(super) whole: watch::Sender<usize>,
    pub(super) connections: watch::Sender<(usize, usize)>,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// The response to the next request, if it doesn't depend on the request.
    pub(crate) fn next(&self) -> Option<ScriptedResponse> {
        lock(&self.script).next()
    }

    /// A request has begun to arrive; returns where it is kept.
    pub(crate) fn begun(&self, request: &Received) -> Option<usize> {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.keep.then(|| {
            let mut requests = lock(&self.requests);
            requests.push(request.clone());
            requests.len() - 1
        })
    }

    /// A request has arrived, as far as its response reads it; returns that answer.
    pub(crate) fn whole(
        &self,
        request: &Received,
        index: Option<usize>,
        response: Option<ScriptedResponse>,
    ) -> ScriptedResponse {
        if let Some(index) = index {
            lock(&self.requests)[index] = request.clone();
        }
        self.whole.send_modify(|whole| *whole += 1);
        response.unwrap_or_else(|| lock(&self.script).response(request))
    }
}
