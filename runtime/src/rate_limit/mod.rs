//! The pace: at most N requests in *any* window of length W, as the server sees them.
//!
//! A permit is a permit. It leaves with a request and comes back one window after that request has ended: when
//! the head of its answer arrived, or it failed, or it was given up. Of any N + 1 requests two used the same
//! permit. The first of the two reached the server before it ended, the second after its permit was taken, so
//! at the server the two lie at least a window apart: no window holds N + 1. (Bytes that the network still
//! carries after their request was given up are beyond a client's knowledge.)
//!
//! Who finds no permit waits in line. Any caller that touches the state hands the free permits to the head of
//! the line, so nothing runs in the background, and a caller whose future nobody polls holds up nobody else.

mod driver;
pub(crate) mod headers;
mod lending;
mod limit;
mod limiter;
pub mod pool;
mod state;
#[cfg(test)]
mod tests;

pub use limit::RateLimit;

pub(crate) use limiter::{Permit, RateLimiter};
