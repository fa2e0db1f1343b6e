//! The format of server-sent events (WHATWG HTML, section 9.2), line by line.
//!
//! `docs/ARCHITECTURE.md` has the reasons for a parser of our own.

use std::time::Duration;

/// An event before its data is decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawEvent {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) data: String,
}

/// Collects the lines of an event.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    name: String,
    data: String,
    /// The ID that the next empty line makes that of the last event.
    id: String,
    last_id: String,
    retry: Option<Duration>,
}

impl Parser {
    /// Adds a line. Returns the event that it ends.
    pub(crate) fn line(&mut self, line: &[u8]) -> Option<RawEvent> {
        if line.is_empty() {
            return self.dispatch();
        }
        let line = String::from_utf8_lossy(line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "event" => value.clone_into(&mut self.name),
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis).or(self.retry);
            }
            _ => {}
        }
        None
    }

    fn dispatch(&mut self) -> Option<RawEvent> {
        let (mut data, name) = (std::mem::take(&mut self.data), std::mem::take(&mut self.name));
        self.last_id.clone_from(&self.id);
        data.pop()?;
        let name = if name.is_empty() { "message".to_owned() } else { name };
        Some(RawEvent { name, id: self.last_id.clone(), data })
    }

    /// Discards the event that the end of the stream has cut off, and its ID: a server that continues after that ID would
    /// not send the event again. The last event's ID and the reconnection delay are kept.
    pub(crate) fn restart(&mut self) {
        self.data.clear();
        self.name.clear();
        self.id.clone_from(&self.last_id);
    }

    /// Returns the length of the event so far, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.data.len() + self.name.len() + self.id.len()
    }

    /// Returns the ID of the last event that has one.
    pub(crate) fn last_id(&self) -> &str {
        &self.last_id
    }

    /// Returns the delay before reconnecting, if the server has requested one.
    pub(crate) fn retry(&self) -> Option<Duration> {
        self.retry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(lines: &[&str]) -> Vec<(String, String, String)> {
        let mut parser = Parser::default();
        let events = lines.iter().filter_map(|line| parser.line(line.as_bytes()));
        events.map(|event| (event.name, event.id, event.data)).collect()
    }

    fn event(name: &str, id: &str, data: &str) -> (String, String, String) {
        (name.to_owned(), id.to_owned(), data.to_owned())
    }

    #[test]
    fn the_examples_of_the_standard_are_read_as_it_says() {
        assert_eq!(events(&["data: YHOO", "data: +2", "data: 10", ""]), [event("message", "", "YHOO\n+2\n10")]);
        assert_eq!(
            events(&[
                ": test stream",
                "",
                "data: first event",
                "id: 1",
                "",
                "data:second event",
                "id",
                "",
                "data:  third event",
                ""
            ]),
            [
                event("message", "1", "first event"),
                event("message", "", "second event"),
                event("message", "", " third event")
            ]
        );
        assert_eq!(
            events(&["data", "", "data", "data", "", "data:"]),
            [event("message", "", ""), event("message", "", "\n")]
        );
        assert_eq!(
            events(&["data:test", "", "data: test", ""]),
            [event("message", "", "test"), event("message", "", "test")]
        );
    }

    #[test]
    fn names_ids_and_times() {
        let mut parser = Parser::default();
        for line in ["event: add", "id: 7", "retry: 1500", "retry: soon", "retry:", "id: a\0b", "unknown: x"] {
            assert_eq!(parser.line(line.as_bytes()), None);
        }
        assert_eq!(parser.line(b""), None, "an event without data is none");
        assert_eq!((parser.last_id(), parser.retry()), ("7", Some(Duration::from_millis(1500))));
        assert_eq!(events(&["event: add", "", "data: x", ""]), [event("message", "", "x")], "the name goes with it");
        assert_eq!(events(&["event:add", "data: x", ""]), [event("add", "", "x")]);
    }

    #[test]
    fn an_event_that_was_cut_leaves_nothing() {
        let mut parser = Parser::default();
        for line in ["id: 7", "data: first", "", "event: add", "data: half", "id: 8"] {
            parser.line(line.as_bytes());
        }
        assert_eq!(parser.last_id(), "7", "the event of that ID is not complete");
        parser.restart();
        parser.line(b"data: whole");
        let event = parser.line(b"").unwrap();
        assert_eq!((event.name.as_str(), event.id.as_str(), event.data.as_str()), ("message", "7", "whole"));
    }
}
