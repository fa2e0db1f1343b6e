//! A local sandbox server for the [Ostrom](https://ostrom.de) API, for trying clients and for tests.
//!
//! It follows the API specification, rejects requests that the specification forbids, and enforces Ostrom's rate limit
//! of 50 requests per minute. A test can inspect its state and does not have to wait:
//!
//! ```
//! use std::time::Duration;
//! use ostrom_sandbox::Sandbox;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let sandbox = Sandbox::builder()
//!     .token_lifetime(Duration::from_secs(60))
//!     .linked_user("user-42")
//!     .start()
//!     .await?;
//!
//! // Pass these to the client under test …
//! let _ = (sandbox.api_url(), sandbox.auth_url(), sandbox.partner_credentials());
//!
//! // … and check what it did.
//! assert!(sandbox.is_linked("user-42"));
//! assert_eq!(sandbox.request_count("DELETE /users/{externalUserId}/disconnect"), 0);
//! assert_eq!(sandbox.tokens_issued(), 0);
//! # Ok(())
//! # }
//! ```
//!
//! It serves all of Ostrom's APIs: users, contracts and their consumption, orders, spot prices, products, and webhooks.
//! The data is invented, but always equal for the same [`SandboxBuilder::seed`] and time. The clock can be set:
//! tomorrow's prices appear in the afternoon, and meters are read at midnight. Webhooks are delivered, with a
//! signature, to receivers on loopback.
//!
//! Each sandbox has its own state and its own ports, until it is dropped.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod auth;
mod auth_layer;
mod builder;
mod client;
mod clock;
mod consent;
mod consumption;
mod contracts;
mod delivery;
mod error;
mod extract;
mod fees;
mod format;
mod household;
mod limit;
mod linked;
mod links;
mod market;
mod orders;
mod prices;
mod products;
mod query;
mod request_counts;
mod router;
mod sandbox;
mod seeded;
mod state;
mod sync;
mod tokens;
mod users;
mod webhook;
mod webhook_registry;
mod webhooks;

pub use crate::builder::SandboxBuilder;
pub use crate::client::Credentials;
pub use crate::links::Link;
pub use crate::sandbox::Sandbox;
pub use crate::webhook::Delivery;
