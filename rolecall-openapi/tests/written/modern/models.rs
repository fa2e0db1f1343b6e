//! The types of Library.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// The type `Book` of the API.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Book {
    /// `title`.
    pub title: Option<String>,
    /// `pages`.
    pub pages: BookPages,
    /// `status`.
    pub status: BookStatus,
    /// `shelf`.
    pub shelf: Option<Shelf>,
    /// `kind`.
    pub kind: Option<BookKind>,
}

/// The type `BookPages` of the API.
#[derive(Debug, Clone, PartialEq, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Shelf {
    /// `room`.
    pub room: Option<i64>,
    /// The values of all other keys.
    #[serde(flatten)]
    pub rest: BTreeMap<String, String>,
}

/// The type `BookKind` of the API.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BookKind {
    /// `book`.
    Book,
    /// A value that the document does not name.
    #[serde(untagged)]
    Other(String),
}
