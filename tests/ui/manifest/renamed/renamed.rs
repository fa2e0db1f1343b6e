//! `rolecall` under another name.

use calls::{Client, Error, Role, api, endpoint};

pub enum Reader {}

impl Role for Reader {
    const NAME: &'static str = "READER";
}

#[api]
pub trait BooksApi {
    #[endpoint(method = GET, path = "/books/{isbn}", role = Reader)]
    async fn book(&self, isbn: &str, #[query] lang: Option<&str>) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Reader>) -> Result<String, Error> {
    client.book("978-3", None).await
}

fn main() {}
