#![doc = include_str!("../README.md")]
//! # Where to read on
//!
//! - [`#[api]`](crate::api) and [`#[endpoint]`](crate::endpoint): all that a trait can say.
//! - [`guide::author`] and [`guide::publish`]: from an API's documentation to a published client.
//! - [`guide::caller`] and [`guide::production`]: from `cargo add` to production.
//! - [`ClientBuilder`]: a client's settings; [`CallSettings`]: those of some calls; [`Error`]: what a failed call tells.
//! - [`middleware`]: a correlation id, a metric, a signature, or a stack of `reqwest-middleware`.
//! - [`testing`]: four ways to test code that calls an API. [`blocking`]: calls without `async`.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(target_arch = "wasm32")]
compile_error!(
    "`rolecall` does not run on wasm32, which has neither the sockets nor the clock that its deadlines need"
);

#[cfg(doc)]
pub mod guide;

mod address;
mod answer;
mod attempt;
#[cfg(feature = "blocking")]
pub mod blocking;
mod body;
pub mod bounds;
mod builder;
mod byte_stream;
mod call;
mod client;
mod connections;
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
mod proxy;
mod random;
mod reply;
mod request;
mod retry;
mod role;
mod settings;
mod telling;
#[cfg(feature = "testing")]
pub mod testing;
mod timer;
mod tls;
mod token;
mod urls;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use bytes::Bytes;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
pub use reqwest::Body;
#[cfg(feature = "multipart")]
pub use reqwest::multipart::{Form as Multipart, Part};
pub use secrecy::{ExposeSecret, SecretString};

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
