//! The reasons for fetching a token.

/// The reason why a [supplier](super::Bearer::supplied_by) is called for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchReason {
    /// There is no token, or it can no longer be sent.
    Missing,
    /// The token expires soon. Calls still use it.
    Expiring,
    /// The API rejected the token with status 401.
    Rejected,
}

impl FetchReason {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Expiring => "ahead of expiry",
            Self::Rejected => "rejected",
        }
    }
}
