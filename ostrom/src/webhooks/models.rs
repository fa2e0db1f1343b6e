//! What the Webhooks API takes and gives.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Id, lenient};

/// A new webhook.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct WebhooksBody {
    /// Where events are to be sent.
    pub url: String,
    /// What deliveries are signed with; `Debug` keeps it to itself.
    pub secret: String,
}

impl fmt::Debug for WebhooksBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhooksBody").field("url", &self.url).finish_non_exhaustive()
    }
}

/// A webhook. Its secret is never told again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct WebhookResponse {
    /// The webhook's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The id of the partner's client application that owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_application_id: Option<String>,
    /// Where events are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A partner's webhooks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct GetWebhooksResponse {
    /// The webhooks.
    #[serde(deserialize_with = "lenient::list")]
    pub data: Vec<WebhookResponse>,
}

/// The answer of [`create_webhook`](crate::webhooks::WebhooksApi::create_webhook).
pub type CreateWebhookResponse = WebhookResponse;
/// The answer of [`get_webhook`](crate::webhooks::WebhooksApi::get_webhook).
pub type GetWebhookResponse = WebhookResponse;
/// The answer of [`delete_webhook`](crate::webhooks::WebhooksApi::delete_webhook).
pub type DeleteWebhookResponse = WebhookResponse;
/// The answer of [`test_webhook`](crate::webhooks::WebhooksApi::test_webhook).
pub type TestWebhookResponse = WebhookResponse;
/// One of a partner's webhooks.
pub type GetWebhooksItemResponse = WebhookResponse;
