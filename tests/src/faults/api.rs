//! The API that the cases call. Its endpoints are as different as the promises about them.

use rolecall::{Body, ByteStream, Bytes, Error, Public, Response, Text, api, endpoint};
use serde::{Deserialize, Serialize};

use crate::roles::User;

/// What the API keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its name in the API.
    pub id: String,
    /// A number.
    pub count: u32,
    /// More of the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Item>,
}

/// What is sent to make an item.
#[derive(Debug, Clone, Serialize)]
pub struct NewItem {
    /// A number.
    pub count: u32,
    /// A text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// An item, as a response has it.
#[must_use]
pub fn item(id: &str) -> Item {
    Item { id: id.to_owned(), count: 3, parts: Vec::new() }
}

/// An item, as a request has it.
#[must_use]
pub fn new_item() -> NewItem {
    NewItem { count: 7, note: "a note".to_owned() }
}

/// The API that the cases call.
#[api]
pub trait FaultsApi {
    /// An item.
    #[endpoint(method = GET, path = "/items/{id}", role = User)]
    async fn get_item(&self, id: &str) -> Result<Item, Error>;

    /// An item, or that there is none.
    #[endpoint(method = GET, path = "/maybe/{id}", role = User)]
    async fn find_item(&self, id: &str) -> Result<Option<Item>, Error>;

    /// A file below a path of several segments.
    #[endpoint(method = GET, path = "/files/{*path}", role = User)]
    async fn get_file(&self, path: &str) -> Result<Bytes, Error>;

    /// Items that match; the trace goes along as a header.
    #[endpoint(method = GET, path = "/items", role = User)]
    async fn search(&self, #[query] text: &str, #[header("x-trace")] trace: &str) -> Result<Vec<Item>, Error>;

    /// Makes an item: twice, if it arrives twice.
    #[endpoint(method = POST, path = "/items", role = User)]
    async fn create_item(&self, #[body] body: &NewItem) -> Result<Item, Error>;

    /// Makes an item: once, however often it arrives.
    #[endpoint(method = POST, path = "/items/once", role = User, idempotent)]
    async fn create_item_once(&self, #[body] body: &NewItem) -> Result<Item, Error>;

    /// Replaces an item.
    #[endpoint(method = PUT, path = "/items/{id}", role = User)]
    async fn replace_item(&self, id: &str, #[body] body: &NewItem) -> Result<(), Error>;

    /// Changes an item.
    #[endpoint(method = PATCH, path = "/items/{id}", role = User)]
    async fn change_item(&self, id: &str, #[body] body: &NewItem) -> Result<Item, Error>;

    /// Puts a file.
    #[endpoint(method = PUT, path = "/upload", role = User)]
    async fn upload(&self, #[body(stream)] body: Body) -> Result<(), Error>;

    /// Deletes an item.
    #[endpoint(method = DELETE, path = "/items/{id}", role = User)]
    async fn delete_item(&self, id: &str) -> Result<(), Error>;

    /// A text.
    #[endpoint(method = GET, path = "/text", role = User)]
    async fn get_text(&self) -> Result<Text, Error>;

    /// Bytes.
    #[endpoint(method = GET, path = "/bytes", role = User)]
    async fn get_bytes(&self) -> Result<Bytes, Error>;

    /// Bytes in pieces.
    #[endpoint(method = GET, path = "/stream", role = User)]
    async fn get_stream(&self) -> Result<ByteStream, Error>;

    /// An item, and the head of the response.
    #[endpoint(method = GET, path = "/whole", role = User)]
    async fn get_whole(&self) -> Result<Response<Item>, Error>;

    /// An item, with a second for an attempt.
    #[endpoint(method = GET, path = "/quickly", role = User, timeout = "1s")]
    async fn get_quickly(&self) -> Result<Item, Error>;

    /// An item for everybody, and perhaps another one for a user.
    #[endpoint(method = GET, path = "/optional", role = any(Public, User))]
    async fn get_optional(&self) -> Result<Item, Error>;

    /// An item for everybody.
    #[endpoint(method = GET, path = "/public", role = Public)]
    async fn get_public(&self) -> Result<Item, Error>;
}
