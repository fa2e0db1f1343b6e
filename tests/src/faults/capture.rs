//! The one place where all that a program could print or log of a call comes together.

use std::cell::RefCell;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Collects every span and event of every crate, at every level, and the records of the `log` crate, for the thread
/// that it is the subscriber of; and what it is given besides.
#[derive(Debug, Clone, Default)]
pub struct Capture(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    text: String,
    spans: Vec<SpanRecord>,
    events: Vec<EventRecord>,
    entered: Vec<u64>,
}

/// A span as it was recorded.
#[derive(Debug, Clone)]
pub struct SpanRecord {
    /// Its name.
    pub name: &'static str,
    /// Its target: the module, if nothing else was given.
    pub target: String,
    /// Its fields in order of recording.
    pub fields: Vec<(String, String)>,
    parent: Option<u64>,
}

/// An event as it was recorded.
#[derive(Debug, Clone)]
pub struct EventRecord {
    /// Its target: the module, if nothing else was given.
    pub target: String,
    /// Its level.
    pub level: tracing::Level,
    /// Its fields; its text is the field `message`.
    pub fields: Vec<(String, String)>,
}

impl EventRecord {
    /// The value of the field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.trim_matches('"'))
    }
}

impl SpanRecord {
    /// The last value of the field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

impl Capture {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what something looks like.
    pub fn add(&self, what: &str) {
        let mut state = self.state();
        state.text.push_str(what);
        state.text.push('\n');
    }

    /// All that was collected, as one text.
    #[must_use]
    pub fn text(&self) -> String {
        self.state().text.clone()
    }

    /// The spans of rolecall's calls.
    #[must_use]
    pub fn calls(&self) -> Vec<SpanRecord> {
        self.state().spans.iter().filter(|span| is_call(span)).cloned().collect()
    }

    /// The events that rolecall has emitted.
    #[must_use]
    pub fn events(&self) -> Vec<EventRecord> {
        self.state().events.iter().filter(|event| event.target.starts_with("rolecall")).cloned().collect()
    }

    /// The spans and events of rolecall alone, as one text.
    #[must_use]
    pub fn told(&self) -> String {
        let state = self.state();
        let spans = state.spans.iter().filter(|span| span.target.starts_with("rolecall")).map(|span| &span.fields);
        let events =
            state.events.iter().filter(|event| event.target.starts_with("rolecall")).map(|event| &event.fields);
        spans.chain(events).map(|fields| format!("{fields:?}\n")).collect()
    }

    /// The call that was made inside this span.
    pub(crate) fn call_in(&self, parent: &Id) -> Option<SpanRecord> {
        let parent = parent.into_u64();
        self.state().spans.iter().find(|span| is_call(span) && span.parent == Some(parent)).cloned()
    }

    /// Collects what this thread tells, until the guard is dropped.
    pub(crate) fn listen(&self) -> Listening {
        let _ = log::set_logger(&LOGGER).map(|()| log::set_max_level(log::LevelFilter::Trace));
        LOGGED.set(Some(self.clone()));
        Listening { _guard: tracing::subscriber::set_default(self.clone()) }
    }
}

fn is_call(span: &SpanRecord) -> bool {
    span.target.starts_with("rolecall") && span.field("http.request.method").is_some()
}

/// While it lives, its thread's capture listens.
pub(crate) struct Listening {
    _guard: tracing::subscriber::DefaultGuard,
}

impl Drop for Listening {
    fn drop(&mut self) {
        LOGGED.set(None);
    }
}

thread_local! {
    static LOGGED: RefCell<Option<Capture>> = const { RefCell::new(None) };
}

static LOGGER: Logger = Logger;

struct Logger;

impl log::Log for Logger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        LOGGED.with_borrow(|capture| {
            if let Some(capture) = capture {
                capture.add(&format!("log {} {}", record.target(), record.args()));
            }
        });
    }

    fn flush(&self) {}
}

#[derive(Default)]
struct Fields(Vec<(String, String)>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push((field.name().to_owned(), format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name().to_owned(), value.to_owned()));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.0.push((field.name().to_owned(), format!("{value} {value:?}")));
    }
}

impl State {
    fn tell(&mut self, what: &str, target: &str, fields: &Fields) {
        let _ = write!(self.text, "{what} {target}");
        for (name, value) in &fields.0 {
            let _ = write!(self.text, " {name}={value}");
        }
        self.text.push('\n');
    }
}

impl Subscriber for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let (metadata, mut state) = (attributes.metadata(), self.state());
        state.tell("span", metadata.target(), &fields);
        let parent = match attributes.parent() {
            Some(parent) => Some(parent.into_u64()),
            None if attributes.is_contextual() => state.entered.last().copied(),
            None => None,
        };
        state.spans.push(SpanRecord {
            name: metadata.name(),
            target: metadata.target().to_owned(),
            fields: fields.0,
            parent,
        });
        Id::from_u64(state.spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        let mut state = self.state();
        state.tell("record", "", &fields);
        let index = span.into_u64() as usize - 1;
        state.spans[index].fields.append(&mut fields.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let (metadata, mut state) = (event.metadata(), self.state());
        state.tell("event", metadata.target(), &fields);
        state.events.push(EventRecord {
            target: metadata.target().to_owned(),
            level: *metadata.level(),
            fields: fields.0,
        });
    }

    fn enter(&self, span: &Id) {
        self.state().entered.push(span.into_u64());
    }

    fn exit(&self, span: &Id) {
        let (id, mut state) = (span.into_u64(), self.state());
        if let Some(at) = state.entered.iter().rposition(|entered| *entered == id) {
            state.entered.remove(at);
        }
    }
}
