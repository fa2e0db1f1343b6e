//! JSON, with the line of each value.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::document::error::ReadError;
use crate::document::node::{Node, Value};

/// How deep values may be nested: far beyond any document, far below the stack's end.
pub(crate) const MAX_DEPTH: usize = 128;

/// Reads a JSON document.
pub(crate) fn read(text: &str) -> Result<Node, ReadError> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| {
        ReadError::at(u32::try_from(error.line()).unwrap_or(u32::MAX), format!("not valid JSON: {error}"))
    })?;
    let lines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
    Reader { start: text.as_ptr().addr(), lines }.node(raw, 0)
}

struct Reader {
    /// The address of the text: a raw value is a slice of it, so its offset follows from its own address.
    start: usize,
    /// The offsets of all line feeds.
    lines: Vec<usize>,
}

impl Reader {
    fn node(&self, raw: &RawValue, depth: usize) -> Result<Node, ReadError> {
        let text = raw.get();
        let offset = text.as_ptr().addr().saturating_sub(self.start);
        let line = u32::try_from(self.lines.partition_point(|at| *at < offset) + 1).unwrap_or(u32::MAX);
        let too_deep = || ReadError::at(line, format!("values are nested more than {MAX_DEPTH} levels deep"));
        let invalid = |error: serde_json::Error| ReadError::at(line, format!("not valid JSON: {error}"));
        let value = match text.as_bytes().first() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => return Err(too_deep()),
            Some(b'{') => {
                let Entries(entries) = serde_json::from_str(text).map_err(invalid)?;
                let node = |(key, raw)| Ok((key, self.node(raw, depth + 1)?));
                Value::Map(entries.into_iter().map(node).collect::<Result<_, ReadError>>()?)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).map_err(invalid)?;
                Value::List(items.into_iter().map(|raw| self.node(raw, depth + 1)).collect::<Result<_, _>>()?)
            }
            // Half of a surrogate pair is not valid in a Rust string; it is kept as written.
            Some(b'"') => {
                Value::String(serde_json::from_str(text).unwrap_or_else(|_| text.trim_matches('"').to_owned()))
            }
            Some(b't') => Value::Bool(true),
            Some(b'f') => Value::Bool(false),
            Some(b'n') | None => Value::Null,
            Some(_) => Value::Number(text.to_owned()),
        };
        Ok(Node { value, line })
    }
}

/// The entries of an object, in order.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}
