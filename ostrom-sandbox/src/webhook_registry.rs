//! The partner's webhooks, and the deliveries made to them.

use std::collections::VecDeque;
use std::sync::Mutex;

use crate::sync::lock;
use crate::webhook::{Delivery, Webhook};

/// Bounds for the memory of a sandbox that runs for weeks.
const MAX_WEBHOOKS: usize = 1000;
const MAX_DELIVERIES: usize = 1000;

/// All webhooks in the order of their creation, and the most recent deliveries.
#[derive(Debug, Default)]
pub(crate) struct WebhookRegistry {
    webhooks: Mutex<Webhooks>,
    deliveries: Mutex<VecDeque<Delivery>>,
}

#[derive(Debug, Default)]
struct Webhooks {
    created: u64,
    list: Vec<Webhook>,
}

impl WebhookRegistry {
    /// Creates a webhook. Returns `None` if there are too many.
    pub(crate) fn create(&self, url: String, secret: String) -> Option<Webhook> {
        let mut webhooks = lock(&self.webhooks);
        if webhooks.list.len() >= MAX_WEBHOOKS {
            return None;
        }
        webhooks.created += 1;
        let webhook = Webhook { id: 12344 + webhooks.created, url, secret };
        webhooks.list.push(webhook.clone());
        Some(webhook)
    }

    pub(crate) fn all(&self) -> Vec<Webhook> {
        lock(&self.webhooks).list.clone()
    }

    pub(crate) fn get(&self, id: Option<u64>) -> Option<Webhook> {
        lock(&self.webhooks).list.iter().find(|webhook| Some(webhook.id) == id).cloned()
    }

    pub(crate) fn delete(&self, id: Option<u64>) -> Option<Webhook> {
        let mut webhooks = lock(&self.webhooks);
        let position = webhooks.list.iter().position(|webhook| Some(webhook.id) == id)?;
        Some(webhooks.list.remove(position))
    }

    pub(crate) fn record(&self, delivery: Delivery) {
        let mut deliveries = lock(&self.deliveries);
        if deliveries.len() >= MAX_DELIVERIES {
            deliveries.pop_front();
        }
        deliveries.push_back(delivery);
    }

    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.deliveries).iter().cloned().collect()
    }
}
