//! YAML text of a document. Strings are quoted as in JSON, which YAML reads.

use crate::document::node::{Node, Value, quoted};

/// The document as YAML.
pub(crate) fn yaml(node: &Node) -> String {
    let mut out = String::new();
    block(node, 0, &mut out);
    out
}

fn block(node: &Node, depth: usize, out: &mut String) {
    match &node.value {
        Value::Map(entries) => {
            for (key, value) in entries {
                out.push_str(&"  ".repeat(depth));
                out.push_str(&self::key(key));
                out.push(':');
                value_of(value, depth + 1, out);
            }
        }
        Value::List(items) => {
            for item in items {
                out.push_str(&"  ".repeat(depth));
                out.push('-');
                value_of(item, depth + 1, out);
            }
        }
        _ => {}
    }
}

fn value_of(node: &Node, depth: usize, out: &mut String) {
    let is_empty = node.entries().is_empty() && node.items().is_empty();
    match &node.value {
        Value::Map(_) | Value::List(_) if !is_empty => {
            out.push('\n');
            block(node, depth, out);
        }
        _ => {
            out.push(' ');
            out.push_str(&node.to_json());
            out.push('\n');
        }
    }
}

/// Writes a key unquoted if it is unambiguous, and quoted otherwise.
fn key(key: &str) -> String {
    let is_plain = key.starts_with(|char: char| char.is_ascii_alphabetic() || char == '/' || char == '$')
        && key.chars().all(|char| char.is_ascii_alphanumeric() || "/_-${}.".contains(char))
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&key.to_ascii_lowercase().as_str());
    if is_plain { key.to_owned() } else { quoted(key) }
}
