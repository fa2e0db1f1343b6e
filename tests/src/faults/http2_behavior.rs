//! How a server behaves over HTTP/2, in data that scripts are made of.

/// How a server treats its connections of HTTP/2.
#[derive(Debug, Clone, Copy, Default)]
pub struct Http2 {
    pub(super) recycling: Option<(usize, Recycling)>,
    pub(super) window: Option<u32>,
    pub(super) streams: Option<u32>,
    pub(super) never_grants: bool,
}

/// How a server ends a connection that has carried enough requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recycling {
    /// One `GOAWAY` that names the last request; what comes later is ignored. nginx does that.
    AtOnce,
    /// A `GOAWAY` that names no request, then, after a round trip, one that does (RFC 9113, section 6.8). Envoy, hyper,
    /// and Go do that.
    Announced,
    /// As at once, but no response to the last request ever comes: the connection is closed.
    AndDropsTheLast,
}

impl Http2 {
    /// Ends each connection after so many requests.
    #[must_use]
    pub fn recycling(requests: usize, how: Recycling) -> Self {
        Self { recycling: Some((requests, how)), ..Self::default() }
    }

    /// Lets the client send so many bytes of a body, and grants no more.
    #[must_use]
    pub fn stalling_after(bytes: u32) -> Self {
        Self { window: Some(bytes), never_grants: true, ..Self::default() }
    }

    /// Lets the client have so many requests open at a time.
    #[must_use]
    pub fn with_streams(streams: u32) -> Self {
        Self { streams: Some(streams), ..Self::default() }
    }
}

/// How a stream or its connection ends, where HTTP/1.1 knows no such thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Http2End {
    /// The stream is reset for this reason.
    ResetStream(u32),
    /// The connection goes away for this reason, the request being among those that may have been processed or not.
    GoAway { reason: u32, processed: bool },
    /// Whatever comes by the connection is swallowed, pings too, and nothing is sent any more.
    Frozen,
}
