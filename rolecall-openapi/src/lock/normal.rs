//! A document as a tree in which everything has a name: lists that are sets or have names of their own are maps.

use std::collections::BTreeMap;

use crate::document::node::{Node, Value, quoted};
use crate::document::{Document, Place};
use crate::plan::shape;

/// A value of a normalised document.
#[derive(Debug, Clone)]
pub(crate) struct Normal {
    pub(crate) place: Place,
    pub(crate) value: Tree,
}

/// What is there.
#[derive(Debug, Clone)]
pub(crate) enum Tree {
    Leaf(String),
    /// The entries of an object, and the items of a list that have names.
    Map(BTreeMap<String, Normal>),
    /// The items of a list that share a name, with their numbers; the empty name is that of those that have none.
    List(Vec<(usize, Normal)>),
}

/// Places are not compared.
impl PartialEq for Normal {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Tree::Leaf(one), Tree::Leaf(other)) => one == other,
            (Tree::Map(one), Tree::Map(other)) => one == other,
            (Tree::List(one), Tree::List(other)) => {
                one.iter().map(|(_, item)| item).eq(other.iter().map(|(_, item)| item))
            }
            _ => false,
        }
    }
}

/// Normalises a document.
pub(crate) fn normal(document: &Document) -> Normal {
    let roots = document.files().enumerate();
    let mut files =
        roots.map(|(file, (_, root))| (document.name_of(file), Normalizer { document, file }.node(root, "")));
    let Some((_, mut first)) = files.next() else {
        return Normal { place: Place::default(), value: Tree::Map(BTreeMap::new()) };
    };
    if let Tree::Map(entries) = &mut first.value {
        entries.extend(files.map(|(name, normal)| (format!("file {name}"), normal)));
    }
    first
}

struct Normalizer<'d> {
    document: &'d Document,
    file: usize,
}

impl Normalizer<'_> {
    /// `key` is the key that the value has.
    fn node(&self, node: &Node, key: &str) -> Normal {
        let place = self.document.place_at(self.file, node.line);
        let value = match &node.value {
            Value::Map(entries) => {
                let mut map = BTreeMap::new();
                for (name, value) in entries.iter().filter(|(_, value)| !value.is_null() || key == "enum") {
                    // Renamed placeholders leave a path what it is.
                    let wish = if key == "paths" { shape(name) } else { name.clone() };
                    insert(&mut map, wish, self.node(value, name));
                }
                Tree::Map(map)
            }
            Value::List(items) => {
                let mut map = BTreeMap::new();
                let mut alike: BTreeMap<String, Vec<(usize, Normal)>> = BTreeMap::new();
                for (index, item) in items.iter().enumerate() {
                    let name = name_of(item).unwrap_or_default();
                    if item.is_map() || matches!(item.value, Value::List(_)) {
                        alike.entry(name).or_default().push((index, self.node(item, "")));
                    } else {
                        // A set has nothing but names.
                        let place = self.document.place_at(self.file, item.line);
                        insert(&mut map, name, Normal { place, value: Tree::Leaf(String::new()) });
                    }
                }
                for (name, mut items) in alike {
                    let value = match items.pop() {
                        Some((_, only)) if items.is_empty() && !name.is_empty() => only,
                        last => {
                            items.extend(last);
                            Normal { place: place.clone(), value: Tree::List(items) }
                        }
                    };
                    insert(&mut map, name, value);
                }
                Tree::Map(map)
            }
            Value::String(text) if matches!(key, "description" | "summary" | "title") => {
                Tree::Leaf(quoted(&text.split_whitespace().collect::<Vec<_>>().join(" ")))
            }
            _ => Tree::Leaf(node.to_json()),
        };
        Normal { place, value }
    }
}

fn insert(map: &mut BTreeMap<String, Normal>, wish: String, value: Normal) {
    let name = crate::names::unique(&wish, " #", |name| map.contains_key(name));
    map.insert(name, value);
}

/// What an item of a list is known by.
fn name_of(item: &Node) -> Option<String> {
    match &item.value {
        Value::Map(_) => {
            let name = match (item.text("in"), item.text("name")) {
                (Some(location), Some(name)) => Some(format!("{location} {name}")),
                (None, Some(name)) => Some(name.to_owned()),
                _ => item.text("$ref").or_else(|| item.text("url")).map(str::to_owned),
            };
            // An object of schemes, or one that is identified by its content alone.
            name.or_else(|| {
                let names: Vec<&str> = item.entries().iter().map(|(name, _)| name.as_str()).collect();
                let are_scopes = item.entries().iter().all(|(_, value)| matches!(value.value, Value::List(_)));
                // The empty name is that of all that have none.
                are_scopes.then(|| if names.is_empty() { "{}".to_owned() } else { names.join("+") })
            })
        }
        Value::List(_) => None,
        Value::String(text) => Some(text.clone()),
        _ => Some(item.to_json()),
    }
}
