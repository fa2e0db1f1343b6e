//! What both hosts share while the sandbox runs.

use std::iter::repeat_with;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use serde_json::Value;

use crate::clock::Clock;
use crate::count::Counts;
use crate::document::Spelling;
use crate::hooks::Hooks;
use crate::limit::Limiter;
use crate::links::Links;
use crate::tokens::Tokens;

/// The state as the handlers hold it.
pub(crate) type Shared = Arc<Sandboxed>;

/// Each part guards itself with a lock of its own that no part holds while it asks another.
#[derive(Debug)]
pub(crate) struct Sandboxed {
    pub(crate) auth_url: String,
    pub(crate) token_status: StatusCode,
    pub(crate) me: Value,
    pub(crate) seed: u64,
    pub(crate) spelling: Spelling,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    pub(crate) limit: Limiter,
    pub(crate) token_limit: Limiter,
    pub(crate) links: Links,
    pub(crate) hooks: Hooks,
    pub(crate) counts: Counts,
}

/// Locks, also after a panic elsewhere: every part is whole between any two of its statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A string that tells nothing and fits into an address or a header. Not fit for secrets: it
/// only has to be unlike the others, on loopback.
pub(crate) fn random_id() -> String {
    repeat_with(fastrand::alphanumeric).take(64).collect()
}
