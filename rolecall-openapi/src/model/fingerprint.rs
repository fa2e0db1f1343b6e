//! Which schemas describe the same values.

use crate::document::node::{Node, Value};
use crate::model::schema::{NOTES, Schema};

impl Schema<'_> {
    /// The schema as text, without what describes it: schemas of the same text have the same values.
    pub(crate) fn fingerprint(&self) -> String {
        let mut out = format!("{}{:?}", self.site.file, self.only);
        fingerprint(self.node(), &mut out);
        out
    }
}

fn fingerprint(node: &Node, out: &mut String) {
    match &node.value {
        Value::Map(entries) => {
            out.push('{');
            for (key, value) in entries {
                // A property may be called `title`.
                if value.is_map() || !NOTES.contains(&key.as_str()) {
                    out.push_str(key);
                    out.push(':');
                    fingerprint(value, out);
                }
            }
            out.push('}');
        }
        Value::List(items) => {
            out.push('[');
            for item in items {
                fingerprint(item, out);
                out.push(',');
            }
            out.push(']');
        }
        _ => out.push_str(&node.to_json()),
    }
}
