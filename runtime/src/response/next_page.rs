//! The location of the next page of a list, and the trait of bodies that contain it.

use std::fmt::Display;

use serde::de::DeserializeOwned;

use crate::query_encoding::QueryEncoding;
use crate::url::{Url, UrlError};

/// A page of a list: the body type of [`Page`](super::Page).
///
/// `Vec` implements it, with the next page from the header `Link`. A body that contains a cursor, an offset, or a URL
/// implements it in a few lines:
///
/// ```
/// use rolecall::{Client, Error, NextPage, Page, PageBody, Public, api, endpoint};
///
/// #[derive(serde::Deserialize)]
/// pub struct Customers {
///     data: Vec<Customer>,
///     next_cursor: Option<String>,
/// }
/// # #[derive(serde::Deserialize)] pub struct Customer { pub name: String }
///
/// impl PageBody for Customers {
///     type Item = Customer;
///
///     fn next_page(&self) -> Option<NextPage> {
///         self.next_cursor.as_ref().map(|cursor| NextPage::query("cursor", cursor))
///     }
///
///     fn into_items(self) -> Vec<Customer> {
///         self.data
///     }
/// }
///
/// #[api]
/// pub trait CustomersApi {
///     /// Returns the customers, page by page.
///     #[endpoint(method = GET, path = "/customers", role = Public)]
///     async fn customers(&self, #[query] limit: u32) -> Result<Page<Customers>, Error>;
/// }
///
/// async fn print(client: &Client<Public>) -> Result<(), Error> {
///     let mut customers = client.customers(100).await?.into_items();
///     while let Some(customer) = customers.next().await {
///         println!("{}", customer?.name);
///     }
///     Ok(())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a page: it does not implement `rolecall::PageBody`",
    label = "does not implement `rolecall::PageBody`",
    note = "a `Vec` of a type that implements `serde::Deserialize` is a page; implement `PageBody` for a body with a \
            cursor, an offset, or a URL of the next page"
)]
pub trait PageBody: DeserializeOwned + Send + 'static {
    /// The type of the list's items.
    type Item: Send + 'static;

    /// Returns the location of the next page. The default is `None`, which uses the header `Link`; without one, this
    /// page is the last.
    fn next_page(&self) -> Option<NextPage> {
        None
    }

    /// Returns the items of this page.
    fn into_items(self) -> Vec<Self::Item>;
}

impl<T: DeserializeOwned + Send + 'static> PageBody for Vec<T> {
    type Item = T;

    fn into_items(self) -> Self {
        self
    }
}

/// The location of the next page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextPage(Address);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Address {
    Url(String),
    Query(Vec<(String, String)>),
}

impl NextPage {
    /// Creates a location from a URL, absolute or relative to the URL of this page. It must have the same origin. An
    /// empty URL means that there is no next page.
    #[must_use]
    pub fn url(url: impl Into<String>) -> Self {
        Self(Address::Url(url.into()))
    }

    /// Creates a location from this page's URL, with another value of a query parameter: a cursor, an offset, or a
    /// page number. An empty value means that there is no next page.
    #[must_use]
    pub fn query(name: impl Into<String>, value: impl Display) -> Self {
        Self(Address::Query(vec![(name.into(), value.to_string())]))
    }

    /// Sets another query parameter. It has no effect after [`NextPage::url`].
    #[must_use]
    pub fn and_query(mut self, name: impl Into<String>, value: impl Display) -> Self {
        if let Address::Query(pairs) = &mut self.0 {
            pairs.push((name.into(), value.to_string()));
        }
        self
    }

    /// Returns the URL of the page that follows the page at `url`, or `None` if `url` is the last page.
    ///
    /// # Errors
    ///
    /// Returns a message if the URL is invalid.
    pub(crate) fn resolve(&self, url: &Url, encoding: QueryEncoding) -> Result<Option<Url>, String> {
        match &self.0 {
            Address::Url(next) if next.trim().is_empty() => Ok(None),
            Address::Url(next) => match url.join(next) {
                Ok(next) => Ok(Some(next)),
                Err(UrlError::Invalid(reason)) => Err(format!("invalid URL of the next page: {reason}")),
                // No origin of a client has such a scheme, or credentials.
                Err(UrlError::Scheme | UrlError::Credentials) => Err("next page is on another origin".to_owned()),
            },
            Address::Query(pairs) if pairs.iter().all(|(_, value)| value.is_empty()) => Ok(None),
            Address::Query(pairs) => Ok(Some(with_query(url, pairs, encoding))),
        }
    }
}

/// Replaces query parameters, and keeps all others unchanged.
fn with_query(url: &Url, pairs: &[(String, String)], encoding: QueryEncoding) -> Url {
    let is_replaced = |written: &&str| {
        let name = form_urlencoded::parse(written.as_bytes()).next().map(|(name, _)| name.into_owned());
        pairs.iter().any(|(other, _)| Some(other) == name.as_ref())
    };
    let kept = url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !is_replaced(pair));
    let mut query: Vec<String> = kept.map(str::to_owned).collect();
    query.extend(pairs.iter().map(|(name, value)| {
        let form = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
        encoding.of_form(&form).into_owned()
    }));
    url.with(url.path(), Some(&query.join("&")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(next: &NextPage) -> Option<String> {
        let url = Url::parse("https://api.example/v1/things?a=1%2C2&cursor=x&b=c+d").unwrap();
        next.resolve(&url, QueryEncoding::Form).unwrap().map(|url| url.to_string())
    }

    #[test]
    fn a_cursor_takes_the_place_of_the_last_one_and_leaves_the_rest_as_it_is() {
        let next = NextPage::query("cursor", "y/z").and_query("page", 2);
        assert_eq!(resolved(&next).as_deref(), Some("https://api.example/v1/things?a=1%2C2&b=c+d&cursor=y%2Fz&page=2"));
    }

    #[test]
    fn a_cursor_is_encoded_as_the_query_is() {
        let url = Url::parse("https://api.example/things?$skip=0&$filter=a%20b").unwrap();
        let next = NextPage::query("$skip", "1 0").resolve(&url, QueryEncoding::Percent).unwrap().unwrap();
        assert_eq!(next.as_str(), "https://api.example/things?$filter=a%20b&$skip=1%200");
    }

    #[test]
    fn a_url_is_relative_to_that_of_the_page() {
        for (url, next) in [
            ("?page=2", "https://api.example/v1/things?page=2"),
            ("/v2/x#frag", "https://api.example/v2/x"),
            ("https://other.example/", "https://other.example/"),
        ] {
            assert_eq!(resolved(&NextPage::url(url)).as_deref(), Some(next));
        }
    }

    #[test]
    fn an_empty_cursor_or_url_is_the_end() {
        assert_eq!(resolved(&NextPage::url(" ")), None);
        assert_eq!(resolved(&NextPage::query("cursor", "")), None);
    }
}
