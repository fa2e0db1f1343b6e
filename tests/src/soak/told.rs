//! Counts what the calls tell of their attempts.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// A subscriber that keeps three sums and nothing else. Its clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Told(Arc<Sums>);

#[derive(Debug, Default)]
struct Sums {
    resends: AtomicU64,
    unsent: AtomicU64,
    timeouts: AtomicU64,
}

impl Told {
    /// How often requests were sent again.
    #[must_use]
    pub fn resends(&self) -> u64 {
        self.0.resends.load(Ordering::Relaxed)
    }

    /// How many of the attempts that were made again had no connection.
    #[must_use]
    pub fn unsent(&self) -> u64 {
        self.0.unsent.load(Ordering::Relaxed)
    }

    /// How many of the attempts that were made again had run out of time.
    #[must_use]
    pub fn timeouts(&self) -> u64 {
        self.0.timeouts.load(Ordering::Relaxed)
    }
}

impl Visit for &Told {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "http.request.resend_count" {
            self.0.resends.fetch_add(value, Ordering::Relaxed);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "reason" {
            match format!("{value:?}").as_str() {
                "no connection" => self.0.unsent.fetch_add(1, Ordering::Relaxed),
                "no answer in time" => self.0.timeouts.fetch_add(1, Ordering::Relaxed),
                _ => 0,
            };
        }
    }
}

impl Subscriber for Told {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "rolecall" || metadata.target().starts_with("rolecall::")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut &*self);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut &*self);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
