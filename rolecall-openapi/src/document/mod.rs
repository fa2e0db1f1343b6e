//! A document and the files that it refers to.

mod error;
mod json;
pub(crate) mod node;
mod yaml;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

pub use error::ReadError;
use node::{Node, Value};

/// How many files one document may be made of.
const MAX_FILES: usize = 1000;
/// The keys below which a document gives names.
const NAMED: [&str; 6] = ["schemas", "definitions", "$defs", "parameters", "responses", "requestBodies"];
/// How many references may lead to one another.
const MAX_HOPS: usize = 32;

/// An OpenAPI document of version 3, in JSON or YAML, with the files that it refers to.
#[derive(Debug)]
pub struct Document {
    files: Vec<File>,
}

#[derive(Debug)]
struct File {
    path: PathBuf,
    root: Node,
}

/// A value of one of a document's files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site<'d> {
    pub(crate) file: usize,
    pub(crate) node: &'d Node,
}

impl<'d> Site<'d> {
    /// Another value of the same file.
    pub(crate) fn with(self, node: &'d Node) -> Self {
        Self { node, ..self }
    }

    pub(crate) fn get(self, key: &str) -> Option<Self> {
        self.node.get(key).map(|node| self.with(node))
    }

    /// Returns the identity of this value in the document.
    pub(crate) fn id(self) -> usize {
        std::ptr::from_ref(self.node).addr()
    }
}

/// Where a reference leads.
#[derive(Debug, Clone)]
pub(crate) struct Target<'d> {
    pub(crate) site: Site<'d>,
    /// The name that the document gives the value, for one that was reached by a reference to `components`.
    pub(crate) name: Option<&'d str>,
}

/// A place in a document, for a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as the document was opened.
    pub file: PathBuf,
    /// The line, counted from 1.
    pub line: u32,
}

/// `openapi.yaml:12`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

impl Document {
    /// Reads a document and the files that it refers to.
    ///
    /// # Errors
    ///
    /// Returns [`ReadError`] if the file cannot be read, is neither JSON nor YAML, or is not an OpenAPI document of
    /// version 3. An error in one of the other files is not returned; it affects only what refers to that file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ReadError> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|error| ReadError::new(path, error.to_string()))?;
        Self::from_text(&String::from_utf8_lossy(&bytes), path)
    }

    /// Reads a document from text. References to other files are relative to `path`, which need not exist.
    ///
    /// # Errors
    ///
    /// As [`Document::open`].
    pub fn from_text(text: &str, path: impl AsRef<Path>) -> Result<Self, ReadError> {
        let path = path.as_ref();
        let root = parse(text).map_err(|error| error.of(path))?;
        if text.trim().is_empty() {
            return Err(ReadError::new(path, "the file is empty"));
        }
        check_version(&root, path)?;
        let mut document = Self { files: vec![File { path: path.to_owned(), root }] };
        document.load_references();
        Ok(document)
    }

    /// Returns the document as JSON, without the files that it refers to.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.files.first().map(|file| file.root.to_json()).unwrap_or_default()
    }

    /// A document of files that were read already.
    pub(crate) fn from_files(files: Vec<(PathBuf, Node)>) -> Self {
        Self { files: files.into_iter().map(|(path, root)| File { path, root }).collect() }
    }

    /// The files, that of the document itself first.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&Path, &Node)> {
        self.files.iter().map(|file| (file.path.as_path(), &file.root))
    }

    /// What a file is called on every machine: its path from the folder of the document.
    pub(crate) fn name_of(&self, file: usize) -> String {
        let path_of = |file: usize| self.files.get(file).map(|file| file.path.as_path()).unwrap_or(Path::new(""));
        let folder = path_of(0).parent().unwrap_or(Path::new(""));
        let path = path_of(file).strip_prefix(folder).unwrap_or(path_of(file));
        path.to_string_lossy().replace('\\', "/")
    }

    pub(crate) fn root(&self) -> Option<Site<'_>> {
        self.files.first().map(|file| Site { file: 0, node: &file.root })
    }

    pub(crate) fn place(&self, site: Site<'_>) -> Place {
        self.place_at(site.file, site.node.line)
    }

    pub(crate) fn place_at(&self, file: usize, line: u32) -> Place {
        let file = self.files.get(file).map(|file| file.path.clone()).unwrap_or_default();
        Place { file, line }
    }

    /// Whether the file is JSON, in which a number is never a string that lacks its quotes.
    pub(crate) fn is_json(&self, site: Site<'_>) -> bool {
        self.files.get(site.file).and_then(|file| file.path.extension()).is_some_and(|extension| extension == "json")
    }

    /// Follows `$ref`s to their final target. The error names the target that could not be found.
    pub(crate) fn follow<'d>(&'d self, site: Site<'d>) -> Result<Target<'d>, String> {
        let mut target = Target { site, name: None };
        for _ in 0..MAX_HOPS {
            let Some(reference) = target.site.node.text("$ref") else { return Ok(target) };
            target = self.find(target.site.file, reference).ok_or_else(|| format!("`{reference}` cannot be found"))?;
        }
        Err(format!("`{}` leads to itself", site.node.text("$ref").unwrap_or_default()))
    }

    /// One step: what a reference names.
    pub(crate) fn find(&self, from: usize, reference: &str) -> Option<Target<'_>> {
        let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let index = if file.is_empty() { from } else { self.index_of(&self.path_of(from, file)?)? };
        let found = self.files.get(index)?;
        let mut node = &found.root;
        let steps: Vec<String> = pointer.split('/').skip(1).map(step).collect();
        if steps.is_empty() && !pointer.is_empty() {
            return None;
        }
        let mut name = None;
        for step in &steps {
            (name, node) = match &node.value {
                Value::Map(entries) => {
                    entries.iter().find(|(key, _)| key == step).map(|(key, node)| (Some(key.as_str()), node))?
                }
                Value::List(items) => (None, items.get(step.parse::<usize>().ok()?)?),
                _ => return None,
            };
        }
        let name = match steps.as_slice() {
            // A file is a schema by itself, and called like it.
            [] => found.path.file_stem().and_then(|stem| stem.to_str()).filter(|_| index != 0),
            [.., parent, _] => name.filter(|_| NAMED.contains(&parent.as_str())),
            // A file of schemas.
            [_] => name.filter(|_| index != 0),
        };
        Some(Target { site: Site { file: index, node }, name })
    }

    /// The path of a file that another one names.
    fn path_of(&self, from: usize, name: &str) -> Option<PathBuf> {
        if name.contains("://") {
            return None;
        }
        let folder = self.files.get(from)?.path.parent().unwrap_or(Path::new(""));
        Some(normal(&folder.join(step(name))))
    }

    fn index_of(&self, path: &Path) -> Option<usize> {
        self.files.iter().position(|file| normal(&file.path) == path)
    }

    fn load_references(&mut self) {
        let mut next = 0;
        while let Some(file) = self.files.get(next) {
            let mut names = Vec::new();
            references(&file.root, &mut names);
            let paths: Vec<PathBuf> = names.iter().filter_map(|name| self.path_of(next, name)).collect();
            for path in paths {
                if self.files.len() < MAX_FILES
                    && self.index_of(&path).is_none()
                    && let Ok(bytes) = fs::read(&path)
                    && let Ok(root) = parse(&String::from_utf8_lossy(&bytes))
                {
                    self.files.push(File { path, root });
                }
            }
            next += 1;
        }
    }
}

/// Reads text as JSON if it looks like it, otherwise as YAML.
pub(crate) fn parse(text: &str) -> Result<Node, ReadError> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('{') {
        return yaml::read(text);
    }
    // YAML allows what people write into JSON by hand: comments, a comma at the end.
    json::read(text).or_else(|error| yaml::read(text).map_err(|_| error))
}

fn check_version(root: &Node, path: &Path) -> Result<(), ReadError> {
    let version = match root.get("openapi").map(|node| &node.value) {
        Some(Value::String(version) | Value::Number(version)) => version.as_str(),
        _ if root.has("swagger") => {
            return Err(ReadError::new(path, "Swagger 2.0 is not supported; convert the document to OpenAPI 3"));
        }
        // A document that forgot to say so is read as what it looks like.
        _ if root.get("paths").is_some_and(Node::is_map) => return Ok(()),
        _ => return Err(ReadError::new(path, "not an OpenAPI document: neither `openapi` nor `paths` is there")),
    };
    if version.trim_start_matches('v').starts_with('3') {
        return Ok(());
    }
    Err(ReadError::new(path, format!("OpenAPI {version} is not supported; expected version 3")))
}

/// The files that the references below a value name.
fn references<'n>(node: &'n Node, names: &mut Vec<&'n str>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| references(item, names)),
        Value::Map(entries) => {
            for (key, value) in entries {
                match value.as_str() {
                    Some(reference) if key == "$ref" => {
                        let file = reference.split('#').next().unwrap_or_default();
                        if !file.is_empty() && !names.contains(&file) {
                            names.push(file);
                        }
                    }
                    _ => references(value, names),
                }
            }
        }
        _ => {}
    }
}

/// A step of a JSON pointer in a fragment, its escapes undone.
fn step(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).replace("~1", "/").replace("~0", "~")
}

/// A path without `.` and, where that is possible, without `..`.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}
