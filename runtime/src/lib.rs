//! Declarative HTTP API clients whose calls know the role they need.

mod address;
mod answer;
mod attempt;
mod body;
pub mod bounds;
mod builder;
mod byte_stream;
mod call;
mod client;
mod endpoint;
mod error;
mod failure;
mod hints;
pub mod middleware;
mod own_headers;
mod pace;
mod path;
mod payload;
mod problem;
mod reply;
mod request;
mod retry;
mod role;
mod settings;
mod telling;
mod tls;
mod token;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use bytes::Bytes;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
pub use reqwest::Body;
#[cfg(feature = "multipart")]
pub use reqwest::multipart::{Form as Multipart, Part};
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
pub use role::{Allows, BoxFuture, Caller, Public, Role};
pub use rolecall_macros::{api, endpoint};
pub use settings::CallSettings;
pub use token::{FileTokenStore, MemoryTokenStore, StoreError, StoreFuture, StoredToken, TokenKey, TokenStore};
