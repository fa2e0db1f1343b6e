//! The types of Library.

use std::collections::BTreeMap;

use rolecall::ByStatus;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The type `Book` of the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Book {
    /// `title`.
    pub title: Option<String>,
    /// `pages`.
    pub pages: BookPages,
    /// `status`.
    pub status: BookStatus,
    /// `shelf`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shelf: Option<Shelf>,
    /// `kind`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<BookKind>,
}

/// The type `OrderBookAccepted` of the API.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct OrderBookAccepted {
    /// `ticket`.
    pub ticket: String,
}

/// What `POST /books` returns.
#[derive(Debug, Clone, PartialEq, ByStatus)]
pub enum OrderBookResponse {
    /// Status 201.
    #[status(201)]
    Created(Box<Book>),
    /// Status 202.
    #[status(202)]
    Accepted(OrderBookAccepted),
    /// Status 204.
    #[status(204)]
    NoContent,
}

/// What `GET /books/{isbn}/shop` returns.
#[derive(Debug, Clone, PartialEq, ByStatus)]
pub enum ShopResponse {
    /// Status 302.
    #[status(302)]
    Found(rolecall::Location),
    /// Status 307.
    #[status(307)]
    TemporaryRedirect(rolecall::Location),
}

/// The type `SummarizeBody` of the API.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SummarizeBody {
    /// `text`.
    pub text: String,
    /// `stream`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
}

/// The type `SummarizeResponse` of the API.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SummarizeResponse {
    /// `summary`.
    pub summary: String,
}

/// The type `SummarizeEvent` of the API.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SummarizeEvent {
    /// `word`.
    pub word: String,
}

/// The type `WatchLoansResponseItem` of the API.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct WatchLoansResponseItem {
    /// `isbn`.
    pub isbn: String,
}

/// The type `AddCoverOrigin` of the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct AddCoverOrigin {
    /// `library`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub library: Option<String>,
}

/// The type `FindOrdersFilter` of the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FindOrdersFilter {
    /// `price`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<FindOrdersFilterPrice>,
    /// `kinds`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<String>>,
}

/// The type `FindOrdersNear` of the API.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FindOrdersNear {
    /// `lat`.
    pub lat: f64,
    /// `lon`.
    pub lon: f64,
}

/// The type `PlaceOrderBody` of the API.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceOrderBody {
    /// `items`.
    pub items: Vec<PlaceOrderBodyItem>,
    /// `note`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The type `BookPages` of the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum BookPages {
    /// A value of type `i64`.
    Integer(i64),
    /// A value of type `String`.
    Text(String),
    /// A value that the document does not describe.
    Other(Value),
}

/// The type `BookStatus` of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BookStatus {
    /// `lent`.
    Lent,
    /// `there`.
    There,
    /// A value that the document does not name.
    #[serde(untagged)]
    Other(String),
}

/// The type `Shelf` of the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shelf {
    /// `room`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<i64>,
    /// The values of all other keys.
    #[serde(flatten)]
    pub rest: BTreeMap<String, String>,
}

/// The type `BookKind` of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BookKind {
    /// `book`.
    Book,
    /// A value that the document does not name.
    #[serde(untagged)]
    Other(String),
}

/// The type `FindOrdersFilterPrice` of the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FindOrdersFilterPrice {
    /// `lt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lt: Option<i64>,
}

/// The type `PlaceOrderBodyItem` of the API.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceOrderBodyItem {
    /// `isbn`.
    pub isbn: String,
    /// `count`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
}
