//! A running sandbox.

use std::{fmt, io};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::client::{Credentials, Role};
use crate::delivery::deliver;
use crate::failure::Failure;
use crate::links::Link;
use crate::state::Shared;
use crate::webhook::Delivery;

/// A running sandbox. Dropping it stops both of its servers.
#[must_use = "a sandbox stops when it is dropped"]
pub struct Sandbox {
    pub(crate) state: Shared,
    /// Dropping the tasks stops the servers from accepting connections.
    pub(crate) _servers: JoinSet<io::Result<()>>,
    /// Dropping the sender closes the open connections.
    pub(crate) _stop: watch::Sender<()>,
}

impl Sandbox {
    /// Returns the base URL of the API, such as `http://127.0.0.1:40001`.
    #[must_use]
    pub fn api_url(&self) -> &str {
        &self.state.api_url
    }

    /// Returns the base URL of the authorization server. Its token endpoint is `/oauth2/token`.
    #[must_use]
    pub fn auth_url(&self) -> &str {
        &self.state.auth_url
    }

    /// Returns the credentials of the client with the role `USER`.
    #[must_use]
    pub fn user_credentials(&self) -> Credentials {
        Role::User.credentials()
    }

    /// Returns the credentials of the client with the role `PARTNER`.
    #[must_use]
    pub fn partner_credentials(&self) -> Credentials {
        Role::Partner.credentials()
    }

    /// Returns the number of requests to an endpoint, including rejected ones. An endpoint is written as in the API
    /// specification: `GET /me`, `DELETE /users/{externalUserId}/disconnect`.
    #[must_use]
    pub fn request_count(&self, endpoint: &str) -> usize {
        self.state.requests.count(endpoint)
    }

    /// Returns the number of issued tokens.
    #[must_use]
    pub fn tokens_issued(&self) -> usize {
        self.state.tokens.issued()
    }

    /// Revokes all tokens, as a restart at Ostrom might.
    pub fn revoke_tokens(&self) {
        self.state.tokens.revoke_all();
    }

    /// Returns `true` if this user is linked to the partner, with or without consent.
    #[must_use]
    pub fn is_linked(&self, external_user_id: &str) -> bool {
        self.link(external_user_id).is_some()
    }

    /// Returns the user's link to the partner.
    #[must_use]
    pub fn link(&self, external_user_id: &str) -> Option<Link> {
        self.state.links.get(external_user_id)
    }

    /// Records the user's consent, as opening the `linkUrl` does. Returns `true` if the user is linked.
    pub fn consent(&self, external_user_id: &str) -> bool {
        self.state.links.consent(external_user_id)
    }

    /// Makes the next requests to an endpoint fail. The endpoint is written as in [`request_count`](Self::request_count),
    /// `POST /oauth2/token` among them, or is `*` for all endpoints. Failures are used up in the order in which they were
    /// added.
    pub fn fail(&self, endpoint: impl Into<String>, failure: Failure, times: usize) {
        self.state.failures.add(endpoint.into(), failure, times);
    }

    /// Sets the clock for prices and meter readings to a fixed time.
    pub fn set_now(&self, now: Timestamp) {
        self.state.clock.set(now);
    }

    /// Delivers an event to all webhooks, one after the other, and returns the result of each delivery. The event's
    /// content is up to the caller, because the API specification does not describe events.
    pub async fn notify(&self, event: &Value) -> Vec<Delivery> {
        let mut deliveries = Vec::new();
        for webhook in self.state.webhooks.all() {
            let delivery = deliver(&webhook, event).await;
            self.state.webhooks.record(delivery.clone());
            deliveries.push(delivery);
        }
        deliveries
    }

    /// Returns the last 1000 deliveries to webhooks, including failed ones.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.state.webhooks.deliveries()
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
