//! A webhook, and an event delivered to it.

use std::fmt;

/// A webhook.
#[derive(Clone)]
pub(crate) struct Webhook {
    pub(crate) id: u64,
    pub(crate) url: String,
    pub(crate) secret: String,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("id", &self.id).field("url", &self.url).finish_non_exhaustive()
    }
}

/// The result of delivering an event to a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// The webhook's id.
    pub webhook_id: String,
    /// The URL that the event was sent to.
    pub url: String,
    /// The request body, byte for byte.
    pub body: String,
    /// The value of the header `X-Ostrom-Signature`: `sha1=` and 40 hex digits.
    pub signature: String,
    /// The status of the receiver's response. `None` if there was no response.
    pub status: Option<u16>,
    /// The reason why the delivery failed: no connection, no response in time, or a status that is not a success.
    /// `None` if it succeeded.
    pub problem: Option<String>,
}
