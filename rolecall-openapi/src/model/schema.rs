//! Schemas, read on demand: what is written in them. With `shape.rs` it hides the differences between versions 3.0 and
//! 3.1.

use crate::document::node::Node;
use crate::document::{Document, Site, Target};

/// A schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schema<'d> {
    pub(crate) document: &'d Document,
    pub(crate) site: Site<'d>,
    /// The name of the reference that led here.
    pub(super) name: Option<&'d str>,
    /// One of several types of a schema, looked at alone.
    pub(super) only: Option<&'d str>,
}

/// Keys that say nothing of a schema's values.
pub(super) const NOTES: [&str; 14] = [
    "description",
    "title",
    "example",
    "examples",
    "default",
    "deprecated",
    "nullable",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "xml",
    "$comment",
    "summary",
    "$schema",
];

impl<'d> Schema<'d> {
    pub(crate) fn new(document: &'d Document, site: Site<'d>) -> Self {
        Self { document, site, name: None, only: None }
    }

    pub(crate) fn node(&self) -> &'d Node {
        self.site.node
    }

    pub(super) fn child(&self, node: &'d Node) -> Self {
        Self::new(self.document, self.site.with(node))
    }

    /// Returns the identity of this schema.
    pub(crate) fn id(&self) -> (usize, Option<&'d str>) {
        (self.site.id(), self.only)
    }

    /// The schemas under a key that describe values.
    pub(super) fn telling(&self, key: &str) -> Vec<Self> {
        self.parts(key).into_iter().filter(|part| !part.is_note()).collect()
    }

    /// The schema at the end of its references.
    pub(crate) fn target(&self) -> Self {
        let named = |target: Target<'d>| Self { site: target.site, name: target.name.or(self.name), ..*self };
        self.document.follow(self.site).map_or(*self, named)
    }

    /// The types that are named, without `null`.
    pub(super) fn types(&self) -> Vec<&'d str> {
        if let Some(only) = self.only {
            return vec![only];
        }
        let node = self.node().get("type");
        let list = node.map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str);
        let mut types: Vec<&str> = node.and_then(Node::as_str).into_iter().chain(list).collect();
        types.retain(|name| *name != "null");
        types
    }

    /// The schemas under a key, those that say nothing but "or null" left out.
    pub(super) fn parts(&self, key: &str) -> Vec<Self> {
        let items = self.node().get(key).map(Node::items).unwrap_or_default();
        items.iter().map(|item| self.child(item)).filter(|part| !part.is_null_only()).collect()
    }

    pub(super) fn is_null_only(&self) -> bool {
        let node = self.node();
        node.text("type") == Some("null")
            || (node.get("enum").is_some_and(|list| list.items().iter().all(Node::is_null) && !list.items().is_empty()))
            || (node.is_map() && node.entries().iter().any(|(key, value)| key == "const" && value.is_null()))
    }

    /// Whether it describes values at all.
    pub(crate) fn is_note(&self) -> bool {
        !self.node().is_map()
            || self.node().entries().iter().all(|(key, value)| {
                NOTES.contains(&key.as_str())
                    || key.starts_with("x-")
                    || key == "required"
                    || key == "not"
                    || value.is_null()
            })
    }

    /// Returns the schema of the JSON that a string contains.
    pub(crate) fn content(&self) -> Option<Self> {
        Some(self.child(self.node().get("contentSchema")?))
    }

    /// An example of its values.
    pub(crate) fn example(&self) -> Option<&'d Node> {
        let node = self.node();
        node.get("example").or_else(|| node.get("examples")?.items().first())
    }
}
