#![doc = include_str!("../README.md")]
//! # Learn more
//!
//! - [`#[api]`](crate::api) and [`#[endpoint]`](crate::endpoint): the reference of everything a trait can declare.
//! - [`guide::author`] and [`guide::publish`]: from an API's documentation to a published client.
//! - [`guide::caller`] and [`guide::production`]: from `cargo add` to production.
//! - [`guide::recipes`]: pages, streams, uploads, webhooks, GraphQL, and other things that APIs do.
//! - [`ClientBuilder`]: the settings of a client. [`CallSettings`]: the settings of some calls. [`Error`]: a failed call.
//! - [`middleware`]: hooks for each attempt, such as a correlation ID, a metric, or a signature.
//! - [`testing`]: four ways to test code that calls an API. [`blocking`]: calls without `async`.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(target_arch = "wasm32")]
compile_error!(
    "`rolecall` does not run on wasm32, which has neither the sockets nor the clock that its deadlines need"
);

#[cfg(doc)]
pub mod guide;

pub mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
pub mod bounds;
mod call;
mod client;
mod endpoint;
mod endpoint_method;
mod error;
pub mod middleware;
mod query_encoding;
mod random;
mod rate_limit;
mod request;
mod response;
mod role;
mod runtime;
mod schema;
#[cfg(feature = "testing")]
pub mod testing;
mod timer;
mod transport;
mod url;

/// Names that are also those of traits. The compiler shows a name that is not unique with its path, so that a bound
/// copied from one of its errors compiles. It would not count what it knows as hidden from documentation.
#[cfg_attr(doc, doc(hidden))]
#[allow(missing_docs, non_snake_case)]
pub mod __namesakes {
    pub mod Allows {}
    pub mod Caller {}
}

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

/// What [`Parameter::schema`], [`ResponseType::bodies`], and [`Endpoint::error_schema`] use of the crate `schemars`.
#[cfg(feature = "schema")]
pub mod schemars {
    // Not the whole crate: the compiler would then show types of `serde_json` by a path through it.
    pub use ::schemars::{JsonSchema, Schema, SchemaGenerator, generate};
}

pub use bytes::Bytes;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
/// The crate that [`ClientBuilder::http_client`] and [`ClientBuilder::transport`] take types of, for callers who bring their
/// own client.
#[cfg(feature = "reqwest")]
pub use reqwest;
#[cfg(feature = "multipart")]
pub use reqwest::multipart::{Form as Multipart, Part};
pub use secrecy::{ExposeSecret, SecretString};

pub use auth::{
    Claim, FileTokenStore, Lease, MemoryTokenStore, StoreError, StoreFuture, StoredToken, TokenKey, TokenStore,
};
pub use call::retry::Retry;
pub use client::{CallSettings, Client, ClientBuilder};
#[cfg(feature = "schema")]
pub use endpoint::ResponseBody;
pub use endpoint::{BodyKind, Endpoint, ListStyle, Parameter, ParameterLocation, ResponseKind, ResponseType};
pub use endpoint_method::EndpointMethod;
pub use error::{Error, ErrorKind, InBandError, Problem};
pub use query_encoding::QueryEncoding;
pub use rate_limit::{RateLimit, pool};
#[cfg(feature = "parts")]
pub use request::file_part::FilePart;
pub use response::{
    ByteStream, Conditional, Event, Events, Items, JsonLines, Location, NextPage, Page, PageBody, Pages, Text,
};
pub use role::{Allows, BoxFuture, Caller, Public, Role};
pub use rolecall_macros::{ByStatus, Role, api, endpoint};
#[cfg(feature = "reqwest")]
pub use transport::HttpClient;
pub use transport::{Body, ConnectionSettings};
