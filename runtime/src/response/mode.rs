//! The properties of an expected response that the call needs before it arrives.

use http::StatusCode;

use crate::endpoint::Endpoint;

/// The way in which a response is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct ResponseMode {
    /// Whether status 404 and the statuses in `none = […]` are accepted, too.
    pub(crate) optional: bool,
    /// The statuses that are accepted besides those of success.
    pub(crate) statuses: &'static [u16],
    /// Whether the caller reads the body.
    pub(crate) stream: bool,
    /// Whether further requests follow from the response, so that it keeps the client and the request.
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
