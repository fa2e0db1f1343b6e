//! The request and response types of the Webhooks API.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::lenient;

/// A new webhook.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct WebhooksBody {
    /// The URL that events are sent to.
    pub url: String,
    /// The secret that signs deliveries. `Debug` omits it.
    pub secret: String,
}

impl fmt::Debug for WebhooksBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhooksBody").field("url", &self.url).finish_non_exhaustive()
    }
}

/// A webhook. No response contains its secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct WebhookResponse {
    /// The webhook's id.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The id of the partner's client application that owns it.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub client_application_id: Option<String>,
    /// The URL that events are sent to.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
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

/// The response of [`create_webhook`](crate::webhooks::WebhooksApi::create_webhook).
pub type CreateWebhookResponse = WebhookResponse;
/// The response of [`get_webhook`](crate::webhooks::WebhooksApi::get_webhook).
pub type GetWebhookResponse = WebhookResponse;
/// The response of [`delete_webhook`](crate::webhooks::WebhooksApi::delete_webhook).
pub type DeleteWebhookResponse = WebhookResponse;
/// The response of [`test_webhook`](crate::webhooks::WebhooksApi::test_webhook).
pub type TestWebhookResponse = WebhookResponse;
/// One of a partner's webhooks.
pub type GetWebhooksItemResponse = WebhookResponse;
