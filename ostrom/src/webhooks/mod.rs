//! The partner's webhooks. Ostrom delivers events to them.
//!
#![cfg_attr(feature = "webhooks", doc = "Verify the signature of each delivery with a [`Verifier`].")]
#![cfg_attr(not(feature = "webhooks"), doc = "The feature `webhooks` adds the verification of their signatures.")]

mod models;
#[cfg(feature = "webhooks")]
mod signature;

use ostrom_core::Partner;
use rolecall::{Error, api, endpoint};

pub use models::{
    CreateWebhookResponse, DeleteWebhookResponse, GetWebhookResponse, GetWebhooksItemResponse, GetWebhooksResponse,
    TestWebhookResponse, WebhookResponse, WebhooksBody,
};
#[cfg(feature = "webhooks")]
pub use signature::{EmptySecret, InvalidSignature, SIGNATURE_HEADER, Verifier};

use crate::id::Id;

/// The partner's webhooks.
#[api]
pub trait WebhooksApi {
    /// Creates a webhook.
    #[endpoint(method = POST, path = "/webhooks", role = Partner)]
    async fn create_webhook(&self, #[body] body: &WebhooksBody) -> Result<CreateWebhookResponse, Error>;

    /// Retrieves all webhooks.
    #[endpoint(method = GET, path = "/webhooks", role = Partner)]
    async fn get_webhooks(&self) -> Result<GetWebhooksResponse, Error>;

    /// Retrieves a webhook.
    #[endpoint(method = GET, path = "/webhooks/{id}", role = Partner)]
    async fn get_webhook(&self, id: &Id) -> Result<GetWebhookResponse, Error>;

    /// Deletes a webhook.
    #[endpoint(method = DELETE, path = "/webhooks/{id}", role = Partner)]
    async fn delete_webhook(&self, id: &Id) -> Result<DeleteWebhookResponse, Error>;

    /// Tests a webhook: Ostrom delivers an event to it.
    #[endpoint(method = POST, path = "/webhooks/{id}/test", role = Partner)]
    async fn test_webhook(&self, id: &Id) -> Result<TestWebhookResponse, Error>;
}
