//! An Ostrom on loopback: a stand-in for the API of [Ostrom](https://ostrom.de), to try clients
//! and to test against.
//!
//! It answers as Ostrom's document says, refuses what the document forbids, and keeps Ostrom's
//! pace of 50 requests a minute. A test looks behind the scenes and need not wait:
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
//! // Hand these to the client under test …
//! let _ = (sandbox.api_url(), sandbox.auth_url(), sandbox.partner_credentials());
//!
//! // … and see what it did.
//! assert!(sandbox.is_linked("user-42"));
//! assert_eq!(sandbox.requests("DELETE /users/{externalUserId}/disconnect"), 0);
//! assert_eq!(sandbox.tokens_issued(), 0);
//! # Ok(())
//! # }
//! ```
//!
//! All of Ostrom's APIs are there: users, contracts and their consumption, orders, spot prices, products, webhooks.
//! What is in their answers is invented, but always the same for the same [`Builder::seed`] and the same time, which
//! can be set: tomorrow's prices appear in the afternoon, meters are read at midnight. Webhooks are really delivered,
//! signed, to receivers on loopback.
//!
//! Each sandbox is a world of its own, on ports of its own, until it is dropped.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod auth;
mod builder;
mod caller;
mod client;
mod clock;
mod consent;
mod consumption;
mod contracts;
mod count;
mod delivery;
mod document;
mod error;
mod fees;
mod hooks;
mod hosts;
mod household;
mod input;
mod limit;
mod links;
mod market;
mod noise;
mod orders;
mod prices;
mod products;
mod query;
mod state;
mod tokens;
mod users;
mod webhooks;

use std::{fmt, io};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use crate::builder::Builder;
pub use crate::client::Credentials;
use crate::client::Role;
pub use crate::delivery::Delivery;
pub use crate::links::Link;
use crate::state::Shared;

/// A running sandbox. Dropping it stops both of its servers.
#[must_use = "a sandbox stops when it is dropped"]
pub struct Sandbox {
    api_url: String,
    state: Shared,
    /// Dropped, they accept no more connections.
    _servers: JoinSet<io::Result<()>>,
    /// Dropped, it closes the connections that are open.
    _stop: watch::Sender<()>,
}

impl Sandbox {
    /// Starts a sandbox that behaves as Ostrom does, on two free ports, inside the current tokio
    /// runtime.
    ///
    /// # Errors
    ///
    /// If the ports can't be listened on.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Begins a sandbox that differs from Ostrom, or from Ostrom's better days.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The base URL of the API, such as `http://127.0.0.1:40001`.
    #[must_use]
    pub fn api_url(&self) -> &str {
        &self.api_url
    }

    /// The base URL of the auth host. The token endpoint is `/oauth2/token` under it.
    #[must_use]
    pub fn auth_url(&self) -> &str {
        &self.state.auth_url
    }

    /// The credentials of the client with the role `USER`.
    #[must_use]
    pub fn user_credentials(&self) -> Credentials {
        Role::User.credentials()
    }

    /// The credentials of the client with the role `PARTNER`.
    #[must_use]
    pub fn partner_credentials(&self) -> Credentials {
        Role::Partner.credentials()
    }

    /// How many requests an endpoint has seen, those refused included. An endpoint is written as
    /// in Ostrom's document: `GET /me`, `DELETE /users/{externalUserId}/disconnect`.
    #[must_use]
    pub fn requests(&self, endpoint: &str) -> usize {
        self.state.counts.of(endpoint)
    }

    /// How many tokens have been issued.
    #[must_use]
    pub fn tokens_issued(&self) -> usize {
        self.state.tokens.issued()
    }

    /// Makes all tokens invalid before their time, as a restart at Ostrom's might.
    pub fn revoke_tokens(&self) {
        self.state.tokens.revoke_all();
    }

    /// Whether this user is linked to the partner, with or without consent.
    #[must_use]
    pub fn is_linked(&self, external_user_id: &str) -> bool {
        self.link(external_user_id).is_some()
    }

    /// The user's link to the partner, with all that the partner asked for.
    #[must_use]
    pub fn link(&self, external_user_id: &str) -> Option<Link> {
        self.state.links.get(external_user_id)
    }

    /// Consents in the user's stead, as opening the `linkUrl` does. Says whether there was a link
    /// to consent to.
    pub fn consent(&self, external_user_id: &str) -> bool {
        self.state.links.consent(external_user_id)
    }

    /// Stops the clock of prices and meters at this moment.
    pub fn set_now(&self, now: Timestamp) {
        self.state.clock.set(now);
    }

    /// Delivers an event to all webhooks, one after the other, and says what became of each delivery. What is in an
    /// event is for the caller to say: Ostrom's document doesn't.
    pub async fn notify(&self, event: &Value) -> Vec<Delivery> {
        let mut deliveries = Vec::new();
        for hook in self.state.hooks.all() {
            let delivery = delivery::deliver(&hook, event).await;
            self.state.hooks.record(delivery.clone());
            deliveries.push(delivery);
        }
        deliveries
    }

    /// What was delivered to webhooks, or tried to be: the last 1000.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.state.hooks.deliveries()
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("api_url", &self.api_url())
            .field("auth_url", &self.auth_url())
            .finish_non_exhaustive()
    }
}
