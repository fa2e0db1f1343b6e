//! The lock file itself: one JSON document with all files of the accepted one, a path or a schema in each line.

use std::path::{Path, PathBuf};

use crate::document::node::{Node, Value, quoted};
use crate::document::{Document, ReadError};

/// The text of the lock file of a document.
pub(crate) fn write(document: &Document) -> String {
    let mut out = String::from("{\n");
    for (i, (_, root)) in document.files().enumerate() {
        if i > 0 {
            out.push_str(",\n");
        }
        out.push_str(&format!("{}: ", quoted(&document.name_of(i))));
        lines(root, 0, &mut out);
    }
    out.push_str("\n}\n");
    out
}

/// Reads the document of a lock file. Its places are those of the lock file.
pub(crate) fn read(text: &str, path: &Path) -> Result<Document, ReadError> {
    let root = crate::document::parse(text).map_err(|error| error.of(path))?;
    let Value::Map(files) = root.value else { return Err(ReadError::new(path, "not a lock file of `cargo rolecall`")) };
    let files: Vec<(PathBuf, Node)> = files.into_iter().map(|(name, node)| (PathBuf::from(name), node)).collect();
    if files.is_empty() {
        return Err(ReadError::new(path, "not a lock file of `cargo rolecall`"));
    }
    Ok(Document::from_files(files))
}

/// JSON whose outer levels have a line for each entry.
fn lines(node: &Node, depth: usize, out: &mut String) {
    match &node.value {
        Value::Map(entries) if depth < 3 && !entries.is_empty() => {
            out.push_str("{\n");
            for (i, (key, value)) in entries.iter().enumerate() {
                if i > 0 {
                    out.push_str(",\n");
                }
                out.push_str(&" ".repeat(depth + 1));
                out.push_str(&quoted(key));
                out.push_str(": ");
                lines(value, depth + 1, out);
            }
            out.push('\n');
            out.push_str(&" ".repeat(depth));
            out.push('}');
        }
        _ => out.push_str(&node.to_json()),
    }
}
