//! What differs between two normalised documents: each change once, at the highest place where it shows.

use crate::document::Place;
use crate::lock::normal::{Normal, Tree};

/// A change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// The names on the way to it.
    pub(crate) path: Vec<String>,
    pub(crate) what: What,
    /// Where it is now; of what is gone, where it was.
    pub(crate) place: Place,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    Added,
    Removed,
    Changed { before: String, after: String },
}

/// All changes from one document to another.
pub(crate) fn changes(before: &Normal, after: &Normal) -> Vec<Change> {
    let mut out = Vec::new();
    compare(before, after, &mut Vec::new(), &mut out);
    out
}

fn compare(before: &Normal, after: &Normal, path: &mut Vec<String>, out: &mut Vec<Change>) {
    match (&before.value, &after.value) {
        (Tree::Map(old), Tree::Map(new)) => {
            // What is gone comes before what is new: together they may be a thing of another name.
            let (both, gone): (Vec<_>, Vec<_>) = old.iter().partition(|(name, _)| new.contains_key(*name));
            let both = both.into_iter().filter_map(|(name, value)| Some((name, value, new.get(name)?)));
            let (more, same): (Vec<_>, Vec<_>) = both.partition(|(_, value, now)| count(now) > count(value));
            for (name, _) in gone {
                let path = path.iter().chain([name]).cloned().collect();
                out.push(Change { path, what: What::Removed, place: after.place.clone() });
            }
            for (name, value, now) in same.into_iter().chain(more) {
                path.push(name.clone());
                match (&value.value, &now.value) {
                    // One item has the name now; what is gone was in the list of all.
                    (Tree::List(old), Tree::Map(_) | Tree::Leaf(_)) => {
                        lists(old, &[(0, now.clone())], after, path, out);
                    }
                    _ => compare(value, now, path, out),
                }
                path.pop();
            }
            for (name, value) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
                let path = path.iter().chain([name]).cloned().collect();
                out.push(Change { path, what: What::Added, place: value.place.clone() });
            }
        }
        (Tree::Leaf(old), Tree::Leaf(new)) if old == new => {}
        (Tree::List(old), Tree::List(new)) => lists(old, new, after, path, out),
        // Several items have the name now.
        (_, Tree::List(new)) => lists(&[(0, before.clone())], new, after, path, out),
        (old, new) => out.push(Change {
            path: path.clone(),
            what: What::Changed { before: text(old), after: text(new) },
            place: after.place.clone(),
        }),
    }
}

/// How many items have a name.
fn count(of: &Normal) -> usize {
    match &of.value {
        Tree::List(items) => items.len(),
        Tree::Leaf(_) | Tree::Map(_) => 1,
    }
}

/// Items that are the same on both sides are the same wherever they stand; of the others, each is what its like was.
fn lists(
    before: &[(usize, Normal)],
    after: &[(usize, Normal)],
    list: &Normal,
    path: &mut Vec<String>,
    out: &mut Vec<Change>,
) {
    let mut new: Vec<(usize, &Normal)> = after.iter().map(|(index, item)| (*index, item)).collect();
    let mut old: Vec<(usize, &Normal)> = Vec::new();
    for (index, item) in before {
        match new.iter().position(|(_, other)| *other == item) {
            Some(same) => drop(new.remove(same)),
            None => old.push((*index, item)),
        }
    }
    let both = old.len().min(new.len());
    for ((_, item), (index, now)) in old.iter().zip(&new) {
        path.push(index.to_string());
        compare(item, now, path, out);
        path.pop();
    }
    let gone = old.iter().skip(both).map(|(index, _)| (*index, What::Removed, &list.place));
    let added = new.iter().skip(both).map(|(index, item)| (*index, What::Added, &item.place));
    for (index, what, place) in gone.chain(added) {
        let path = path.iter().cloned().chain([index.to_string()]).collect();
        out.push(Change { path, what, place: place.clone() });
    }
}

fn text(tree: &Tree) -> String {
    match tree {
        Tree::Leaf(text) => text.clone(),
        Tree::Map(_) => "an object".to_owned(),
        Tree::List(_) => "a list".to_owned(),
    }
}

impl Change {
    /// Whether it is in words for people, which no trait depends on.
    pub(crate) fn is_prose(&self) -> bool {
        const WORDS: [&str; 11] = [
            "description",
            "summary",
            "title",
            "example",
            "examples",
            "externalDocs",
            "contact",
            "license",
            "termsOfService",
            "info",
            "tags",
        ];
        let is_word = |name: &String| WORDS.contains(&name.as_str()) || name.starts_with("x-");
        // A property may be called `title`.
        let mut after_names = false;
        self.path.iter().any(|name| {
            let found = !after_names && is_word(name);
            after_names = matches!(name.as_str(), "properties" | "schemas" | "parameters" | "responses" | "paths");
            found
        })
    }

    /// What it is about: `GET /users/{}`, or the schema `User`.
    pub(crate) fn subject(&self) -> (String, usize) {
        let part = |index: usize| self.path.get(index).map(String::as_str).unwrap_or_default();
        match (part(0), part(2)) {
            ("paths", "") => (format!("the path `{}`", part(1)), 2),
            ("paths", "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace" | "query") => {
                (format!("`{} {}`", part(2).to_ascii_uppercase(), part(1)), 3)
            }
            ("paths", "additionalOperations") if !part(3).is_empty() => (format!("`{} {}`", part(3), part(1)), 4),
            ("paths", _) => (format!("the path `{}`", part(1)), 2),
            ("components", name) if !name.is_empty() => {
                let kind = part(1).trim_end_matches('s');
                let kind = match kind {
                    "requestBodie" => "request body",
                    "response" => "response",
                    "parameter" => "parameter",
                    "securityScheme" => "security scheme",
                    other => other,
                };
                (format!("the {kind} `{name}`"), 3)
            }
            _ => ("the document".to_owned(), 0),
        }
    }

    /// In a sentence.
    pub(crate) fn message(&self) -> String {
        let (subject, used) = self.subject();
        let rest: Vec<&str> = self.path.iter().skip(used).map(String::as_str).filter(|name| !name.is_empty()).collect();
        let detail = rest.join(" › ");
        match (&self.what, rest.is_empty()) {
            (What::Added, true) => format!("{subject} is new"),
            (What::Removed, true) => format!("{subject} is gone"),
            (What::Added, false) => format!("{subject}: `{detail}` is new"),
            (What::Removed, false) => format!("{subject}: `{detail}` is gone"),
            (What::Changed { before, after }, _) => {
                let what = if detail.is_empty() { subject } else { format!("{subject}: `{detail}`") };
                format!("{what} was {} and is {}", short(before), short(after))
            }
        }
    }
}

fn short(text: &str) -> String {
    if text.chars().count() <= 80 {
        return text.to_owned();
    }
    let start: String = text.chars().take(79).collect();
    format!("{start}…")
}
