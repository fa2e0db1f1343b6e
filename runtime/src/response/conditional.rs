//! Responses to conditional requests (RFC 9110, section 13).

/// The response to a conditional request: a new representation, or the status that the caller's one is still current.
///
/// ```
/// use rolecall::{Client, Conditional, Error, Public, api, endpoint};
///
/// #[api]
/// pub trait FeedApi {
///     /// Returns the feed, unless it is still the one with this entity tag.
///     #[endpoint(method = GET, path = "/feed", role = Public)]
///     async fn feed(&self, #[header("if-none-match")] etag: Option<&str>) -> Result<Conditional<Vec<String>>, Error>;
/// }
///
/// struct Cache {
///     feed: Vec<String>,
///     etag: Option<String>,
/// }
///
/// async fn refresh(client: &Client<Public>, cache: &mut Cache) -> Result<(), Error> {
///     if let Conditional::Modified { value, etag, .. } = client.feed(cache.etag.as_deref()).await? {
///         *cache = Cache { feed: value, etag };
///     }
///     Ok(())
/// }
/// ```
///
/// An argument with the header `if-none-match` or `if-modified-since` makes the request conditional; without it, the
/// response is always [`Modified`](Self::Modified).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conditional<T> {
    /// A response with a success status.
    Modified {
        /// The body.
        value: T,
        /// The header `ETag` unchanged, including quotes and `W/`: the value of `If-None-Match` of the next request.
        etag: Option<String>,
        /// The header `Last-Modified` unchanged: the value of `If-Modified-Since` of the next request.
        last_modified: Option<String>,
    },
    /// The status 304: the representation that the caller has is current.
    NotModified,
}

impl<T> Conditional<T> {
    /// Returns the body, or `None` if the caller's representation is current.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Modified { value, .. } => Some(value),
            Self::NotModified => None,
        }
    }

    /// Returns `true` if the caller's representation is current.
    #[must_use]
    pub fn is_not_modified(&self) -> bool {
        matches!(self, Self::NotModified)
    }
}
