//! The error of a document that cannot be read at all.

use std::fmt;
use std::path::{Path, PathBuf};

/// A document that could not be read.
///
/// It is returned only if nothing of the document is usable: a missing file, text that is neither JSON nor YAML, or a
/// document of another kind. Any other error affects one operation or one schema, and is in the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    path: PathBuf,
    line: Option<u32>,
    message: String,
}

impl ReadError {
    pub(crate) fn at(line: u32, message: impl Into<String>) -> Self {
        Self { path: PathBuf::new(), line: Some(line), message: message.into() }
    }

    pub(crate) fn new(path: &Path, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: None, message: message.into() }
    }

    pub(crate) fn of(self, path: &Path) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    /// Returns the line of the error, counted from 1, if it has one.
    #[must_use]
    pub fn line(&self) -> Option<u32> {
        self.line
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for ReadError {}
