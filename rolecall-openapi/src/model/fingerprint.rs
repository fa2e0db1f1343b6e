//! Which schemas describe the same values.

use crate::document::node::{Node, Value};
use crate::model::schema::{NOTES, Schema};

/// Of what describes a schema, that which matters for the property that has it.
const OF_PROPERTIES: [&str; 3] = ["nullable", "readOnly", "writeOnly"];

impl Schema<'_> {
    /// The schema as text: schemas of the same text have the same type. `shown` is what else is known of a schema in it.
    pub(crate) fn fingerprint(&self, shown: &dyn Fn(&Node) -> String) -> String {
        let mut out = format!("{}{:?}", self.site.file, self.only);
        Fingerprint { shown, out: &mut out }.entries(self.node(), |key| !NOTES.contains(&key));
        out
    }
}

struct Fingerprint<'f> {
    shown: &'f dyn Fn(&Node) -> String,
    out: &'f mut String,
}

impl Fingerprint<'_> {
    /// A schema, or something in one.
    fn node(&mut self, node: &Node) {
        match &node.value {
            Value::Map(_) => {
                let shown = (self.shown)(node);
                self.out.push_str(&shown);
                self.entries(node, |key| !NOTES.contains(&key) || OF_PROPERTIES.contains(&key));
            }
            Value::List(items) => {
                self.out.push('[');
                for item in items {
                    self.node(item);
                    self.out.push(',');
                }
                self.out.push(']');
            }
            _ => self.out.push_str(&node.to_json()),
        }
    }

    fn entries(&mut self, node: &Node, is_told: impl Fn(&str) -> bool) {
        self.out.push('{');
        for (key, value) in node.entries().iter().filter(|(key, _)| is_told(key)) {
            self.out.push_str(key);
            self.out.push(':');
            if key == "properties" {
                // A property may be called `title`.
                self.out.push('{');
                for (name, property) in value.entries() {
                    self.out.push_str(name);
                    self.out.push(':');
                    self.node(property);
                }
                self.out.push('}');
            } else {
                self.node(value);
            }
        }
        self.out.push('}');
    }
}
