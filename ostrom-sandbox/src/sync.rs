//! Helpers that several parts of the state share.

use std::iter::repeat_with;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex, also after a panic in another thread: no part is ever left half changed.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns a random string that fits into a URL or a header. It is unique, not secret: the sandbox serves loopback
/// only.
pub(crate) fn random_id() -> String {
    repeat_with(fastrand::alphanumeric).take(64).collect()
}
