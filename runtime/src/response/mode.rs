//! What the call has to know about a response before it arrives.

use http::StatusCode;

use crate::endpoint::Endpoint;

/// How a response is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct ResponseMode {
    /// The status 404 and those in `none = […]` are responses, too.
    pub(crate) optional: bool,
    /// Other statuses that are responses besides those of success.
    pub(crate) statuses: &'static [u16],
    /// The body is left to the caller to read.
    pub(crate) stream: bool,
    /// Further requests follow from the response, so that it keeps the client and the request.
    pub(crate) follow: bool,
}

impl ResponseMode {
    /// Returns `true` if a response with this status is decoded, and `false` if it is an error.
    pub(crate) fn accepts(self, status: StatusCode, endpoint: &Endpoint) -> bool {
        status.is_success() || self.statuses.contains(&status.as_u16()) || (self.optional && is_none(status, endpoint))
    }
}

/// Returns `true` if an `Option` is `None` for this status.
pub(crate) fn is_none(status: StatusCode, endpoint: &Endpoint) -> bool {
    status == StatusCode::NOT_FOUND || endpoint.none.contains(&status.as_u16())
}
