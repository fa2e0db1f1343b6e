//! Declarative HTTP API clients whose calls know the role they need.

mod address;
mod answer;
mod attempt;
mod body;
mod builder;
mod byte_stream;
mod call;
mod client;
mod endpoint;
mod error;
mod failure;
mod hints;
mod pace;
mod path;
mod problem;
mod reply;
mod request;
mod retry;
mod role;
mod telling;
mod tls;
mod token;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use bytes::Bytes;
pub use http::{HeaderMap, Method, Response, StatusCode};
pub use reqwest::Body;
pub use secrecy::SecretString;

pub use answer::Text;
pub use builder::ClientBuilder;
pub use byte_stream::ByteStream;
pub use client::Client;
pub use endpoint::{Endpoint, Parameter, Place};
pub use error::{Error, ErrorKind};
pub use pace::RateLimit;
pub use problem::Problem;
pub use retry::Retry;
pub use role::{Allows, Caller, Public, Role};
pub use token::{FileTokenStore, MemoryTokenStore, StoreError, StoreFuture, StoredToken, TokenKey, TokenStore};

/// What a value of the query must be: of a type that implements `serde::Serialize` or `std::fmt::Display`.
///
/// No type implements this trait itself; it stands in the compiler's message for a type that offers neither.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a value of the query",
    label = "implements neither `serde::Serialize` nor `std::fmt::Display`"
)]
pub trait QueryValue {}
