//! Paginated lists.

use std::collections::HashMap;
use std::fmt;
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use http::HeaderMap;

use super::decode;
use super::from_response::{Absence, Decoder};
use super::link;
use super::mode::ResponseMode;
use super::next_page::{NextPage, PageBody};
use super::raw::{Follow, RawResponse};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::role::BoxFuture;
use crate::url::Url;

/// A page of a list, with the location of the next one from the header `Link` or from its body; see [`PageBody`].
///
/// [`next`](Self::next) returns the next page; [`into_items`](Self::into_items) and [`into_pages`](Self::into_pages)
/// return streams. A page dereferences to its body.
///
/// ```
/// use rolecall::{Client, Error, Page, Public, api, endpoint};
///
/// #[api]
/// pub trait ReposApi {
///     /// Returns the names of the repositories, page by page.
///     #[endpoint(method = GET, path = "/repos", role = Public)]
///     async fn repos(&self, #[query] per_page: u32) -> Result<Page<Vec<String>>, Error>;
/// }
///
/// async fn count(client: &Client<Public>) -> Result<usize, Error> {
///     let mut page = client.repos(100).await?;
///     let mut count = page.len();
///     while let Some(next) = page.next().await? {
///         count += next.len();
///         page = next;
///     }
///     Ok(count)
/// }
/// ```
///
/// Each page is a separate call, with the role, the settings, the rate limit, and the retries of the first, and with
/// its own deadline. A next page on another origin is not requested, and a page that repeats ends the list: both are
/// errors of the kind [`Decode`](ErrorKind::Decode).
pub struct Page<T> {
    body: T,
    headers: HeaderMap,
    endpoint: &'static Endpoint,
    next: Option<NextPage>,
    follow: Option<Arc<dyn Follow>>,
    /// The number of the page, counted from 1.
    number: u32,
    seen: Seen,
}

/// The hashes of the URLs of all pages so far, with the numbers of the pages.
type Seen = Arc<Mutex<HashMap<u64, u32>>>;

impl<T: PageBody> Page<T> {
    pub(crate) fn decoder() -> Decoder<Self> {
        let mode = ResponseMode { follow: true, ..ResponseMode::default() };
        Decoder { mode, absence: Absence::EmptyBody, ..Decoder::new(Self::first) }
    }

    fn first(response: Box<RawResponse>) -> Result<Self, Error> {
        let seen = Seen::default();
        if let Some(follow) = &response.follow {
            visit(&seen, follow.url(), 1);
        }
        Self::read(response, 1, seen)
    }

    fn read(mut response: Box<RawResponse>, number: u32, seen: Seen) -> Result<Self, Error> {
        let (endpoint, headers, follow) = (response.endpoint, response.headers_for_caller(), response.follow.take());
        let body: T = decode::json(response)?;
        let next = body.next_page().or_else(|| link::next(&headers).map(NextPage::url));
        Ok(Self { body, headers, endpoint, next, follow, number, seen })
    }

    /// Requests the next page. Returns `None` if this page is the last. After an error, it can be called again.
    ///
    /// # Errors
    ///
    /// Returns the errors of the endpoint's calls. Returns [`Decode`](ErrorKind::Decode) if the next page is on
    /// another origin, or is one of the pages so far.
    pub fn next(&self) -> impl Future<Output = Result<Option<Self>, Error>> + Send + use<T> {
        let (number, seen) = (self.number + 1, Arc::clone(&self.seen));
        let next = self.next_url();
        let follow = self.follow.clone();
        async move {
            match (next?, follow) {
                (Some(url), Some(follow)) => {
                    let response = follow.send(url, None).await?;
                    Self::read(response, number, seen).map(Some)
                }
                _ => Ok(None),
            }
        }
    }

    /// Returns the URL of the next page, if there is one and it may be requested.
    fn next_url(&self) -> Result<Option<Url>, Error> {
        let Some(next) = &self.next else { return Ok(None) };
        let Some(follow) = &self.follow else {
            let reason = "the request body can be sent only once, or a redirect has led to another origin";
            return Err(self.refuse(format!("next page cannot be requested: {reason}")));
        };
        let url = next.resolve(follow.url(), self.endpoint.query_encoding).map_err(|message| self.refuse(message))?;
        let Some(url) = url else { return Ok(None) };
        // The URL contains the arguments of the call, so messages do not include it.
        if url.origin() != follow.url().origin() {
            return Err(self.refuse(format!("next page is on another origin, `{}`", url.origin())));
        }
        let earlier = visit(&self.seen, &url, self.number + 1);
        if earlier <= self.number {
            return Err(self.refuse(format!("page {} would be page {earlier} again", self.number + 1)));
        }
        Ok(Some(url))
    }

    fn refuse(&self, message: String) -> Error {
        Error::new(ErrorKind::Decode, message).with_endpoint(self.endpoint)
    }

    /// Returns a stream of this page and all that follow.
    #[must_use]
    pub fn into_pages(self) -> Pages<T> {
        Pages { first: Some(self), next: None }
    }

    /// Returns a stream of the items of this page and of all that follow.
    #[must_use]
    pub fn into_items(self) -> Items<T> {
        Items { pages: self.into_pages(), items: Vec::new().into_iter() }
    }
}

impl<T> Page<T> {
    /// Returns the body.
    #[must_use]
    pub fn body(&self) -> &T {
        &self.body
    }

    /// Returns the body.
    #[must_use]
    pub fn into_body(self) -> T {
        self.body
    }

    /// Returns the headers of the response, such as `x-total-count`.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns `true` if the response names a next page.
    #[must_use]
    pub fn has_next(&self) -> bool {
        self.next.is_some()
    }
}

/// Records a page by its URL. Returns the number of an earlier page with this URL.
fn visit(seen: &Seen, url: &Url, number: u32) -> u32 {
    let mut hasher = DefaultHasher::new();
    url.as_str().hash(&mut hasher);
    *seen.lock().unwrap_or_else(PoisonError::into_inner).entry(hasher.finish()).or_insert(number)
}

impl<T> Deref for Page<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

/// Does not write the body.
impl<T> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("endpoint", &self.endpoint.name)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// A stream of the pages of a list, returned by [`Page::into_pages`]. After an error, it has ended.
pub struct Pages<T> {
    first: Option<Page<T>>,
    next: Option<BoxFuture<'static, Result<Option<Page<T>>, Error>>>,
}

// Only the future is pinned, and it is boxed.
impl<T> Unpin for Pages<T> {}

impl<T: PageBody> Pages<T> {
    /// Returns the next page, or `None` at the end.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Page::next`].
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T: PageBody> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let page = match (self.first.take(), &mut self.next) {
            (Some(page), _) => Ok(Some(page)),
            (None, Some(next)) => ready!(next.as_mut().poll(context)),
            (None, None) => Ok(None),
        };
        // Lazy, so that a page is requested only when the stream is polled.
        self.next = match &page {
            Ok(Some(page)) => Some(Box::pin(page.next())),
            _ => None,
        };
        Poll::Ready(page.transpose())
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

/// A stream of the items of a list, returned by [`Page::into_items`]. After an error, it has ended.
pub struct Items<T: PageBody> {
    pages: Pages<T>,
    items: std::vec::IntoIter<T::Item>,
}

// For the same reason as `Pages`.
impl<T: PageBody> Unpin for Items<T> {}

impl<T: PageBody> Items<T> {
    /// Returns the next item, or `None` at the end.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Page::next`].
    pub async fn next(&mut self) -> Option<Result<T::Item, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T: PageBody> Stream for Items<T> {
    type Item = Result<T::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(context)) {
                Some(Ok(page)) => self.items = page.into_body().into_items().into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T: PageBody> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}
