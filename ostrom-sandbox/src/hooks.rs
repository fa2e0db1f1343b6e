//! Which webhooks there are, and what was delivered to them.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Mutex;

use crate::delivery::Delivery;
use crate::state::lock;

/// Enough for any test, little enough for a caller gone wild.
const HOOKS: usize = 1000;
const DELIVERIES: usize = 1000;

/// A webhook.
#[derive(Clone)]
pub(crate) struct Hook {
    pub(crate) id: u64,
    pub(crate) url: String,
    pub(crate) secret: String,
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook").field("id", &self.id).field("url", &self.url).finish_non_exhaustive()
    }
}

/// All webhooks in the order of their creation, and the last deliveries.
#[derive(Debug, Default)]
pub(crate) struct Hooks {
    kept: Mutex<Kept>,
    deliveries: Mutex<VecDeque<Delivery>>,
}

#[derive(Debug, Default)]
struct Kept {
    created: u64,
    hooks: Vec<Hook>,
}

impl Hooks {
    /// Keeps a new webhook, if there is room for one.
    pub(crate) fn create(&self, url: String, secret: String) -> Option<Hook> {
        let mut kept = lock(&self.kept);
        if kept.hooks.len() >= HOOKS {
            return None;
        }
        kept.created += 1;
        let hook = Hook { id: 12344 + kept.created, url, secret };
        kept.hooks.push(hook.clone());
        Some(hook)
    }

    pub(crate) fn all(&self) -> Vec<Hook> {
        lock(&self.kept).hooks.clone()
    }

    pub(crate) fn get(&self, id: u64) -> Option<Hook> {
        lock(&self.kept).hooks.iter().find(|hook| hook.id == id).cloned()
    }

    pub(crate) fn delete(&self, id: u64) -> Option<Hook> {
        let mut kept = lock(&self.kept);
        let position = kept.hooks.iter().position(|hook| hook.id == id)?;
        Some(kept.hooks.remove(position))
    }

    pub(crate) fn record(&self, delivery: Delivery) {
        let mut deliveries = lock(&self.deliveries);
        if deliveries.len() >= DELIVERIES {
            deliveries.pop_front();
        }
        deliveries.push_back(delivery);
    }

    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.deliveries).iter().cloned().collect()
    }
}
