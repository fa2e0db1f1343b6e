//! Values of a document that is being written.

use crate::document::node::{Node, Value};

fn node(value: Value) -> Node {
    Node { value, line: 0 }
}

pub(super) fn text(text: &str) -> Node {
    node(Value::String(text.to_owned()))
}

pub(super) fn truth(flag: bool) -> Node {
    node(Value::Bool(flag))
}

pub(super) fn list(items: Vec<Node>) -> Node {
    node(Value::List(items))
}

pub(super) fn map(entries: Vec<(&str, Node)>) -> Node {
    named(entries.into_iter().map(|(key, node)| (key.to_owned(), node)).collect())
}

pub(super) fn named(entries: Vec<(String, Node)>) -> Node {
    node(Value::Map(entries))
}

/// Adds an entry to a map.
pub(super) fn push(map: &mut Node, key: String, value: Node) {
    if let Value::Map(entries) = &mut map.value {
        entries.push((key, value));
    }
}

/// The value of a key.
pub(super) fn entry<'n>(map: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    let Value::Map(entries) = &mut map.value else { return None };
    entries.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
}

/// Replaces the value at the end of some keys.
pub(super) fn replace(map: &mut Node, keys: &[&str], value: Node) -> bool {
    let end = keys.iter().try_fold(map, |node, key| entry(node, key));
    end.map(|node| *node = value).is_some()
}
