//! The rate limit: at most N requests in *any* window of length W, as counted by the server.
//!
//! There are N permits. A permit is acquired for a request and becomes free one window after that request has ended:
//! when the head of its response arrived, or it failed, or it was cancelled. Of any N + 1 requests, two used the same
//! permit. The first of the two reached the server before it ended, the second after its permit was acquired, so at the
//! server the two are at least one window apart: no window contains N + 1. (A client cannot account for bytes that the
//! network still delivers after their request was cancelled.)
//!
//! A caller that finds no free permit joins a FIFO queue, in which a call keeps its place for all of its attempts. Any
//! caller that accesses the state hands the free permits to the head of the queue, so no background task is needed, and a
//! caller whose future is not polled does not block others.

mod driver;
pub(crate) mod headers;
mod lending;
mod limit;
mod limiter;
pub mod pool;
mod server_limit;
mod state;
#[cfg(test)]
mod tests;

pub use limit::RateLimit;

pub(crate) use limiter::{Permit, RateLimiter};
pub(crate) use state::WaiterId;
