//! Declares an API of its own, calls it over real HTTP, and says how that went.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

use rolecall::{api, endpoint, Client, Error, Role};
use serde::Deserialize;

/// Somebody who reads.
#[derive(Debug)]
pub enum Reader {}

impl Role for Reader {
    const NAME: &'static str = "READER";
}

/// A book.
#[derive(Debug, PartialEq, Deserialize)]
pub struct Book {
    /// Its title.
    pub title: String,
}

/// The books of a library.
#[api]
pub trait BooksApi {
    /// Reads a book.
    #[endpoint(method = GET, path = "/books/{isbn}", role = Reader)]
    async fn get_book(&self, isbn: &str, #[query] lang: Option<&str>) -> Result<Book, Error>;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/v1", listener.local_addr()?);
    let server = thread::spawn(move || answer(&listener));

    let client = Client::<Reader>::builder(url).bearer_token("token").build()?;
    let book = client.get_book("3 16", Some("de")).await?;

    let line = server.join().map_err(|_| "the server panicked")??;
    assert_eq!(line, "GET /v1/books/3%2016?lang=de HTTP/1.1");
    assert_eq!(book.title, "Rust");
    // It would panic if `rolecall` gave reqwest a TLS that needs a provider.
    drop(reqwest::Client::new());
    println!("outside the workspace: {line} -> {book:?}");
    Ok(())
}

fn answer(listener: &TcpListener) -> std::io::Result<String> {
    let (mut stream, _) = listener.accept()?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"title\":\"Rust\"}")?;
    Ok(first)
}
