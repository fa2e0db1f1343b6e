//! Where the next page of a list is, and what a body knows of it.

use std::fmt::Display;

use serde::de::DeserializeOwned;
use url::{Url, form_urlencoded};

/// A body of a list that comes page by page: what [`Page`](super::Page) is made of.
///
/// A `Vec` is one: its next page is that of the header `Link`. For a body that knows a cursor, an offset, or a URL,
/// three lines are enough:
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
    /// What the list consists of.
    type Item: Send + 'static;

    /// Returns where the next page is. `None`, which is the default, leaves it to the header `Link`; without one, this
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

/// Where the next page of a list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextPage(Address);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Address {
    Url(String),
    Query(Vec<(String, String)>),
}

impl NextPage {
    /// Creates one from a URL, absolute or relative to that of this page. It must be of the same origin. An empty URL is
    /// no next page.
    #[must_use]
    pub fn url(url: impl Into<String>) -> Self {
        Self(Address::Url(url.into()))
    }

    /// Creates one from this page's URL with another value of a query parameter: a cursor, an offset, or a page number.
    /// An empty value is no next page.
    #[must_use]
    pub fn query(name: impl Into<String>, value: impl Display) -> Self {
        Self(Address::Query(vec![(name.into(), value.to_string())]))
    }

    /// Sets another query parameter, too. After [`NextPage::url`], it has no effect.
    #[must_use]
    pub fn and_query(mut self, name: impl Into<String>, value: impl Display) -> Self {
        if let Address::Query(pairs) = &mut self.0 {
            pairs.push((name.into(), value.to_string()));
        }
        self
    }

    /// Returns the URL of the next page of the page at `url`: `None` if there is none.
    ///
    /// # Errors
    ///
    /// Returns a message if the URL is invalid.
    pub(crate) fn resolve(&self, url: &Url) -> Result<Option<Url>, String> {
        match &self.0 {
            Address::Url(next) if next.trim().is_empty() => Ok(None),
            Address::Url(next) => {
                let mut next = url.join(next).map_err(|error| format!("invalid URL of the next page: {error}"))?;
                next.set_fragment(None);
                Ok(Some(next))
            }
            Address::Query(pairs) if pairs.iter().all(|(_, value)| value.is_empty()) => Ok(None),
            Address::Query(pairs) => Ok(Some(with_query(url, pairs))),
        }
    }
}

/// Replaces query parameters, and leaves all others as they are written.
fn with_query(url: &Url, pairs: &[(String, String)]) -> Url {
    let is_replaced = |written: &&str| {
        let name = form_urlencoded::parse(written.as_bytes()).next().map(|(name, _)| name.into_owned());
        pairs.iter().any(|(other, _)| Some(other) == name.as_ref())
    };
    let kept = url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !is_replaced(pair));
    let mut query: Vec<String> = kept.map(str::to_owned).collect();
    query.extend(
        pairs
            .iter()
            .map(|(name, value)| form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()),
    );
    let mut url = url.clone();
    url.set_query(Some(&query.join("&")));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(next: &NextPage) -> Option<String> {
        let url = Url::parse("https://api.example/v1/things?a=1%2C2&cursor=x&b=c+d").unwrap();
        next.resolve(&url).unwrap().map(String::from)
    }

    #[test]
    fn a_cursor_takes_the_place_of_the_last_one_and_leaves_the_rest_as_it_is() {
        let next = NextPage::query("cursor", "y/z").and_query("page", 2);
        assert_eq!(resolved(&next).as_deref(), Some("https://api.example/v1/things?a=1%2C2&b=c+d&cursor=y%2Fz&page=2"));
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
