//! Declarative HTTP API clients whose calls know the role they need.

mod address;
mod answer;
mod attempt;
mod body;
pub mod bounds;
mod builder;
mod call;
mod client;
mod endpoint;
mod error;
mod failure;
mod path;
mod problem;
mod reply;
mod request;
mod retry;
mod retry_after;
mod role;
mod telling;
mod tls;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use bytes::Bytes;
pub use http::{HeaderMap, Method, Response, StatusCode};
pub use secrecy::SecretString;

pub use answer::Text;
pub use builder::ClientBuilder;
pub use client::Client;
pub use endpoint::{Endpoint, Parameter, Place};
pub use error::{Error, ErrorKind};
pub use problem::Problem;
pub use retry::Retry;
pub use role::{Allows, BoxFuture, Caller, Public, Role};
pub use rolecall_macros::{api, endpoint};
