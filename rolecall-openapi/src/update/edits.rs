//! Edits of a text: ranges of bytes and what takes their place.

use std::ops::Range;

/// An edit of one file of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    /// The file's index.
    pub(crate) file: usize,
    pub(crate) at: Range<usize>,
    pub(crate) text: String,
}

/// A text with the edits of one file applied.
pub(crate) fn applied(text: &str, edits: &[Edit], file: usize) -> String {
    let mut mine: Vec<&Edit> = edits.iter().filter(|edit| edit.file == file).collect();
    mine.sort_by_key(|edit| edit.at.start);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in mine {
        out.push_str(text.get(done..edit.at.start).unwrap_or_default());
        out.push_str(&edit.text);
        done = edit.at.end.max(done);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// Where a file's imports and modules end: after the last line that starts with `use`, `pub use`, or `pub mod`.
pub(crate) fn after_items(text: &str) -> usize {
    let mut at = 0;
    let mut end = 0;
    let mut is_open = false;
    let mut header = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        let trimmed = line.trim_end();
        if end == 0 && (trimmed.starts_with("//!") || trimmed.starts_with("#![")) {
            header = at;
        }
        let starts = ["use ", "pub use ", "pub mod ", "mod "].iter().any(|word| trimmed.starts_with(word));
        if starts || is_open {
            is_open = !trimmed.ends_with(';');
            end = at;
        }
    }
    if end == 0 { header } else { end }
}

/// Imports of names that a file does not import yet.
pub(super) fn imports(file: usize, text: &str, names: &[(&'static str, String)]) -> Vec<Edit> {
    let end = after_items(text);
    let head = text.get(..end).unwrap_or_default();
    let has = |path: &str, name: &str| {
        if name == "*" {
            return head.contains(&format!("{path}::*"));
        }
        head.split(|char: char| !(char.is_alphanumeric() || char == '_')).any(|word| word == name)
    };
    let lines: Vec<String> = names
        .iter()
        .filter(|(path, name)| !has(path, name))
        .map(|(path, name)| format!("use {path}::{name};\n"))
        .collect();
    if lines.is_empty() {
        return Vec::new();
    }
    vec![Edit { file, at: end..end, text: lines.concat() }]
}
