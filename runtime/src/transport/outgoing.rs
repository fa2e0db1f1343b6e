//! An outgoing request and its target.

use std::borrow::Cow;

use bytes::Bytes;
use http::uri::{InvalidUri, PathAndQuery};
use http::{HeaderMap, Method};

use super::request_body::Body;
use crate::request::urls::Urls;
use crate::url::Url;

/// The maximum length of a URL, in bytes. `http::Uri`, which all transports use, holds no more.
pub(crate) const MAX_URL: usize = u16::MAX as usize - 1;

/// A request without its address.
#[derive(Debug)]
pub(crate) struct OutgoingRequest {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Body>,
}

/// The target of a request.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    /// A path below the client's base URL.
    Below(&'a Urls, &'a Cow<'static, str>),
    At(&'a Url),
}

impl Target<'_> {
    /// Returns the full URL.
    pub(crate) fn url(&self) -> Url {
        match self {
            Self::Below(urls, path) => urls.join(path),
            Self::At(url) => (*url).clone(),
        }
    }

    /// Returns the full URL as reqwest has it, or `None` if reqwest reads it otherwise.
    #[cfg(feature = "reqwest")]
    pub(super) fn of_reqwest(&self) -> Option<reqwest::Url> {
        match self {
            Self::Below(urls, Cow::Borrowed(path)) => Some(urls.of_reqwest().fixed(path)),
            Self::Below(urls, Cow::Owned(target)) => Some(urls.of_reqwest().join(target)),
            Self::At(url) => reqwest::Url::parse(url.as_str()).ok(),
        }
    }

    /// Returns the path and query without building the full URL.
    pub(super) fn path(&self) -> Result<PathAndQuery, InvalidUri> {
        match self {
            Self::Below(urls, path) => match (urls.prefix(), path) {
                ("", Cow::Borrowed(path)) => PathAndQuery::from_maybe_shared(Bytes::from_static(path.as_bytes())),
                ("", Cow::Owned(path)) => PathAndQuery::from_maybe_shared(Bytes::copy_from_slice(path.as_bytes())),
                (prefix, path) => PathAndQuery::from_maybe_shared(Bytes::from([prefix, path].concat())),
            },
            Self::At(url) => PathAndQuery::try_from(url.target()),
        }
    }
}
