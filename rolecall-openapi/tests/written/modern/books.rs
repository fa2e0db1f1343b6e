//! Operations below `books`.

use rolecall::{Bytes, Conditional, Error, Page, api, endpoint};

use super::models::*;
use super::roles::Member;

/// Operations below `books`.
#[api(role = Member)]
pub trait BooksApi {
    /// Gets a book
    #[endpoint(method = GET, path = "/books/{isbn}")]
    async fn get_book(&self, isbn: &str) -> Result<Book, Error>;

    /// Copies a book
    #[endpoint(method = "COPY", path = "/books/{isbn}")]
    async fn copy_book(
        &self,
        isbn: &str,
        #[header("destination")] destination: &str,
    ) -> Result<(), Error>;

    /// Lists books, page by page
    #[endpoint(method = GET, path = "/books", query("kind" = "printed"), headers("X-Api-Version" = "2"))]
    async fn list_books(&self) -> Result<Page<Vec<Book>>, Error>;

    /// Orders a book
    #[endpoint(method = POST, path = "/books", idempotency_key = "Idempotency-Key")]
    async fn order_book(&self, #[body] body: &Book) -> Result<OrderBookResponse, Error>;

    /// Gets the cover, if it has changed
    #[endpoint(method = GET, path = "/books/{isbn}/cover", accept = "image/png", redirects = 3)]
    async fn get_cover(
        &self,
        isbn: &str,
        #[header("if-none-match")] if_none_match: Option<&str>,
    ) -> Result<Conditional<Bytes>, Error>;

    /// Where to buy it
    #[endpoint(method = GET, path = "/books/{isbn}/shop")]
    async fn shop(&self, isbn: &str) -> Result<ShopResponse, Error>;

    /// Lists the archived books
    #[endpoint(method = GET, path = "/books", query("archived", "kind" = "printed"), headers("X-Api-Version" = "2"))]
    async fn list_archived(&self) -> Result<Vec<Book>, Error>;
}
