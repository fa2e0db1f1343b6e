//! Operations below `books`.

use rolecall::{Error, api, endpoint};

use super::models::*;
use super::roles::Member;

/// Operations below `books`.
#[api]
pub trait BooksApi {
    /// Gets a book
    #[endpoint(method = GET, path = "/books/{isbn}", role = Member)]
    async fn get_book(&self, isbn: &str) -> Result<Book, Error>;
}
